import os

import pytest

from core.data.class_names import class_name, natural_key
from core.data.files.image_files import has_image_suffix, is_hidden, read_image_file
from core.errors import ImageError
from core.image_reading import file_content


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "ü.heic", "a.b.TIFF", "-x.webp", "a\n.png"])
def test_images_are_told_by_their_suffix(name):
    assert has_image_suffix(name)


@pytest.mark.parametrize("name", ["jpg", ".jpg", "a.jpg.txt", "a.mp4", "a", "a.jpgx", "a."])
def test_other_files_are_no_images(name):
    assert not has_image_suffix(name)


@pytest.mark.parametrize(
    "name", [".git", "._a.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"]
)
def test_left_behind_files_are_hidden(name):
    assert is_hidden(name)


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(ImageError, match="regular file"):
        read_image_file(tmp_path / "pipe.jpg")


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(file_content, "MAX_FILE_BYTES", 10)
    (tmp_path / "a.jpg").write_bytes(bytes(11))
    with pytest.raises(ImageError, match="larger than"):
        read_image_file(tmp_path / "a.jpg")


def test_names_are_in_natural_order_without_regard_to_case():
    names = ["cat10", "Cat2", "cat2", "ant", "Zebra", "cat", "007", "7", "cat-1"]
    expected = ["7", "007", "ant", "cat", "Cat2", "cat2", "cat10", "cat-1", "Zebra"]
    assert sorted(sorted(names), key=natural_key)[2:] == expected[2:]
    assert set(sorted(names, key=natural_key)[:2]) == {"7", "007"}


def test_a_name_of_ten_thousand_digits_is_no_trouble():
    assert natural_key("9" * 10_000) > natural_key("8" * 10_000)


def test_both_spellings_of_an_accent_are_one_class():
    assert class_name("cafe\u0301") == class_name("caf\u00e9")

from datetime import datetime
from pathlib import Path

import pytest

from core.capture.captures import captures_folder, class_source, save_capture
from core.data.dataset import ImageSource
from core.errors import StorageError
from core.storage.app_dirs import data_dir

NOON = datetime(2026, 5, 4, 12, 0, 0, 7_000)


def test_beside_the_projects_file_or_in_the_programs_folder():
    assert captures_folder(Path("/p/birds.fieldguide"), NOON) == Path("/p/birds captures")
    assert captures_folder(None, NOON) == data_dir() / "captures" / "2026-05-04 12.00.00"


def test_a_class_keeps_its_folder():
    source = class_source(Path("/c"), "grün/花", [])
    assert source == ImageSource(Path("/c/grün_花"), "grün/花")
    assert class_source(Path("/c"), "grün/花", [source]) is source


def test_two_classes_never_share_a_folder():
    first = class_source(Path("/c"), "a/b", [])
    second = class_source(Path("/c"), "A_b", [first])
    assert second == ImageSource(Path("/c/A_b (2)"), "A_b")


def test_other_sources_are_no_captures():
    others = [ImageSource(Path("/pictures/cat"), "cat"), ImageSource(Path("/c"), None)]
    others.append(ImageSource(Path("/c/.."), "cat"))
    assert class_source(Path("/c"), "cat", others).path == Path("/c/cat")


def test_an_image_is_named_by_its_time_and_never_written_over(tmp_path):
    first = save_capture(tmp_path / "new" / "cat", b"one", NOON)
    second = save_capture(tmp_path / "new" / "cat", b"two", NOON)
    assert first.name == "2026-05-04 12.00.00.007.jpg"
    assert second.name == "2026-05-04 12.00.00.007 (2).jpg"
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")


def test_a_folder_that_cant_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="file"):
        save_capture(tmp_path / "file" / "cat", b"one", NOON)

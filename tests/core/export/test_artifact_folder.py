"""Where finished exports are put: whole or not at all, and over nothing but exports."""

import os
from pathlib import Path

import pytest

from core.errors import StorageError
from core.export.artifact_folder import EXPORT_FILE, put_in_place
from tests.small_disk import file_size_limit


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    folder = tmp_path / "work/tflite"
    (folder / "saved_model").mkdir(parents=True)
    (folder / EXPORT_FILE).write_text("{}")
    (folder / "saved_model/a.bin").write_bytes(bytes(100_000))
    (folder / "saved_model/b.bin").write_bytes(bytes(100_000))
    return folder


def test_an_export_takes_the_place_of_an_earlier_one(finished: Path, tmp_path: Path) -> None:
    place = tmp_path / "exports/tflite"
    put_in_place(finished, place)
    (place / "old").touch()
    put_in_place(finished, place)
    assert sorted(path.name for path in place.iterdir()) == [EXPORT_FILE, "saved_model"]
    assert list(place.parent.iterdir()) == [place]


def test_a_full_disk_is_one_sentence_and_the_earlier_export_stays(
    finished: Path, small_disk
) -> None:
    place = small_disk.path / "tflite"
    place.mkdir()
    (place / EXPORT_FILE).write_text("{}")
    small_disk.fill(left=120_000)
    with pytest.raises(StorageError) as caught:
        put_in_place(finished, place)
    assert str(caught.value) == (
        f"Can't write the export {place}: No space left on device. Free some space there, or "
        "choose a folder on another disk."
    )
    assert sorted(path.name for path in small_disk.path.iterdir()) == ["other", "tflite"]


def test_files_that_are_too_large_are_one_sentence(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught, file_size_limit(50_000):
        put_in_place(finished, tmp_path / "tflite")
    assert str(caught.value).startswith(f"Can't write the export {tmp_path / 'tflite'}: File too")
    assert "(" not in str(caught.value).replace(str(tmp_path), "")
    assert not (tmp_path / "tflite").exists()


@pytest.mark.parametrize("kind", ["file", "link", "folder of the user's", "dangling link"])
def test_what_is_no_export_stays(finished: Path, tmp_path: Path, kind: str) -> None:
    place, mine = tmp_path / "tflite", tmp_path / "mine"
    match kind:
        case "file":
            place.write_text("mine")
        case "link":
            mine.mkdir()
            place.symlink_to(mine)
        case "dangling link":
            place.symlink_to(mine)
        case "folder of the user's":
            place.mkdir()
            (place / "mine").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StorageError, match="is no export of Fieldguide's"):
        put_in_place(finished, place)
    assert sorted(tmp_path.iterdir()) == before


def test_a_parent_that_is_a_file_is_named(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"file/tflite: File exists\. Move .*/file away"):
        put_in_place(finished, tmp_path / "file/tflite")


def test_a_folder_without_rights_is_named(finished: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    (tmp_path / "fixed").mkdir(mode=0o555)
    with pytest.raises(StorageError, match=r"Permission denied\. Check the folder's permissions"):
        put_in_place(finished, tmp_path / "fixed/tflite")


def test_a_work_folder_that_has_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"No such file or directory\. Check that the folder"):
        put_in_place(tmp_path / "gone", tmp_path / "tflite")

import errno
from contextlib import suppress
from pathlib import Path

import pytest

from core.errors import StorageError
from gui.project.trash import bring_back, move_to_trash


@pytest.fixture
def trash(tmp_path, monkeypatch) -> Path:
    """A trash of the test's own; none of its parents is there yet."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share/data"))
    return tmp_path / "share/data/Trash"


@pytest.fixture
def folder(tmp_path) -> Path:
    folder = tmp_path / "flowers"
    folder.mkdir()
    (folder / "a.txt").write_text("content")
    return folder


def test_a_folder_goes_to_the_trash_and_comes_back(qapp, trash, folder):
    trashed = move_to_trash(folder)
    assert not folder.exists()
    assert trashed.place == trash / "files/flowers"
    assert (trashed.place / "a.txt").read_text() == "content"
    assert [path.name for path in (trash / "info").iterdir()] == ["flowers.trashinfo"]
    bring_back(trashed)
    assert (folder / "a.txt").read_text() == "content"
    assert not any((trash / "info").iterdir())
    assert not any((trash / "files").iterdir())


def test_two_of_the_same_name_are_told_apart(qapp, trash, folder):
    first = move_to_trash(folder)
    folder.mkdir()
    second = move_to_trash(folder)
    assert first.place != second.place
    bring_back(first)
    assert (folder / "a.txt").exists()


def test_its_folder_is_made_again_if_that_is_gone(qapp, trash, tmp_path):
    inner = tmp_path / "outer/inner"
    inner.mkdir(parents=True)
    trashed = move_to_trash(inner)
    inner.parent.rmdir()
    bring_back(trashed)
    assert inner.is_dir()


def test_what_is_there_meanwhile_is_not_replaced(qapp, trash, folder):
    trashed = move_to_trash(folder)
    folder.mkdir()
    (folder / "new.txt").touch()
    with pytest.raises(StorageError, match="flowers already exists"):
        bring_back(trashed)
    assert (folder / "new.txt").exists()
    assert trashed.place.exists()


def test_an_emptied_trash_can_not_bring_back(qapp, trash, folder):
    trashed = move_to_trash(folder)
    (trashed.place / "a.txt").unlink()
    trashed.place.rmdir()
    with pytest.raises(StorageError, match=str(trashed.place)):
        bring_back(trashed)


def test_without_a_trash_everything_stays(qapp, trash, folder, tmp_path):
    (tmp_path / "share").write_text("a file in the way of the trash")
    with pytest.raises(StorageError, match=r"flowers can't be moved to the trash: .*Delete it in"):
        move_to_trash(folder)
    assert (folder / "a.txt").read_text() == "content"


def test_a_folder_that_is_gone_is_told(qapp, trash, tmp_path):
    with pytest.raises(StorageError, match="gone can't be moved to the trash"):
        move_to_trash(tmp_path / "gone")


def test_a_full_disk_keeps_the_folder(qapp, trash, small_disk):
    folder = small_disk.path / "flowers"
    folder.mkdir()
    (folder / "a.txt").write_text("content")
    with suppress(OSError):
        small_disk.fill()
    # A trash on another disk is made on that disk, for which there may be no room.
    with suppress(StorageError):
        bring_back(move_to_trash(folder))
    assert (folder / "a.txt").read_text() == "content"


def test_a_place_that_can_not_be_written_is_told(qapp, trash, folder, monkeypatch):
    trashed = move_to_trash(folder)

    def refuse(_self: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(StorageError, match="disk"):
        bring_back(trashed)

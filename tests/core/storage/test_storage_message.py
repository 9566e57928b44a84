import errno
import os
import shutil
from pathlib import Path

import pytest

from core.storage.storage_message import storage_message


def test_message_says_what_where_why_and_what_to_do() -> None:
    message = storage_message("write", Path("/photos/table.csv"), OSError(28, "No space left"))
    assert message == (
        "Can't write /photos/table.csv: No space left. "
        "Free some space there, or choose a folder on another disk."
    )


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EDQUOT, "Free some space"),
        (errno.EFBIG, "no file of this size"),
        (errno.EACCES, "permissions"),
        (errno.EROFS, "permissions"),
        (errno.EEXIST, "Move /usr away"),
        (errno.ENOTDIR, "Move /usr away"),
        (errno.ENOENT, "still there"),
        (errno.ENAMETOOLONG, "shorter"),
        (errno.EIO, "Check the disk"),
    ],
)
def test_the_advice_fits_the_reason(number: int, advice: str) -> None:
    message = storage_message("write", Path("/usr"), OSError(number, os.strerror(number)))
    assert advice in message
    assert os.strerror(number) in message


def test_a_copied_tree_is_told_by_its_first_failure(tmp_path: Path) -> None:
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    for name in ("a", "inner/b", "inner/c"):
        os.mkfifo(tmp_path / "tree" / name)
    with pytest.raises(shutil.Error) as caught:
        shutil.copytree(tmp_path / "tree", tmp_path / "copy")
    message = storage_message("copy the model to", tmp_path / "tree", caught.value)
    assert "named pipe" in message
    assert "(" not in message.replace(str(tmp_path), "")
    assert "\n" not in message


def test_the_reason_of_a_tree_that_fills_the_disk_is_the_disk() -> None:
    entry = ("/a/1", "/b/1", "[Errno 28] No space left on device: '/b/1'")
    message = storage_message("copy the model to", Path("/a"), shutil.Error([entry, entry]))
    assert message.startswith(
        "Can't copy the model to /a: No space left on device. Free some space"
    )


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="exists") as caught:
        (tmp_path / "file/inner").parent.mkdir()
    message = storage_message("write", tmp_path / "file/inner", caught.value)
    assert f"Move {tmp_path / 'file'} away" in message


def test_an_error_without_words_is_told_by_its_name() -> None:
    assert "PermissionError" in storage_message("write", Path("/a"), PermissionError())

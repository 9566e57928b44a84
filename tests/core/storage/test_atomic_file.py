"""A file is replaced whole or stays as it was."""

import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from core.errors import StorageError
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically
from tests.small_disk import file_size_limit


def test_makes_folders_and_replaces_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file.bin"
    write_bytes_atomically(path, b"old")
    write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_full_disk_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with pytest.raises(StorageError) as caught, file_size_limit(1000):
        write_bytes_atomically(path, bytes(100_000))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    assert str(path) in str(caught.value)
    assert "File too large. That disk takes no file of this size" in str(caught.value)


def test_a_disk_without_room_keeps_the_old_file_and_leaves_nothing(small_disk) -> None:
    path = small_disk.path / "file.bin"
    path.write_bytes(b"old")
    small_disk.fill(left=8192)
    with pytest.raises(StorageError) as caught:
        write_bytes_atomically(path, bytes(100_000))
    assert path.read_bytes() == b"old"
    assert sorted(each.name for each in small_disk.path.iterdir()) == ["file.bin", "other"]
    assert str(caught.value) == (
        f"Can't write {path}: No space left on device. Free some space there, or choose a folder "
        "on another disk."
    )


def test_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_file_in_place_of_the_folder_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="inner"):
        write_bytes_atomically(tmp_path / "file" / "inner", b"")
    assert (tmp_path / "file").read_bytes() == b""


def test_others_may_read_as_the_system_is_set_up(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_bytes_atomically(tmp_path / "file.bin", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file.bin").stat().st_mode) == 0o644


def test_longest_file_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_bytes_atomically(path, b"content")
    assert path.read_bytes() == b"content"


@pytest.mark.parametrize("text", ["grün 花", "lone \udce9", "two\nlines"], ids=repr)
def test_json_brings_back_any_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.json"
    write_json_atomically(path, {"text": text})
    assert json.loads(path.read_text(encoding="utf-8")) == {"text": text}


def test_readers_never_see_a_part(tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    write_bytes_atomically(path, bytes(200_000))
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_many, args=(path, value)) for value in (1, 2)]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        content = path.read_bytes()
        seen.add((len(content), len(set(content))))
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen == {(200_000, 1)}


def write_many(path: Path, value: int) -> None:
    for _ in range(50):
        write_bytes_atomically(path, bytes([value]) * 200_000)

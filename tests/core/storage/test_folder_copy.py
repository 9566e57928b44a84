"""Folders from elsewhere are copied without anything that isn't theirs."""

import os
from pathlib import Path

import pytest

from core.errors import StorageError
from core.storage.folder_copy import copy_folder, require_no_links_out


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "model"
    (folder / "inner/empty").mkdir(parents=True)
    (folder / "inner/file").write_bytes(b"content")
    return folder


def test_files_and_folders_are_copied(folder: Path, tmp_path: Path) -> None:
    copy_folder(folder, tmp_path / "new/copy")
    assert (tmp_path / "new/copy/inner/file").read_bytes() == b"content"
    assert (tmp_path / "new/copy/inner/empty").is_dir()


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    copy_folder(tmp_path / "link", tmp_path / "copy")
    assert (tmp_path / "copy/inner/file").read_bytes() == b"content"


def test_links_inside_become_files(folder: Path, tmp_path: Path) -> None:
    (folder / "link").symlink_to("inner/file")
    copy_folder(folder, tmp_path / "copy")
    assert not (tmp_path / "copy/link").is_symlink()
    assert (tmp_path / "copy/link").read_bytes() == b"content"


@pytest.mark.parametrize("target", ["../secret", "..", "/etc", "inner/../../secret", "/nowhere"])
def test_links_out_are_refused_with_their_name(folder: Path, tmp_path: Path, target: str) -> None:
    (folder / "inner/link").symlink_to(target if target.startswith("/") else f"../{target}")
    with pytest.raises(StorageError, match="inner/link is a link that leads out"):
        copy_folder(folder, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_link_by_way_of_another_is_refused(folder: Path) -> None:
    (folder / "first").symlink_to("second")
    (folder / "second").symlink_to("../secret")
    with pytest.raises(StorageError, match="leads out"):
        require_no_links_out(folder)


def test_links_in_a_circle_and_to_folders_and_pipes_are_refused(
    folder: Path, tmp_path: Path
) -> None:
    for number, make in enumerate(
        (
            lambda path: path.symlink_to(path.name),
            lambda path: path.symlink_to("inner"),
            os.mkfifo,
        )
    ):
        make(folder / "odd")
        with pytest.raises((StorageError, OSError)):
            copy_folder(folder, tmp_path / f"copy {number}")
        (folder / "odd").unlink()


def test_folders_without_end_are_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "/".join("d" * 99)).mkdir(parents=True)
    copy_folder(folder, tmp_path / "copy")
    (folder / "/".join("d" * 101)).mkdir(parents=True)
    with pytest.raises(StorageError, match="more than 100 folders"):
        copy_folder(folder, tmp_path / "other")

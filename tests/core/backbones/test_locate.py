"""Where a backbone's name leads; nothing of this loads TensorFlow."""

import os
import shutil
import tarfile
from pathlib import Path

import pytest

from core.backbones.backbone import BackboneInfo, read_info, write_info
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.locate import absolute_handle, copy_saved_model, locate_saved_model
from core.backbones.store import imported_dir, list_backbones
from core.errors import ArchiveError, BackboneError, StorageError
from core.settings.config import DEFAULT_BACKBONE
from core.storage.app_dirs import cache_dir
from resources import resource_path
from tests.hub_server import packed_by_kaggle

INFO = BackboneInfo(
    name="mine",
    title="Mine",
    handle="mine",
    family="Own",
    input_size=(32, 48),
    feature_dim=4,
    parameters=12,
    license="MIT",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What looks like a SavedModel."""
    model = tmp_path / "net"
    (model / "variables").mkdir(parents=True)
    (model / "saved_model.pb").write_bytes(b"graph")
    (model / "variables" / "variables.index").write_bytes(b"index")
    return model


def located(handle: str | Path) -> Path:
    return locate_saved_model(str(handle), lambda url: pytest.fail(f"fetched {url}"))


def test_embedded_by_its_name() -> None:
    expected = resource_path("backbones", "efficientnet_lite0", "saved_model")
    assert located(DEFAULT_BACKBONE) == expected


def test_imported_by_its_name(folder: Path) -> None:
    shutil.copytree(folder, imported_dir() / "mine" / "saved_model")
    write_info(imported_dir() / "mine", INFO)
    assert located("mine") == imported_dir() / "mine" / "saved_model"


def test_folder_and_folder_around_it(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert located(folder) == located("net") == located(tmp_path) == folder


def test_folder_below_the_users_home(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert located("~/net") == folder


def test_archive_as_kaggle_packs_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "archive.tar.gz").write_bytes(packed_by_kaggle(folder))
    unpacked = located(tmp_path / "archive.tar.gz")
    assert fingerprint_saved_model(unpacked) == fingerprint_saved_model(folder)


def test_short_form_of_kaggle_becomes_the_pages_address(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    handle = "google/mobilenet-v2/TensorFlow2/100-224-feature-vector/2"
    page = "https://www.kaggle.com/models/google/mobilenet-v2/tensorFlow2/100-224-feature-vector/2"
    assert absolute_handle(handle) == page
    (tmp_path / handle).mkdir(parents=True)
    assert absolute_handle(handle) == str(tmp_path / handle)


@pytest.mark.parametrize("inside", [".", "net"], ids=["bare", "in a folder"])
def test_archive(folder: Path, tmp_path: Path, inside: str) -> None:
    with tarfile.open(tmp_path / "net.tar.gz", "w:gz") as archive:
        archive.add(folder, inside)
    unpacked = located(tmp_path / "net.tar.gz")
    assert unpacked.is_relative_to(cache_dir())
    assert fingerprint_saved_model(unpacked) == fingerprint_saved_model(folder)


def test_damaged_archive_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "net.tar.gz").write_bytes(b"no archive")
    with pytest.raises(ArchiveError, match=r"net\.tar\.gz"):
        located(tmp_path / "net.tar.gz")


def test_url_is_fetched(folder: Path) -> None:
    asked = []
    fetch = lambda url: asked.append(url) or folder  # noqa: E731
    assert locate_saved_model("https://example.org/net", fetch) == folder
    assert asked == ["https://example.org/net"]


def test_old_hub_module_is_refused_with_what_to_do(folder: Path) -> None:
    (folder / "tfhub_module.pb").write_bytes(b"")
    with pytest.raises(BackboneError, match=r"old TF1 Hub format.*Use its TF2 version"):
        located(folder)


def test_folder_without_a_saved_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BackboneError, match=r"empty holds no SavedModel"):
        located(tmp_path / "empty")


@pytest.mark.parametrize(
    "handle",
    ["nothing", "", "a/b/c", "~nobody-of-this-name/net", "x" * 5000, "zero\0byte", "lone \udce9"],
    ids=["name", "empty", "path", "home", "long", "zero", "odd"],
)
def test_what_is_not_there_is_one_clear_error(handle: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BackboneError, match="backbone"):
        located(handle)


def test_folder_without_rights_is_an_error_with_its_name(folder: Path, monkeypatch) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(BackboneError, match="net: Permission denied"):
        located(folder)


def test_copy_replaces_what_an_unfinished_import_left(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy"
    for leftover in (target, tmp_path / "copy.partial"):
        leftover.mkdir()
        (leftover / "old").write_bytes(b"")
    copy_saved_model(folder, target)
    assert fingerprint_saved_model(target) == fingerprint_saved_model(folder)
    assert not (tmp_path / "copy.partial").exists()


def test_copy_that_fails_leaves_nothing(folder: Path, tmp_path: Path, monkeypatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fail)
    with pytest.raises(BackboneError, match=r"No space left on device\. Free some space"):
        copy_saved_model(folder, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(folder: Path, small_disk) -> None:
    (folder / "variables/variables.data").write_bytes(bytes(3 << 20))
    (folder / "variables/more.data").write_bytes(bytes(3 << 20))
    with pytest.raises(BackboneError) as caught:
        copy_saved_model(folder, small_disk.path / "copy")
    assert str(caught.value) == (
        f"Can't copy the backbone to {small_disk.path / 'copy'}: No space left on device. Free "
        "some space there, or choose a folder on another disk."
    )
    assert list(small_disk.path.iterdir()) == []


def test_links_out_of_a_backbone_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "assets").symlink_to(tmp_path / "secret")
    with pytest.raises(StorageError, match="leads out"):
        copy_saved_model(folder, tmp_path / "copy")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net", "secret"]


def test_fingerprint_stays_when_the_folder_moves(folder: Path, tmp_path: Path) -> None:
    before = fingerprint_saved_model(folder)
    (tmp_path / "deep").mkdir()
    moved = folder.rename(tmp_path / "deep" / "other name")
    (moved / "fingerprint.pb").write_bytes(b"written by TensorFlow")
    assert fingerprint_saved_model(moved) == before


@pytest.mark.parametrize("change", ["content", "name", "more"])
def test_fingerprint_differs_with_content_and_names(folder: Path, change: str) -> None:
    before = fingerprint_saved_model(folder)
    index = folder / "variables" / "variables.index"
    if change == "content":
        index.write_bytes(b"indeX")
    elif change == "name":
        index.rename(index.with_name("other"))
    else:
        (folder / os.fsdecode(b"lone \xe9")).write_bytes(b"")
    assert fingerprint_saved_model(folder) != before


def test_facts_come_back_as_they_were(tmp_path: Path) -> None:
    write_info(tmp_path, INFO)
    assert read_info(tmp_path) == INFO


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"schema": 1}', '{"schema": 2, "name": "a"}', "[" * 100_000],
    ids=["empty", "half", "list", "no facts", "later", "deep"],
)
def test_damaged_facts_are_an_error_and_hide_no_other_backbone(content: str) -> None:
    folder = imported_dir() / "mine"
    folder.mkdir(parents=True)
    (folder / "backbone.json").write_text(content)
    with pytest.raises(BackboneError, match=r"backbone\.json can't be used"):
        read_info(folder)
    embedded = [DEFAULT_BACKBONE, "efficientnet-lite1", "efficientnet-lite2"]
    assert [info.name for info in list_backbones()] == embedded


def test_a_relative_folder_means_the_same_from_elsewhere(folder: Path, monkeypatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert absolute_handle(folder.name) == str(folder)


@pytest.mark.parametrize(
    "handle", [DEFAULT_BACKBONE, "https://tfhub.dev/a/b/1", "no such", "n" * 999]
)
def test_what_is_no_path_stays_as_it_is(handle: str) -> None:
    assert absolute_handle(handle) == handle

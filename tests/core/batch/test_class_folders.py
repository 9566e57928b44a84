"""Copies lie in their class folders, whole; the images are as they were."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.batch import class_folders
from core.batch.class_folders import copy_into_class_folders, plan_copies
from core.errors import StorageError
from core.models.named_image import NamedImage

LABELS = ("cat", "dog")


@pytest.fixture
def images(tmp_path) -> list[NamedImage]:
    """a/1.jpg cat, a/2.jpg dog, b/1.jpg cat, b/unsure.jpg hardly a dog, b/bad.jpg unusable."""
    answers = {
        "a/1.jpg": (("cat", 0.9), ("dog", 0.1)),
        "a/2.jpg": (("dog", 0.8), ("cat", 0.2)),
        "b/1.jpg": (("cat", 0.7), ("dog", 0.3)),
        "b/unsure.jpg": (("dog", 0.55), ("cat", 0.45)),
        "b/bad.jpg": (),
    }
    found = []
    for name, best in answers.items():
        path = tmp_path / "from" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() * 100)
        os.utime(path, ns=(10**18, 10**18))
        found.append(NamedImage(path, best, "" if best else "is damaged"))
    return found


@pytest.fixture
def target(tmp_path) -> Path:
    return tmp_path / "sorted" / "here"


def copy(images, target, *, threshold=0.6, with_unknown=True, on_progress=lambda done: None):
    plan = plan_copies(images, LABELS, target, threshold=threshold, with_unknown=with_unknown)
    return copy_into_class_folders(plan, target, on_progress)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_each_image_lies_in_the_folder_of_its_class(images, target):
    summary = copy(images, target)
    assert contents(target) == {
        "cat/1.jpg": b"a/1.jpg" * 100,
        "cat/1 (2).jpg": b"b/1.jpg" * 100,
        "dog/2.jpg": b"a/2.jpg" * 100,
        "unknown/unsure.jpg": b"b/unsure.jpg" * 100,
    }
    assert (summary.num_copied, summary.num_present, summary.failed) == (4, 0, [])
    assert dict(summary.folders) == {"cat": 2, "dog": 1, "unknown": 1}
    assert (target / "dog/2.jpg").stat().st_mtime_ns == 10**18


def test_the_images_stay_as_they_were(images, target, tmp_path):
    before = contents(tmp_path / "from")
    copy(images, target)
    assert contents(tmp_path / "from") == before


def test_copying_twice_changes_nothing(images, target):
    copy(images, target)
    before = contents(target)
    summary = copy(images, target)
    assert (summary.num_copied, summary.num_present) == (0, 4)
    assert contents(target) == before


def test_a_file_that_is_there_is_never_written_over(images, target):
    (target / "dog").mkdir(parents=True)
    (target / "dog" / "2.jpg").write_bytes(b"somebody's")
    (target / "cat").mkdir()
    (target / "cat" / "1.jpg").symlink_to("nowhere")
    copy(images, target)
    assert (target / "dog/2.jpg").read_bytes() == b"somebody's"
    assert (target / "dog/2 (2).jpg").read_bytes() == b"a/2.jpg" * 100
    assert (target / "cat/1.jpg").readlink() == Path("nowhere")
    assert (target / "cat/1 (3).jpg").is_file()


def test_into_the_folder_of_the_images_themselves(images, tmp_path):
    folder = tmp_path / "from"
    shutil.move(folder / "a", folder / "dog")
    moved = [NamedImage(folder / "dog" / p.path.name, (("dog", 1.0),)) for p in images[:2]]
    assert copy(moved, folder).num_present == 2


def test_unknown_ones_can_be_left_out_or_believed(images, target):
    copy(images, target, with_unknown=False)
    assert not (target / "unknown").exists()
    copy(images, target, threshold=0)
    assert (target / "dog" / "unsure.jpg").is_file()


def test_the_plan_counts_before_anything_is_done(images, target):
    plan = plan_copies(images, LABELS, target, threshold=0.6)
    assert [(name, len(paths)) for name, paths in plan.targets] == [
        ("cat", 2),
        ("dog", 1),
        ("unknown", 1),
    ]
    assert (plan.num_images, plan.num_unusable) == (4, 1)
    assert plan.num_bytes == 3 * 700 + 1200
    assert plan.free_bytes > 0
    assert not target.exists()


def test_a_class_called_unknown_keeps_its_folder(images, target):
    named = [NamedImage(images[0].path, (("unknown", 0.9),)), images[3]]
    plan = plan_copies(named, ("unknown", "dog"), target, threshold=0.6)
    assert [name for name, _ in plan.targets] == ["unknown", "unknown (2)"]


def test_an_image_that_went_is_named_and_the_others_are_copied(images, target):
    plan = plan_copies(images, LABELS, target, threshold=0.6)
    images[0].path.unlink()
    summary = copy_into_class_folders(plan, target, lambda done: None)
    assert summary.failed == [(images[0].path, "is not there any more")]
    assert summary.num_copied == 3


def test_it_can_be_broken_off_and_leaves_whole_files(images, target):
    def stop(done):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(images, target, on_progress=stop)
    assert len(contents(target)) == 2
    assert copy(images, target).num_copied == 2


def test_too_little_room_is_said_before_anything_is_done(images, target, monkeypatch):
    usage = shutil.disk_usage(target.parents[1])
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage._replace(free=1_000_000))
    with pytest.raises(StorageError, match=r"not enough room in .*here.*need 0.0 MB and 1.0 MB"):
        copy(images, target)
    assert not target.exists()


def test_a_full_disk_ends_it_with_one_message_and_no_half_copy(images, target, monkeypatch):
    def fail(source, copied, length):
        copied.write(source.read(10))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(class_folders.shutil, "copyfileobj", fail)
    with pytest.raises(StorageError, match=r"write into .*cat: No space left on device"):
        copy(images, target)
    assert contents(target) == {}


def test_a_target_that_is_a_file_is_named(images, target):
    target.parent.mkdir(parents=True)
    target.write_text("a file")
    with pytest.raises(StorageError, match=f"Can't make {target}"):
        copy(images, target)


def test_a_small_disk_is_told_before_anything_is_copied(images, small_disk):
    small_disk.fill(left=1 << 19)
    with pytest.raises(StorageError, match="There is not enough room in"):
        copy(images, small_disk.path / "sorted")
    assert not (small_disk.path / "sorted").exists()


def test_a_disk_that_fills_up_meanwhile_is_one_sentence(images, small_disk, monkeypatch):
    target = small_disk.path / "sorted"
    images[0].path.write_bytes(bytes(3 << 20))
    plan = plan_copies(images, LABELS, target, threshold=0.6)
    # As if somebody else had taken the room after the plan was made.
    plan = replace(plan, free_bytes=1 << 30)
    with pytest.raises(StorageError) as caught:
        copy_into_class_folders(plan, target, lambda done: None)
    assert str(caught.value) == (
        f"Can't write into {target / 'cat'}: No space left on device. Free some space there, or "
        "choose a folder on another disk."
    )
    assert list((target / "cat").iterdir()) == []


@pytest.mark.parametrize("label", ["../../out", "/abs", "..", "a/../../b", "C:\\x", "\0", "con"])
def test_no_class_name_leads_out_of_the_folder(tmp_path, images, target, label):
    image = replace(images[0], best=((label, 1.0),))
    plan = plan_copies([image], (label, "dog"), target, threshold=0)
    summary = copy_into_class_folders(plan, target, lambda done: None)
    assert summary.num_copied == 1
    (folder,) = target.iterdir()
    assert (folder / "1.jpg").is_file()

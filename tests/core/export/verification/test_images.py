"""Which images artifacts are verified with, and how they are read."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import ImageSource, Split
from core.errors import ExportError
from core.export.verification.image_choice import find_images
from core.export.verification.image_loading import load_images
from core.messages.control import Command, RunControl, StopRequestedError
from core.runs.run_images import RunImage, write_run_images
from tests.models import model_info
from tests.odd_images import encoded, quartered

INFO = replace(model_info(), input_size=(8, 8))
KINDS = (Split.TRAINING, Split.TRAINING, Split.VALIDATION, Split.TEST, Split.TEST)


def write_images(folder: Path, splits=KINDS) -> list[RunImage]:
    images = []
    folder.mkdir(parents=True, exist_ok=True)
    for number, split in enumerate(splits):
        content = encoded(quartered(), "PNG") + bytes([number])
        path = folder / f"{number}.png"
        path.write_bytes(content)
        images.append(RunImage(path, number % 3, split, hashlib.sha256(content).digest()))
    return images


def write_run(folder: Path, splits=KINDS) -> list[RunImage]:
    images = write_images(folder / "pictures", splits)
    write_run_images(folder / "images.jsonl", INFO.labels, images)
    return images


def load(images, most=100, control=None, on_progress=lambda _done: None):
    return load_images(images, INFO, most, control or RunControl(), on_progress)


def test_the_test_split_is_taken(tmp_path):
    images = write_run(tmp_path)
    found = find_images(tmp_path / "model", INFO)
    assert list(found.verification) == images[3:]
    assert list(found.training) == images[:2]
    assert found.origin == "test split of the run"


def test_without_a_test_split_validation_is_taken_and_named(tmp_path):
    write_run(tmp_path, KINDS[:3])
    found = find_images(tmp_path / "model", INFO)
    assert [image.split for image in found.verification] == [Split.VALIDATION]
    assert "validation" in found.origin


def test_a_model_outside_its_run_needs_named_images(tmp_path):
    with pytest.raises(ExportError, match="--images"):
        find_images(tmp_path / "model", INFO)


def test_named_images_take_the_models_class_indices(tmp_path):
    for label in ("rocket", "cat"):
        write_images(tmp_path / label, KINDS[:1])
    found = find_images(tmp_path / "model", INFO, [ImageSource(tmp_path)])
    by_folder = {image.path.parent.name: image.class_index for image in found.verification}
    assert by_folder == {"cat": 0, "rocket": 2}


def test_classes_that_are_none_of_the_models_are_refused(tmp_path):
    for label in ("dog", "cat"):
        write_images(tmp_path / label, KINDS[:1])
    with pytest.raises(ExportError, match="“dog”"):
        find_images(tmp_path / "model", INFO, [ImageSource(tmp_path)])


def test_images_are_decoded_in_order(tmp_path):
    images = write_images(tmp_path)
    done = []
    loaded = load(images, on_progress=done.append)
    assert loaded.pixels.shape == (5, 8, 8, 3)
    assert loaded.pixels.dtype == np.uint8
    assert loaded.classes.tolist() == [0, 1, 2, 0, 1]
    assert loaded.paths == tuple(image.path for image in images)
    assert done == [1, 2, 3, 4, 5]


def test_gone_and_changed_files_are_skipped_with_their_reason(tmp_path):
    images = write_images(tmp_path)
    images[0].path.unlink()
    images[1].path.write_bytes(encoded(quartered(), "PNG"))
    images[2].path.write_bytes(b"")
    loaded = load(images)
    assert len(loaded.pixels) == 2
    assert dict(loaded.skipped) == {
        images[0].path: "is not there",
        images[1].path: "has changed since the training",
        images[2].path: "has changed since the training",
    }


def test_no_usable_image_at_all_is_an_error_that_names_one(tmp_path):
    images = write_images(tmp_path)
    for image in images:
        image.path.unlink()
    with pytest.raises(ExportError, match=r"0\.png is not there"):
        load(images)


def test_a_sample_is_the_same_each_time(tmp_path):
    images = write_images(tmp_path, KINDS * 8)
    first, second = load(images, 10), load(images, 10)
    assert len(first.paths) == 10
    assert first.paths == second.paths
    assert first.paths != tuple(image.path for image in images[:10])


def test_a_stop_is_heard_between_images(tmp_path):
    control = RunControl()
    control.obey(Command.STOP)
    with pytest.raises(StopRequestedError):
        load(write_images(tmp_path), control=control)

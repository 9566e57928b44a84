"""The images that fine-tuning sees, and in which order."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import Split
from core.errors import DatasetError
from core.messages.control import Command, RunControl, StopRequestedError
from core.runs.run_images import RunImage
from core.settings.config import Flip, TrainConfig
from core.training.pixel_batches import PixelBatches

SIZE = (12, 16)
CONFIG = TrainConfig(batch_size=4, seed=5)
NUM_IMAGES = 10


@pytest.fixture
def images(tmp_path: Path) -> list[RunImage]:
    made = []
    for i in range(NUM_IMAGES):
        path = tmp_path / f"{i}.png"
        # The first channel says which one it is, wherever it ends up.
        pixels = np.random.default_rng(i).integers(0, 256, (20, 20, 3), np.uint8)
        pixels[..., 0] = 20 * i
        Image.fromarray(pixels).save(path)
        sha256 = hashlib.sha256(path.read_bytes()).digest()
        made.append(RunImage(path, i % 2, Split.TRAINING, sha256))
    return made


def batches_of(images: list[RunImage], config: TrainConfig = CONFIG, **options) -> PixelBatches:
    return PixelBatches(images, config, SIZE, np.array([1.0, 3.0], np.float32), **options)


def numbers(pixels: np.ndarray) -> list[int]:
    return [round(float(image[..., 0].mean()) / 20) for image in pixels]


def seen(batches: PixelBatches, epoch: int, first_step: int = 0) -> list[list[int]]:
    return [numbers(batch.images) for batch in batches.epoch(epoch, first_step)]


def test_an_epoch_has_every_image_once_with_its_class(images):
    batches = list(batches_of(images).epoch(1))
    assert [len(batch.images) for batch in batches] == [4, 4, 2]
    assert batches[0].images.shape == (4, *SIZE, 3)
    assert batches[0].images.dtype == np.uint8
    order = [number for batch in batches for number in numbers(batch.images)]
    assert sorted(order) == list(range(NUM_IMAGES))
    classes = np.concatenate([batch.targets.argmax(axis=1) for batch in batches])
    assert classes.tolist() == [number % 2 for number in order]
    weights = np.concatenate([batch.row_weights for batch in batches])
    assert weights.tolist() == [1.0 + 2 * (number % 2) for number in order]


def test_seed_and_epoch_decide_the_order(images):
    batches = batches_of(images)
    assert seen(batches, 1) == seen(batches_of(images), 1)
    assert seen(batches, 1) != seen(batches, 2)
    assert seen(batches, 1) != seen(batches_of(images, replace(CONFIG, seed=6)), 1)


def test_an_epoch_goes_on_where_it_was_left(images):
    batches = batches_of(images)
    assert seen(batches, 3, first_step=1) == seen(batches, 3)[1:]
    assert seen(batches, 3, first_step=3) == []


def test_changes_follow_from_seed_and_epoch_alone(images):
    config = replace(CONFIG, flip=Flip.HORIZONTAL, rotation=20.0, brightness=0.3, mixup=0.3)
    first = [batch.images for batch in batches_of(images, config).epoch(2)]
    again = [batch.images for batch in batches_of(images, config).epoch(2, first_step=1)]
    for some, others in zip(first[1:], again, strict=True):
        np.testing.assert_array_equal(some, others)


def test_mixup_blends_images_as_it_blends_targets(images):
    plain = next(iter(batches_of(images).epoch(1)))
    mixed = next(iter(batches_of(images, replace(CONFIG, mixup=0.4)).epoch(1)))
    np.testing.assert_allclose(mixed.targets.sum(axis=1), 1.0, rtol=1e-6)
    assert np.any((mixed.targets > 0.01) & (mixed.targets < 0.99))
    assert np.any(mixed.images != plain.images)
    # The mean of a batch is that of its images, whichever pairs were blended.
    assert abs(float(mixed.images.mean()) - float(plain.images.mean())) < 1.0


def test_images_in_order_are_not_changed(images):
    config = replace(CONFIG, flip=Flip.BOTH, brightness=0.5)
    pixels = np.concatenate(list(batches_of(images, config).in_order()))
    assert numbers(pixels) == list(range(NUM_IMAGES))
    plain = np.concatenate(list(batches_of(images).in_order()))
    np.testing.assert_array_equal(pixels, plain)


def test_no_images_give_nothing(images):
    assert list(batches_of([]).in_order()) == []


def test_an_image_that_is_gone_is_named_with_what_to_do(images):
    images[3].path.unlink()
    with pytest.raises(DatasetError, match=r"3\.png.*is not there.*fieldguide resume"):
        list(batches_of(images).epoch(1))


def test_an_image_that_is_another_now_is_named(images):
    Image.new("RGB", (20, 20)).save(images[7].path)
    with pytest.raises(DatasetError, match=r"7\.png has changed since the run began"):
        list(batches_of(images).epoch(1))


def test_a_stop_ends_the_wait(images):
    control = RunControl()
    batches = batches_of(images, check=control.checkpoint)
    control.obey(Command.STOP)
    with pytest.raises(StopRequestedError):
        list(batches.epoch(1))

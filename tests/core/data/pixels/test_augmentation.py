"""Random changes to images: each does what it says, and nothing else decides them."""

from dataclasses import replace

import numpy as np
import pytest

from core.data.pixels.augmentation import (
    Augmentation,
    Flip,
    augment,
    decode_augmented,
    random_for,
)
from core.data.pixels.decoder import ResizeMode, decode_image
from core.data.pixels.image_warp import warp
from tests.models import PHOTOS

CAT = (PHOTOS / "cat.jpg").read_bytes()
EVERYTHING = Augmentation(
    flip=Flip.BOTH,
    rotation=30,
    zoom=0.3,
    shift=0.2,
    crop=0.5,
    brightness=0.3,
    contrast=0.3,
    saturation=0.5,
    cutout=0.3,
)
SINGLE = [
    Augmentation(**{name: getattr(EVERYTHING, name)}) for name in Augmentation.__dataclass_fields__
]
NAMES = list(Augmentation.__dataclass_fields__)


@pytest.fixture
def pixels() -> np.ndarray:
    return decode_image(CAT, size=(60, 80), resize_mode=ResizeMode.SQUASH)


def grey(value: int) -> np.ndarray:
    return np.full((40, 50, 3), value, np.uint8)


def draws(pixels: np.ndarray, augmentation: Augmentation, count: int = 40) -> list[np.ndarray]:
    return [augment(pixels, augmentation, np.random.default_rng(seed)) for seed in range(count)]


def test_nothing_active_changes_nothing(pixels):
    received = augment(pixels, Augmentation(), np.random.default_rng(1))
    assert np.array_equal(received, pixels)
    assert not np.shares_memory(received, pixels)


@pytest.mark.parametrize("resize_mode", list(ResizeMode))
def test_nothing_active_decodes_as_ever(resize_mode):
    received = decode_augmented(
        CAT,
        size=(50, 70),
        resize_mode=resize_mode,
        augmentation=Augmentation(),
        random=np.random.default_rng(1),
    )
    assert np.array_equal(received, decode_image(CAT, size=(50, 70), resize_mode=resize_mode))


@pytest.mark.parametrize("augmentation", [*SINGLE, EVERYTHING], ids=[*NAMES, "everything"])
def test_changes_keep_shape_and_input_and_follow_the_generator_alone(pixels, augmentation):
    pixels.setflags(write=False)
    before = pixels.copy()
    first = draws(pixels, augmentation, 8)
    assert np.array_equal(pixels, before)
    assert {(p.shape, p.dtype) for p in first} == {(pixels.shape, np.dtype(np.uint8))}
    assert all(map(np.array_equal, first, draws(pixels, augmentation, 8)))
    assert any(not np.array_equal(changed, pixels) for changed in first)


@pytest.mark.parametrize(
    ("flip", "count"), [(Flip.HORIZONTAL, 2), (Flip.BOTH, 4)], ids=["horizontal", "both"]
)
def test_mirror_images_are_exact_and_all_occur(pixels, flip, count):
    possible = [pixels, pixels[:, ::-1], pixels[::-1], pixels[::-1, ::-1]]
    order = [0, 1] if flip is Flip.HORIZONTAL else [0, 1, 2, 3]
    seen = {
        next(i for i, p in enumerate(possible) if np.array_equal(p, received))
        for received in draws(pixels, Augmentation(flip=flip))
    }
    assert sorted(seen) == order
    assert len(seen) == count


@pytest.mark.parametrize("name", ["rotation", "zoom", "shift", "crop"])
def test_geometry_leaves_an_even_image_even(name):
    """Neither black corners nor edges: outside is the mirror image."""
    for received in draws(grey(90), replace(Augmentation(), **{name: getattr(EVERYTHING, name)})):
        assert np.array_equal(received, grey(90))


def test_quarter_turn_moves_each_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    matrix = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 20.0]])
    assert np.array_equal(warp(pixels, matrix, (20, 20)), np.rot90(pixels, -1))


def test_rotation_turns_a_mark_within_its_angle():
    pixels = np.zeros((101, 101, 3), np.uint8)
    pixels[49:52, 85:88] = 255
    angles = []
    for received in draws(pixels, Augmentation(rotation=30)):
        y, x = np.argwhere(received[..., 0] > 80).mean(axis=0) - 50
        assert np.hypot(x, y) == pytest.approx(36, abs=1)
        angles.append(np.degrees(np.arctan2(y, x)))
    assert max(map(abs, angles)) <= 31
    assert min(angles) < -20
    assert max(angles) > 20


def test_what_lies_outside_is_the_mirror_image(pixels):
    height, width = pixels.shape[:2]
    received = warp(pixels, np.array([[1.0, 0, -7], [0, 1.0, -3]]), (height, width))
    expected = np.pad(pixels, ((3, 0), (7, 0), (0, 0)), "symmetric")[:height, :width]
    assert np.array_equal(received, expected)


def test_shift_moves_at_most_its_fraction():
    pixels = np.zeros((100, 100, 3), np.uint8)
    pixels[50, 50] = 255
    places = [
        np.argwhere(p[..., 0] > 50).mean(axis=0) for p in draws(pixels, Augmentation(shift=0.2))
    ]
    moves = np.array(places) - 50
    assert 15 < np.abs(moves).max() <= 20.5


def test_crop_shows_a_window_of_its_area():
    """In a ramp, the difference from edge to edge says how much is seen."""
    down, across = np.mgrid[0:200, 0:200]
    ramp = np.stack([across, down, np.zeros_like(down)], axis=2).astype(np.uint8)
    areas, aspects = [], []
    for received in draws(ramp, Augmentation(crop=0.5), 100):
        width = (int(received[100, -2, 0]) - int(received[100, 1, 0])) / 197
        height = (int(received[-2, 100, 1]) - int(received[1, 100, 1])) / 197
        areas.append(width * height)
        aspects.append(width / height)
    assert min(areas) == pytest.approx(0.5, abs=0.03)
    assert max(areas) == pytest.approx(1.0, abs=0.03)
    assert 0.73 <= min(aspects) < 0.85
    assert 1.18 < max(aspects) <= 1.36


def test_brightness_stays_within_its_fraction():
    values = [int(p[0, 0, 0]) for p in draws(grey(100), Augmentation(brightness=0.2), 100)]
    assert 80 <= min(values) < 85
    assert 115 < max(values) <= 120


def test_contrast_keeps_the_mean_and_color_keeps_grey():
    assert all(np.array_equal(p, grey(77)) for p in draws(grey(77), Augmentation(contrast=0.5)))
    assert all(np.array_equal(p, grey(77)) for p in draws(grey(77), Augmentation(saturation=0.9)))


def test_cutout_is_grey_and_no_larger_than_its_square(pixels):
    pixels = np.minimum(pixels, 100)
    areas = []
    for received in draws(pixels, Augmentation(cutout=0.25), 100):
        hidden = (received == 128).all(axis=2)
        assert np.array_equal(received[~hidden], pixels[~hidden])
        areas.append(int(hidden.sum()))
    assert max(areas) == 15 * 20
    assert min(areas) < 15 * 20, "part of it may lie outside"


def test_another_setting_leaves_the_other_draws_alone(pixels):
    flipped = draws(pixels, Augmentation(flip=Flip.HORIZONTAL, rotation=20), 5)
    hidden = draws(pixels, Augmentation(flip=Flip.HORIZONTAL, rotation=20, cutout=0.2), 5)
    for whole, part in zip(flipped, hidden, strict=True):
        assert (whole == part).all(axis=2).mean() > 0.9


def test_an_enlarged_part_keeps_details():
    size, resize_mode, crop = (64, 64), ResizeMode.SQUASH, Augmentation(crop=0.8)
    coarse = decode_image(CAT, size=size, resize_mode=resize_mode)

    def detail(pixels: np.ndarray) -> float:
        return float(np.abs(np.diff(pixels.astype(int), axis=1)).mean())

    sharper = [
        detail(
            decode_augmented(
                CAT,
                size=size,
                resize_mode=resize_mode,
                augmentation=crop,
                random=random_for(0, n, b"x"),
            )
        )
        > detail(augment(coarse, crop, random_for(0, n, b"x")))
        for n in range(20)
    ]
    assert sum(sharper) >= 15


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 9, 3), (7, 2, 3)], ids=str)
def test_tiny_images_are_no_trouble(shape):
    pixels = np.full(shape, 200, np.uint8)
    assert {p.shape for p in draws(pixels, EVERYTHING)} == {shape}


def test_seed_epoch_and_content_each_decide():
    def numbers(*key) -> tuple[float, ...]:
        return tuple(random_for(*key).random(3))

    keys = [(0, 1, b"a" * 32), (1, 1, b"a" * 32), (0, 2, b"a" * 32), (0, 1, b"b" * 32)]
    assert len({numbers(*key) for key in keys}) == 4
    assert numbers(*keys[0]) == numbers(*keys[0])

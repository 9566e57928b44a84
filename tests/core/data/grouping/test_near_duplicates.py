import hashlib
import io
import random
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from core.data.grouping.near_duplicates import candidate_pairs, near_duplicate_groups
from core.data.grouping.signature import SIGNATURE_BYTES, image_signature
from core.data.pixels.decoder import ResizeMode, decode_image


def digest(number):
    return hashlib.sha256(str(number).encode()).digest()


def scene(seed, side=224):
    """An image of soft shapes, unlike those of other seeds."""
    noise = np.random.default_rng(seed).integers(20, 220, (7, 7, 3), np.uint8)
    return Image.fromarray(noise).resize((side, side), Image.Resampling.BICUBIC)


def signature(image):
    return image_signature(np.asarray(image.convert("RGB").resize((224, 224))))


def reencoded(image, quality):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def groups_of(images, **more):
    numbers = [digest(number) for number in range(len(images))]
    return near_duplicate_groups([signature(p) for p in images], numbers, **more).tolist()


COPIES = {
    "jpeg-50": lambda p: reencoded(p, 50),
    "jpeg-95": lambda p: reencoded(p, 95),
    "half-size": lambda p: p.resize((112, 112), Image.Resampling.LANCZOS),
    "double-size": lambda p: p.resize((448, 448), Image.Resampling.LANCZOS),
    "brighter": lambda p: ImageEnhance.Brightness(p).enhance(1.05),
    "darker": lambda p: ImageEnhance.Brightness(p).enhance(0.95),
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES)
def test_copies_join_their_original_only(copy):
    images = [scene(seed) for seed in range(12)]
    groups = groups_of([*images, *map(copy, images)])
    assert groups[:12] == list(range(12))
    assert groups[12:] == groups[:12]


def with_blot(image):
    blotted = image.copy()
    ImageDraw.Draw(blotted).ellipse((100, 100, 109, 109), fill=(0, 0, 0))
    return blotted


def in_luma(image, change):
    return Image.merge("YCbCr", change(*image.convert("YCbCr").split())).convert("RGB")


DIFFERENT = {
    "small-blot": with_blot,
    "mirrored": lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "recoloured": lambda p: Image.merge("RGB", p.split()[::-1]),
    "tinted": lambda p: in_luma(p, lambda y, cb, cr: (y, cr, cb)),
    "shifted": lambda p: p.crop((8, 0, 224, 216)),
}


@pytest.mark.parametrize("change", DIFFERENT.values(), ids=DIFFERENT)
def test_images_that_differ_stay_apart(change):
    images = [scene(seed) for seed in range(12)]
    assert len(set(groups_of([*images, *map(change, images)]))) == 24


def test_identical_content_is_one_group_without_any_signature():
    assert near_duplicate_groups([None] * 4, [b"a", b"b", b"a", b"c"]).tolist() == [0, 1, 0, 2]


def test_no_images_make_no_groups():
    assert near_duplicate_groups([], []).shape == (0,)


def test_flat_images_are_grouped_by_their_exact_color():
    colours = [(200, 30, 30), (200, 30, 30), (204, 30, 30), (30, 30, 200)]
    flats = [Image.new("RGB", (224, 224), color) for color in colours]
    assert groups_of(flats) == [0, 0, 1, 2]


def test_noise_on_one_color_is_no_copy():
    noise = np.random.default_rng(5).integers(-30, 31, (9, 224, 224, 3))
    images = [Image.fromarray((128 + one).astype(np.uint8)) for one in noise]
    assert len(set(groups_of(images))) == 9


def test_a_series_alike_by_nature_is_left_to_its_content():
    series = [ImageEnhance.Brightness(scene(1)).enhance(1 + n / 1000) for n in range(12)]
    others = [scene(seed) for seed in range(100, 128)]
    assert len(set(groups_of([*series, *others]))) == 40
    # Ten are few enough to be copies.
    assert len(set(groups_of([*series[:10], *others]))) == 29


def test_a_series_that_fills_a_class_is_left_to_its_content():
    series = [ImageEnhance.Brightness(scene(1)).enhance(1 + n / 1000) for n in range(12)]
    others = [scene(seed) for seed in range(100, 188)]
    images, classes = [*series, *others], [0] * 14 + [1] * 86
    assert len(set(groups_of(images))) == 89
    assert len(set(groups_of(images, class_indices=classes))) == 100


def test_a_small_class_of_frames_alike_can_still_be_split():
    frames = [ImageEnhance.Brightness(scene(1)).enhance(1 + n / 1000) for n in range(8)]
    others = [scene(seed) for seed in range(100, 110)]
    classes = [0] * 8 + [1] * 10
    assert len(set(groups_of([*frames, *others], class_indices=classes))) == 18


def test_small_steps_do_not_chain():
    steps = [Image.blend(scene(1), scene(2), number / 60) for number in range(61)]
    fill = [scene(seed) for seed in range(1000, 1300)]
    groups = groups_of([*steps, *fill])
    assert max(Counter(groups).values()) < 12
    assert groups[0] != groups[30]


def test_groups_do_not_depend_on_the_order():
    images = [copy(scene(seed)) for seed in range(12) for copy in COPIES.values()]
    images += [Image.blend(scene(50), scene(51), number / 60) for number in range(15)]
    numbers = list(range(len(images)))
    shuffled = random.Random(3).sample(numbers, len(numbers))
    signatures = [signature(image) for image in images]
    groups = near_duplicate_groups(signatures, [digest(n) for n in numbers])
    again = near_duplicate_groups([signatures[n] for n in shuffled], [digest(n) for n in shuffled])
    pairs = {(groups[n], again[place]) for place, n in enumerate(shuffled)}
    assert len(pairs) == len(set(groups.tolist()))


def test_candidates_stay_few_however_alike_all_are():
    alike = np.random.default_rng(0).integers(100, 103, (3000, SIGNATURE_BYTES), np.uint8)
    assert len(candidate_pairs(alike)) <= 32 * 3000
    assert len(candidate_pairs(np.repeat(alike[:1], 3000, axis=0))) <= 32 * 3000


def test_real_photographs_hold_just_the_copies_that_are_known(photo_data):
    """The five tulips that were published twice in two sizes, and exact duplicates."""
    paths = sorted((photo_data / "flowers/tulip").iterdir())
    contents = [path.read_bytes() for path in paths]
    signatures = [
        image_signature(decode_image(content, size=(224, 224), resize_mode=ResizeMode.SQUASH))
        for content in contents
    ]
    sha256s = [hashlib.sha256(content).digest() for content in contents]
    groups = near_duplicate_groups(signatures, sha256s).tolist()
    together = {paths[n].name for n, group in enumerate(groups) if groups.count(group) > 1}
    twice = {"7166539842_43b7e02883", "7166552648_28b6dce578", "7166567320_0a2beb6d42"}
    twice |= {"7166606598_5d2cd307c3", "7166644048_b00a14f01b"}
    assert together == {f"{name}{end}.jpg" for name in twice for end in ("", "_n")}

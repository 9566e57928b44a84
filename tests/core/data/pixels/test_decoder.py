import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image, decode_image_about
from core.data.pixels.image_opening import open_image
from core.errors import ImageError
from core.image_reading.opening import MAX_PIXELS
from core.image_reading.resizing import scaled_size
from tests.odd_images import (
    BLUE,
    GREEN,
    QUARTERS,
    RED,
    WHITE,
    YELLOW,
    encoded,
    make_odd_images,
    odd_images,
    png_header,
    quartered,
)

USABLE = [image for image in odd_images() if image.reason is None]
UNUSABLE = [image for image in odd_images() if image.reason is not None]


def quarter_middles(pixels):
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return np.array([pixels[row, column] for row in rows for column in columns], int)


@pytest.mark.parametrize("image", USABLE, ids=lambda image: image.name)
@pytest.mark.parametrize("size", [None, (224, 224)], ids=["own-size", "224"])
def test_usable_images_show_their_colors(image, size):
    pixels = decode_image(image.content, size=size, resize_mode=ResizeMode.SQUASH)
    assert pixels.dtype == np.uint8
    assert pixels.shape == ((*size, 3) if size else pixels.shape)
    assert np.abs(quarter_middles(pixels) - image.quarters).max() <= 12


@pytest.mark.parametrize("image", UNUSABLE, ids=lambda image: image.name)
def test_unusable_images_are_refused_with_the_reason(image):
    with pytest.raises(ImageError, match=image.reason):
        decode_image(image.content, size=(64, 64), resize_mode=ResizeMode.SQUASH)


def test_decoding_leaves_the_files_alone(tmp_path):
    expected = make_odd_images(tmp_path)
    before = {p.name: hashlib.sha256(p.read_bytes()).digest() for p in tmp_path.iterdir()}
    for name, reason in expected.items():
        if reason is None:
            decode_image((tmp_path / name).read_bytes(), size=(32, 32), resize_mode=ResizeMode.CROP)
    after = {p.name: hashlib.sha256(p.read_bytes()).digest() for p in tmp_path.iterdir()}
    assert after == before


def test_sixteen_bits_are_scaled_not_clipped():
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)[None, :]
    pixels = decode_image(
        encoded(Image.fromarray(ramp), "PNG"), size=None, resize_mode=ResizeMode.SQUASH
    )
    assert np.abs(pixels[0, :, 0].astype(int) - np.arange(256)).max() <= 1


@pytest.mark.parametrize("size", [(3000, 2000), (2000, 3000)], ids=["wide", "tall"])
@pytest.mark.parametrize("resize_mode", list(ResizeMode))
def test_a_large_jpeg_looks_like_a_small_one(size, resize_mode):
    large = encoded(quartered(size), "JPEG", quality=95, subsampling=0)
    small = encoded(quartered((size[0] // 10, size[1] // 10)), "PNG")
    first = decode_image(large, size=(100, 100), resize_mode=resize_mode).astype(int)
    second = decode_image(small, size=(100, 100), resize_mode=resize_mode).astype(int)
    assert np.abs(first - second).mean() < 2


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("need", [(300, 40), (40, 300), (30, 30)])
def test_a_jpeg_is_reduced_as_far_as_it_may_be(orientation, need):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(Image.new("RGB", (640, 320)), "JPEG", exif=exif)
    asked = []

    def decode_size(width, height):
        asked.append((width, height))
        return need

    image = open_image(content, decode_size)
    assert asked == [(640, 320) if orientation == 1 else (320, 640)]
    assert image.width >= need[0]
    assert image.height >= need[1]
    if need == (30, 30):
        assert image.width * image.height == 640 * 320 / 64


def test_a_reduced_jpeg_keeps_the_detail_of_the_result():
    stripes = np.zeros((800, 1600), np.uint8)
    stripes[:, (np.arange(1600) // 16) % 2 == 0] = 255
    content = encoded(Image.fromarray(stripes), "JPEG", quality=95)
    reduced = decode_image(content, size=(100, 200), resize_mode=ResizeMode.SQUASH).astype(int)
    whole = encoded(Image.open(io.BytesIO(content)), "PNG")
    full = decode_image(whole, size=(100, 200), resize_mode=ResizeMode.SQUASH).astype(int)
    assert np.abs(reduced - full).mean() < 4


@pytest.mark.parametrize(
    ("resize_mode", "expected"),
    [
        (ResizeMode.SQUASH, QUARTERS),
        (ResizeMode.CROP, QUARTERS),
        (ResizeMode.PAD, (WHITE, RED, GREEN, WHITE)),
    ],
)
def test_fit_decides_what_is_seen(resize_mode, expected):
    pixels = decode_image(
        encoded(quartered((400, 100)), "PNG"), size=(100, 100), resize_mode=resize_mode
    )
    if resize_mode is ResizeMode.PAD:
        shown = pixels[[10, 45, 45, 90], [50, 20, 80, 50]]
    else:
        shown = quarter_middles(pixels)
    assert np.abs(shown.astype(int) - expected).max() <= 3


def test_crop_keeps_proportions_and_the_centre():
    image = Image.new("RGB", (400, 100), RED)
    image.paste(BLUE, (150, 0, 250, 100))
    pixels = decode_image(encoded(image, "PNG"), size=(50, 50), resize_mode=ResizeMode.CROP)
    assert (pixels[:, 2:-2] == BLUE).all()


def test_crop_equals_scaling_whole_then_cutting():
    noise = np.random.default_rng(1).integers(0, 255, (90, 217, 3), np.uint8)
    height, width = scaled_size((90, 217), (50, 60), ResizeMode.CROP)
    whole = Image.fromarray(noise).resize((width, height), Image.Resampling.BILINEAR)
    left, top = (width - 60) // 2, (height - 50) // 2
    expected = np.asarray(whole)[top : top + 50, left : left + 60].astype(int)
    pixels = decode_image(
        encoded(Image.fromarray(noise), "PNG"), size=(50, 60), resize_mode=ResizeMode.CROP
    )
    assert np.abs(pixels - expected).max() <= 1


@pytest.mark.parametrize(
    ("resize_mode", "expected"),
    [(ResizeMode.SQUASH, (224, 224)), (ResizeMode.CROP, (224, 448)), (ResizeMode.PAD, (112, 224))],
)
def test_scaled_size_follows_the_fit(resize_mode, expected):
    assert scaled_size((100, 200), (224, 224), resize_mode) == expected


@pytest.mark.parametrize("resize_mode", list(ResizeMode))
@pytest.mark.parametrize("shape", [(1, 9000), (9000, 1)], ids=["flat", "thin"])
def test_extreme_proportions_need_no_more_memory(resize_mode, shape):
    content = encoded(Image.new("RGB", shape, GREEN), "PNG")
    pixels = decode_image(content, size=(224, 224), resize_mode=resize_mode)
    assert tuple(pixels[111, 111]) == GREEN


def test_the_pixel_limit_is_checked_before_decoding():
    with pytest.raises(ImageError, match=f"20000×10000 pixels, more than the {MAX_PIXELS:,}"):
        decode_image(png_header(20000, 10000), size=None, resize_mode=ResizeMode.SQUASH)


def test_warnings_of_pillow_stay_unseen(recwarn):
    # Above Pillow's own warning threshold and below its limit; the pixels are missing.
    with pytest.raises(ImageError, match=r"truncated|damaged"):
        decode_image(png_header(10000, 10000), size=(32, 32), resize_mode=ResizeMode.SQUASH)
    assert not recwarn.list


def test_out_of_memory_becomes_an_image_error(monkeypatch):
    def fail(*arguments, **keywords):
        raise MemoryError

    monkeypatch.setattr(Image.Image, "resize", fail)
    with pytest.raises(ImageError, match=r"memory|resized"):
        decode_image(encoded(quartered(), "PNG"), size=(32, 32), resize_mode=ResizeMode.SQUASH)


def test_any_damage_is_an_image_error_or_an_image():
    """Bytes changed at random never lead to another exception."""
    random = np.random.default_rng(7)
    for image in USABLE:
        content = np.frombuffer(image.content, np.uint8)
        for _ in range(6):
            damaged = content.copy()
            places = random.integers(0, len(damaged), 12)
            damaged[places] = random.integers(0, 256, 12)
            try:
                decode_image(damaged.tobytes(), size=(16, 16), resize_mode=ResizeMode.PAD)
            except ImageError:
                continue


def test_threads_agree():
    contents = [image.content for image in USABLE] * 3

    def decoded(content):
        return decode_image(content, size=(32, 32), resize_mode=ResizeMode.CROP).tobytes()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(decoded, contents)) == [decoded(content) for content in contents]


def test_yellow_stays_yellow_in_an_inverted_adobe_jpeg():
    image = Image.new("CMYK", (32, 32), (0, 0, 255, 0))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95)
    pixels = decode_image(buffer.getvalue(), size=None, resize_mode=ResizeMode.SQUASH)
    assert np.abs(pixels[16, 16].astype(int) - (255, 255, 0)).max() < 8
    assert YELLOW[2] < 128


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ((227, 240), (227, 240)),  # near enough
        ((224, 224), (224, 224)),
        ((100, 240), (100, 240)),  # smaller than wanted
        ((1000, 240), (224, 224)),  # much larger
    ],
    ids=str,
)
def test_decoding_for_who_resamples_keeps_images_that_are_near(image, expected):
    height, width = image
    pixels = np.full((height, width, 3), 90, np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    result = decode_image_about(file.getvalue(), size=(224, 224), resize_mode=ResizeMode.SQUASH)
    assert result.shape == (*expected, 3)
    cropped = decode_image_about(file.getvalue(), size=(224, 224), resize_mode=ResizeMode.CROP)
    assert cropped.shape == (224, 224, 3)

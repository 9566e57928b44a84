"""JPEG XL, as imagecodecs and `cjxl` write it."""

import shutil
import subprocess
import zlib

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from core.image_reading.jpeg_xl_header import read_jpeg_xl_header
from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.icc_profiles import ADOBE_RGB, DISPLAY_P3, PROPHOTO
from tests.odd_images import encoded, quartered
from tests.png_files import png
from tests.sample_photo import GRAY, HEIGHT, PHOTO, WIDTH, distance, pixels, scaled_to

ALPHA = np.full_like(GRAY, 255)
ALPHA[:10] = 0


def jxl(values, **options):
    return imagecodecs.jpegxl_encode(values, **{"lossless": True, **options})


@pytest.mark.parametrize("container", [False, True])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_types(twin, dtype, container):
    largest = {"u1": 255, "u2": 65535, "f4": 1}[dtype]
    content = jxl(scaled_to(twin, largest, dtype), usecontainer=container)
    assert distance(content, twin) <= 1
    assert read_jpeg_xl_header(content).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_alpha(twin, dtype):
    values = scaled_to(np.dstack([twin, ALPHA]), {"u1": 255, "u2": 65535}[dtype], dtype)
    expected = twin.copy()
    expected[:10] = 255
    assert distance(jxl(values), expected) <= 1


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_fewer_bits_in_sixteen(bits):
    values = scaled_to(GRAY, (1 << bits) - 1)
    assert distance(jxl(values), GRAY) <= 1
    dark = scaled_to(GRAY // 5, (1 << bits) - 1)
    assert distance(jxl(dark), GRAY // 5, sample_bits=bits) <= 1


@pytest.mark.parametrize("bits", [9, 10, 12, 14])
@pytest.mark.parametrize("container", [False, True])
def test_declared_bits_are_the_range(bits, container):
    dark = scaled_to(PHOTO // 5, (1 << bits) - 1)
    content = jxl(dark, bitspersample=bits, usecontainer=container)
    assert read_jpeg_xl_header(content).bits == bits
    assert distance(content, PHOTO // 5) <= 1
    assert read_image(content).undeclared_largest is None


def test_lossy():
    # Like those of JPEG, its colors have less detail than its brightness.
    found = pixels(jxl(GRAY, lossless=False, level=95)).astype(int)
    assert np.abs(found - GRAY[..., np.newaxis]).mean() < 3
    quarters = np.asarray(quartered())
    found = pixels(jxl(quarters, lossless=False, level=95)).astype(int)
    assert np.abs(found - quarters).mean() < 3


@pytest.mark.parametrize(
    "size", [(8, 8), (256, 8), (7, 300), (300, 200), (1600, 900), (1000, 500), (9000, 3), (1, 1)]
)
def test_sizes_in_headers(size):
    values = np.zeros(size[::-1], np.uint8)
    assert read_jpeg_xl_header(jxl(values)).size == size
    assert pixels(jxl(values)).shape == (*size[::-1], 3)


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_file_is_cut_off(fraction):
    for content in (jxl(PHOTO), jxl(PHOTO, lossless=False), jxl(PHOTO, usecontainer=True)):
        with pytest.raises(UnreadableError, match="cut off"):
            read_image(content[: int(fraction * len(content))])


def test_an_enormous_header_is_refused_unread():
    content = enormous_header()
    assert read_jpeg_xl_header(content).size == (1 << 30, 1 << 30)
    with pytest.raises(UnreadableError, match="1073741824×1073741824 pixels, more than"):
        read_image(content)


def enormous_header():
    bits = "0" + "11" + format((1 << 30) - 1, "030b")[::-1] + "000" + "11" + "1" * 30
    number = int(bits[::-1], 2)
    return b"\xff\x0a" + number.to_bytes(16, "little") + bytes(64)


def cjxl(tmp_path, content, *options, suffix="png"):
    source, target = tmp_path / f"image.{suffix}", tmp_path / "image.jxl"
    source.write_bytes(content)
    subprocess.run(["cjxl", source, target, *options], check=True, capture_output=True, timeout=60)
    return target.read_bytes()


needs_cjxl = pytest.mark.skipif(shutil.which("cjxl") is None, reason="needs cjxl (libjxl-tools)")


@needs_cjxl
@pytest.mark.parametrize("options", [(), ("--container=1",)], ids=["bare", "container"])
def test_files_of_cjxl(tmp_path, options):
    for values, twin in ((PHOTO, PHOTO), (PHOTO.astype(np.uint16) * 257, PHOTO), (GRAY, GRAY)):
        assert distance(cjxl(tmp_path, png(values), "-d", "0", *options), twin) <= 1
    quarters = np.asarray(quartered((96, 64)))
    lossy = pixels(cjxl(tmp_path, png(quarters), "-d", "1", *options)).astype(int)
    assert np.abs(lossy - quarters).mean() < 4


@needs_cjxl
def test_a_jpeg_that_was_packed_by_cjxl(tmp_path):
    jpeg = encoded(Image.fromarray(PHOTO), "JPEG", quality=95, subsampling=0)
    packed = cjxl(tmp_path, jpeg, "--lossless_jpeg=1", suffix="jpg")
    assert np.abs(pixels(packed).astype(int) - pixels(jpeg)).mean() < 2


@needs_cjxl
def test_orientation_of_cjxl(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = Image.fromarray(np.rot90(PHOTO))
    jpeg = encoded(stored, "JPEG", quality=98, subsampling=0, exif=exif)
    packed = cjxl(tmp_path, jpeg, "--lossless_jpeg=1", suffix="jpg")
    assert np.abs(pixels(packed).astype(int) - pixels(jpeg)).mean() < 2


@needs_cjxl
@pytest.mark.parametrize("distance_option", ["0", "1"])
def test_colors_of_display_p3_become_those_of_srgb(tmp_path, distance_option):
    stored = DISPLAY_P3.encoded(np.asarray(quartered((96, 64)))).astype(np.uint8)
    options = ("-d", distance_option, "-x", "color_space=RGB_D65_DCI_Rel_SRG")
    content = cjxl(tmp_path, b"P6 96 64 255\n" + stored.tobytes(), *options, suffix="ppm")
    difference = np.abs(pixels(content).astype(int) - DISPLAY_P3.decoded(stored)).mean()
    assert difference < (1 if distance_option == "0" else 4)


@needs_cjxl
@pytest.mark.parametrize("space", [DISPLAY_P3, ADOBE_RGB, PROPHOTO])
def test_lossy_colors_of_a_profile_become_those_of_srgb(tmp_path, space):
    quarters = np.asarray(quartered((96, 64)))
    profile = {b"iCCP": b"p\0\0" + zlib.compress(space.profile())}
    content = cjxl(tmp_path, png(space.encoded(quarters).astype(np.uint8), profile), "-d", "1")
    assert np.abs(pixels(content).astype(int) - quarters).mean() < 5

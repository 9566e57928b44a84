"""PNGs of 16 bits, and PNGs with large chunks."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from core.image_reading.opening import read_image
from tests.icc_profiles import SRGB
from tests.odd_images import encoded
from tests.png_files import chunk, png
from tests.sample_photo import GRAY, PHOTO, distance, scaled_to


def with_chunk(content, name, data):
    """Put a chunk behind the header."""
    return content[:33] + chunk(name, data) + content[33:]


def shapes(twin_alpha):
    return {
        "gray": (GRAY, GRAY),
        "gray-alpha": (np.dstack([GRAY, twin_alpha]), GRAY),
        "rgb": (PHOTO, PHOTO),
        "rgba": (np.dstack([PHOTO, twin_alpha]), PHOTO),
    }


ALPHA = np.full_like(GRAY, 255)
ALPHA[:10] = 0


def over_white(twin, has_alpha):
    twin = twin.copy()
    if has_alpha:
        twin[:10] = 255
    return twin


@pytest.mark.parametrize("is_interlaced", [False, True])
@pytest.mark.parametrize("name", shapes(ALPHA))
def test_every_color_type_of_sixteen_bits(name, is_interlaced):
    values, twin = shapes(ALPHA)[name]
    content = png(values.astype(np.uint16) * 257, is_interlaced=is_interlaced)
    assert distance(content, over_white(twin, "a" in name[3:])) <= 1


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("name", shapes(ALPHA))
def test_significant_bits_are_the_range(name, bits):
    values, twin = shapes(ALPHA)[name]
    channels = 1 if values.ndim == 2 else values.shape[-1]
    dark = values // 5 if channels in (1, 3) else np.dstack([values[..., :-1] // 5, ALPHA])
    content = png(scaled_to(dark, (1 << bits) - 1), {b"sBIT": bytes([bits] * channels)})
    assert distance(content, over_white(twin // 5, channels in (2, 4))) <= 1
    assert read_image(content).undeclared_largest is None


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_significant_bits_of_samples_that_use_all_sixteen(bits):
    """As the standard has it: samples fill the range, and sBIT tells the bits before scaling."""
    content = png(GRAY.astype(np.uint16) * 257, {b"sBIT": bytes([bits])})
    assert distance(content, GRAY) == 0
    content = png(scaled_to(GRAY, 65534), {b"sBIT": bytes([bits])})
    assert distance(content, GRAY) <= 1


@pytest.mark.parametrize("data", [b"", b"\0", b"\1", b"\x11", b"\xff", b"\x0c\x0c\x0c\x0c"])
def test_odd_significant_bits_are_no_damage(data):
    content = png(scaled_to(GRAY, 4095), {b"sBIT": data})
    assert distance(content, GRAY) <= 1


def test_a_color_that_is_transparent():
    clear = PHOTO[5, 7]
    values = PHOTO.astype(np.uint16) * 257
    twin = PHOTO.copy()
    twin[(clear == PHOTO).all(axis=-1)] = 255
    key = struct.pack(">3H", *(int(each) * 257 for each in clear))
    assert distance(png(values, {b"tRNS": key}), twin) <= 1
    gray_twin = GRAY.copy()
    gray_twin[GRAY[5, 7] == GRAY] = 255
    key = struct.pack(">H", int(GRAY[5, 7]) * 257)
    assert distance(png(GRAY.astype(np.uint16) * 257, {b"tRNS": key}), gray_twin) <= 1
    twelve = scaled_to(GRAY, 4095)
    key = struct.pack(">H", int(twelve[5, 7]))
    assert distance(png(twelve, {b"tRNS": key}), gray_twin) <= 1


@pytest.mark.parametrize("is_before", [True, False])
@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_orientation(dtype, is_before):
    exif = Image.Exif()
    exif[0x0112] = 6
    chunks = {b"eXIf": exif.tobytes().removeprefix(b"Exif\0\0")}
    stored = np.rot90(scaled_to(PHOTO, {"u1": 255, "u2": 65535}[dtype], dtype))
    content = png(stored, chunks if is_before else None, None if is_before else chunks)
    assert distance(content, PHOTO) == 0


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_large_chunks_of_text_are_sound(dtype):
    values = scaled_to(PHOTO, {"u1": 255, "u2": 65535}[dtype], dtype)
    settings = b'{"nodes": [1, 2, 3]}' * 200_000
    for name, data in {
        b"zTXt": b"workflow\0\0" + zlib.compress(settings),
        b"tEXt": b"workflow\0" + settings,
        b"iTXt": b"workflow\0\1\0\0\0" + zlib.compress(settings),
    }.items():
        assert distance(png(values, {name: data}), PHOTO) == 0
        assert distance(png(values, None, {name: data}), PHOTO) == 0


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_large_profiles_are_sound(dtype):
    values = scaled_to(PHOTO, {"u1": 255, "u2": 65535}[dtype], dtype)
    profile = SRGB.profile() + np.random.default_rng(1).bytes(3_000_000)
    content = png(values, {b"iCCP": b"p\0\0" + zlib.compress(profile)})
    assert distance(content, PHOTO) == 0


def test_a_gamma_chunk_changes_nothing():
    content = with_chunk(encoded(Image.fromarray(PHOTO), "PNG"), b"gAMA", struct.pack(">I", 45455))
    assert distance(content, PHOTO) == 0
    wide = png(PHOTO.astype(np.uint16) * 257, {b"gAMA": struct.pack(">I", 45455)})
    assert distance(wide, PHOTO) == 0


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits(bits):
    levels = np.arange(44 * 60).reshape(44, 60) % (1 << bits)
    image = Image.new("P", (60, 44))
    image.putdata(levels.reshape(-1).tolist())
    palette = [(37 * i % 256, 91 * i % 256, 53 * i % 256) for i in range(1 << bits)]
    image.putpalette([value for color in palette for value in color])
    content = encoded(image, "PNG", bits=bits)
    assert distance(content, np.array(palette, np.uint8)[levels]) == 0

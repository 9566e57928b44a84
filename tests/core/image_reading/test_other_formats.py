"""JPEG 2000, PGM and PPM, BMP, and the other formats."""

import struct

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from core.image_reading.opening import read_image
from tests.odd_images import encoded
from tests.sample_photo import GRAY, HEIGHT, PHOTO, WIDTH, distance, pixels, scaled_to


@pytest.mark.parametrize("codec", ["jp2", "j2k"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_jpeg_2000(twin, bits, codec):
    values = scaled_to(twin // 5, (1 << bits) - 1, "u1" if bits == 8 else "u2")
    content = imagecodecs.jpeg2k_encode(values, level=0, codecformat=codec, bitspersample=bits)
    # Declared, so that dark images stay dark; all sixteen say nothing.
    assert distance(content, twin // 5, sample_bits=16) <= 1


@pytest.mark.parametrize("bits", [10, 12, 14])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_fewer_bits_in_jpeg_2000_of_sixteen(twin, bits):
    content = imagecodecs.jpeg2k_encode(
        scaled_to(twin, (1 << bits) - 1), level=0, codecformat="jp2", bitspersample=16
    )
    assert distance(content, twin) <= 1
    assert read_image(content).undeclared_largest == (1 << bits) - 1


def test_jpeg_2000_with_alpha():
    alpha = np.full_like(GRAY, 255)
    alpha[:10] = 0
    twin = PHOTO.copy()
    twin[:10] = 255
    for factor, dtype in ((1, np.uint8), (257, np.uint16)):
        values = np.dstack([PHOTO, alpha]).astype(dtype) * dtype(factor)
        content = imagecodecs.jpeg2k_encode(values, level=0, codecformat="jp2")
        assert distance(content, twin) <= 1


def netpbm(values, white, *, is_text=False):
    kind = (2 if values.ndim == 2 else 3) + (0 if is_text else 3)
    header = f"P{kind}\n# made by hand\n{WIDTH} {HEIGHT}\n{white}\n".encode()
    if is_text:
        return header + " ".join(map(str, values.reshape(-1).tolist())).encode()
    return header + values.astype(">u2" if white > 255 else "u1").tobytes()


@pytest.mark.parametrize("white", [100, 255, 1023, 4095, 16383, 65535])
@pytest.mark.parametrize("is_text", [False, True], ids=["binary", "text"])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_the_largest_value_of_pgm_and_ppm_is_white(twin, is_text, white):
    values = scaled_to(twin // 5, white)
    expected = np.rint(values * (255 / white)).astype(int)
    content = netpbm(values, white, is_text=is_text)
    assert distance(content, expected, sample_bits=16) <= 1
    assert distance(netpbm(scaled_to(twin, white), white, is_text=is_text), twin) <= (
        2 if white == 100 else 1
    )


@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_a_white_of_all_sixteen_bits_says_nothing(bits, twin):
    content = netpbm(scaled_to(twin, (1 << bits) - 1), 65535)
    assert distance(content, twin) <= 1
    assert read_image(content).undeclared_largest == (1 << bits) - 1


def bmp_of_32_bits(alpha):
    """As programs write it that know of no alpha: with a V4 header, which has a mask for it."""
    values = np.dstack([PHOTO[..., ::-1], np.full_like(GRAY, alpha)])[::-1]
    header = struct.pack("<IiiHHIIiiII", 108, WIDTH, HEIGHT, 1, 32, 3, values.size, 0, 0, 0, 0)
    header += struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000) + b"BGRs"
    header = header.ljust(108, b"\0")
    start = 14 + len(header)
    return (
        struct.pack("<2sIHHI", b"BM", start + values.size, 0, 0, start) + header + values.tobytes()
    )


@pytest.mark.parametrize("alpha", [0, 255])
def test_a_bmp_whose_alpha_is_zero_everywhere_is_opaque(alpha):
    assert distance(bmp_of_32_bits(alpha), PHOTO) == 0


def test_a_png_whose_alpha_is_zero_everywhere_is_clear():
    content = encoded(Image.fromarray(np.dstack([PHOTO, np.zeros_like(GRAY)])), "PNG")
    assert (pixels(content) == 255).all()


@pytest.mark.parametrize("kind", ["BMP", "PPM", "ICO"])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_plain_formats(twin, kind):
    if kind == "ICO":
        twin = twin[:32, :32]
    assert distance(encoded(Image.fromarray(twin), kind), twin) == 0


def test_a_pfm_is_of_floats():
    rows = (GRAY[::-1] / 255).astype("<f4").tobytes()
    assert distance(f"Pf\n{WIDTH} {HEIGHT}\n-1.0\n".encode() + rows, GRAY) <= 1

"""JPEGs that Pillow alone doesn't read, and those it does."""

import io

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from core.image_reading.jpeg_samples import read_header
from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.icc_profiles import DISPLAY_P3
from tests.odd_images import encoded
from tests.sample_photo import GRAY, PHOTO, distance, pixels, scaled_to

END = b"\xff\xd9"


def jpeg(twin, **options):
    return encoded(Image.fromarray(twin), "JPEG", quality=95, **options)


def decoded_by_pillow(content):
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


def with_segments(content, *segments):
    """Put segments behind the start."""
    parts = [
        bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data for marker, data in segments
    ]
    return content[:2] + b"".join(parts) + content[2:]


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_blocks": 1}],
    ids=["baseline", "progressive", "444", "restarts"],
)
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_a_jpeg_without_its_end_marker_is_whole(twin, options):
    if twin is GRAY:
        options = {name: value for name, value in options.items() if name != "subsampling"}
    content = jpeg(twin, **options)
    expected = decoded_by_pillow(content)
    assert distance(content, expected) == 0
    assert content.endswith(END)
    assert distance(content[:-2], expected) == 0
    assert distance(content[:-1], expected) == 0


@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
@pytest.mark.parametrize("missing", [4, 5, 8, 20, 100, 500])
def test_a_jpeg_that_lacks_more_is_cut_off(missing, options):
    for decode_size in (None, lambda width, height: (4, 4)):
        with pytest.raises(UnreadableError, match=r"cut off \(truncated\)"):
            read_image(jpeg(PHOTO, **options)[:-missing], decode_size)


def test_a_jpeg_without_its_end_marker_is_reduced_like_a_whole_one():
    content = jpeg(PHOTO)

    def decode_size(width, height):
        return width // 4, height // 4

    whole = read_image(content, decode_size).image
    assert whole.size == (15, 11)
    assert np.array_equal(read_image(content[:-2], decode_size).image, whole)


def test_what_follows_the_end_marker_is_ignored():
    content = jpeg(PHOTO)
    for rest in (b"\0" * 100, b"\xff" * 9, b"appended by a camera"):
        assert distance(content + rest, decoded_by_pillow(content)) == 0


@pytest.mark.parametrize("suffix", [b"", b"\xff\xff", b"\0\0"])
def test_the_end_marker_may_be_replaced_by_fill_bytes(suffix):
    content = jpeg(PHOTO)
    assert distance(content[:-2] + suffix, decoded_by_pillow(content)) == 0


@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
@pytest.mark.parametrize("bits", [12])
def test_twelve_bits(bits, twin):
    content = imagecodecs.jpeg8_encode(scaled_to(twin, 4095), level=98, bitspersample=bits)
    reference = decoded_by_pillow(encoded(Image.fromarray(twin), "JPEG", quality=98))
    assert np.abs(pixels(content).astype(int) - reference).mean() < 2
    dark = imagecodecs.jpeg8_encode(scaled_to(twin // 5, 4095), level=98, bitspersample=bits)
    assert np.abs(pixels(dark).mean() - (twin // 5).mean()) < 2


@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
def test_lossless(bits, twin):
    values = scaled_to(twin // 5, (1 << bits) - 1, "u1" if bits == 8 else "u2")
    content = imagecodecs.jpeg8_encode(values, lossless=True, bitspersample=bits)
    assert distance(content, twin // 5) <= 1


@pytest.mark.parametrize("bits", [12, 16])
def test_lossless_of_another_library(bits):
    values = scaled_to(GRAY // 5, (1 << bits) - 1)
    content = imagecodecs.ljpeg_encode(values, bitspersample=bits)
    assert distance(content, GRAY // 5) <= 1


@pytest.mark.parametrize("is_lossless", [False, True])
def test_marks_of_deep_jpegs_are_heeded(is_lossless):
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = np.rot90(DISPLAY_P3.encoded(PHOTO, 4095).astype(np.uint16))
    options = {"lossless": True} if is_lossless else {"level": 100}
    content = imagecodecs.jpeg8_encode(
        np.ascontiguousarray(stored), bitspersample=12, subsampling="444", **options
    )
    profile = DISPLAY_P3.profile()
    content = with_segments(
        content,
        (0xE1, b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")),
        (0xE2, b"ICC_PROFILE\0\x02\x02" + profile[200:]),
        (0xE2, b"ICC_PROFILE\0\x01\x02" + profile[:200]),
    )
    assert read_header(content).profile == profile
    difference = np.abs(pixels(content).astype(int) - PHOTO)
    assert difference.max() <= 1 if is_lossless else difference.mean() < 1


def test_a_small_size_of_a_deep_jpeg_is_no_error():
    content = imagecodecs.jpeg8_encode(scaled_to(PHOTO, 4095), level=95, bitspersample=12)
    assert read_image(content, lambda width, height: (4, 4)).image.size == PHOTO.shape[1::-1]


@pytest.mark.parametrize("missing", [5, 50, 500])
def test_a_deep_jpeg_that_is_cut_is_cut_off(missing):
    for options in ({"level": 95}, {"lossless": True}):
        content = imagecodecs.jpeg8_encode(scaled_to(PHOTO, 4095), bitspersample=12, **options)
        with pytest.raises(UnreadableError, match="cut off"):
            read_image(content[:-missing])


def test_inks():
    inks = Image.fromarray(PHOTO).convert("CMYK")
    content = encoded(inks, "JPEG", quality=95, subsampling=0)
    assert np.abs(pixels(content).astype(int) - PHOTO).mean() < 4

"""Colors of embedded profiles become those of sRGB."""

import io
import struct
import zlib

import imagecodecs
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from tests.icc_profiles import (
    ADOBE_RGB,
    DISPLAY_P3,
    LINEAR,
    PROPHOTO,
    SRGB,
    cmyk_profile,
    gray_decoded,
    gray_profile,
)
from tests.odd_images import encoded
from tests.png_files import png
from tests.sample_photo import GRAY, PHOTO, distance, pixels
from tests.tiff_files import written

SPACES = {"Display P3": DISPLAY_P3, "Adobe RGB": ADOBE_RGB, "ProPhoto": PROPHOTO, "linear": LINEAR}
EIGHT_BIT = {
    "png": ("PNG", {}),
    "tif": ("TIFF", {}),
    "webp": ("WEBP", {"lossless": True}),
    "avif": ("AVIF", {"quality": 100, "subsampling": "4:4:4"}),
    "jpg": ("JPEG", {"quality": 95, "subsampling": 0}),
    "jp2": ("JPEG2000", {}),
}


def heic(image, **options):
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=-1, chroma=444, **options)
    return buffer.getvalue()


def decoded_by_pillow(content):
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("suffix", ["png", "tif", "webp", "avif", "jpg"])
def test_colors_of_a_profile_become_those_of_srgb(suffix, space):
    kind, options = EIGHT_BIT[suffix]
    image = Image.fromarray(space.encoded(PHOTO).astype(np.uint8))
    content = encoded(image, kind, icc_profile=space.profile(), **options)
    stored = decoded_by_pillow(content)
    # A step of eight bits in dark linear values is a dozen steps of sRGB, so the twin is what the
    # stored values stand for.
    twin = space.decoded(stored)
    assert np.abs(twin.astype(int) - stored).max() > 15
    assert distance(content, twin) <= 2


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("make", [png, written], ids=["png", "tif"])
def test_sixteen_bits_keep_what_a_profile_spreads(make, space):
    wide = space.encoded(PHOTO, 65535).astype(np.uint16)
    if make is png:
        content = png(wide, {b"iCCP": b"p\0\0" + zlib.compress(space.profile())})
    else:
        content = written(wide, photometric="rgb", iccprofile=space.profile())
    assert distance(content, PHOTO) <= 1


def test_heic_and_its_profile():
    image = Image.fromarray(DISPLAY_P3.encoded(PHOTO).astype(np.uint8))
    image.info["icc_profile"] = DISPLAY_P3.profile()
    plain, converted = pixels(heic(Image.fromarray(np.asarray(image)))), pixels(heic(image))
    assert np.abs(converted.astype(int) - DISPLAY_P3.decoded(plain)).max() <= 2


@pytest.mark.parametrize("suffix", ["png", "tif", "jpg"])
def test_gray_values_of_a_profile(suffix):
    kind, options = EIGHT_BIT[suffix]
    options = {name: value for name, value in options.items() if name != "subsampling"}
    content = encoded(Image.fromarray(GRAY), kind, icc_profile=gray_profile(1.0), **options)
    twin = gray_decoded(decoded_by_pillow(content)[..., 0], 1.0)
    assert distance(content, twin) <= 2
    # Where the profile of an RGB image is kept when it is made gray.
    content = encoded(Image.fromarray(GRAY), kind, icc_profile=LINEAR.profile(), **options)
    assert distance(content, twin) <= 2


def test_wide_gray_values_of_a_profile():
    wide = np.arange(44 * 60, dtype=np.uint16).reshape(44, 60) * 24
    twin = gray_decoded(wide, 1.0, 65535)
    for profile in (gray_profile(1.0), LINEAR.profile()):
        assert distance(png(wide, {b"iCCP": b"p\0\0" + zlib.compress(profile)}), twin) <= 1
        assert distance(written(wide, photometric="minisblack", iccprofile=profile), twin) <= 1


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_of_a_profile(kind):
    options = {"quality": 95} if kind == "JPEG" else {}
    inks = Image.new("CMYK", (16, 16), (255, 0, 0, 0))
    inks.paste((0, 51, 0, 0), (8, 0, 16, 16))
    found = pixels(encoded(inks, kind, icc_profile=cmyk_profile(60), **options)).astype(int)
    assert found[8, 4].max() <= 3
    luminance = ((60 * (1 - 51 / 255) + 16) / 116) ** 3
    assert np.abs(found[8, 12] - 255 * (1.055 * luminance ** (1 / 2.4) - 0.055)).max() <= 3
    without = pixels(encoded(inks, kind, **options)).astype(int)
    assert np.abs(without[8, 12] - (255, 204, 255)).max() <= 3


@pytest.mark.parametrize("suffix", EIGHT_BIT)
@pytest.mark.parametrize(
    "profile",
    [
        SRGB.profile(),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        imagecodecs.cms_profile("srgb"),
    ],
    ids=["by-hand", "littlecms", "imagecodecs"],
)
def test_a_profile_of_srgb_changes_nothing(suffix, profile):
    kind, options = EIGHT_BIT[suffix]
    image = Image.fromarray(PHOTO)
    with_profile = encoded(image, kind, icc_profile=profile, **options)
    assert np.array_equal(pixels(with_profile), pixels(encoded(image, kind, **options)))


def test_a_profile_of_srgb_changes_no_sixteen_bits():
    wide = PHOTO.astype(np.uint16) * 257
    chunk = {b"iCCP": b"p\0\0" + zlib.compress(SRGB.profile())}
    assert distance(png(wide, chunk), PHOTO) == 0
    assert distance(written(wide, photometric="rgb", iccprofile=SRGB.profile()), PHOTO) == 0


def damaged_profiles():
    profile = DISPLAY_P3.profile()
    return {
        "noise": bytes(range(256)) * 2,
        "cut": profile[:150],
        "one byte": b"\0",
        "no tags": profile[:128] + struct.pack(">I", 0),
        "of 4 billion tags": profile[:128] + struct.pack(">I", 0xFFFFFFFF) + profile[132:],
        "of inks": cmyk_profile(60),
        "curves of 2^31 values": profile.replace(
            profile[profile.index(b"para") :][:12], b"curv" + bytes(4) + struct.pack(">I", 1 << 31)
        ),
    }


@pytest.mark.parametrize("name", damaged_profiles())
def test_a_damaged_profile_or_one_of_other_colors_is_ignored(name):
    profile = damaged_profiles()[name]
    image = Image.fromarray(PHOTO)
    for suffix in ("png", "jpg", "tif"):
        kind, options = EIGHT_BIT[suffix]
        content = encoded(image, kind, icc_profile=profile, **options)
        assert distance(content, decoded_by_pillow(content)) == 0
    wide = PHOTO.astype(np.uint16) * 257
    assert distance(png(wide, {b"iCCP": b"p\0\0" + zlib.compress(profile)}), PHOTO) == 0
    assert distance(written(wide, photometric="rgb", iccprofile=profile), PHOTO) == 0


def test_transparent_colors_are_converted_too():
    values = DISPLAY_P3.encoded(PHOTO).astype(np.uint8)
    alpha = np.full(GRAY.shape, 255, np.uint8)
    alpha[:20] = 0
    content = encoded(
        Image.fromarray(np.dstack([values, alpha])), "PNG", icc_profile=DISPLAY_P3.profile()
    )
    twin = DISPLAY_P3.decoded(values)
    twin[:20] = 255
    assert distance(content, twin) <= 2


def test_colors_of_a_palette_are_converted():
    palette = Image.fromarray(DISPLAY_P3.encoded(PHOTO).astype(np.uint8)).quantize(64)
    content = encoded(palette, "PNG", icc_profile=DISPLAY_P3.profile())
    twin = DISPLAY_P3.decoded(np.asarray(palette.convert("RGB")))
    assert distance(content, twin) <= 2

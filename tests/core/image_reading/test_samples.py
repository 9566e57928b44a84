"""Black and white of values of any type."""

import numpy as np
import pytest

from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.png_files import png
from tests.sample_photo import GRAY, PHOTO, distance, pixels, scaled_to
from tests.tiff_files import written


def tiff_of(values, **options):
    return written(values, photometric="rgb" if values.ndim == 3 else "minisblack", **options)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
@pytest.mark.parametrize("make", [png, tiff_of], ids=["png", "tif"])
def test_the_largest_value_tells_the_bits(make, twin, bits):
    content = make(scaled_to(twin, (1 << bits) - 1))
    assert distance(content, twin) <= 1
    if bits == 16:  # what all 8-bit values become speaks for itself
        assert read_image(content).undeclared_largest is None
    else:
        assert read_image(content).undeclared_largest == (1 << bits) - 1


def test_bits_of_other_images_of_the_set_decide():
    dark = scaled_to(GRAY // 8, 4095)
    assert distance(png(dark), GRAY // 8) > 20
    assert distance(png(dark), GRAY // 8, sample_bits=12) <= 1
    assert distance(tiff_of(dark), GRAY // 8, sample_bits=12) <= 1


@pytest.mark.parametrize("largest", [255, 4095, 32767])
def test_sixteen_bits_with_a_sign(largest):
    content = tiff_of(scaled_to(GRAY, largest, "i2"))
    assert distance(content, GRAY) <= 1
    assert distance(content, GRAY, sample_bits=16 if largest > 4095 else None) <= 1


def test_sixteen_bits_with_a_sign_around_zero():
    assert distance(tiff_of((scaled_to(GRAY, 65535, "i4") - 32768).astype("i2")), GRAY) <= 1


@pytest.mark.parametrize("dtype", ["u4", "u8"])
@pytest.mark.parametrize("largest", [255, 4095, 65535, None], ids=str)
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_wide_whole_numbers(twin, largest, dtype):
    # The largest number of 64 bits is none of float64.
    top = largest or float(np.iinfo(dtype).max) * (1 - 1e-9)
    assert distance(tiff_of(scaled_to(twin, top, dtype)), twin) <= 1


@pytest.mark.parametrize("dtype", ["i1", "i4", "i8"])
def test_whole_numbers_with_a_sign(dtype):
    top = float(np.iinfo(dtype).max) * (1 - 1e-9)
    assert distance(tiff_of(scaled_to(GRAY, top, dtype)), GRAY) <= 1
    around_zero = (GRAY.astype(float) / 255 * 2 - 1) * top
    assert distance(tiff_of(np.rint(around_zero).astype(dtype)), GRAY) <= 1


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
@pytest.mark.parametrize("largest", [1, 255, 4095, 60000])
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_floating_point(twin, largest, dtype):
    if largest == 60000:
        largest = 65500 if dtype == "f2" else 65535  # the largest of half floats is 65504
    assert distance(tiff_of(scaled_to(twin, largest, dtype)), twin) <= 1


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_outliers_and_what_is_no_number_change_no_other_pixel(dtype):
    values = scaled_to(GRAY, 1, dtype)
    values[3, 3], values[4, 4], values[5, 5] = np.nan, np.inf, -np.inf
    values[6, 6], values[7, 7] = 1e30, -1e30
    twin = GRAY.copy()
    twin[3, 3], twin[4, 4], twin[5, 5], twin[6, 6], twin[7, 7] = 0, 255, 0, 255, 0
    assert distance(tiff_of(values), twin) <= 1


def test_mostly_no_numbers():
    values = scaled_to(GRAY, 1, "f4")
    values[5:] = np.nan
    twin = GRAY.copy()
    twin[5:] = 0
    assert distance(tiff_of(values), twin) <= 1
    with pytest.raises(UnreadableError, match="no finite pixel value"):
        read_image(tiff_of(np.full_like(values, np.nan)))


def test_overshoots_of_sharpened_floats_are_cut():
    values = scaled_to(GRAY, 1, "f4") * 1.04 - 0.02
    twin = np.clip(np.rint(values * 255), 0, 255).astype(np.uint8)
    assert distance(tiff_of(values), twin) <= 1


def test_numbers_of_no_usual_range_fill_their_own():
    celsius = scaled_to(GRAY, 30, "f4") - 10
    assert distance(tiff_of(celsius), GRAY) <= 2
    assert distance(tiff_of(np.rint(celsius * 1000).astype("i4")), GRAY) <= 2


@pytest.mark.parametrize("value", [0, 7, 4095, 65535])
@pytest.mark.parametrize("dtype", ["u2", "i4", "f4"])
def test_one_value_alone_is_an_image(value, dtype):
    assert pixels(tiff_of(np.full((8, 8), value, dtype))).shape == (8, 8, 3)


@pytest.mark.parametrize("largest", [4095, 65535])
def test_alpha_has_the_range_of_the_colors_or_of_its_type(largest):
    alpha = np.full(GRAY.shape, 65535, np.uint16)
    alpha[:10], alpha[10:20] = 0, 32768
    twin = GRAY.astype(int)
    twin[:10], twin[10:20] = 255, np.rint((twin[10:20] + 255) / 2)
    assert distance(png(np.dstack([scaled_to(GRAY, largest), alpha])), twin) <= 1
    alpha = np.rint(alpha * (largest / 65535)).astype(np.uint16)
    assert distance(png(np.dstack([scaled_to(GRAY, largest), alpha])), twin) <= 1


def test_alpha_of_floats_ends_at_one():
    alpha = np.ones(GRAY.shape, np.float32)
    alpha[:10], alpha[10:20] = 0, 0.5
    twin = PHOTO.astype(int)
    twin[:10], twin[10:20] = 255, np.rint((twin[10:20] + 255) / 2)
    for largest in (1, 255):
        values = np.dstack([scaled_to(PHOTO, largest, "f4"), alpha])
        assert distance(tiff_of(values, extrasamples=["unassalpha"]), twin) <= 1


def test_gray_pixels_are_gray():
    found = pixels(tiff_of(scaled_to(GRAY, 4095)))
    assert (found == found[..., :1]).all()

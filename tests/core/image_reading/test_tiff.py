"""TIFFs of every layout."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from core.image_reading.opening import read_image
from core.image_reading.unreadable import UnreadableError
from tests.odd_images import encoded
from tests.sample_photo import GRAY, HEIGHT, PHOTO, WIDTH, distance, pixels, scaled_to
from tests.tiff_files import ASCII, LONG, MINISWHITE, RGB, SHORT, Page, tiff, written

SIZE = (WIDTH, HEIGHT)
GRAY_16, PHOTO_16 = GRAY.astype(np.uint16) * 257, PHOTO.astype(np.uint16) * 257
# What brings an image into the position that an orientation says it is stored in.
STORED = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a, -1),
}


def one_page(values, order="<", **options):
    data = values.astype(values.dtype.newbyteorder(order)).tobytes()
    options = {"bits": 8 * values.dtype.itemsize, **options}
    return Page([data], values.shape[1::-1], **options)


@pytest.mark.parametrize("order", ["<", ">"])
def test_planes_of_sixteen_bits(order):
    planes = [
        PHOTO_16[..., channel].astype(np.dtype("u2").newbyteorder(order)).tobytes()
        for channel in range(3)
    ]
    page = Page(planes, SIZE, 16, 3, RGB, is_planar=True)
    assert distance(tiff(page, order=order), PHOTO) == 0


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("largest", [4095, 65535])
def test_white_is_zero(order, largest):
    values = largest - scaled_to(GRAY, largest)
    options = {"tags": {281: (SHORT, (largest,))}, "photometric": MINISWHITE}
    assert distance(tiff(one_page(values, order, **options), order=order), GRAY) <= 1
    page = one_page(values, order, photometric=MINISWHITE)
    assert distance(tiff(page, order=order), GRAY) <= 1


@pytest.mark.parametrize("dtype", ["u1", "u4", "f4", "f8"])
def test_white_is_zero_of_other_types(dtype):
    largest = 1 if dtype[0] == "f" else 255
    values = largest - scaled_to(GRAY, largest, dtype)
    assert distance(written(values, photometric="miniswhite"), GRAY) <= 1


@pytest.mark.parametrize("largest", [1023, 4095, 16383, 65535])
def test_the_largest_sample_value_is_white(largest):
    dark = scaled_to(GRAY // 5, largest)
    page = one_page(dark, tags={281: (SHORT, (largest,))})
    assert distance(tiff(page), GRAY // 5) <= 1
    assert read_image(tiff(page)).undeclared_largest is None


def test_a_largest_sample_value_that_is_of_the_image_is_no_white():
    values = scaled_to(GRAY, 65535) // 3
    page = one_page(values, tags={281: (SHORT, (int(values.max()),))})
    assert distance(tiff(page), np.rint(GRAY / 3).astype(int)) <= 1
    # One that is exceeded is no largest value.
    page = one_page(values, tags={281: (SHORT, (255,))})
    assert distance(tiff(page), np.rint(GRAY / 3).astype(int)) <= 1


def test_significant_bits_of_ome():
    buffer = io.BytesIO()
    metadata = {"axes": "YX", "SignificantBits": 12}
    tifffile.imwrite(buffer, scaled_to(GRAY // 5, 4095), ome=True, metadata=metadata)
    assert distance(buffer.getvalue(), GRAY // 5) <= 1


@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_packed_samples(bits, twin):
    rows = scaled_to(twin // 5, (1 << bits) - 1).reshape(HEIGHT, -1)
    data = packed(rows, bits)
    colors = 1 if twin.ndim == 2 else 3
    page = Page([data], SIZE, bits, colors, 1 if colors == 1 else RGB)
    assert distance(tiff(page), twin // 5) <= 1


def packed(rows, bits):
    planes = (rows[..., np.newaxis] >> np.arange(bits - 1, -1, -1)) & 1
    return np.packbits(planes.reshape(len(rows), -1).astype(np.uint8), axis=1).tobytes()


COMPRESSIONS = ["lzw", "adobe_deflate", "deflate", "zstd", "packbits", "lzma", "lerc", "png"]


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("twin", [GRAY, PHOTO], ids=["gray", "rgb"])
def test_compressions(compression, twin):
    photometric = "rgb" if twin.ndim == 3 else "minisblack"
    wide = twin.astype(np.uint16) * 257
    options = {"photometric": photometric, "compression": compression}
    assert distance(written(wide, **options), twin) == 0
    assert distance(written(twin, **options), twin) == 0


@pytest.mark.parametrize("dtype", ["u2", "f2", "f4", "f8"])
@pytest.mark.parametrize("compression", ["lzw", "deflate", "zstd"])
def test_predictors(dtype, compression):
    largest = 1 if dtype[0] == "f" else 65535
    predictor = 3 if dtype[0] == "f" else 2
    values = scaled_to(PHOTO, largest, dtype)
    options = {"photometric": "rgb", "compression": compression, "predictor": predictor}
    assert distance(written(values, **options), PHOTO) <= 1


@pytest.mark.parametrize("options", [{"tile": (16, 16)}, {"bigtiff": True}, {"rowsperstrip": 5}])
@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_tiles_strips_and_big_tiffs(options, byteorder, dtype):
    largest = {"u1": 255, "u2": 65535, "f4": 1}[dtype]
    for planar in ("contig", "separate"):
        values = scaled_to(PHOTO, largest, dtype)
        values = np.moveaxis(values, -1, 0) if planar == "separate" else values
        layout = {"photometric": "rgb", "planarconfig": planar, "byteorder": byteorder}
        assert distance(written(values, **layout, **options), PHOTO) == 0


@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_jpeg_in_tiff(tile):
    options = {"photometric": "rgb", "compression": "jpeg", "compressionargs": {"level": 95}}
    assert np.abs(pixels(written(PHOTO, tile=tile, **options)).astype(int) - PHOTO).mean() < 12
    content = encoded(Image.fromarray(PHOTO), "TIFF", compression="jpeg", quality=95)
    with Image.open(io.BytesIO(content)) as image:
        assert distance(content, np.asarray(image.convert("RGB"))) <= 1


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax(compression):
    bits = Image.fromarray(GRAY).convert("1")
    content = encoded(bits, "TIFF", compression=compression)
    assert distance(content, np.asarray(bits).astype(np.uint8) * 255) == 0


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits(bits):
    levels = (1 << bits) - 1
    rows = scaled_to(GRAY, levels)
    twin = np.rint(rows * (255 / levels)).astype(np.uint8)
    assert distance(tiff(Page([packed(rows, bits)], SIZE, bits)), twin) <= 1
    page = Page([packed(levels - rows, bits)], SIZE, bits, photometric=MINISWHITE)
    assert distance(tiff(page), twin) <= 1


def test_gray_with_alpha():
    alpha = np.full_like(GRAY, 255)
    alpha[:10] = 0
    twin = GRAY.copy()
    twin[:10] = 255
    for factor, dtype in ((1, np.uint8), (257, np.uint16)):
        values = np.dstack([GRAY, alpha]).astype(dtype) * dtype(factor)
        options = {"photometric": "minisblack", "planarconfig": "contig"}
        content = written(values, extrasamples=["unassalpha"], **options)
        assert distance(content, twin) <= 1


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_colors_multiplied_with_alpha(dtype):
    largest = {"u1": 255, "u2": 65535, "f4": 1}[dtype]
    fraction = np.linspace(0, 1, WIDTH)[np.newaxis, :, np.newaxis]
    alpha = np.broadcast_to(fraction, (HEIGHT, WIDTH, 1))
    values = np.dstack([PHOTO / 255 * alpha, alpha]) * largest
    values = (values if dtype == "f4" else np.rint(values)).astype(dtype)
    twin = np.rint(PHOTO * alpha + 255 * (1 - alpha)).astype(int)
    content = written(values, photometric="rgb", extrasamples=["assocalpha"])
    assert distance(content, twin) <= 2


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_a_fourth_sample_of_no_meaning_is_left_out(dtype):
    values = scaled_to(np.dstack([PHOTO, GRAY]), {"u1": 255, "u2": 65535}[dtype], dtype)
    content = written(values, photometric="rgb", extrasamples=["unspecified"])
    assert distance(content, PHOTO) <= 1


def thumbnail(dtype=np.uint8):
    return np.full((8, 8, 3), 9, dtype)


@pytest.mark.parametrize("dtype", ["u1", "u2"])
@pytest.mark.parametrize("subfile_type", [1, 4, 5])
def test_thumbnails_and_masks_before_the_picture_are_skipped(dtype, subfile_type):
    values = scaled_to(PHOTO, {"u1": 255, "u2": 65535}[dtype], dtype)
    pages = (
        one_page(thumbnail(), num_samples=3, photometric=RGB, tags={254: (LONG, (subfile_type,))}),
        one_page(values, num_samples=3, photometric=RGB),
    )
    opened = read_image(tiff(*pages))
    assert np.array_equal(opened.image, PHOTO)
    assert opened.num_pages == 1
    first = one_page(thumbnail(), num_samples=3, photometric=RGB, tags={255: (SHORT, (2,))})
    assert distance(tiff(first, pages[1]), PHOTO) == 0


@pytest.mark.parametrize("dtype", ["u1", "u2"])
def test_of_several_pages_the_first_is_read_and_all_are_counted(dtype):
    values = scaled_to(PHOTO, {"u1": 255, "u2": 65535}[dtype], dtype)
    picture = one_page(values, num_samples=3, photometric=RGB)
    other = one_page(values[::-1], num_samples=3, photometric=RGB)
    small = one_page(thumbnail(), num_samples=3, photometric=RGB, tags={254: (LONG, (1,))})
    opened = read_image(tiff(small, picture, small, other, other))
    assert np.array_equal(opened.image, PHOTO)
    assert opened.num_pages == 3
    assert read_image(tiff(picture)).num_pages == 1
    # Pages of a document say that they are pages.
    page = one_page(values, num_samples=3, photometric=RGB, tags={254: (LONG, (2,))})
    assert read_image(tiff(page, page)).num_pages == 2


def test_a_stack_in_one_page_is_several_pictures():
    content = written(np.stack([GRAY_16, 65535 - GRAY_16]), photometric="minisblack")
    assert distance(content, GRAY) == 0
    assert read_image(content).num_pages == 2


def test_a_stack_of_imagej():
    buffer = io.BytesIO()
    stack = np.stack([scaled_to(GRAY, 4095)] * 3)
    tifffile.imwrite(buffer, stack, imagej=True, metadata={"axes": "ZYX"})
    assert distance(buffer.getvalue(), GRAY) <= 1
    assert read_image(buffer.getvalue()).num_pages == 3


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_orientations(orientation, dtype):
    largest = {"u1": 255, "u2": 65535, "f4": 1}[dtype]
    stored = np.ascontiguousarray(STORED[orientation](scaled_to(PHOTO, largest, dtype)))
    tag = (274, 3, 1, orientation, True)
    content = written(stored, photometric="rgb", extratags=[tag])
    assert distance(content, PHOTO) == 0


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_is_ignored(orientation):
    page = one_page(PHOTO_16, num_samples=3, photometric=RGB, tags={274: (SHORT, (orientation,))})
    assert distance(tiff(page), PHOTO) == 0
    page = one_page(PHOTO, num_samples=3, photometric=RGB, tags={274: (ASCII, (b"up\0",))})
    assert distance(tiff(page), PHOTO) == 0


def test_lab():
    lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    content = encoded(ImageCms.applyTransform(Image.fromarray(PHOTO), lab), "TIFF")
    assert np.abs(pixels(content).astype(int) - PHOTO).mean() < 3


def test_palettes():
    image = Image.fromarray(PHOTO).quantize(200)
    twin = np.asarray(image.convert("RGB"))
    for compression in ("raw", "tiff_lzw"):
        assert distance(encoded(image, "TIFF", compression=compression), twin) == 0


@pytest.mark.parametrize("compression", [None, "lzw"])
def test_planes_of_inks_and_of_a_palette(compression):
    inks = np.asarray(Image.fromarray(PHOTO).convert("CMYK"))
    planes = np.ascontiguousarray(np.moveaxis(inks, -1, 0))
    options = {"planarconfig": "separate", "compression": compression}
    assert distance(written(planes, photometric="separated", **options), PHOTO) == 0
    image = Image.fromarray(PHOTO).quantize(256)
    colors = np.array(image.getpalette()).reshape(256, 3).T.reshape(-1) * 257
    tags = {320: (SHORT, tuple(colors.tolist()))}
    page = Page([image.tobytes()], SIZE, photometric=3, is_planar=True, tags=tags)
    assert distance(tiff(page), np.asarray(image.convert("RGB"))) == 0


def test_subsampled_colors():
    content = encoded(Image.fromarray(PHOTO).convert("YCbCr"), "TIFF")
    with Image.open(io.BytesIO(content)) as image:
        assert distance(content, np.asarray(image.convert("RGB"))) <= 1


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_cut_file_is_cut_off_wherever_its_directory_is(order):
    at_its_end = tiff(one_page(PHOTO_16, order, num_samples=3, photometric=RGB), order=order)
    for content in (at_its_end, written(PHOTO_16, photometric="rgb", byteorder=order)):
        for length in (20, 3000, len(content) - 50, len(content) - 5):
            with pytest.raises(UnreadableError, match="cut off"):
                read_image(content[:length])
    content = written(PHOTO_16, photometric="rgb", bigtiff=True, byteorder=order)
    with pytest.raises(UnreadableError, match="cut off"):
        read_image(content[:40])


@pytest.mark.parametrize("metadata", ["ome", "imagej"])
def test_channels_that_are_a_page_each_are_refused_like_those_in_one(metadata):
    buffer = io.BytesIO()
    stack = np.stack([GRAY_16] * 5)
    options = {"ome": metadata == "ome", "imagej": metadata == "imagej"}
    tifffile.imwrite(buffer, stack, metadata={"axes": "CYX"}, **options)
    with pytest.raises(UnreadableError, match="is a TIFF of 5 channels"):
        read_image(buffer.getvalue())


@pytest.mark.parametrize("metadata", ["ome", "imagej"])
def test_planes_of_one_channel_are_pages(metadata):
    buffer = io.BytesIO()
    stack = np.stack([GRAY_16, GRAY_16 // 2])
    options = {"ome": metadata == "ome", "imagej": metadata == "imagej"}
    tifffile.imwrite(buffer, stack, metadata={"axes": "ZYX"}, **options)
    assert read_image(buffer.getvalue()).num_pages == 2


def test_colors_of_ome_are_colors():
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, PHOTO, ome=True, photometric="rgb", metadata={"axes": "YXS"})
    assert distance(buffer.getvalue(), PHOTO) == 0

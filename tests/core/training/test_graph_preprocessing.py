"""Preprocessing in the graph against the program's own decoder, in grey levels of 255."""

import io
import math

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image
from core.image_reading.resizing import scaled_size
from core.training.graph_preprocessing import _scaled_size, image_from_bytes
from tests.odd_images import encoded, odd_images

# The decoder rounds between its two passes and after blending; the graph only at the end.
ROUNDING = 2
SIZE = (24, 32)
ODD = {image.name: image.content for image in odd_images() if image.reason is None}


def in_graph(content: bytes, size: tuple[int, int], resize_mode: ResizeMode) -> np.ndarray:
    """What an exported model makes of a file, as grey levels."""
    function = tf.function(
        lambda encoded_image: image_from_bytes(encoded_image, size, resize_mode), autograph=False
    )
    image = function(tf.constant(content)).numpy()
    assert image.dtype == np.float32
    levels = image * 255
    np.testing.assert_allclose(levels, np.rint(levels), atol=1e-3)
    return np.rint(levels).astype(int)


def largest_difference(content: bytes, size: tuple[int, int], resize_mode: ResizeMode) -> int:
    ours = decode_image(content, size=size, resize_mode=resize_mode).astype(int)
    return int(np.abs(in_graph(content, size, resize_mode) - ours).max())


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    """Every level, sharp edges everywhere: the hardest to resize alike."""
    return np.random.default_rng(3).integers(0, 256, (height, width, channels), np.uint8)


def scene(height: int, width: int) -> Image.Image:
    """Smooth colours, as in photographs, so that a JPEG holds them well."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(5 * x / width + shift) * np.cos(4 * y / height) for shift in (0, 1, 2)]
    return Image.fromarray(np.uint8(127 + 120 * np.stack(waves, axis=-1)))


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize(
    "shape",
    [(100, 75), (75, 100), (24, 32), (12, 16), (7, 50), (50, 7), (1, 1), (1, 9), (48, 64)],
    ids=str,
)
def test_an_image_of_any_shape_is_fitted_alike(shape, resize_mode):
    content = encoded(Image.fromarray(noise(*shape)), "PNG")
    assert largest_difference(content, SIZE, resize_mode) <= ROUNDING


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize("kind", ["BMP", "GIF"])
def test_other_formats_without_loss_are_read_alike(kind, resize_mode):
    image = Image.fromarray(noise(40, 30)).quantize(64)
    content = encoded(image if kind == "GIF" else image.convert("RGB"), kind)
    assert largest_difference(content, SIZE, resize_mode) <= ROUNDING


@pytest.mark.parametrize("resize_mode", ResizeMode)
def test_what_is_transparent_is_white(resize_mode):
    content = encoded(Image.fromarray(noise(40, 30, 4)), "PNG")
    assert largest_difference(content, SIZE, resize_mode) <= ROUNDING
    hidden = np.zeros((40, 30, 4), np.uint8)
    clear = in_graph(encoded(Image.fromarray(hidden), "PNG"), SIZE, resize_mode)
    assert clear.min() == 255


@pytest.mark.parametrize(
    "name",
    [
        "16-bit.png",
        "16-bit-rgb.png",
        "palette.png",
        "palette-transparent.png",
        "gray-transparent.png",
        "one-bit.png",
        "colour-key.png",
        "one-pixel.png",
        "animated.png",
        "plain.bmp",
        "animated.gif",
        "palette-transparent.gif",
        "named-png.jpg",
    ],
)
@pytest.mark.parametrize("resize_mode", ResizeMode)
def test_odd_images_are_read_alike(name, resize_mode):
    if name == "palette-transparent.gif":
        pytest.xfail("TensorFlow's GIF decoder knows no transparency")
    assert largest_difference(ODD[name], SIZE, resize_mode) <= ROUNDING


@pytest.mark.parametrize("depth", [1, 2, 4, 8])
def test_a_palette_of_any_depth_is_opaque_unless_it_says_otherwise(depth):
    image = Image.fromarray(noise(20, 20)).quantize(2**depth)
    assert (
        largest_difference(encoded(image, "PNG", bits=depth), SIZE, ResizeMode.SQUASH) <= ROUNDING
    )
    clear = encoded(image, "PNG", bits=depth, transparency=0)
    assert largest_difference(clear, SIZE, ResizeMode.SQUASH) <= ROUNDING


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_jpeg_differs_by_its_decoders_rounding_only(mode, resize_mode):
    content = encoded(scene(60, 90).convert(mode), "JPEG", quality=92, subsampling=0)
    assert largest_difference(content, SIZE, resize_mode) <= 3


def test_a_large_jpeg_is_read_nearly_alike():
    """The program lets the JPEG library reduce it first, which TensorFlow decodes whole."""
    content = encoded(scene(600, 900), "JPEG", quality=92)
    ours = decode_image(content, size=SIZE).astype(int)
    assert np.abs(in_graph(content, SIZE, ResizeMode.SQUASH) - ours).mean() < 1


def test_an_orientation_mark_is_passed_over():
    """As documented in every model's README: TensorFlow can't read it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    stored = encoded(scene(60, 90), "JPEG", quality=92, subsampling=0, exif=exif)
    plain = encoded(scene(60, 90), "JPEG", quality=92, subsampling=0)
    np.testing.assert_array_equal(
        in_graph(stored, SIZE, ResizeMode.SQUASH), in_graph(plain, SIZE, ResizeMode.SQUASH)
    )


def test_a_very_long_image_is_cropped_without_being_scaled_whole():
    """Scaled whole it would be 224 × 2,240,000 pixels, more memory than most computers have."""
    buffer = io.BytesIO()
    Image.fromarray(noise(1, 10_000)).save(buffer, "PNG")
    assert largest_difference(buffer.getvalue(), (224, 224), ResizeMode.CROP) <= ROUNDING


@pytest.mark.parametrize("resize_mode", [ResizeMode.CROP, ResizeMode.PAD])
def test_scaled_sizes_agree_where_they_lie_half_way(resize_mode):
    """In single precision some halves fall to the other side: a row more, or one less."""
    target = (224, 224)
    pairs = [
        (side, other)
        for other in range(320, 1345, 64)
        for side in range(225, 1400)
        if math.isclose(224 * side / other % 1, 0.5)
    ]
    assert len(pairs) > 100
    for pair in pairs:
        graph = _scaled_size(tf.constant(pair), tf.constant(target), resize_mode)
        assert tuple(graph.numpy()) == scaled_size(pair, target, resize_mode), pair

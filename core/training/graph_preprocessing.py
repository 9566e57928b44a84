"""From an image file's bytes to a backbone's input, inside a TensorFlow graph.

It follows `core.data.pixels.decoder` as far as TensorFlow's decoders go: the same filter, the same
rounding to whole pixel values, transparency over white, 16-bit PNGs scaled. It can't turn
photographs by their EXIF orientation and reads JPEG, PNG, GIF and BMP only.
"""

from typing import Any

import tensorflow as tf

from core.data.pixels.decoder import ResizeMode

_PNG_START = b"\x89PNG"
_PNG_BIT_DEPTH_AT = 24
_WHITE = 255.0


def image_from_bytes(content: Any, size: tuple[int, int], resize_mode: ResizeMode) -> Any:
    """Decode, fit and scale one image.

    Args:
        content: Scalar string, a whole JPEG, PNG, GIF or BMP file.
        size: `(height, width)` of the result.
        resize_mode: How other proportions are brought to that size.

    Returns:
        float32 `(height, width, 3)`, values in [0, 1].
    """
    is_png = tf.equal(tf.strings.substr(content, 0, len(_PNG_START)), _PNG_START)
    pixels = tf.cond(is_png, lambda: _png(content), lambda: _other(content))
    fitted = _with_shape(_fitted(pixels, size, resize_mode), [*size, 3])
    # The program's own decoder returns whole values from 0 to 255.
    return tf.clip_by_value(tf.floor(fitted + 0.5), 0, 255) / 255.0


def _png(content: Any) -> Any:
    pixels = tf.cast(tf.io.decode_png(content, channels=4), tf.float32)
    alpha = _alpha(pixels[:, :, 3:], content)
    return pixels[:, :, :3] * alpha + _WHITE * (1 - alpha)


def _alpha(channel: Any, content: Any) -> Any:
    """Compute opacity in [0, 1].

    For a PNG without transparency TensorFlow fills in the largest value of the file's own bit
    depth, so that one of 16 colours would seem nearly clear.
    """
    bit_depth = tf.io.decode_raw(tf.strings.substr(content, _PNG_BIT_DEPTH_AT, 1), tf.uint8)[0]
    filler = tf.pow(2.0, tf.cast(bit_depth, tf.float32)) - 1
    is_filled_in = tf.reduce_all(tf.equal(channel, filler))
    return tf.where(is_filled_in, tf.ones_like(channel), channel / 255.0)


def _other(content: Any) -> Any:
    is_jpeg = tf.io.is_jpeg(content)
    pixels = tf.cond(
        is_jpeg,
        # The default decoder trades accuracy for speed and differs from other programs'.
        lambda: tf.io.decode_jpeg(content, channels=3, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_image(content, channels=3, expand_animations=False),
    )
    return _with_shape(tf.cast(pixels, tf.float32), [None, None, 3])


def _with_shape(tensor: Any, shape: list[int | None]) -> Any:
    """Tell the graph a tensor's shape.

    `tf.ensure_shape` would check it with an operation that some converters refuse.
    """
    tensor.set_shape(shape)
    return tensor


def _fitted(pixels: Any, size: tuple[int, int], resize_mode: ResizeMode) -> Any:
    if resize_mode is ResizeMode.SQUASH:
        return _resized(pixels, tf.constant(size), tf.constant(size))
    target = tf.constant(size)
    scaled = _scaled_size(tf.shape(pixels)[:2], target, resize_mode)
    if resize_mode is ResizeMode.CROP:
        return _resized(pixels, scaled, target)
    before = (target - scaled) // 2
    paddings = tf.pad(tf.stack([before, target - scaled - before], axis=1), [[0, 1], [0, 0]])
    return tf.pad(_resized(pixels, scaled, scaled), paddings, constant_values=_WHITE)


def _scaled_size(image: Any, target: Any, resize_mode: ResizeMode) -> Any:
    """Compute what `core.data.pixels.decoder.scaled_size` does, in the same double precision."""
    sides = tf.cast(image, tf.float64)
    factors = tf.cast(target, tf.float64) / sides
    factor = tf.reduce_max(factors) if resize_mode is ResizeMode.CROP else tf.reduce_min(factors)
    return tf.maximum(tf.cast(tf.floor(sides * factor + 0.5), tf.int32), 1)


def _resized(pixels: Any, scaled: Any, kept: Any) -> Any:
    """Scale to `scaled` and compute the middle of size `kept` of that only.

    This is what `tf.image.resize(method="bilinear", antialias=True)` is made of.
    """
    offset = tf.cast((scaled - kept) // 2, tf.float32)
    image = tf.shape(pixels)[:2]
    return tf.raw_ops.ScaleAndTranslate(
        images=pixels[tf.newaxis],
        size=kept,
        scale=tf.cast(scaled / image, tf.float32),
        translation=-offset,
        kernel_type="triangle",
        antialias=True,
    )[0]

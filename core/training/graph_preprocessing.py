"""From an image file's bytes to a backbone's input, inside a TensorFlow graph.

It follows `core.data.decoder` as far as TensorFlow's decoders go: the same filter, the same
rounding to whole pixel values, transparency over white, 16-bit PNGs scaled. It can't turn
photographs by their EXIF orientation and reads JPEG, PNG, GIF and BMP only.
"""

from typing import Any

import tensorflow as tf

from core.data.decoder import Fit

_PNG_START = b"\x89PNG"
_WHITE = 255.0


def image_from_bytes(content: Any, size: tuple[int, int], fit: Fit) -> Any:
    """Decode, fit and scale one image.

    Args:
        content: Scalar string, a whole JPEG, PNG, GIF or BMP file.
        size: `(height, width)` of the result.
        fit: How other proportions are brought to that size.

    Returns:
        float32 `(height, width, 3)`, values in [0, 1].
    """
    is_png = tf.equal(tf.strings.substr(content, 0, len(_PNG_START)), _PNG_START)
    pixels = tf.cond(is_png, lambda: _png(content), lambda: _other(content))
    fitted = tf.ensure_shape(_fitted(pixels, size, fit), [*size, 3])
    # The program's own decoder gives whole values from 0 to 255.
    return tf.clip_by_value(tf.floor(fitted + 0.5), 0, 255) / 255.0


def _png(content: Any) -> Any:
    pixels = tf.cast(tf.io.decode_png(content, channels=4), tf.float32)
    alpha = pixels[:, :, 3:] / 255.0
    return pixels[:, :, :3] * alpha + _WHITE * (1 - alpha)


def _other(content: Any) -> Any:
    is_jpeg = tf.io.is_jpeg(content)
    pixels = tf.cond(
        is_jpeg,
        # The default decoder trades accuracy for speed and differs from other programs'.
        lambda: tf.io.decode_jpeg(content, channels=3, dct_method="INTEGER_ACCURATE"),
        lambda: tf.io.decode_image(content, channels=3, expand_animations=False),
    )
    return tf.ensure_shape(tf.cast(pixels, tf.float32), [None, None, 3])


def _fitted(pixels: Any, size: tuple[int, int], fit: Fit) -> Any:
    if fit is Fit.SQUASH:
        return _resized(pixels, tf.constant(size))
    target = tf.constant(size)
    sides = tf.cast(target, tf.float32) / tf.cast(tf.shape(pixels)[:2], tf.float32)
    factor = tf.reduce_max(sides) if fit is Fit.CROP else tf.reduce_min(sides)
    scaled_float = tf.cast(tf.shape(pixels)[:2], tf.float32) * factor
    scaled = tf.maximum(tf.cast(tf.floor(scaled_float + 0.5), tf.int32), 1)
    resized = _resized(pixels, scaled)
    # Only one of the two does something: cropping where it is larger, padding where smaller.
    offset = tf.maximum((scaled - target) // 2, 0)
    resized = resized[offset[0] : offset[0] + size[0], offset[1] : offset[1] + size[1]]
    missing = target - tf.shape(resized)[:2]
    before = missing // 2
    after = missing - before
    paddings = tf.stack([tf.stack([before[0], after[0]]), tf.stack([before[1], after[1]]), [0, 0]])
    return tf.pad(resized, paddings, constant_values=_WHITE)


def _resized(pixels: Any, size: Any) -> Any:
    return tf.image.resize(pixels, size, method="bilinear", antialias=True)

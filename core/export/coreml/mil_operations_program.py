"""The operations of Core ML's ML programs, computed with TensorFlow.

Each takes what coremltools documents for the operation of its name (`coremltools.converters.mil.
mil.ops.defs.iOS15`), and raises a `NotImplementedError` for what isn't needed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

_RANK_OF_IMAGES = 4


def _conv(
    x: Any,
    weight: Any,
    strides: Any = (1, 1),
    pad_type: str = "valid",
    pad: Any = (0, 0, 0, 0),
    dilations: Any = (1, 1),
    groups: Any = 1,
    bias: Any = None,
) -> Any:
    if len(x.shape) != _RANK_OF_IMAGES:
        raise NotImplementedError("only images are convolved here")
    strides, dilations, groups = _ints(strides), _ints(dilations), int(groups)
    sizes = [d * (side - 1) + 1 for d, side in zip(dilations, weight.shape[2:], strict=True)]
    pads = _pads(x.shape[2:], sizes, strides, pad_type, pad)
    channels_last = tf.pad(tf.transpose(x, (0, 2, 3, 1)), [(0, 0), *pads, (0, 0)])
    # To height, width, inputs of a group, outputs.
    kernel = np.transpose(weight, (2, 3, 1, 0))
    parts = zip(tf.split(channels_last, groups, -1), np.split(kernel, groups, -1), strict=True)
    if groups == x.shape[1] and groups > 1:
        per_channel = np.reshape(kernel, (*kernel.shape[:2], groups, -1))
        y = tf.nn.depthwise_conv2d(
            channels_last, per_channel, (1, *strides, 1), "VALID", dilations=dilations
        )
    else:
        found = [tf.nn.conv2d(a, b, strides, "VALID", dilations=dilations) for a, b in parts]
        y = tf.concat(found, -1)
    return tf.transpose(y if bias is None else y + bias, (0, 3, 1, 2))


def _max_pool(
    x: Any,
    kernel_sizes: Any,
    strides: Any = (1, 1),
    pad_type: str = "valid",
    pad: Any = (0, 0, 0, 0),
    ceil_mode: Any = False,
) -> Any:
    return _pool(tf.nn.max_pool2d, x, kernel_sizes, strides, pad_type, pad, ceil_mode, -np.inf)


def _avg_pool(
    x: Any,
    kernel_sizes: Any,
    strides: Any = (1, 1),
    pad_type: str = "valid",
    pad: Any = (0, 0, 0, 0),
    exclude_padding_from_average: Any = False,
    ceil_mode: Any = False,
) -> Any:
    common = (kernel_sizes, strides, pad_type, pad, ceil_mode, 0.0)
    mean = _pool(tf.nn.avg_pool2d, x, *common)
    if not exclude_padding_from_average:
        return mean
    return mean / _pool(tf.nn.avg_pool2d, tf.ones_like(x), *common)


def _pool(
    pool: Callable[..., Any],
    x: Any,
    kernel_sizes: Any,
    strides: Any,
    pad_type: str,
    pad: Any,
    ceil_mode: Any,
    outside: float,
) -> Any:
    if len(x.shape) != _RANK_OF_IMAGES or ceil_mode:
        raise NotImplementedError("only images are pooled here")
    sizes, strides = _ints(kernel_sizes), _ints(strides)
    pads = _pads(x.shape[2:], sizes, strides, pad_type, pad)
    channels_last = tf.transpose(x, (0, 2, 3, 1))
    padded = tf.pad(channels_last, [(0, 0), *pads, (0, 0)], constant_values=outside)
    return tf.transpose(pool(padded, sizes, strides, "VALID"), (0, 3, 1, 2))


def _pads(
    sides: Sequence[int], sizes: Sequence[int], strides: Sequence[int], pad_type: str, pad: Any
) -> list[tuple[int, int]]:
    """Return the pixels before and after each side."""
    if pad_type == "custom":
        values = _ints(pad)
        return [(values[0], values[1]), (values[2], values[3])]
    if pad_type == "valid":
        return [(0, 0), (0, 0)]
    found = []
    for side, size, stride in zip(sides, sizes, strides, strict=True):
        total = max((-(-side // stride) - 1) * stride + size - side, 0)
        less, more = total // 2, total - total // 2
        found.append((less, more) if pad_type == "same" else (more, less))
    return found


def _pad(x: Any, pad: Any, mode: str = "constant", constant_val: Any = 0.0) -> Any:
    # Of the last dimensions, as many as are named.
    pairs = np.reshape(pad, (-1, 2)).tolist()
    pairs = [[0, 0]] * (len(x.shape) - len(pairs)) + pairs
    if mode == "replicate":
        raise NotImplementedError("edges are not repeated here")
    return tf.pad(x, pairs, mode, constant_values=float(constant_val))


def _matmul(x: Any, y: Any, transpose_x: Any = False, transpose_y: Any = False) -> Any:
    return tf.matmul(x, y, bool(transpose_x), bool(transpose_y))


def _linear(x: Any, weight: Any, bias: Any = 0.0) -> Any:
    return tf.tensordot(x, np.transpose(weight), 1) + bias


def _batch_norm(
    x: Any, mean: Any, variance: Any, gamma: Any = 1.0, beta: Any = 0.0, epsilon: Any = 1e-5
) -> Any:
    def by_channel(values: Any) -> Any:
        return np.reshape(values, (1, -1, *([1] * (len(x.shape) - 2))))

    scale = by_channel(gamma) / np.sqrt(by_channel(variance) + epsilon)
    return (x - by_channel(mean)) * scale + by_channel(beta)


def _layer_norm(x: Any, axes: Any, gamma: Any = 1.0, beta: Any = 0.0, epsilon: Any = 1e-5) -> Any:
    mean, variance = tf.nn.moments(x, _ints(axes), keepdims=True)
    return (x - mean) / tf.sqrt(variance + epsilon) * gamma + beta


def _gelu(x: Any, mode: str = "EXACT") -> Any:
    if mode == "SIGMOID_APPROXIMATION":
        return x * tf.sigmoid(1.702 * x)
    return tf.nn.gelu(x, approximate=mode == "TANH_APPROXIMATION")


def _cast(x: Any, dtype: str) -> Any:
    # Both kinds of real numbers are float32 here, and rounded by the caller.
    return tf.cast(x, tf.int32 if "int" in dtype else tf.float32)


def _reducing(reduce: Callable[..., Any]) -> Callable[..., Any]:
    def compute(x: Any, axes: Any = None, keep_dims: Any = False) -> Any:
        return reduce(x, None if axes is None else _ints(axes), bool(keep_dims))

    return compute


def _split(x: Any, axis: Any, num_splits: Any = None, split_sizes: Any = None) -> list[Any]:
    sizes = int(num_splits) if split_sizes is None else _ints(split_sizes)
    return list(tf.split(x, sizes, int(axis)))


def _slice_by_index(
    x: Any,
    begin: Any,
    end: Any,
    stride: Any = None,
    begin_mask: Any = (),
    end_mask: Any = (),
    squeeze_mask: Any = (),
) -> Any:
    def bits(mask: Any) -> int:
        return sum(1 << place for place, is_set in enumerate(np.reshape(mask, -1)) if is_set)

    return tf.strided_slice(
        x,
        _ints(begin),
        _ints(end),
        None if stride is None else _ints(stride),
        begin_mask=bits(begin_mask),
        end_mask=bits(end_mask),
        shrink_axis_mask=bits(squeeze_mask),
    )


def _squeeze(x: Any, axes: Any = None) -> Any:
    return tf.squeeze(x, None if axes is None else _ints(axes))


def _expand_dims(x: Any, axes: Any) -> Any:
    for axis in sorted(_ints(axes)):
        x = tf.expand_dims(x, axis)
    return x


def _concat(values: Any, axis: Any, interleave: Any = False) -> Any:
    if interleave:
        raise NotImplementedError("channels are not interleaved here")
    return tf.concat(values, int(axis))


def _upsample_bilinear(
    x: Any,
    scale_factor_height: Any = 1,
    scale_factor_width: Any = 1,
    align_corners: Any = True,
) -> Any:
    if len(x.shape) != _RANK_OF_IMAGES:
        raise NotImplementedError("only images are resized here")
    scales = (float(scale_factor_height), float(scale_factor_width))
    # Core ML rounds down, and takes the scale of the rounded sizes.
    size = [int(side * scale) for side, scale in zip(x.shape[2:], scales, strict=True)]
    resized = tf.raw_ops.ResizeBilinear(
        images=tf.transpose(x, (0, 2, 3, 1)),
        size=size,
        align_corners=bool(align_corners),
        half_pixel_centers=not bool(align_corners),
    )
    return tf.transpose(resized, (0, 3, 1, 2))


def _ints(values: Any) -> list[int]:
    return [int(value) for value in np.reshape(values, -1)]


OPERATIONS: dict[str, Callable[..., Any]] = {
    "add": lambda x, y: tf.add(x, y),
    "avg_pool": _avg_pool,
    "batch_norm": _batch_norm,
    "cast": _cast,
    "clip": lambda x, alpha, beta: tf.clip_by_value(x, alpha, beta),
    "concat": _concat,
    "conv": _conv,
    "elu": lambda x, alpha=1.0: tf.where(x > 0, x, alpha * tf.math.expm1(x)),
    "erf": lambda x: tf.math.erf(x),
    "exp": lambda x: tf.exp(x),
    "expand_dims": _expand_dims,
    "gelu": _gelu,
    "inverse": lambda x, epsilon=1e-4: 1 / (x + epsilon),
    "layer_norm": _layer_norm,
    "leaky_relu": lambda x, alpha=0.01: tf.where(x > 0, x, alpha * x),
    "linear": _linear,
    "matmul": _matmul,
    "max_pool": _max_pool,
    "maximum": lambda x, y: tf.maximum(x, y),
    "minimum": lambda x, y: tf.minimum(x, y),
    "mul": lambda x, y: tf.multiply(x, y),
    "pad": _pad,
    "pow": lambda x, y: tf.pow(x, y),
    "real_div": lambda x, y: tf.divide(x, y),
    "reduce_max": _reducing(tf.reduce_max),
    "reduce_mean": _reducing(tf.reduce_mean),
    "reduce_sum": _reducing(tf.reduce_sum),
    "relu": lambda x: tf.nn.relu(x),
    "relu6": lambda x: tf.nn.relu6(x),
    "reshape": lambda x, shape: tf.reshape(x, _ints(shape)),
    "rsqrt": lambda x, epsilon=1e-12: tf.math.rsqrt(x + epsilon),
    "sigmoid": lambda x: tf.sigmoid(x),
    "silu": lambda x: x * tf.sigmoid(x),
    "slice_by_index": _slice_by_index,
    "softmax": lambda x, axis=-1: tf.nn.softmax(x, int(axis)),
    "softplus": lambda x: tf.nn.softplus(x),
    "split": _split,
    "sqrt": lambda x: tf.sqrt(x),
    "square": lambda x: tf.square(x),
    "squeeze": _squeeze,
    "sub": lambda x, y: tf.subtract(x, y),
    "tanh": lambda x: tf.tanh(x),
    "transpose": lambda x, perm: tf.transpose(x, _ints(perm)),
    "upsample_bilinear": _upsample_bilinear,
}

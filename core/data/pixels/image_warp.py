"""Move, rotate and scale an image in one step; beyond its edges it is mirrored."""

import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def warp(
    pixels: NDArray[np.uint8], matrix: NDArray[np.float64], size: tuple[int, int]
) -> NDArray[np.uint8]:
    """Sample an image along an affine map, bilinearly.

    Args:
        pixels: RGB `(h, w, 3)`.
        matrix: `(2, 3)`; takes `(x, y, 1)` of the result to `(x, y)` in `pixels`, both in pixels
            from the upper left corner, so that the first pixel's middle is at (0.5, 0.5).
        size: `(height, width)` of the result.

    Returns:
        `(height, width, 3)`.
    """
    height, width = size
    corners = matrix @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    # Only what is seen, and one more pixel around it for the filter.
    left, top = (math.floor(low) - 1 for low in corners.min(axis=1))
    right, bottom = (math.ceil(high) + 1 for high in corners.max(axis=1))
    seen = _mirrored(pixels, (top, bottom), (left, right))
    moved = matrix.copy()
    moved[:, 2] -= (left, top)
    warped = Image.fromarray(seen).transform(
        (width, height),
        Image.Transform.AFFINE,
        tuple(moved.ravel().tolist()),
        Image.Resampling.BILINEAR,
    )
    return np.array(warped, dtype=np.uint8)


def _mirrored(
    pixels: NDArray[np.uint8], rows: tuple[int, int], columns: tuple[int, int]
) -> NDArray[np.uint8]:
    """A part of the endless image that mirrors make of this one."""
    # Columns first: the other order copies whole padded rows twice and took three times as long.
    part = _taken(pixels, columns, axis=1)
    return np.ascontiguousarray(_taken(part, rows, axis=0))


def _taken(pixels: NDArray[np.uint8], span: tuple[int, int], axis: int) -> NDArray[np.uint8]:
    start, stop = span
    length = pixels.shape[axis]
    if start >= 0 and stop <= length:
        return pixels[:, start:stop] if axis else pixels[start:stop]
    places = np.arange(start, stop) % (2 * length)
    taken: NDArray[np.uint8] = pixels.take(np.minimum(places, 2 * length - 1 - places), axis)
    return taken

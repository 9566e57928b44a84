"""A real photo in color and in gray, and how far what is read of a file is from it."""

from pathlib import Path

import numpy as np
from PIL import Image

from core.image_reading.opening import read_image

_FOLDER = Path(__file__).parents[1] / "resources" / "sample"
# The photos of the sample are gray; three of them together have colors.
_CHANNELS = ("grass/grass_00.jpg", "gravel/gravel_00.jpg", "brick/brick_00.jpg")
WIDTH, HEIGHT = 60, 44


def _channel(name: str) -> np.ndarray:
    with Image.open(_FOLDER / name) as image:
        values = np.asarray(image.convert("L").crop((20, 30, 20 + WIDTH, 30 + HEIGHT)), float)
    low, high = values.min(), values.max()
    return np.rint((values - low) * 255 / (high - low)).astype(np.uint8)


PHOTO = np.stack([_channel(name) for name in _CHANNELS], axis=-1)
"""uint8 `(HEIGHT, WIDTH, 3)`, from black to white."""

GRAY = PHOTO[..., 0].copy()
"""uint8 `(HEIGHT, WIDTH)`, from black to white."""


def scaled_to(values: np.ndarray, largest: float, dtype: str = "u2") -> np.ndarray:
    """Eight-bit `values` in a type in which white is `largest`."""
    scaled = values.astype(np.float64) * (largest / 255)
    return (scaled if np.dtype(dtype).kind == "f" else np.rint(scaled)).astype(dtype)


def pixels(content: bytes, sample_bits: int | None = None) -> np.ndarray:
    """The pixels that are read of a file."""
    return np.asarray(read_image(content, sample_bits=sample_bits).image)


def distance(content: bytes, twin: np.ndarray, sample_bits: int | None = None) -> int:
    """The largest difference of what is read of a file from its twin of eight bits, gray or RGB."""
    found = pixels(content, sample_bits).astype(int)
    expected = np.repeat(twin[..., np.newaxis], 3, axis=-1) if twin.ndim == 2 else twin
    assert found.shape == expected.shape
    return int(np.abs(found - expected).max())

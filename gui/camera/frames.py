"""Frames as pixels and as JPEG files."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

_QUALITY = 95


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return an image's RGB values, shape `(height, width, 3)`, without transparency."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    height, width = rgb.height(), rgb.width()
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(height, rgb.bytesPerLine())
    return lines[:, : 3 * width].reshape(height, width, 3).copy()


def jpeg_of(pixels: NDArray[np.uint8]) -> bytes:
    """Return a JPEG file of RGB values, at high quality."""
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=_QUALITY, subsampling=0)
    return content.getvalue()

"""Turn images upright that their files have in another orientation."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageFile, ImageOps

from .unreadable import READER_ERRORS

ORIENTATION_TAG = 0x0112
"""Of EXIF."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def loaded(image: Image.Image) -> Image.Image:
    """Return an image whose pixels have been read, and with them what stands behind them."""
    image.load()
    return image


def upright(image: ImageFile.ImageFile) -> Image.Image:
    """Load an image and turn it as its orientation says."""
    # Loading comes first: a PNG may carry its orientation behind the pixels, and TIFF and
    # HEIC decoders turn the image themselves and take the mark away.
    image.load()
    if orientation_of(image) == 1:
        return image
    return ImageOps.exif_transpose(image)


def orientation_of(image: Image.Image) -> int:
    """Orientation by EXIF or XMP, 1 to 8; a damaged mark counts as none."""
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except READER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def turned(image: Image.Image, orientation: Any) -> Image.Image:
    """Turn an image upright that was stored in another orientation."""
    method = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return image if method is None else image.transpose(method)

"""Reads an image in the size of its preview; runs in threads."""

from pathlib import Path

from PIL import Image
from PySide6.QtGui import QImage

from core.data.files.image_files import read_image_file
from core.data.pixels.image_opening import open_image


def read_preview(path: Path, longest_side: int, sample_bits: int | None = None) -> QImage:
    """Return an image, upright and no larger than `longest_side`; for `sample_bits` see `Decoding`.

    Raises:
        ImageError: If it can't be read.
    """
    image = open_image(
        read_image_file(path),
        lambda width, height: _within(width, height, longest_side),
        sample_bits,
    )
    if max(image.size) > longest_side:
        image = image.resize(
            _within(*image.size, longest_side), Image.Resampling.BILINEAR, reducing_gap=2.0
        )
    content, (width, height) = image.tobytes(), image.size
    # A copy, since the image would only borrow the bytes.
    return QImage(content, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _within(width: int, height: int, longest_side: int) -> tuple[int, int]:
    factor = min(1.0, longest_side / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))

"""Thumbnails: small versions of images."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core.data.files.image_files import read_image_file
from core.data.pixels.image_opening import open_image
from core.errors import ImageError
from core.image_fault import ImageFault
from core.image_reading.unreadable import READER_ERRORS


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Pixels to show.

    Attributes:
        width: Pixels across.
        height: Pixels down.
        rgb: Three bytes a pixel, row by row without padding.
    """

    width: int
    height: int
    rgb: bytes


def make_thumbnail(path: Path, side: int, sample_bits: int | None = None) -> Thumbnail:
    """Decode an image file no larger than it will be shown; proportions are kept.

    Args:
        path: The file.
        side: Pixels that neither side exceeds; a smaller image keeps its size.
        sample_bits: See `Decoding`.

    Raises:
        ImageError: With the reason, if it is no usable image.
    """

    def decode_size(width: int, height: int) -> tuple[int, int]:
        return _fitted(width, height, side)

    image = open_image(read_image_file(path), decode_size, sample_bits)
    try:
        size = _fitted(image.width, image.height, side)
        if size != image.size:
            # The gap lets Pillow shrink by whole numbers first, which is several times quicker.
            image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        return Thumbnail(*image.size, image.tobytes())
    except READER_ERRORS as error:
        sides = str(image.width), str(image.height)
        raise ImageError(ImageFault.NOT_RESIZABLE, *sides) from error


def _fitted(width: int, height: int, side: int) -> tuple[int, int]:
    factor = min(1.0, side / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))

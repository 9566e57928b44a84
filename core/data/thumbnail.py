"""Thumbnails: small versions of pictures."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core.data.image_files import read_image_file
from core.data.picture_opening import PILLOW_ERRORS, open_picture
from core.errors import ImageError
from core.image_fault import ImageFault


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


def make_thumbnail(path: Path, side: int) -> Thumbnail:
    """Decode a picture file no larger than it will be shown; proportions are kept.

    Args:
        path: The file.
        side: Pixels that neither side exceeds; a smaller picture keeps its size.

    Raises:
        ImageError: With the reason, if it is no usable picture.
    """

    def decode_size(width: int, height: int) -> tuple[int, int]:
        return _fitted(width, height, side)

    picture = open_picture(read_image_file(path), decode_size)
    try:
        size = _fitted(picture.width, picture.height, side)
        if size != picture.size:
            # The gap lets Pillow shrink by whole numbers first, which is several times quicker.
            picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        return Thumbnail(*picture.size, picture.tobytes())
    except PILLOW_ERRORS as error:
        sides = str(picture.width), str(picture.height)
        raise ImageError(ImageFault.NOT_RESIZABLE, *sides) from error


def _fitted(width: int, height: int, side: int) -> tuple[int, int]:
    factor = min(1.0, side / max(width, height))
    return max(1, round(width * factor)), max(1, round(height * factor))

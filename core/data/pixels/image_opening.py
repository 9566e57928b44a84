"""From a file's bytes to an upright image with eight bits a channel and no transparency."""

from PIL import Image

from core.data.files.image_files import image_errors
from core.image_reading.opening import DecodeSize, OpenedImage, read_image


def open_image(
    content: bytes, decode_size: DecodeSize | None = None, sample_bits: int | None = None
) -> Image.Image:
    """Decode the first picture of an image file; see `read_image`.

    Returns:
        An upright image of mode `RGB`.

    Raises:
        ImageError: With the reason, if the bytes are no whole image of a known format.
    """
    return open_image_and_facts(content, decode_size, sample_bits).image


def open_image_and_facts(
    content: bytes, decode_size: DecodeSize | None = None, sample_bits: int | None = None
) -> OpenedImage:
    """Do as `open_image`, and tell how the image was read.

    Raises:
        ImageError: See `open_image`.
    """
    with image_errors():
        return read_image(content, decode_size, sample_bits)

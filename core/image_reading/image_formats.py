"""The image formats that Fieldguide reads, in one table for all code."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ImageFormat:
    """An image format: how its files are named, recognized and read.

    Attributes:
        name: As Pillow calls it.
        suffixes: Of its files' names, lower-case, without the dot.
        mime_types: Its MIME types, the usual one first.
        signature: A pattern for the first bytes of those files that the plugin takes for its own,
            and of no others; for at most 16 bytes.
        plugin: Pillow's module that reads it, imported when the first such file comes; "" if
            Pillow has none.
        register: The plugin's function that registers it with Pillow, where importing the
            plugin doesn't.
        package: The package that the plugin is in, where Pillow of any version doesn't do.
    """

    name: str
    suffixes: tuple[str, ...]
    mime_types: tuple[str, ...]
    signature: bytes
    plugin: str
    register: str | None = None
    package: str = ""


# Listed one by one, so that a file can't reach decoders that are not needed here: EPS would
# start Ghostscript, and TGA has no signature, so it takes noise for an image.
IMAGE_FORMATS = (
    ImageFormat(
        "JPEG",
        suffixes=("jpg", "jpeg", "jpe", "jfif"),
        mime_types=("image/jpeg",),
        signature=rb"\xff\xd8\xff",
        plugin="PIL.JpegImagePlugin",
    ),
    ImageFormat(
        "PNG",
        suffixes=("png",),
        mime_types=("image/png",),
        signature=rb"\x89PNG\r\n\x1a\n",
        plugin="PIL.PngImagePlugin",
    ),
    ImageFormat(
        "WEBP",
        suffixes=("webp",),
        mime_types=("image/webp",),
        signature=rb"RIFF....WEBPVP8[ LX]",
        plugin="PIL.WebPImagePlugin",
    ),
    ImageFormat(
        "GIF",
        suffixes=("gif",),
        mime_types=("image/gif",),
        signature=rb"GIF8[79]a",
        plugin="PIL.GifImagePlugin",
    ),
    ImageFormat(
        "BMP",
        suffixes=("bmp", "dib"),
        mime_types=("image/bmp",),
        signature=rb"BM",
        plugin="PIL.BmpImagePlugin",
    ),
    ImageFormat(
        "TIFF",
        suffixes=("tif", "tiff"),
        mime_types=("image/tiff",),
        # Some programs write the number 42 in the wrong order of bytes; 43 is BigTIFF.
        signature=rb"MM\0[*+]|II[*+]\0|MM\*\0|II\0\*",
        plugin="PIL.TiffImagePlugin",
    ),
    ImageFormat(
        "HEIF",
        suffixes=("heic", "heif", "hif"),
        mime_types=("image/heic", "image/heif"),
        signature=rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)",
        plugin="pi_heif",
        register="register_heif_opener",
        package="pi-heif",
    ),
    ImageFormat(
        "AVIF",
        suffixes=("avif",),
        mime_types=("image/avif",),
        # mif1 and msf1 say no more than that it is one of a family, which HEIC is of, too.
        signature=rb"....ftyp(avi[fs]|mif1|msf1)",
        plugin="PIL.AvifImagePlugin",
        package="Pillow 11.3 or later",
    ),
    ImageFormat(
        "PPM",
        suffixes=("ppm", "pgm", "pbm", "pnm"),
        mime_types=(
            "image/x-portable-pixmap",
            "image/x-portable-graymap",
            "image/x-portable-bitmap",
            "image/x-portable-anymap",
        ),
        signature=rb"P[0-6fy]",
        plugin="PIL.PpmImagePlugin",
    ),
    ImageFormat(
        "ICO",
        suffixes=("ico",),
        mime_types=("image/vnd.microsoft.icon",),
        signature=rb"\0\0\x01\0",
        plugin="PIL.IcoImagePlugin",
    ),
    ImageFormat(
        "JPEG2000",
        suffixes=("jp2", "j2k"),
        mime_types=("image/jp2",),
        signature=rb"\xff\x4f\xff\x51|\0\0\0\x0cjP  \r\n\x87\n",
        plugin="PIL.Jpeg2KImagePlugin",
    ),
    ImageFormat(
        "JXL",
        suffixes=("jxl",),
        mime_types=("image/jxl",),
        signature=rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n",
        plugin="",
    ),
)

IMAGE_SUFFIXES = frozenset(suffix for each in IMAGE_FORMATS for suffix in each.suffixes)
"""Lower-case, without the dot."""

IMAGE_MIME_TYPES = tuple(mime_type for each in IMAGE_FORMATS for mime_type in each.mime_types)


def formats_of(content: bytes) -> tuple[ImageFormat, ...]:
    """Return the formats that a file's first bytes speak for: mostly one, rarely two, or none.

    Those that Pillow itself reads come first: its readers look at more than the first bytes
    before they take a file, pi_heif doesn't.
    """
    matching = (each for each in IMAGE_FORMATS if re.match(each.signature, content, re.DOTALL))
    return tuple(sorted(matching, key=lambda each: each.register is not None))

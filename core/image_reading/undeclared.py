"""Tell cheaply which files may hold 16-bit samples without saying how many bits they use."""

from __future__ import annotations

from pathlib import Path

from .image_formats import formats_of
from .png_samples import has_16_bits
from .unreadable import READER_ERRORS, UnreadableError, require

_START_BYTES = 32


def may_be_undeclared(path: Path) -> bool:
    """Whether a file's header leaves it open; only decoding the file tells for certain."""
    try:
        with path.open("rb") as file:
            start = file.read(_START_BYTES)
        names = {each.name for each in formats_of(start)}
        if "TIFF" in names:
            return _has_16_bits_in_tiff(path)
        return "JXL" in names or ("PNG" in names and has_16_bits(start))
    except (UnreadableError, *READER_ERRORS):
        return False


def _has_16_bits_in_tiff(path: Path) -> bool:
    with require("tifffile", "TIFF").TiffFile(path) as file:
        return any(getattr(page, "bitspersample", 16) == 16 for page in file.pages)

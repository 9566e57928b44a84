"""Thumbnails inside a report: few, small, and read by the decoder that training uses."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from core.data.files.image_files import read_image_file
from core.data.pixels.thumbnail import make_thumbnail
from core.errors import ImageError
from core.image_fault import image_sentence
from core.text import Text

SIDE = 168
"""Pixels of the longer side: sharp at 200% where it is shown at half of it."""

_MOST_BYTES = 3_000_000  # of all thumbnails together; written as text they take a third more
_JPEG_QUALITY = 80


@dataclass(frozen=True, slots=True)
class ReportImage:
    """An image in a report, or what is said in its place.

    Attributes:
        path: The file, absolute.
        jpeg: The thumbnail, a JPEG file; b"" without one.
        size: Its width and height; (0, 0) without one.
        problem: Why there is no thumbnail, or what to know about it; "" for nothing.
    """

    path: Path
    jpeg: bytes = b""
    size: tuple[int, int] = (0, 0)
    problem: str = ""


class ReportImages:
    """Reads thumbnails, each once, as long as there is room in the report.

    Args:
        sample_bits: See `Decoding`.
        hashes: SHA-256 of files as the run knew them: those that have changed since are marked.
    """

    def __init__(
        self, sample_bits: int | None = None, hashes: dict[Path, bytes] | None = None
    ) -> None:
        self._sample_bits = sample_bits
        self._hashes = hashes or {}
        self._read: dict[Path, ReportImage] = {}
        self._num_bytes = 0

    def image(self, path: Path) -> ReportImage:
        """Return an image; in place of one that can't be read or has no room, the reason."""
        if self._num_bytes > _MOST_BYTES:
            return ReportImage(path, problem=Text("left out to keep the report small"))
        if path not in self._read:
            self._read[path] = self._make(path)
        found = self._read[path]
        # Each use is written again: a page without scripts can't refer to a picture by name.
        self._num_bytes += len(found.jpeg)
        return found

    def _make(self, path: Path) -> ReportImage:
        try:
            thumbnail = make_thumbnail(path, SIDE, self._sample_bits)
            is_changed = self._is_changed(path)
        except ImageError as error:
            return ReportImage(path, problem=image_sentence(Text("This file"), str(error)))
        size = thumbnail.width, thumbnail.height
        buffer = io.BytesIO()
        pixels = Image.frombytes("RGB", size, thumbnail.rgb)
        pixels.save(buffer, "JPEG", quality=_JPEG_QUALITY, optimize=True)
        note = Text("changed since the training") if is_changed else ""
        return ReportImage(path, buffer.getvalue(), size, note)

    def _is_changed(self, path: Path) -> bool:
        known = self._hashes.get(path)
        return known is not None and hashlib.sha256(read_image_file(path)).digest() != known

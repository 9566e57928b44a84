"""Recognize files that are no images by their first bytes.

A copy of it comes with exports: it imports nothing of ours, and runs on Python 3.9.
"""

from __future__ import annotations

import re

NOT_AN_IMAGE = "not a picture"
"""How every reason given here ends."""

_SIGNATURES = (
    (b"%PDF-", "is a PDF document"),
    (b"PK\x03\x04", "is a ZIP archive or an office document"),
    (b"\x1f\x8b", "is a gzip archive"),
    (b"Rar!\x1a\x07", "is a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive"),
    (b"\x1aE\xdf\xa3", "is a video (Matroska or WebM)"),
    (b"version https://git-lfs", "is a Git LFS pointer to a file that was never fetched"),
    (b"\x7fELF", "is a program"),
    (b"MZ", "is a program"),
)
_MARKUP = (
    (re.compile(rb"<!doctype html|<html|<head|<body", re.IGNORECASE), "is a web page (HTML)"),
    (re.compile(rb"<svg", re.IGNORECASE), "is an SVG drawing"),
    (re.compile(rb"<\?xml", re.IGNORECASE), "is an XML document"),
)
_VIDEO_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"qt  ", b"M4V ", b"avc1"}
)
_TEXT_SAMPLE = 512


# Formats of images that other programs read, with the offset and bytes that tell them.
_UNREAD_FORMATS = (
    (128, b"DICM", "is a DICOM file"),
    (0, b"8BPS", "is a Photoshop document"),
    (8, b"CR\x02", "is a camera RAW file"),  # Canon's CR2; a TIFF, of which Pillow reads a preview
    (4, b"ftypcrx ", "is a camera RAW file"),  # CR3
    (0, b"FUJIFILMCCD-RAW", "is a camera RAW file"),
    (0, b"IIRO", "is a camera RAW file"),  # Olympus
    (0, b"IIRS", "is a camera RAW file"),
    (0, b"IIU\x00", "is a camera RAW file"),  # Panasonic
    (0, b"FOVb", "is a camera RAW file"),  # Sigma
)
EXPORT_FIRST = "export it as PNG or TIFF first"


def foreign_reason(content: bytes) -> str | None:
    """Return why `content` can't be read as an image; `None` if its first bytes don't show it."""
    if not content:
        return "is empty (0 bytes)"
    for offset, signature, unread in _UNREAD_FORMATS:
        if content[offset : offset + len(signature)] == signature:
            return f"{unread}; {EXPORT_FIRST}"
    kind = _foreign_kind(content)
    return f"{kind}, {NOT_AN_IMAGE}" if kind else None


def _foreign_kind(content: bytes) -> str | None:
    start = content[:_TEXT_SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if start.startswith(b"<"):
        for pattern, kind in _MARKUP:
            if pattern.search(content[: 4 * _TEXT_SAMPLE]):
                return kind
    if content[4:8] == b"ftyp" and content[8:12] in _VIDEO_BRANDS:
        return "is a video"
    if content[:4] == b"RIFF" and content[8:12] in (b"AVI ", b"WAVE"):
        return "is a video or a sound"
    if not content.strip(b"\0"):
        return "holds nothing but zero bytes"
    return "is plain text" if _is_text(start) else None


def _is_text(start: bytes) -> bool:
    # PBM, PGM and PPM images may be written as text.
    if re.match(rb"P[1-6]\s", start):
        return False
    return (
        bool(start)
        and all(byte >= 32 or byte in b"\t\r\n\f" for byte in start)
        and (max(start) < 127)
    )

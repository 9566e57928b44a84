"""Recognize files that are no images, or of formats that are not read, by their first bytes."""

from __future__ import annotations

import re

from .unreadable import UnreadableError

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
# Most images begin like this, and nothing else does.
_CERTAIN = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8")

_DICOM, _PHOTOSHOP, _CAMERA_RAW = ("DICOM",), ("PHOTOSHOP",), ("CAMERA_RAW",)
# Formats of images that other programs read: offset and bytes that tell them, fault and details.
_UNREAD_FORMATS = (
    (128, b"DICM", _DICOM),
    (0, b"8BPS", _PHOTOSHOP),
    (8, b"CR\x02", _CAMERA_RAW),  # Canon's CR2; a TIFF, of which Pillow reads a preview
    (4, b"ftypcrx ", _CAMERA_RAW),  # CR3
    (0, b"FUJIFILMCCD-RAW", _CAMERA_RAW),
    (0, b"IIRO", _CAMERA_RAW),  # Olympus
    (0, b"IIRS", _CAMERA_RAW),
    (0, b"MMOR", _CAMERA_RAW),
    (0, b"IIU\x00", _CAMERA_RAW),  # Panasonic
    (0, b"FOVb", _CAMERA_RAW),  # Sigma
    (0, b"\x00MRM", _CAMERA_RAW),  # Minolta
    (8, b"IIII", _CAMERA_RAW),  # Phase One
    (0, b"ZISRAWFILE", ("UNREAD_FORMAT", "CZI (Zeiss)")),
    (0, b"\x70\x00\x00\x00", ("UNREAD_FORMAT", "LIF (Leica)")),
    (0, b"\xda\xce\xbe\x0a", ("UNREAD_FORMAT", "ND2 (Nikon)")),
    (0, b"\x89HDF\r\n\x1a\n", ("UNREAD_FORMAT", "HDF5")),
    (0, b"CDF\x01", ("UNREAD_FORMAT", "NetCDF")),
    (0, b"CDF\x02", ("UNREAD_FORMAT", "NetCDF")),
    (0, b"SIMPLE  =", ("UNREAD_FORMAT", "FITS")),
    (0, b"NRRD000", ("UNREAD_FORMAT", "NRRD")),
    (344, b"n+1\x00", ("UNREAD_FORMAT", "NIfTI")),
    (208, b"MAP ", ("UNREAD_FORMAT", "MRC")),
    (0, b"\x76\x2f\x31\x01", ("UNREAD_FORMAT", "OpenEXR")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("UNREAD_FORMAT", "OLE, such as OIB (Olympus)")),
    (0, b"gimp xcf", ("UNREAD_FORMAT", "XCF (GIMP)")),
    (0, b"DDS ", ("UNREAD_FORMAT", "DDS")),
    (0, b"\x93NUMPY", ("UNREAD_FORMAT", "NumPy array")),
)


def foreign_fault(content: bytes) -> UnreadableError | None:
    """Return why `content` can't be read as an image; None if its first bytes don't show it."""
    if not content:
        return UnreadableError("EMPTY")
    if content.startswith(_CERTAIN):
        return None
    for offset, signature, fault in _UNREAD_FORMATS:
        if content[offset : offset + len(signature)] == signature:
            return UnreadableError(*fault)
    kind = _foreign_kind(content)
    return UnreadableError("NO_IMAGE", f"{kind}, {NOT_AN_IMAGE}") if kind else None


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

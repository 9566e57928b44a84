"""Decode the names in a zip that doesn't say how they are encoded, as common archivers do."""

import locale
import os
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

_UTF8 = 0x800  # flag bit: the name is UTF-8
_UNICODE_PATH = 0x7075  # extra field of Info-ZIP
_ZIPFILES_GUESS = "cp437"

# What Windows' archivers write: the console's code page, mostly, or that of its other programs.
_CODE_PAGES = {
    "ja": ("cp932",),
    "ko": ("cp949",),
    "zh": ("gbk",),
    "zh_hk": ("cp950",),
    "zh_tw": ("cp950",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "he": ("cp862", "cp1255"),
    "ar": ("cp720", "cp1256"),
    "el": ("cp737", "cp1253"),
    "tr": ("cp857", "cp1254"),
    "en_us": ("cp437", "cp1252"),
    **dict.fromkeys(("be", "bg", "mk", "ru", "uk"), ("cp866", "cp1251")),
    **dict.fromkeys(("bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq"), ("cp852", "cp1250")),
    **dict.fromkeys(("et", "lt", "lv"), ("cp775", "cp1257")),
}
_WESTERN = ("cp850", "cp1252")


def zip_names(infos: Sequence[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """Decode the names of a zip's entries.

    A name is UTF-8 if the entry says so, if Info-ZIP's extra field has it, or if it can be;
    the others are in the code page of this computer's language.

    Args:
        infos: As `zipfile` read them, without an encoding given.

    Returns:
        Names in the order of the entries, and how they were decoded where `zipfile` has others;
        "" if it has the same.
    """
    others = [
        raw for info in infos if (raw := _raw_name(info)) and _unicode_name(info, raw) is None
    ]
    code_page = _code_page(others, code_pages(language())) if others else "utf-8"
    names = [_name(info, code_page) for info in infos]
    same = all(name == info.filename for name, info in zip(names, infos, strict=True))
    return names, "" if same else code_page


def language() -> str:
    """Return this computer's language, such as `ja_JP`; "" if it has none."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := os.environ.get(name):
            return value.partition(".")[0].partition("@")[0]
    try:
        return locale.getlocale()[0] or ""
    except ValueError:  # a name that Python doesn't know
        return ""


def code_pages(spoken: str) -> tuple[str, ...]:
    """Return the code pages that archivers on Windows use in a language, likely ones first."""
    key = spoken.replace("-", "_").lower()
    return _CODE_PAGES.get(key) or _CODE_PAGES.get(key.partition("_")[0]) or _WESTERN


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    """The name's bytes; empty if its encoding is clear."""
    name = info.orig_filename
    return b"" if info.flag_bits & _UTF8 or name.isascii() else name.encode(_ZIPFILES_GUESS)


def _name(info: zipfile.ZipInfo, code_page: str) -> str:
    raw = _raw_name(info)
    if not raw:
        return info.filename
    found = _unicode_name(info, raw)
    # As `zipfile` does, the name ends at a zero byte.
    return (raw.decode(code_page) if found is None else found).partition("\0")[0]


def _unicode_name(info: zipfile.ZipInfo, raw: bytes) -> str | None:
    try:
        return _extra_name(info.extra, raw) or raw.decode()
    except UnicodeDecodeError:
        return None


def _extra_name(extra: bytes, raw: bytes) -> str | None:
    """The name in Info-ZIP's Unicode Path, unless the entry was renamed without it."""
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(content) > 5 and content[0] == 1:
            (checksum,) = struct.unpack("<L", content[1:5])
            if checksum == zlib.crc32(raw):
                return _decoded(content[5:], "utf-8")
    return None


def _code_page(names: Iterable[bytes], candidates: Sequence[str]) -> str:
    """The candidate in which most of the names is letters; the first of equal ones."""
    joined = b"/".join(names)
    best, most = _ZIPFILES_GUESS, -1  # which decodes everything
    for candidate in candidates:
        text = _decoded(joined, candidate)
        letters = -1 if text is None else sum(sign.isalpha() for sign in text)
        if letters > most:
            best, most = candidate, letters
    return best


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None

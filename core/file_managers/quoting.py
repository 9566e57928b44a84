"""Quote words for shells, and write desktop files of groups, keys and values."""

import os
import shlex
from collections.abc import Mapping, Sequence

FOLDER_TYPE = "inode/directory"
"""The MIME type of folders."""

_NOTE = (
    "# Made by Fieldguide: the entry “Classify with Fieldguide”.\n"
    "# `fieldguide integrate remove` takes it away.\n"
)

_EXEC_SPECIAL = set(" \t\n\"'\\><~|&;$*?#()`")
_KEY_FILE_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def shell_words(words: Sequence[str]) -> str:
    """Quote words for a shell."""
    return shlex.join(words)


def doubled_percent(text: str) -> str:
    """Double percent signs, so that none starts a field code."""
    return text.replace("%", "%%")


def exec_value(words: Sequence[str], field_code: str = "") -> str:
    """Return the value of a desktop file's `Exec`, the field code (`%F`) at its end."""
    if "%" in words[0]:
        # GLib looks for the program before it expands `%%`, and ignores what it can't find.
        words = ("/bin/sh", "-c", 'exec "$0" "$@"', *words)
    quoted = [doubled_percent(_exec_word(word)) for word in words]
    return key_file_value(" ".join([*quoted, *([field_code] if field_code else [])]))


def key_file_value(text: str) -> str:
    """Escape text for a desktop file."""
    escaped = "".join(_KEY_FILE_ESCAPES.get(sign, sign) for sign in text)
    return f"\\s{escaped[1:]}" if escaped.startswith(" ") else escaped


def in_utf8(words: Sequence[str]) -> tuple[str, ...]:
    """Return the command for files that must be UTF-8, whatever bytes the program's path has."""
    try:
        "\0".join(words).encode()
    except UnicodeEncodeError:
        parts = " ".join(_printed(word) for word in words)
        return ("/bin/sh", "-c", f'exec {parts} "$@"', "fieldguide")
    return tuple(words)


def key_file(groups: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return the file's bytes; values must be escaped already where they need it."""
    texts = [
        "\n".join([f"[{group}]", *(f"{key}={value}" for key, value in values.items())]) + "\n"
        for group, values in groups.items()
    ]
    return (_NOTE + "\n".join(texts)).encode()


def listed(values: tuple[str, ...]) -> str:
    """Return several values as one."""
    return "".join(f"{value};" for value in values)


def _exec_word(word: str) -> str:
    if word and not _EXEC_SPECIAL & set(word):
        return word
    escaped = "".join(f"\\{sign}" if sign in '"`$\\' else sign for sign in word)
    return f'"{escaped}"'


def _printed(word: str) -> str:
    """Return a word in ASCII that a shell decodes; line breaks at its end are lost."""
    octal = "".join(f"\\{byte:03o}" for byte in os.fsencode(word))
    return f"\"$(printf '{octal}')\""

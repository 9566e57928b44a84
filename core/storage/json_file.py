"""Read files from elsewhere: never more than a limit, and no pipes or devices."""

import json
import os
import stat
from pathlib import Path
from typing import Any

from core.text import Text

KIB = 1 << 10
MIB = 1 << 20


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """Read a file of a limited size.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is larger, or no regular file.
    """
    # Opening a pipe for reading waits for a writer, unless told otherwise.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError(Text("it is no file"))
        content = file.read(most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(Text("it is larger than %1 bytes", most_bytes))
    return content


def read_json(path: Path, most_bytes: int = MIB) -> Any:
    """Read the values of a JSON file in UTF-8.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is too large, no JSON or nested too deeply.
    """
    return parse_json(read_bounded(path, most_bytes))


def read_json_lines(path: Path, most_bytes: int) -> list[Any]:
    """Read the values of a file with one JSON value a line, in ASCII.

    Raises:
        OSError: If it can't be read.
        ValueError: If it is too large, or a line is no JSON.
    """
    lines = read_bounded(path, most_bytes).decode("ascii").splitlines()
    return [parse_json(line) for line in lines]


def parse_json(text: str | bytes) -> Any:
    """Parse a JSON text.

    Raises:
        ValueError: If it is none, or nested too deeply.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError(Text("it is nested too deeply")) from error


_BINARY = getattr(os, "O_BINARY", 0)

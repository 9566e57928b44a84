"""Print any text to any kind of standard output and error; exit codes."""

import codecs
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path

from core.plain_text import escape_controls

ANY_TEXT = "fieldguide.any_text"
"""Error handler for encoders: file names' own bytes as they are, all else escaped."""

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130

_STDERR_NUMBER = 2


def prepare_streams() -> None:
    """Make standard output and error accept any text, and open them if they are closed."""
    codecs.register_error(ANY_TEXT, _encode_anyway)
    _occupy_standard_numbers()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
            setattr(sys, name, nowhere)
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ANY_TEXT)
    # Log messages, those of libraries too, end up there by default.
    if isinstance(logging.lastResort, logging.Handler):
        logging.lastResort.setFormatter(_OneLineFormatter())


def one_line(text: object) -> str:
    """Escape line breaks, control characters and changes of direction.

    Names of files and classes may hold them: a line break would start another result, an escape
    sequence could take over the terminal.
    """
    return escape_controls(str(text))


def complain(message: str) -> None:
    """Print an error in one line on standard error."""
    print(f"fieldguide: {one_line(message)}", file=sys.stderr)


class _OneLineFormatter(logging.Formatter):
    """Escapes log messages, since they name files too."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        return one_line(super().formatMessage(record))


def discard_output() -> None:
    """Discard buffered output: writing it at exit would end in a traceback."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _occupy_standard_numbers() -> None:
    """Open something in place of streams that were closed before the program started.

    Else the next file opened would get the number of a stream, and its output.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= _STDERR_NUMBER:
        continue
    os.close(number)


def _encode_anyway(error: UnicodeError) -> tuple[str | bytes, int]:
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.backslashreplace_errors(error)

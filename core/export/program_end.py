"""How a program of its own ended, in words."""

import re
from dataclasses import dataclass

# TensorFlow 2.17 says so whenever it is imported.
_ALWAYS_LOGGED = re.compile("Unable to register cu|All log messages before absl|devices.cc:67")


@dataclass(frozen=True, slots=True)
class ProgramEnd:
    """How a program ended.

    Attributes:
        exit_code: Negative for a signal.
        last_lines: What it printed last that is no JSON object, newest last.
        timed_out: Whether it was ended for its silence.
    """

    exit_code: int
    last_lines: tuple[str, ...]
    timed_out: bool = False


def how_it_ended(end: ProgramEnd, silence_limit_s: float) -> str:
    """The end of a program that failed, as a verb and its object."""
    if end.timed_out:
        minutes = f"{silence_limit_s / 60:g} minutes"
        return f"gave no sign of life for {minutes} and was ended"
    if end.exit_code < 0:
        return f"crashed with signal {-end.exit_code}"
    return f"ended with exit code {end.exit_code}"


def last_words(end: ProgramEnd) -> str:
    """A sentence with the last that a program printed, or ""."""
    lines = [line for line in end.last_lines if line.strip() and not _ALWAYS_LOGGED.search(line)]
    return f" Its last words: {' / '.join(lines[-3:])}." if lines else ""

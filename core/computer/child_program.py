"""Run a program for what must not be in the worker's process: other runtimes, other Pythons.

It prints a JSON object a line; other output, on both streams, is kept for messages.
It reads standard input, which is never written to, and ends when that closes: so it can't outlive
the worker that started it.
"""

import json
import os
import re
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import IO, Any

from core.errors import ExportError
from core.messages.control import RunControl, StopRequestedError
from core.polling import get_checked
from core.text import Text, sentences

_KEPT_LINES = 40
# TensorFlow 2.17 says so whenever it is imported.
_ALWAYS_LOGGED = re.compile("Unable to register cu|All log messages before absl|devices.cc:67")


@dataclass(frozen=True, slots=True)
class ProgramEnd:
    """How a program ended.

    Attributes:
        exit_code: Negative for a signal.
        last_lines: Its last output that is no JSON object, newest last.
        timed_out: Whether it was killed because it printed no message for too long.
    """

    exit_code: int
    last_lines: tuple[str, ...]
    timed_out: bool = False


class _SilenceError(Exception):
    """The program has printed no message for too long."""


def run_program(
    command: Sequence[str | Path],
    on_message: Callable[[dict[str, Any]], None],
    control: RunControl,
    *,
    silence_limit_s: float,
    extra_environment: dict[str, str] | None = None,
) -> ProgramEnd:
    """Run a program to its end.

    Args:
        on_message: Called with each JSON object that it prints.
        control: A stop ends the program at once.
        silence_limit_s: Seconds without a message after which it counts as hanging.
        extra_environment: Variables beside the worker's own.

    Raises:
        ExportError: If it can't be started.
        StopRequestedError: If a stop was asked for.
    """
    environment = os.environ | (extra_environment or {})
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(Text("%1 can't be started: %2.", str(command[0]), reason)) from error
    with process:
        try:
            return _follow(process, on_message, control, silence_limit_s)
        finally:
            with suppress(OSError):
                process.kill()


def _follow(
    process: subprocess.Popen[str],
    on_message: Callable[[dict[str, Any]], None],
    control: RunControl,
    silence_limit_s: float,
) -> ProgramEnd:
    lines: Queue[str | None] = Queue()
    assert process.stdout is not None
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    kept: deque[str] = deque(maxlen=_KEPT_LINES)
    heard = time.monotonic()

    def check() -> None:
        if control.stop_requested:
            raise StopRequestedError
        if lines.empty() and time.monotonic() - heard > silence_limit_s:
            raise _SilenceError

    try:
        while (line := get_checked(lines, check)) is not None:
            message = _message(line)
            if message is None:
                kept.append(line.rstrip())
            else:
                on_message(message)
                heard = time.monotonic()
    except _SilenceError:
        process.kill()
        return ProgramEnd(process.wait(), tuple(kept), timed_out=True)
    return ProgramEnd(process.wait(), tuple(kept))


def _read(stream: IO[str], lines: "Queue[str | None]") -> None:
    with suppress(OSError, ValueError):
        for line in stream:
            lines.put(line)
    lines.put(None)


def _message(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def failure_text(program: str, end: ProgramEnd, silence_limit_s: float, step: str = "") -> Text:
    """Say in sentences how a program that failed ended, and what it printed last.

    Args:
        program: Its name, the subject of the first sentence.
        end: How it ended.
        silence_limit_s: As `run_program` got it.
        step: What it was doing.
    """
    lines = [line for line in end.last_lines if line.strip() and not _ALWAYS_LOGGED.search(line)]
    last = " / ".join(lines[-3:])
    return sentences(
        _end_text(program, end, silence_limit_s),
        Text("Step: %1.", step) if step else "",
        Text("Last output: %1.", last) if last else "",
    )


def _end_text(program: str, end: ProgramEnd, silence_limit_s: float) -> Text:
    if end.timed_out:
        minutes = f"{silence_limit_s / 60:.3g}"
        return Text("%1 gave no sign of life for %2 min and was ended.", program, minutes)
    if end.exit_code < 0:
        return Text("%1 crashed with signal %2.", program, str(-end.exit_code))
    return Text("%1 ended with exit code %2.", program, str(end.exit_code))

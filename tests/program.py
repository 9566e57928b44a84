"""The program as a process of its own, for tests of whole runs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import RunError
from core.runs.run_folder import RunFolder

Json = dict[str, Any]
CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLE = CHECKOUT / "resources" / "sample"
SHORT = (SAMPLE, "--optimizer", "adam", "--epochs", "3")


def all_bits(run_dir: Path) -> tuple[bytes, list[bytes]]:
    """The model's LiteRT file, and all weights of the last state of training."""
    states = sorted((run_dir / "checkpoint").iterdir(), key=lambda path: int(path.stem[6:]))
    with np.load(states[-1]) as content:
        weights = [content[name].tobytes() for name in content.files]
    return (run_dir / "model" / "model.tflite").read_bytes(), weights


def epochs_told(run_dir: Path) -> list[int]:
    """The epochs in a run's history."""
    lines = (run_dir / "history.jsonl").read_text().splitlines()
    return [json.loads(line)["epoch"] for line in lines]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call of the program came to."""

    code: int
    events: list[Json]
    errors: str

    @property
    def last(self) -> Json:
        """The terminal event."""
        return self.events[-1]

    def of(self, name: str) -> list[Json]:
        """The events of one kind."""
        return [event for event in self.events if event["event"] == name]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to.

    Attributes:
        artifacts: The line of each, in order.
    """

    code: int
    artifacts: list[Json]
    errors: str

    def of(self, name: str) -> Json:
        """The line of the only artifact in a format."""
        (line,) = [line for line in self.artifacts if line["format"] == name]
        return line


class Following:
    """A call of the program that is under way, in a process group of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._events: list[Json] = []

    def wait_for(self, name: str, **values: object) -> Json:
        """Read on to the next event of a kind with certain values."""
        for event in self._read():
            if event["event"] == name and values.items() <= event.items():
                return event
        raise AssertionError(f"no {name} came: {self._events[-3:]} {self._errors()}")

    def epochs(self) -> Iterator[Json]:
        """The epochs to come."""
        return (event for event in self._read() if event["event"] == "epoch_finished")

    def interrupt(self) -> None:
        """What Ctrl-C does: every process of the group gets the signal."""
        os.killpg(self._process.pid, signal.SIGINT)

    def kill(self, run_dir: Path) -> None:
        """End all processes at once, and see them gone from the run folder."""
        os.killpg(self._process.pid, signal.SIGKILL)
        while True:
            try:
                with RunFolder.open(run_dir).lock():
                    return
            except RunError:
                os.sched_yield()

    def kill_worker(self) -> None:
        """End the worker only."""
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in map(int, children):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)

    def stop_reading(self) -> None:
        """Close the pipe, as `head -1` does."""
        assert self._process.stdout is not None
        self._process.stdout.close()

    def wait(self) -> tuple[int, str]:
        """Exit code and standard error of a call whose events nobody reads."""
        errors = self._errors()
        return self._process.wait(), errors

    def finish(self) -> Outcome:
        """Wait for the end; all events, those read before included."""
        for _ in self._read():
            pass
        code, errors = self.wait()
        return Outcome(code, self._events, errors)

    def _read(self) -> Iterator[Json]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._events.append(json.loads(line))
            yield self._events[-1]

    def _errors(self) -> str:
        assert self._process.stderr is not None
        return self._process.stderr.read()


class Program:
    """Calls `main.py ... --json` with one home for all calls.

    Args:
        home: Folder of the program's own files.
    """

    def __init__(self, home: Path) -> None:
        self.home = home

    def train(self, *arguments: str | Path) -> Outcome:
        """Train to the end."""
        with self.following("train", *arguments) as call:
            return call.finish()

    def resume(self, run_dir: Path) -> Outcome:
        """Go on with a run to the end."""
        with self.following("resume", run_dir) as call:
            return call.finish()

    def export(self, *arguments: str | Path) -> Exported:
        """Export to the end."""
        done = subprocess.run(
            [sys.executable, CHECKOUT / "main.py", "export", "--json", *arguments],
            env=os.environ | {"FIELDGUIDE_HOME": str(self.home)},
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return Exported(done.returncode, lines, done.stderr)

    @contextmanager
    def following(self, command: str, *arguments: str | Path) -> Iterator[Following]:
        """Start a call; it is ended with the block."""
        process = subprocess.Popen(
            [sys.executable, CHECKOUT / "main.py", command, "--json", *arguments],
            env=os.environ | {"FIELDGUIDE_HOME": str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
            start_new_session=True,
        )
        with process:
            try:
                yield Following(process)
            finally:
                process.kill()

"""One training run on disk: settings, history, checkpoints, model."""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.errors import RunError, StorageError
from core.messages.events import EpochFinished
from core.settings.config import TrainConfig
from core.storage.app_dirs import runs_dir
from core.storage.atomic_file import write_bytes_atomically, write_json_atomically
from core.storage.folder_copy import require_no_links_out
from core.storage.json_file import MIB, parse_json, read_bounded, read_json
from core.storage.storage_message import storage_message
from core.text import Text

RUN_SCHEMA = 1
EXACT_PREFIX = "exact"
"""Begins the name of the checkpoint with an exactly fitted head; there is none before the end."""
CONFIG_FILE = "config.json"
"""Makes a folder a run folder."""
_HISTORY_FILE = "history.jsonl"
_LOCK_FILE = ".lock"
_LOCK_TIMEOUT_S = 1.0  # longer than `is_locked` holds it
_MOST_CONFIG_BYTES = 256 * MIB  # as much as a project, whose edits it repeats
_MOST_HISTORY_BYTES = 64 * MIB
_NUMBERS_OF_AN_EPOCH = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")


class RunFolder:
    """The files of one run; their layout is part of the program's interface.

    Attributes:
        path: The folder.
        checkpoint_dir: State to resume from, written while training.
        model_dir: The trained model, there when complete.
        log_path: Messages of the worker and of the libraries it uses.
        images_path: The images of the run with class and split, one a line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checkpoint_dir = path / "checkpoint"
        self.model_dir = path / "model"
        self.log_path = path / "log.txt"
        self.images_path = path / "images.jsonl"

    @classmethod
    def create(
        cls,
        output: Path | None,
        config: TrainConfig,
        sources: Iterable[ImageSource],
        edits: Edits = NO_EDITS,
        runs: Path | None = None,
    ) -> "RunFolder":
        """Make a run folder and record what the run is to do.

        Args:
            output: Absent or empty; None makes one named by date and time in `runs`.
            runs: A project's folder of runs; None for the runs of no project.

        Raises:
            RunError: If `output` holds something already.
            StorageError: If it can't be written.
        """
        path = (
            _make_new_folder(runs or runs_dir())
            if output is None
            else _make_folder(output.absolute())
        )
        run = cls(path)
        content = {
            "schema": RUN_SCHEMA,
            "created": datetime.now().astimezone().isoformat(timespec="seconds"),
            "config": config.to_json_dict(),
            "sources": [
                {"path": str(source.path.absolute()), "label": source.label} for source in sources
            ],
        }
        if edits != NO_EDITS:
            content["edits"] = edits.to_json_dict()
        write_json_atomically(path / CONFIG_FILE, content)
        return run

    @classmethod
    def open(cls, path: Path) -> "RunFolder":
        """Open an existing run folder.

        Raises:
            RunError: If `path` is none.
        """
        if not (path / CONFIG_FILE).is_file():
            raise RunError(
                Text("%1 is not a run folder: there is no %2 in it.", str(path), CONFIG_FILE)
            )
        path = path.absolute()
        _require_text(path)
        return cls(path)

    def read_config(self) -> tuple[TrainConfig, tuple[ImageSource, ...]]:
        """Read what the run was asked to do.

        Raises:
            RunError: If `config.json` is damaged or of another version.
        """
        with self._config_content() as content:
            sources = tuple(map(_source, content["sources"]))
            return TrainConfig.from_json_dict(content["config"]), sources

    def read_created(self) -> datetime | None:
        """Return when the run was begun; None if its `config.json` doesn't tell."""
        try:
            with self._config_content() as content:
                return datetime.fromisoformat(content["created"])
        except RunError:
            return None

    def read_edits(self) -> Edits:
        """Read the changes to the images that were made before the run began.

        Raises:
            RunError: If `config.json` is damaged or of another version.
        """
        with self._config_content() as content:
            return Edits.from_json_dict(content.get("edits", {}))

    @contextmanager
    def _config_content(self) -> Iterator[dict[str, Any]]:
        """Read `config.json`; errors about its values name it."""
        path = self.path / CONFIG_FILE
        try:
            content = read_json(path, _MOST_CONFIG_BYTES)
            if content["schema"] != RUN_SCHEMA:
                raise ValueError(
                    Text("its schema is %1, not %2", repr(content["schema"]), RUN_SCHEMA)
                )
            yield content
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise RunError(Text("%1 can't be used: %2", str(path), str(error))) from error

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other workers out of this folder, to write into it.

        Raises:
            RunError: If another worker is at it.
            StorageError: If the folder can't be written, or holds links that lead out of it.
        """
        # Imported here: it takes 40 ms, and the window, which locks no run, doesn't need it.
        from filelock import FileLock, Timeout

        lock = FileLock(self.path / _LOCK_FILE)
        try:
            # Before anything is written: a log that is a link to a file elsewhere would grow there.
            require_no_links_out(self.path)
            lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except Timeout as error:
            raise RunError(Text("Another training is running in %1.", str(self.path))) from error
        except OSError as error:
            raise StorageError(storage_message("write to", self.path, error)) from error
        try:
            yield
        finally:
            lock.release()

    def is_locked(self) -> bool:
        """Return whether a worker is at it, in this program or another one."""
        from filelock import FileLock, Timeout

        if not (self.path / _LOCK_FILE).exists():
            return False
        try:
            with FileLock(self.path / _LOCK_FILE, timeout=0):
                return False
        except Timeout:
            return True
        except OSError:  # a folder that can't be written holds no running training
            return False

    def discard_if_unused(self) -> None:
        """Remove the folder of a run that didn't get as far as having images."""
        if not self.images_path.exists():
            shutil.rmtree(self.path, ignore_errors=True)

    def append_epoch(self, event: EpochFinished) -> None:
        """Add a line to the history and see it on disk.

        Raises:
            StorageError: If it can't be written.
        """
        path = self.path / _HISTORY_FILE
        try:
            with path.open("a", encoding="ascii") as file:
                file.write(json.dumps(asdict(event)) + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StorageError(storage_message("write", path, error)) from error

    def read_history(self) -> list[dict[str, Any]]:
        """Read the finished epochs, oldest first; a line cut off by a crash is skipped.

        So is all else that is no epoch, and a history that is too large to be one.
        """
        history: list[dict[str, Any]] = []
        with suppress(OSError, ValueError):
            content = read_bounded(self.path / _HISTORY_FILE, _MOST_HISTORY_BYTES)
            for line in content.decode("ascii", "replace").splitlines():
                with suppress(ValueError):
                    values = parse_json(line)
                    if _is_epoch(values):
                        history.append(values)
        return history

    def rewind_history(self, epochs: int) -> None:
        """Keep the first epochs only: those that the checkpoint knows.

        Raises:
            StorageError: If it can't be written.
        """
        kept = [line for line in self.read_history() if line["epoch"] <= epochs]
        content = "".join(json.dumps(line) + "\n" for line in kept)
        write_bytes_atomically(self.path / _HISTORY_FILE, content.encode("ascii"))


def _source(content: dict[str, Any]) -> ImageSource:
    path, label = content["path"], content["label"]
    if not isinstance(path, str) or not path or "\0" in path:
        raise ValueError(Text("a source has no valid path"))
    if label is not None and (not isinstance(label, str) or not label.strip()):
        raise ValueError(Text("a source has no valid class name"))
    return ImageSource(Path(path), label)


def _is_epoch(values: object) -> bool:
    """Return whether a line of the history has the numbers that are counted and drawn."""
    if not isinstance(values, dict):
        return False
    numbers = [values.get(name) for name in _NUMBERS_OF_AN_EPOCH]
    return all(isinstance(value, int | float) for value in numbers)


def _make_folder(path: Path) -> Path:
    _require_text(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise RunError(Text("%1 isn't empty. Choose another folder with --output.", str(path)))
    except OSError as error:
        raise StorageError(storage_message("make the run folder", path, error)) from error
    return path


def _make_new_folder(runs: Path) -> Path:
    """Make a folder named by date and time; a number tells those of one second apart."""
    name = datetime.now().strftime("%Y-%m-%d %H.%M.%S")
    path = runs.absolute() / name
    _require_text(path)
    for number in count(2):
        try:
            path.mkdir(parents=True)
            break
        except FileExistsError:
            path = path.with_name(f"{name} ({number})")
        except OSError as error:
            raise StorageError(storage_message("make the run folder", path, error)) from error
    return path


def _require_text(path: Path) -> None:
    """Refuse a path that TensorFlow can't write to; better now than when the model is saved."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError as error:
        raise RunError(
            Text(
                "%1 can't hold a run: its name is not valid UTF-8. Choose another with --output.",
                str(path),
            )
        ) from error

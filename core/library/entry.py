"""A project of the library: its folder, and what lies elsewhere but belongs to it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import StorageError
from core.project.project_file import PROJECT_SUFFIX
from core.runs.run_folder import CONFIG_FILE
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, read_json
from core.storage.storage_message import storage_message

_SCHEMA = 1
_ELSEWHERE = "elsewhere.json"
_MOST_BYTES = 16 * MIB


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What an entry refers to.

    Attributes:
        project: A project file that the user keeps; None for the one in the entry's folder.
        runs: Run folders outside the entry's folder, in the order in which they were added.
    """

    project: Path | None = None
    runs: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """A project's folder in the library.

    Attributes:
        folder: Its name stays when the project is renamed.
    """

    folder: Path

    @property
    def project_file(self) -> Path:
        """The project's file, in this folder unless the user keeps it elsewhere."""
        return self._elsewhere().project or self.own_project_file

    @property
    def own_project_file(self) -> Path:
        """Where the project's file is unless the user keeps it elsewhere."""
        return self.folder / f"project{PROJECT_SUFFIX}"

    @property
    def runs_dir(self) -> Path:
        """The folder in which its new runs are made."""
        return self.folder / "runs"

    @property
    def captures_dir(self) -> Path:
        """The folder of its pictures from the camera, beside its file."""
        return self.folder / f"{self.own_project_file.stem} captures"

    @property
    def classified_file(self) -> Path:
        """The table of images that were classified in it."""
        return self.folder / "classified.jsonl"

    @property
    def experiments_dir(self) -> Path:
        """The folder of its experiments."""
        return self.folder / "experiments"

    def own_runs(self) -> list[Path]:
        """List the run folders in the entry's folder."""
        return sorted(path.parent for path in self.runs_dir.glob(f"*/{CONFIG_FILE}"))

    def runs_elsewhere(self) -> list[Path]:
        """List the run folders that the entry refers to and that are there."""
        return [run for run in self._elsewhere().runs if (run / CONFIG_FILE).is_file()]

    def runs(self) -> list[Path]:
        """List all its run folders."""
        return [*self.own_runs(), *self.runs_elsewhere()]

    def owns(self, run_dir: Path) -> bool:
        """Return whether a run is Fieldguide's own, and not in a folder that the user chose."""
        return run_dir.absolute().is_relative_to(data_dir().absolute())

    def refer_to_runs(self, run_dirs: Iterable[Path]) -> None:
        """List runs that stay where they are.

        Raises:
            StorageError: If that can't be stored.
        """
        added = [run.absolute() for run in run_dirs]
        own = [run for run in added if not run.is_relative_to(self.folder.absolute())]
        with self._locked():
            known = self._elsewhere()
            runs = tuple(dict.fromkeys((*known.runs, *own)))
            if runs != known.runs:
                self._write(replace(known, runs=runs))

    def forget_run(self, run_dir: Path) -> None:
        """Don't list a run elsewhere any more; its folder stays.

        Raises:
            StorageError: If that can't be stored.
        """
        with self._locked():
            known = self._elsewhere()
            runs = tuple(run for run in known.runs if run != run_dir.absolute())
            if runs != known.runs:
                self._write(replace(known, runs=runs))

    def refer_to_project(self, file: Path | None) -> None:
        """Use a project file that the user keeps; None for the one in the entry's folder.

        Raises:
            StorageError: If that can't be stored.
        """
        with self._locked():
            self._write(replace(self._elsewhere(), project=file and file.absolute()))

    def _elsewhere(self) -> _Elsewhere:
        """Read what it refers to; nothing if the file is absent or damaged."""
        try:
            content = read_json(self.folder / _ELSEWHERE, _MOST_BYTES)
            if content["schema"] != _SCHEMA:
                return _Elsewhere()
            project = content.get("project")
            runs = tuple(_path(run) for run in content.get("runs", []))
            return _Elsewhere(None if project is None else _path(project), runs)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return _Elsewhere()

    def _write(self, elsewhere: _Elsewhere) -> None:
        content: dict[str, Any] = {
            "schema": _SCHEMA,
            "project": None if elsewhere.project is None else str(elsewhere.project),
            "runs": [str(run) for run in elsewhere.runs],
        }
        write_json_atomically(self.folder / _ELSEWHERE, content)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other programs from changing what it refers to meanwhile."""
        # Imported here: it takes 40 ms, and reading needs no lock.
        from filelock import FileLock

        lock = FileLock(self.folder / ".lock")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError as error:
            raise StorageError(storage_message("write to", self.folder, error)) from error
        try:
            yield
        finally:
            lock.release()


def _path(text: object) -> Path:
    if not isinstance(text, str) or not text or "\0" in text or not Path(text).is_absolute():
        raise ValueError(f"no path: {text!r}")
    return Path(text)

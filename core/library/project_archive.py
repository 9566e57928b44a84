"""A project as one file: its pictures, edits, settings, runs and experiments.

To hand in or to move.
"""

import csv
import io
import json
import logging
import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.batch.folder_names import safe_name
from core.data.archives.extraction import extract_archive
from core.data.dataset import ImageSource
from core.data.files.image_files import is_hidden
from core.data.folders.folder_tree import FolderReader
from core.data.lists.csv_list import LIST_SUFFIXES, read_csv_list
from core.errors import ProjectError, StorageError
from core.library.entry import Entry
from core.library.library import IMPORT_PREFIX, free_name, name_of_images, new_entry
from core.library.relocation import (
    EXPERIMENT_FILE,
    Moves,
    relocate_experiment,
    relocate_project,
    relocate_run_file,
)
from core.project.project import Project
from core.project.project_file import PROJECT_SUFFIX, read_project, write_project
from core.storage.app_dirs import cache_dir, projects_dir
from core.storage.atomic_file import write_bytes_atomically
from core.storage.json_file import MIB, parse_json, read_bounded
from core.storage.storage_message import storage_message
from core.text import Text

logger = logging.getLogger(__name__)

_PROJECT_FILE = f"project{PROJECT_SUFFIX}"
_IMAGES = "pictures"
_RUNS = "runs"
_EXPERIMENTS = "experiments"
# Stand in the archive for the project's folder and for the cache, wherever those are.
_ROOT = "/fieldguide-project"
_CACHE = "/fieldguide-cache"
_LOCK_SUFFIX = ".lock"
_MOST_BYTES = 256 * MIB
_MOST_REASON = 300  # it may repeat parts of the file
_PACKED = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif", ".zip", ".gz", ".tgz"})

OnProgress = Callable[[int, int], None]
"""Called with the number of files done and of all; what it raises ends the work."""


def export_project(entry: Entry, target: Path, on_progress: OnProgress | None = None) -> None:
    """Write a project with its pictures, runs and experiments into a zip, whole or not at all.

    Pictures that are missing are left out; the project says so when it is opened.

    Args:
        target: Replaced if it is there.

    Raises:
        ProjectError: If the project can't be read.
        StorageError: If a file can't be read or the zip can't be written.
    """
    project = read_project(entry.project_file)
    name = project.name or name_of_images(project.sources)
    contents = _Contents(project, entry)
    temporary = target.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        with zipfile.ZipFile(temporary, "x", zipfile.ZIP_DEFLATED) as archive:
            contents.write(archive, replace(project, name=name), on_progress)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise StorageError(storage_message("write", target, error)) from error
    finally:
        with suppress(OSError):  # its folder may be none, which the error at hand says
            temporary.unlink(missing_ok=True)


def import_project(archive: Path, on_progress: Callable[[int], None] | None = None) -> Entry:
    """Make a project of the library from a zip of `export_project`, whole or not at all.

    Args:
        archive: It may come from anywhere: nothing in it is trusted.
        on_progress: Called with the number of files unpacked; what it raises ends the work.

    Raises:
        ArchiveError: If it is damaged or unsafe.
        ProjectError: If it holds no project.
        StorageError: If it can't be read or there is no room for it.
    """
    with tempfile.TemporaryDirectory(prefix=IMPORT_PREFIX, dir=_made(projects_dir())) as parent:
        unpacked = extract_archive(
            archive, Path(parent), on_progress, is_wanted=_belongs_to_project
        )
        content = _project_content(archive, unpacked)
        name = free_name(str(content.get("name") or archive.stem))
        with new_entry(name) as (hidden, entry):
            unpacked.rename(hidden)
            moves = Moves(
                folders={
                    _ROOT: str(entry.folder.absolute()),
                    _CACHE: str(cache_dir().absolute()),
                },
                separator=os.sep,
            )
            try:
                project = Project.from_json_dict(relocate_project(content, moves), entry.folder)
                for file in sorted((hidden / _RUNS).glob("*/*")):
                    _relocate_run_file(file, moves)
                for file in (hidden / _EXPERIMENTS).glob(f"*/{EXPERIMENT_FILE}"):
                    write_bytes_atomically(file, relocate_experiment(file, moves))
            except (ValueError, OverflowError) as error:
                raise _damaged(archive, error) from error
            write_project(Entry(hidden).own_project_file, replace(project, name=name))
    return entry


class _Contents:
    """The files of an archive to be.

    Args:
        project: The project with its images.
        entry: The project's folder, with its runs.
    """

    def __init__(self, project: Project, entry: Entry) -> None:
        self._files: dict[str, Path] = {}
        self._texts: dict[str, bytes] = {}
        self._taken: set[str] = set()
        self.moves = Moves(folders={str(cache_dir().absolute()): _CACHE})
        self._sources = [
            self._add_source(source, number) for number, source in enumerate(project.sources, 1)
        ]
        for run in entry.runs():
            self._add_run(run)
        for file in sorted(entry.experiments_dir.glob(f"*/{EXPERIMENT_FILE}")):
            self._add_experiment(file)

    def write(
        self, archive: zipfile.ZipFile, project: Project, on_progress: OnProgress | None
    ) -> None:
        """Write everything, the project first.

        Raises:
            OSError: If the archive can't be written.
            StorageError: If a file can't be read.
        """
        sources = project.to_json_dict(Path("/"))
        moved = relocate_project(sources, self.moves) | {"sources": self._sources}
        archive.writestr(_PROJECT_FILE, json.dumps(moved, indent=2))
        for name, text in self._texts.items():
            archive.writestr(name, text)
        for done, (name, path) in enumerate(self._files.items(), 1):
            method = zipfile.ZIP_STORED if path.suffix.lower() in _PACKED else None
            try:
                source = path.open("rb")
            except FileNotFoundError:
                continue  # it was there a moment ago; the opened project tells
            except OSError as error:
                raise StorageError(storage_message("read", path, error)) from error
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED if method is None else method
            info.external_attr = 0o644 << 16
            with source, archive.open(info, "w", force_zip64=True) as member:
                shutil.copyfileobj(source, member, 1 << 20)
            if on_progress:
                on_progress(done, len(self._files))

    def _add_source(self, source: ImageSource, number: int) -> dict[str, str | None]:
        """Add the files of a source, and return the source as the project in the archive has it."""
        path = source.path.absolute()
        place = f"{_IMAGES}/{number} {safe_name(path.name)}"
        if path.suffix.lower() in LIST_SUFFIXES and path.is_file():
            self._add_list(path, place)
            return {"path": f"{_ROOT}/{place}/list.csv", "label": source.label}
        if path.is_dir():
            self._add_folder(path, place)
        elif path.is_file():
            self._add(path, place, (path.name,))
        return {"path": self.moves(str(path)), "label": source.label}

    def _add_folder(self, folder: Path, place: str) -> None:
        self.moves.folders[str(folder)] = f"{_ROOT}/{place}"
        for tree in FolderReader().read(folder).walk():
            here = Path(tree.path)
            parts = here.relative_to(folder).parts
            for name in (*tree.image_names, *_lists_in(here)):
                self._add(here / name, place, (*parts, name))

    def _add_list(self, file: Path, place: str) -> None:
        """Add a list's images, and a list of them where they are then."""
        rows = []
        for image in read_csv_list(file).images:
            inside = image.path.is_relative_to(file.parent)
            parts = image.path.relative_to(file.parent).parts if inside else (image.path.name,)
            name = self._add(image.path, place, parts)
            rows.append((name.removeprefix(f"{place}/"), image.label, image.split or ""))
        text = io.StringIO()
        csv.writer(text).writerows([("path", "label", "split"), *rows])
        self._texts[f"{place}/list.csv"] = text.getvalue().encode()

    def _add_run(self, run: Path) -> None:
        place = f"{_RUNS}/{self._free(safe_name(run.name))}"
        self.moves.folders[str(run.absolute())] = f"{_ROOT}/{place}"
        for path in sorted(run.rglob("*")):
            if not path.is_file() or path.is_symlink() or path.suffix == _LOCK_SUFFIX:
                continue
            name = f"{place}/{path.relative_to(run).as_posix()}"
            try:
                text = relocate_run_file(path, self.moves) if path.parent == run else None
            except (OSError, ValueError) as error:
                # With it the archive would be refused.
                logger.warning("Left a damaged file of a run out: %s: %s", path, error)
                continue
            if text is None:
                self._files[name] = path
            else:
                self._texts[name] = text

    def _add_experiment(self, file: Path) -> None:
        try:
            text = relocate_experiment(file, self.moves)
        except (OSError, ValueError) as error:
            logger.warning("Left out of the project's file: %s: %s", file, error)
            return
        place = self._free(f"{_EXPERIMENTS}/{safe_name(file.parent.name)}")
        self._texts[f"{place}/{EXPERIMENT_FILE}"] = text

    def _add(self, path: Path, place: str, parts: Iterable[str]) -> str:
        """Add a file by a name that every system takes, and return that name."""
        known = self.moves.files.get(str(path))
        if known is not None:
            return known.removeprefix(f"{_ROOT}/")
        name = self._free("/".join((place, *map(safe_name, parts))))
        self._files[name] = path
        self.moves.files[str(path)] = f"{_ROOT}/{name}"
        return name

    def _free(self, name: str) -> str:
        path, number = Path(name), 2
        while name.casefold() in self._taken:
            name = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
            number += 1
        self._taken.add(name.casefold())
        return name


def _lists_in(folder: Path) -> list[str]:
    """Name the lists in a folder, which may tell the classes of its images."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in LIST_SUFFIXES and not is_hidden(path.name)
    )


def _belongs_to_project(parts: tuple[str, ...]) -> bool:
    """Whether a file of an archive is one that `export_project` writes."""
    if parts == (_PROJECT_FILE,):
        return True
    if parts[0] == _EXPERIMENTS:
        return len(parts) == 3 and parts[-1] == EXPERIMENT_FILE
    return len(parts) > 1 and parts[0] in (_IMAGES, _RUNS) and not parts[-1].startswith(".")


def _project_content(archive: Path, folder: Path) -> dict[str, Any]:
    try:
        content = parse_json(read_bounded(folder / _PROJECT_FILE, _MOST_BYTES))
    except FileNotFoundError as error:
        raise ProjectError(
            Text("%1 holds no project. Add its pictures to a project instead.", str(archive))
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(archive, error) from error
    if not isinstance(content, dict):
        raise _damaged(archive, ValueError("no object"))
    return content


def _relocate_run_file(file: Path, moves: Moves) -> None:
    if file.is_file() and (text := relocate_run_file(file, moves)) is not None:
        write_bytes_atomically(file, text)


def _damaged(archive: Path, error: Exception) -> ProjectError:
    return ProjectError(
        Text(
            "%1 is damaged or holds no project of Fieldguide's: %2. Nothing of it was kept.",
            str(archive),
            str(error)[:_MOST_REASON],
        )
    )


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(storage_message("make", folder, error)) from error
    return folder

"""Find and make projects of the library."""

import re
import shutil
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path

from core.batch.folder_names import safe_name
from core.data.archives.extraction import archive_stem, is_archive
from core.data.dataset import ImageSource
from core.errors import FieldguideError, ProjectError, RunError, StorageError
from core.library.entry import Entry
from core.project.project import MOST_NAME_CHARACTERS, Project
from core.project.project_file import read_project, write_project
from core.runs.run_folder import CONFIG_FILE, RunFolder
from core.storage.app_dirs import projects_dir, runs_dir
from core.storage.storage_message import storage_message
from core.text import Text

IMPORT_PREFIX = ".import-"
"""Begins the names of folders into which archives of projects are unpacked."""
_HIDDEN = ".new"  # becomes an entry when it is complete
_ABANDONED_S = 2 * 24 * 3600.0
_MOST_SLUG_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class LibraryProject:
    """A project of the library, as the list of projects shows it.

    Attributes:
        name: For users.
        modified: When its file was last written; None if that can't be read.
        sources: Folders, archives and lists of images.
        num_runs: Its runs, those elsewhere included.
        problem: Why it can't be opened; "" if it can.
    """

    entry: Entry
    name: str
    modified: datetime | None = None
    sources: tuple[ImageSource, ...] = ()
    num_runs: int = 0
    problem: str = ""


def entries() -> list[Entry]:
    """List the library's projects, in the order of their folders' names."""
    try:
        folders = sorted(projects_dir().iterdir())
    except OSError:
        return []
    found = [Entry(folder) for folder in folders if not folder.name.startswith(".")]
    return [entry for entry in found if _is_entry(entry)]


def has_projects() -> bool:
    """Return whether the library has any project."""
    return bool(entries())


def describe(entry: Entry) -> LibraryProject:
    """Read what the list of projects shows; a damaged project is one with a problem."""
    file = entry.project_file
    num_runs = len(entry.runs())
    try:
        modified = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
    except (OSError, OverflowError, ValueError):
        modified = None
    try:
        project = read_project(file)
    except ProjectError as error:
        name = _file_name(entry)
        return LibraryProject(entry, name, modified, num_runs=num_runs, problem=_message(error))
    name = project.name or _file_name(entry)
    return LibraryProject(entry, name, modified, project.sources, num_runs)


def create_entry(project: Project) -> Entry:
    """Make a project of the library, whole or not at all.

    Args:
        project: One without a name gets one from its images; a name that is taken, a number.

    Raises:
        StorageError: If it can't be written.
    """
    name = free_name(project.name or name_of_images(project.sources))
    with new_entry(name) as (hidden, entry):
        write_project(Entry(hidden).own_project_file, replace(project, name=name))
    return entry


@contextmanager
def new_entry(name: str) -> Iterator[tuple[Path, Entry]]:
    """Make an entry, whole or not at all.

    Args:
        name: The project's, of which its folder's is made.

    Yields:
        A hidden folder to make and fill, and the entry that it becomes without an error.

    Raises:
        StorageError: If there is no place for it.
    """
    # Imported here: it takes 40 ms, and most starts make no project.
    from filelock import FileLock

    library = projects_dir()
    try:
        library.mkdir(parents=True, exist_ok=True)
        with FileLock(library / ".lock"):
            _sweep(library)
            hidden, entry = library / _HIDDEN, Entry(_free_folder(name))
            try:
                yield hidden, entry
                hidden.rename(entry.folder)
            finally:
                shutil.rmtree(hidden, ignore_errors=True)
    except OSError as error:
        raise StorageError(storage_message("write to", library, error)) from error


def _sweep(library: Path) -> None:
    """Remove what programs that were killed left, which is nothing anybody has seen."""
    shutil.rmtree(library / _HIDDEN, ignore_errors=True)
    for folder in library.glob(f"{IMPORT_PREFIX}*"):
        # Another program may be unpacking, but not for days.
        if time.time() - folder.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _free_folder(name: str) -> Path:
    slug = _slug(name)
    folders = (
        projects_dir() / (slug if number == 1 else f"{slug}-{number}") for number in count(1)
    )
    return next(folder for folder in folders if not folder.exists())


def entry_of_file(file: Path) -> Entry:
    """Return the entry of a project file, which is made for one that the user keeps.

    Raises:
        ProjectError: If there is no such file.
        StorageError: If the entry can't be made.
    """
    file = file.absolute()
    for entry in entries():
        if entry.project_file == file:
            return entry
    project = read_project(file)
    with new_entry(project.name or file.stem) as (hidden, made):
        Entry(hidden).refer_to_project(file)
    return made


def entry_of_images(sources: Sequence[ImageSource]) -> Entry | None:
    """Return the project of exactly these images, the one used last of several."""
    wanted = _absolute(sources)
    found = []
    for entry in entries():
        try:
            project = read_project(entry.project_file)
        except ProjectError:
            continue
        if _absolute(project.sources) == wanted:
            found.append(entry)
    return max(found, key=_modified, default=None)


def entry_for_images(project: Project) -> Entry:
    """Return the project of these images; it is made if there is none.

    Raises:
        StorageError: If it can't be made.
    """
    sources = tuple(ImageSource(source.path.absolute(), source.label) for source in project.sources)
    return entry_of_images(sources) or create_entry(replace(project, sources=sources))


def rename_project(entry: Entry, name: str) -> None:
    """Give a project another name; its files stay where they are.

    Raises:
        ProjectError: If its file can't be read.
        StorageError: If its file can't be written.
        ValueError: If `name` is blank.
    """
    file = entry.project_file
    write_project(file, replace(read_project(file), name=valid_name(name)))


def valid_name(name: str) -> str:
    """Return a project's name without space around it, and not too long.

    Raises:
        ValueError: If it is blank.
    """
    name = " ".join(name.split())[:MOST_NAME_CHARACTERS]
    if not name:
        raise ValueError(f"A project's name must not be blank. Received: {name!r}")
    return name


def free_name(name: str) -> str:
    """Return a name, with a number if a project of the library has it."""
    taken = {_name(entry).casefold() for entry in entries()}
    if name.casefold() not in taken:
        return name
    return next(
        numbered
        for numbered in (f"{name} {number}" for number in count(2))
        if numbered.casefold() not in taken
    )


def name_of_images(sources: Iterable[ImageSource]) -> str:
    """Make a name of the folders that images come from."""
    sources = tuple(sources)
    if not sources:
        return Text("Untitled project")
    if len(sources) == 1:
        path = sources[0].path
        stem = archive_stem(path) if is_archive(path) else path.stem if path.suffix else path.name
        return (stem or str(path))[:MOST_NAME_CHARACTERS]
    parents = {source.path.absolute().parent for source in sources}
    if len(parents) == 1 and (name := parents.pop().name):
        return name[:MOST_NAME_CHARACTERS]
    labels = list(dict.fromkeys(source.label or source.path.name for source in sources))
    return ", ".join(labels[:3])[:MOST_NAME_CHARACTERS]


def take_over_runs() -> int:
    """Give each run of no project to the project of its images, which is made if needed.

    They are those of earlier versions. Their folders stay where they are.

    Returns:
        How many there were.

    Raises:
        StorageError: If the library can't be written.
    """
    known = {run for entry in entries() for run in entry.runs_elsewhere()}
    orphans = [
        path.parent.absolute()
        for path in sorted(runs_dir().glob(f"*/{CONFIG_FILE}"))
        if path.parent.absolute() not in known
    ]
    for run_dir in orphans:
        entry = _entry_of_run(run_dir)
        if entry is not None:
            entry.refer_to_runs([run_dir])
    return len(orphans)


def _entry_of_run(run_dir: Path) -> Entry | None:
    """Return the project of a run's images; None if its settings can't be read."""
    try:
        folder = RunFolder.open(run_dir)
        config, sources = folder.read_config()
        project = Project(
            sources=sources, edits=folder.read_edits(), config=config, last_run=run_dir
        )
    except RunError:
        return None
    for entry in entries():
        try:
            if read_project(entry.project_file).last_run == run_dir:
                return entry
        except ProjectError:
            continue
    return entry_for_images(project)


def _is_entry(entry: Entry) -> bool:
    # An entry whose project file is on a drive that isn't there stays.
    return entry.own_project_file.is_file() or entry.project_file != entry.own_project_file


def _name(entry: Entry) -> str:
    try:
        return read_project(entry.project_file).name or _file_name(entry)
    except ProjectError:
        return _file_name(entry)


def _file_name(entry: Entry) -> str:
    file = entry.project_file
    return entry.folder.name if file == entry.own_project_file else file.stem


def _absolute(sources: Iterable[ImageSource]) -> set[tuple[Path, str | None]]:
    return {(source.path.absolute(), source.label) for source in sources}


def _modified(entry: Entry) -> float:
    try:
        return entry.project_file.stat().st_mtime
    except OSError:
        return 0.0


def _message(error: FieldguideError) -> str:
    return error.args[0] if error.args else str(error)


def _slug(name: str) -> str:
    """Make a folder's name that every system and TensorFlow can take."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()
    return safe_name(slug[:_MOST_SLUG_CHARACTERS].strip("-") or "project")

"""Make another project of one."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.errors import StorageError
from core.library.entry import Entry
from core.library.library import IMPORT_PREFIX, describe, free_name, new_entry
from core.library.relocation import Moves, relocate_project
from core.project.project import Project
from core.project.project_file import read_project, write_project
from core.storage.app_dirs import projects_dir
from core.storage.folder_copy import copy_folder
from core.storage.storage_message import storage_message


def duplicate_project(entry: Entry, on_copied: Callable[[], object] | None = None) -> Entry:
    """Make another project with the same images, edits and settings, and without runs.

    Images in the project's own folder, as those of the camera, are copied: each of the two
    projects can be deleted without the other.

    Args:
        on_copied: Called after each image; what it raises ends the work.

    Raises:
        ProjectError: If its file can't be read.
        StorageError: If the copy can't be written.
    """
    project = replace(read_project(entry.project_file), last_run=None, starred_run=None)
    name_before = describe(entry).name
    folders = _own_image_folders(entry, project)
    with tempfile.TemporaryDirectory(prefix=IMPORT_PREFIX, dir=_made(projects_dir())) as parent:
        # Before the entry is made, which keeps others from making one.
        copied = Path(parent, "project")
        copied.mkdir()
        for folder in folders:
            try:
                copy_folder(folder, copied / folder.name, on_copied)
            except OSError as error:
                raise StorageError(storage_message("write into", projects_dir(), error)) from error
        name = free_name(f"{name_before} copy")
        with new_entry(name) as (hidden, made):
            copied.rename(hidden)
            moves = Moves(
                folders={
                    str(folder.absolute()): str((made.folder / folder.name).absolute())
                    for folder in folders
                },
                separator=os.sep,
            )
            content = relocate_project(project.to_json_dict(made.folder), moves)
            moved = Project.from_json_dict(content, made.folder)
            write_project(Entry(hidden).own_project_file, replace(moved, name=name))
    return made


def _own_image_folders(entry: Entry, project: Project) -> list[Path]:
    """Return the folders in a project's folder that hold some of its images."""
    home = entry.folder.absolute()
    folders = set()
    for source in project.sources:
        path = Path(os.path.normpath(source.path.absolute()))
        if path != home and path.is_relative_to(home):
            folders.add(home / path.relative_to(home).parts[0])
    others = {entry.runs_dir.absolute(), entry.experiments_dir.absolute()}
    return sorted(folder for folder in folders - others if folder.is_dir())


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(storage_message("make", folder, error)) from error
    return folder

"""Read and write project files, which may come from anywhere."""

from pathlib import Path

from core.errors import ProjectError
from core.project.project import NewerSchemaError, Project
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, parse_json
from core.text import Text

PROJECT_SUFFIX = ".fieldguide"
_MAX_REASON = 300  # it may repeat parts of the file
_MAX_BYTES = 256 * MIB  # some two million edited images


def is_project_file(path: Path) -> bool:
    """Tell whether a path has the suffix of a project file and is no folder."""
    return path.suffix.lower() == PROJECT_SUFFIX and not path.is_dir()


def read_project(path: Path) -> Project:
    """Read a project file.

    Missing images and runs are no error here: the scan reports them.

    Raises:
        ProjectError: If the file is missing, damaged or of a later version.
    """
    try:
        return Project.from_json_dict(parse_json(_content(path)), path.absolute().parent)
    except NewerSchemaError as error:
        message = Text(
            "%1 was made by a later version of Fieldguide: %2. Update Fieldguide to open it.",
            str(path),
            str(error),
        )
        raise ProjectError(message) from error
    except (ValueError, OverflowError) as error:
        message = Text(
            "%1 is damaged or no project of Fieldguide's: %2", str(path), str(error)[:_MAX_REASON]
        )
        raise ProjectError(message) from error


def write_project(path: Path, project: Project) -> None:
    """Write a project file, whole or not at all.

    Raises:
        StorageError: If it can't be written; the old file stays.
    """
    write_json_atomically(path, project.to_json_dict(path.absolute().parent))


def _content(path: Path) -> bytes:
    if not path.is_file():  # opening a pipe would wait for a writer
        if path.exists():
            raise ProjectError(Text("%1 is no file.", str(path)))
        raise ProjectError(Text("%1 is not there. Check the spelling.", str(path)))
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ProjectError(Text("%1 can't be read: %2.", str(path), reason)) from error
    if len(content) > _MAX_BYTES:
        raise ProjectError(Text("%1 is too large to be a project of Fieldguide's.", str(path)))
    return content

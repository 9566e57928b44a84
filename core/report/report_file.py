"""The file that a report is written to."""

import os
from enum import StrEnum
from pathlib import Path

from core.errors import StorageError
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text


class ReportForm(StrEnum):
    """The form of a report, told by the suffix of its file."""

    HTML = "html"
    PDF = "pdf"


_FORMS = {".html": ReportForm.HTML, ".htm": ReportForm.HTML, ".pdf": ReportForm.PDF}


def report_form(path: Path) -> ReportForm | None:
    """Return the form that a file's name asks for; None for another suffix."""
    return _FORMS.get(path.suffix.lower())


def require_free(path: Path, *, force: bool) -> None:
    """Refuse to write over a file unless that was asked for.

    Raises:
        StorageError: If something is there.
    """
    if path.is_dir():
        raise StorageError(Text("%1 is a folder. Choose a file name for the report.", str(path)))
    if not force and os.path.lexists(path):
        raise StorageError(
            Text(
                "%1 exists already and is not overwritten. Choose another name, or use --force.",
                str(path),
            )
        )


def write_report_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write a whole report, or nothing.

    Raises:
        StorageError: If something is there, or it can't be written.
    """
    # Once more: something may have come there while the report was made.
    require_free(path, force=force)
    write_bytes_atomically(path.absolute(), content)

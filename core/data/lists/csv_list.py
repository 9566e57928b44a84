"""Lists of images in CSV and TSV files: path, label and, if wanted, split."""

import csv
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from core.csv_cells import text_of_cell
from core.data.class_names import class_name
from core.data.dataset import Finding, FindingKind, Split
from core.data.files.image_files import absolute_path
from core.data.folders.folder_words import SPLIT_NAMES
from core.data.lists.list_columns import ListColumns, list_columns, one_class_of
from core.data.lists.listed_files import ListedFiles, as_windows_text
from core.errors import DatasetError
from core.text import Text

LIST_SUFFIXES = frozenset({".csv", ".tsv"})

_MOST_BYTES = 512 << 20
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ListedImage:
    """A row of a list; the file is known to be there.

    Attributes:
        path: Absolute.
        label: Class name, not empty.
        split: `None` when the list says nothing.
    """

    path: Path
    label: str
    split: Split | None


@dataclass(frozen=True, slots=True)
class ImageList:
    """A list as it was read.

    Attributes:
        images: In the list's order.
        findings: Rows that can't be used.
        guessed_label: The name of the column of classes if its cells tell it alone, else "".
    """

    images: Sequence[ListedImage]
    findings: Sequence[Finding]
    guessed_label: str = ""


def read_csv_list(path: Path) -> ImageList:
    """Read a list of images.

    `list_columns` says how its columns are told. Columns are set apart by tabs in a `.tsv`, by
    commas or semicolons in a `.csv`. Relative paths start at the list's folder;
    a list may name any image on this computer, which is only read; `ListedFiles` says what a
    path means that leads nowhere. Text that is no UTF-8 is read as Windows-1252. An apostrophe
    before a sign that begins a formula, as in Fieldguide's own tables, is not part of the text.

    Raises:
        DatasetError: If the file can't be read or its columns are not recognized.
    """
    try:
        _require_readable(path)
        with path.open(encoding=_encoding(path), errors="surrogateescape", newline="") as file:
            return _read_rows(path, file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(Text("Can't read the list %1: %2.", str(path), reason)) from error
    except (csv.Error, UnicodeError) as error:
        message = Text(
            "%1 is no readable CSV list (%2). Save it as CSV with UTF-8 encoding.",
            str(path),
            str(error),
        )
        raise DatasetError(message) from error


def _require_readable(path: Path) -> None:
    """Refuse pipes and devices, and files that are too large for memory."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for a writer
        raise DatasetError(Text("The list %1 is no file.", str(path)))
    if status.st_size > _MOST_BYTES:
        raise DatasetError(
            Text(
                "The list %1 is larger than %2 MiB. Split it into several.",
                str(path),
                _MOST_BYTES >> 20,
            )
        )


def _read_rows(path: Path, file: TextIO) -> ImageList:
    images: list[ListedImage] = []
    findings: list[Finding] = []
    files = ListedFiles(absolute_path(path).parent)
    rows = list(_filled_rows(file, path))
    columns = list_columns(path, [row for _, row in rows], files)
    if columns.has_header:
        del rows[0]
    for number, row in rows:
        try:
            images.append(_listed_image(files, row, columns, str(number)))
        except DatasetError as error:
            findings.append(Finding(path, FindingKind.BAD_ROW, str(error)))
        except FileNotFoundError as error:
            detail = Text(
                "Line %1 of %2 names this file, but it is not there.", str(number), path.name
            )
            findings.append(Finding(Path(str(error)), FindingKind.MISSING, detail))
    return ImageList(images, findings, columns.guessed_label)


def _filled_rows(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, delimiter=_delimiter(file, path))
    for row in reader:
        cells = [text_of_cell(cell.strip()) for cell in row]
        if any(cells):
            yield reader.line_num, cells


def _listed_image(
    files: ListedFiles, row: Sequence[str], columns: ListColumns, line: str
) -> ListedImage:
    def cell(place: int | None) -> str:
        return row[place] if place is not None and place < len(row) else ""

    if not cell(columns.path):
        raise DatasetError(Text("Line %1 has no path: %2", line, ", ".join(row)))
    label = one_class_of(columns.one_hot, row) if columns.one_hot else cell(columns.label)
    if not label:
        told = ", ".join(row)
        if columns.one_hot:
            raise DatasetError(Text("Line %1 does not name exactly one class: %2", line, told))
        raise DatasetError(Text("Line %1 has no label: %2", line, told))
    split_text = cell(columns.split)
    split = SPLIT_NAMES.get(split_text.lower())
    if split_text and split is None:
        raise DatasetError(
            Text(
                "Line %1 names the split %2; use train, validation or test.",
                line,
                repr(split_text),
            )
        )
    return ListedImage(files.find(cell(columns.path)), class_name(as_windows_text(label)), split)


def _delimiter(file: TextIO, path: Path) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    first = file.readline()
    file.seek(0)
    counts = {mark: first.count(mark) for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in _UTF16_MARKS else "utf-8-sig"

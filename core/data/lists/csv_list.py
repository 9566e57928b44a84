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
from core.data.files.image_files import absolute_path, has_image_suffix
from core.data.folders.folder_words import SPLIT_NAMES
from core.data.lists.listed_files import ListedFiles, as_windows_text
from core.errors import DatasetError
from core.text import Text

LIST_SUFFIXES = frozenset({".csv", ".tsv"})

_PATH_NAMES = frozenset(
    [
        "path",
        "file",
        "filename",
        "filenames",
        "file_name",
        "filepath",
        "filepaths",
        "file_path",
        "image",
        "image_path",
        "image_name",
        "image_id",
        "imageid",
        "img",
        "img_name",
        "img_id",
    ]
)
_LABEL_NAMES = frozenset(
    [
        "label",
        "labels",
        "class",
        "class_name",
        "classname",
        "category",
        "target",
        "breed",
        "diagnosis",
    ]
)
# Taken for a path only if nothing else is: other lists number their rows so.
_ID_NAMES = frozenset({"id"})
_SPLIT_COLUMN_NAMES = frozenset({"split", "set", "subset"})
_SAMPLED_ROWS = 50  # a picture may show several classes, or none
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
class _Columns:
    path: int
    label: int
    split: int | None
    one_hot: tuple[tuple[int, str], ...] = ()
    """Columns of 0 and 1 in place of the label's, with the classes that they are named after."""


def read_csv_list(path: Path) -> tuple[list[ListedImage], list[Finding]]:
    """Read a list of images.

    The first row may name the columns (path/file/filename/image, label/class, split/set, in
    any order); without it they are path, label, split, or split, path, label. In place of a label
    there may be a column of 0 and 1 for each class. Columns are set apart by tabs in a `.tsv`, by
    commas or semicolons in a `.csv`. Relative paths start at the list's folder;
    a list may name any image on this computer, which is only read; `ListedFiles` says what a
    path means that leads nowhere. Text that is no UTF-8 is read as Windows-1252. An apostrophe
    before a sign that begins a formula, as in Fieldguide's own tables, is not part of the text.

    Returns:
        The images in the list's order, and findings for rows that can't be used.

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


def _read_rows(path: Path, file: TextIO) -> tuple[list[ListedImage], list[Finding]]:
    images: list[ListedImage] = []
    findings: list[Finding] = []
    files = ListedFiles(absolute_path(path).parent)
    rows = list(_filled_rows(file, path))
    columns = _columns_by_name(path, [row for _, row in rows[:_SAMPLED_ROWS]])
    if columns is not None:
        del rows[0]
    elif rows and len(rows[0][1]) > 2 and rows[0][1][0].lower() in SPLIT_NAMES:
        columns = _Columns(path=1, label=2, split=0)
    else:
        columns = _Columns(path=0, label=1, split=2)
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
    return images, findings


def _filled_rows(file: TextIO, path: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(file, delimiter=_delimiter(file, path))
    for row in reader:
        cells = [text_of_cell(cell.strip()) for cell in row]
        if any(cells):
            yield reader.line_num, cells


def _columns_by_name(path: Path, rows: Sequence[Sequence[str]]) -> _Columns | None:
    """The columns' places if the first of the first rows is a header."""
    if not rows:
        return None
    row = rows[0]
    if any(has_image_suffix(cell) for cell in row):
        return None  # a picture, whose class may be called "target"
    names = [cell.lower() for cell in row]
    image = _place(names, _PATH_NAMES)
    label = _place(names, _LABEL_NAMES)
    if image is None and label is not None:
        image = _place(names, _ID_NAMES)
    if image is None and label is None:
        return None
    split = _place(names, _SPLIT_COLUMN_NAMES)
    if image is not None and label is None:
        others = [(place, row[place]) for place in range(len(row)) if place not in (image, split)]
        if len(others) > 1 and any(_one_of(others, row) for row in rows[1:]):
            return _Columns(image, image, split, tuple(others))
    if image is None or label is None:
        found = ", ".join(row)
        if label is None:
            text = Text(
                "%1 has no column named label or class. Its columns are: %2.", str(path), found
            )
        else:
            text = Text(
                "%1 has no column named path, file, filename or image. Its columns are: %2.",
                str(path),
                found,
            )
        raise DatasetError(text)
    return _Columns(image, label, split)


def _one_of(classes: Sequence[tuple[int, str]], row: Sequence[str]) -> str:
    """The class whose cell is 1 where all others are 0; "" if the row isn't so."""
    cells = {name: row[place] if place < len(row) else "" for place, name in classes}
    ones = [name for name, cell in cells.items() if cell in ("1", "1.0")]
    zeros = [name for name, cell in cells.items() if cell in ("0", "0.0")]
    return ones[0] if len(ones) == 1 and len(zeros) == len(cells) - 1 else ""


def _place(names: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((place for place, name in enumerate(names) if name in wanted), None)


def _listed_image(
    files: ListedFiles, row: Sequence[str], columns: _Columns, line: str
) -> ListedImage:
    def cell(place: int | None) -> str:
        return row[place] if place is not None and place < len(row) else ""

    if not cell(columns.path):
        raise DatasetError(Text("Line %1 has no path: %2", line, ", ".join(row)))
    label = _one_of(columns.one_hot, row) if columns.one_hot else cell(columns.label)
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

"""Tell the columns of a list of images: by the names in its first row, or by the cells below."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.files.image_files import has_image_suffix
from core.data.folders.folder_words import SPLIT_NAMES
from core.data.lists.listed_files import ListedFiles
from core.errors import DatasetError
from core.text import Text

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
# Numbers, dates and times; they repeat too, and are seldom classes.
_NUMBER_OR_DATE = re.compile(r"[+\-.]?\d[\d\s.,:/+\-]*([TZe%][\d.:+\-Z]*)?", re.IGNORECASE)

_Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The places of a list's columns.

    Attributes:
        path: Place of the column of paths.
        label: Place of the column of classes.
        split: Place of the column of splits, if there is one.
        one_hot: Columns of 0 and 1 in place of the label's, with the classes that they are named
            after.
        has_header: Whether the first row names them.
        guessed_label: The name of the column of classes if its cells tell it alone, else "".
    """

    path: int
    label: int
    split: int | None = None
    one_hot: tuple[tuple[int, str], ...] = ()
    has_header: bool = True
    guessed_label: str = ""


def list_columns(path: Path, rows: _Rows, files: ListedFiles) -> ListColumns:
    """Tell the columns of a list.

    The first row may name them (path/file/filename/image, label/class, split/set, in any order). In
    place of a label there may be a column of 0 and 1 for each class. What the names don't tell the
    cells do: paths lead to files, and classes are the only texts that repeat. A first row of other
    names is one too if it leads to no file where the next rows do. Without such a row the columns
    are path, label, split, or split, path, label.

    Raises:
        DatasetError: If a first row names columns, but not all that are needed.
    """
    if rows and not any(map(has_image_suffix, rows[0])):  # a picture's class may be "target"
        columns = _by_header(path, rows, files)
        if columns is not None:
            return columns
    if rows and len(rows[0]) > 2 and rows[0][0].lower() in SPLIT_NAMES:
        return ListColumns(path=1, label=2, split=0, has_header=False)
    return ListColumns(path=0, label=1, split=2, has_header=False)


def one_class_of(classes: Sequence[tuple[int, str]], row: Sequence[str]) -> str:
    """Return the class whose cell is 1 where all others are 0; "" if the row isn't so."""
    cells = {name: row[place] if place < len(row) else "" for place, name in classes}
    ones = [name for name, cell in cells.items() if cell in ("1", "1.0")]
    zeros = [name for name, cell in cells.items() if cell in ("0", "0.0")]
    return ones[0] if len(ones) == 1 and len(zeros) == len(cells) - 1 else ""


def _by_header(path: Path, rows: _Rows, files: ListedFiles) -> ListColumns | None:
    """The columns if the first row names them."""
    header, below = rows[0], rows[1:]
    names = [cell.lower() for cell in header]
    image, label = _place(names, _PATH_NAMES), _place(names, _LABEL_NAMES)
    split = _place(names, _SPLIT_COLUMN_NAMES)
    if image is None and label is not None:
        image = _place(names, _ID_NAMES)
    is_named = image is not None or label is not None
    if image is None:
        image = _column_of_files(below, files, label)
        if image is None or not (is_named or _is_header(rows, files)):
            if not is_named:
                return None
            raise DatasetError(_no_paths(path, header))
    if label is not None:
        return ListColumns(image, label, split)
    if split is None:
        split = _column_of_splits(rows, image)
    others = [place for place in range(len(header)) if place not in (image, split)]
    one_hot = tuple((place, header[place]) for place in others)
    if len(others) > 1 and any(one_class_of(one_hot, row) for row in below[:_SAMPLED_ROWS]):
        return ListColumns(image, image, split, one_hot)
    found = [place for place in others if _repeats(_cells(below, place))]
    if len(found) == 1:
        return ListColumns(image, found[0], split, guessed_label=header[found[0]])
    if len(header) == 2 and image == 0 and not is_named:
        return ListColumns(image, 1)  # as without a first row
    raise DatasetError(_no_labels(path, header, found))


def _place(names: Sequence[str], wanted: frozenset[str]) -> int | None:
    return next((place for place, name in enumerate(names) if name in wanted), None)


def _cells(rows: _Rows, place: int) -> list[str]:
    """A column's cells that are not empty."""
    return [row[place] for row in rows if place < len(row) and row[place]]


def _column_of_files(rows: _Rows, files: ListedFiles, label: int | None) -> int | None:
    """The column with the most paths that lead to files, those named like images before others."""
    rows = rows[:_SAMPLED_ROWS]
    counted = []
    for place in range(max(map(len, rows), default=0)):
        leading = [cell for cell in _cells(rows, place) if _leads_to_a_file(cell, files)]
        if leading and place != label:
            counted.append((sum(map(has_image_suffix, leading)), len(leading), -place))
    return -max(counted)[-1] if counted else None


def _leads_to_a_file(cell: str, files: ListedFiles) -> bool:
    try:
        files.find(cell)
    except FileNotFoundError:
        return False
    return True


def _is_header(rows: _Rows, files: ListedFiles) -> bool:
    """Whether a first row of unknown words is neither a picture nor like the rows below it."""
    below = rows[1:]
    return not any(
        _leads_to_a_file(cell, files) or cell in _cells(below, place)
        for place, cell in enumerate(rows[0])
        if cell
    )


def _column_of_splits(rows: _Rows, image: int) -> int | None:
    for place in range(len(rows[0])):
        cells = _cells(rows[1:], place)
        if place != image and cells and all(cell.lower() in SPLIT_NAMES for cell in cells):
            return place
    return None


def _repeats(cells: Sequence[str]) -> bool:
    """Whether cells are texts of at least two values, of which most are there more than once."""
    counts = Counter(cells)
    if len(counts) < 2 or all(map(_NUMBER_OR_DATE.fullmatch, counts)):
        return False
    repeated = sum(count for count in counts.values() if count > 1)
    return 2 * repeated >= len(cells)


def _no_paths(path: Path, header: Sequence[str]) -> Text:
    return Text(
        "%1 has no column named path, file, filename or image. Its columns are: %2.",
        str(path),
        ", ".join(header),
    )


def _no_labels(path: Path, header: Sequence[str], found: Sequence[int]) -> Text:
    if found:
        return Text(
            "%1 has no column named label or class, and several may be it: %2. Name the right one "
            "label in its first line.",
            str(path),
            ", ".join(header[place] for place in found),
        )
    return Text(
        "%1 has no column named label or class. Its columns are: %2.",
        str(path),
        ", ".join(header),
    )

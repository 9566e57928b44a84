"""The table of classified pictures as CSV: the same from the command line and the window."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from core.atomic_file import write_bytes_atomically
from core.models.classes_named import NUM_CLASSES_NAMED
from core.models.named_picture import NamedPicture

CSV_ENCODING = "utf-8-sig"
"""With a byte-order mark, without which Excel takes UTF-8 for something else."""

CSV_TOP = NUM_CLASSES_NAMED
"""Classes a row, unless asked otherwise."""


def write_csv_rows(file: TextIO, pictures: Iterable[NamedPicture], top: int) -> int:
    """Write the head and a row for each picture.

    Args:
        top: Classes a row; not above the number of classes.

    Returns:
        How many pictures could not be used.
    """
    writer = csv.writer(file)
    ranks = range(1, top + 1)
    heads = [head for rank in ranks for head in (f"label_{rank}", f"probability_{rank}")]
    writer.writerow(["path", *heads, "error"])
    num_failed = 0
    for picture in pictures:
        cells = [cell for label, share in picture.best[:top] for cell in (label, f"{share:.6f}")]
        cells += [""] * (len(heads) - len(cells))
        num_failed += not picture.best
        writer.writerow([str(picture.path), *cells, picture.error])
    return num_failed


def save_csv(path: Path, pictures: Iterable[NamedPicture], top: int) -> None:
    """Write the table to a file, whole or not at all.

    Raises:
        StorageError: If it can't be written; a file that was there stays.
    """
    text = io.StringIO(newline="")
    write_csv_rows(text, pictures, top)
    write_bytes_atomically(path, _encoded(text.getvalue()))


def _encoded(text: str) -> bytes:
    try:
        return text.encode(CSV_ENCODING, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(CSV_ENCODING, "backslashreplace")

"""Write classified pictures as a table, the same from command line and window."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from core.csv_cells import text_cell
from core.models.imagenet import NUM_CLASSES_NAMED
from core.models.named_picture import NamedPicture
from core.storage.atomic_file import write_bytes_atomically

CSV_ENCODING = "utf-8-sig"
"""With a byte-order mark, without which Excel doesn't recognize UTF-8."""

TABLE_TOP = NUM_CLASSES_NAMED
"""Classes a row, unless asked otherwise."""

_YES = "yes"


def write_csv_rows(
    file: TextIO, pictures: Iterable[NamedPicture], top: int, threshold: float
) -> int:
    """Write a header and a row for each picture; texts are safe in spreadsheets, see `text_cell`.

    Args:
        top: Classes a row; not above the number of classes.
        threshold: Probability below which a picture is unknown.

    Returns:
        Number of unusable pictures.
    """
    writer = csv.writer(file)
    ranks = range(1, top + 1)
    heads = [head for rank in ranks for head in (f"label_{rank}", f"probability_{rank}")]
    writer.writerow(["path", *heads, "error", "unknown"])
    num_failed = 0
    for picture in pictures:
        cells = [
            cell
            for label, share in picture.best[:top]
            for cell in (text_cell(label), f"{share:.6f}")
        ]
        cells += [""] * (len(heads) - len(cells))
        num_failed += not picture.best
        unknown = _YES if picture.is_unknown(threshold) else ""
        writer.writerow([text_cell(str(picture.path)), *cells, text_cell(picture.error), unknown])
    return num_failed


def picture_json(picture: NamedPicture, top: int, threshold: float) -> dict[str, Any]:
    """Return one picture as JSON values."""
    if not picture.best:
        return {"path": str(picture.path), "error": picture.error}
    label, probability = picture.best[0]
    return {
        "path": str(picture.path),
        "label": label,
        "probability": probability,
        "top": [list(entry) for entry in picture.best[:top]],
        "unknown": picture.is_unknown(threshold),
    }


def save_table(path: Path, pictures: Iterable[NamedPicture], top: int, threshold: float) -> None:
    """Write the table to a file, whole or not at all: JSON for the suffix `.json`, else CSV.

    Raises:
        StorageError: If it can't be written; an earlier file stays.
    """
    if path.suffix.lower() == ".json":
        rows = [picture_json(picture, top, threshold) for picture in pictures]
        write_bytes_atomically(path, (json.dumps(rows, indent=1) + "\n").encode("ascii"))
        return
    text = io.StringIO(newline="")
    write_csv_rows(text, pictures, top, threshold)
    write_bytes_atomically(path, _encoded(text.getvalue()))


def _encoded(text: str) -> bytes:
    try:
        return text.encode(CSV_ENCODING, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(CSV_ENCODING, "backslashreplace")

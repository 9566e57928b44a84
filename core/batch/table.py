"""Write classified images as a table, the same from command line and window."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from core.csv_cells import text_cell
from core.models.imagenet import NUM_CLASSES_NAMED
from core.models.named_image import NamedImage
from core.storage.atomic_file import write_bytes_atomically

CSV_ENCODING = "utf-8-sig"
"""With a byte-order mark, without which Excel doesn't recognize UTF-8."""

TABLE_TOP = NUM_CLASSES_NAMED
"""Classes a row, unless asked otherwise."""

_YES = "yes"


def write_csv_rows(file: TextIO, images: Iterable[NamedImage], top: int, threshold: float) -> int:
    """Write a header and a row for each image; texts are safe in spreadsheets, see `text_cell`.

    Args:
        top: Classes a row; not above the number of classes.
        threshold: Probability below which an image is unknown.

    Returns:
        Number of unusable images.
    """
    writer = csv.writer(file)
    ranks = range(1, top + 1)
    heads = [head for rank in ranks for head in (f"label_{rank}", f"probability_{rank}")]
    writer.writerow(["path", *heads, "error", "unknown"])
    num_failed = 0
    for image in images:
        cells = [
            cell
            for label, probability in image.best[:top]
            for cell in (text_cell(label), f"{probability:.6f}")
        ]
        cells += [""] * (len(heads) - len(cells))
        num_failed += not image.best
        unknown = _YES if image.is_unknown(threshold) else ""
        writer.writerow([text_cell(str(image.path)), *cells, text_cell(image.error), unknown])
    return num_failed


def image_json(image: NamedImage, top: int, threshold: float) -> dict[str, Any]:
    """Return one image as JSON values."""
    if not image.best:
        return {"path": str(image.path), "error": image.error}
    label, probability = image.best[0]
    return {
        "path": str(image.path),
        "label": label,
        "probability": probability,
        "top": [list(entry) for entry in image.best[:top]],
        "unknown": image.is_unknown(threshold),
    }


def save_table(path: Path, images: Iterable[NamedImage], top: int, threshold: float) -> None:
    """Write the table to a file, whole or not at all: JSON for the suffix `.json`, else CSV.

    Raises:
        StorageError: If it can't be written; an earlier file stays.
    """
    if path.suffix.lower() == ".json":
        rows = [image_json(image, top, threshold) for image in images]
        write_bytes_atomically(path, (json.dumps(rows, indent=1) + "\n").encode("ascii"))
        return
    text = io.StringIO(newline="")
    write_csv_rows(text, images, top, threshold)
    write_bytes_atomically(path, _encoded(text.getvalue()))


def _encoded(text: str) -> bytes:
    try:
        return text.encode(CSV_ENCODING, "surrogateescape")
    except UnicodeEncodeError:
        return text.encode(CSV_ENCODING, "backslashreplace")

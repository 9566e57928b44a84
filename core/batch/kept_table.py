"""The table of classified images that a project shows again when it is opened.

A file is JSON Lines: what is the same for all images, then an answer a line.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.batch.record import FileState, Record
from core.errors import StorageError
from core.models.named_image import NamedImage
from core.storage.atomic_file import write_bytes_atomically
from core.storage.json_file import MIB, parse_json, read_bounded
from core.storage.storage_message import storage_message

logger = logging.getLogger(__name__)

MOST_IMAGES = 100_000
_SCHEMA = 1
_MOST_BYTES = 128 * MIB


@dataclass(frozen=True, slots=True)
class KeptTable:
    """Answers of a model.

    Attributes:
        images: In the order in which they arrived.
        labels: All classes of the model that answered last.
        threshold: Probability below which that model calls an image unknown.
        model_name: Of that model, for users.
    """

    images: tuple[NamedImage, ...] = ()
    labels: tuple[str, ...] = ()
    threshold: float = 0.0
    model_name: str = ""


def write_kept_table(file: Path, table: KeptTable) -> None:
    """Keep a table, at most the first `MOST_IMAGES`; an empty one is none.

    Nothing is written into a folder that is gone, as that of a deleted project.

    Raises:
        StorageError: If it can't be written; the one before stays then.
    """
    if not file.parent.is_dir():
        return
    if not table.images:
        _remove(file)
        return
    lines = (
        Record(image, FileState.of(image.path)).to_line() for image in table.images[:MOST_IMAGES]
    )
    write_bytes_atomically(file, b"".join((_header(table), *lines)))


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(storage_message("write", file, error)) from error


def read_kept_table(file: Path) -> KeptTable:
    """Read a table; an empty one if there is none or it is damaged.

    Answers about files that are gone or changed since are left out.
    """
    try:
        header, *lines = read_bounded(file, _MOST_BYTES).splitlines()
        content = parse_json(header)
        if content["schema"] != _SCHEMA or len(lines) > MOST_IMAGES:
            raise ValueError("of another version, or too long")
        return KeptTable(
            images=tuple(_unchanged(lines)),
            labels=tuple(map(_text, content["labels"])),
            threshold=_probability(content["threshold"]),
            model_name=_text(content["model_name"]),
        )
    except FileNotFoundError:
        return KeptTable()
    except (OSError, ValueError, TypeError, KeyError) as error:
        logger.warning("Ignored the classified images in %s: %s", file, error)
        return KeptTable()


def _header(table: KeptTable) -> bytes:
    content = {
        "schema": _SCHEMA,
        "model_name": table.model_name,
        "threshold": table.threshold,
        "labels": table.labels,
    }
    return json.dumps(content).encode("ascii") + b"\n"


def _unchanged(lines: list[bytes]) -> Iterator[NamedImage]:
    for line in lines:
        record = Record.from_line(line)
        if record.state == FileState.of(record.image.path):
            yield record.image


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text: {value!r}")
    return value


def _probability(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError(f"no probability: {value!r}")
    return float(value)

"""The images of a run, as decided once: file, class, split and content."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.data.dataset import Split
from core.data.pixels.decoder import Decoding
from core.errors import RunError
from core.storage.atomic_file import write_bytes_atomically
from core.storage.json_file import MIB, parse_json, read_bounded, read_json_lines
from core.text import Text

_SCHEMA = 1
MOST_BYTES = 512 * MIB
"""Of a file with a line for each image; some two million images."""

_DECODED_NOW = Decoding()


@dataclass(frozen=True, slots=True)
class RunImage:
    """An image that takes part in a run.

    Attributes:
        sha256: Of the file's content when the run began.
    """

    path: Path
    class_index: int
    split: Split
    sha256: bytes


def write_run_images(
    path: Path,
    labels: Sequence[str],
    images: Sequence[RunImage],
    decoding: Decoding = _DECODED_NOW,
) -> None:
    """Write labels and decoding in a first line, then a line for each image.

    Raises:
        StorageError: If the file can't be written.
    """
    header = {"schema": _SCHEMA, "labels": list(labels)} | decoding.to_json_dict()
    lines = [json.dumps(header)]
    lines += [
        json.dumps([str(image.path), image.class_index, image.split.value, image.sha256.hex()])
        for image in images
    ]
    write_bytes_atomically(path, ("\n".join(lines) + "\n").encode("ascii"))


def read_run_images(path: Path) -> tuple[tuple[str, ...], list[RunImage]]:
    """Read labels and images, in the order written.

    Raises:
        RunError: If the file is damaged.
    """
    try:
        header, *rows = read_json_lines(path, MOST_BYTES)
        labels = tuple(map(str, header["labels"]))
        images = [_image(row, len(labels)) for row in rows]
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise RunError(
            Text("%1 can't be used: %2. Start a new training.", str(path), str(error))
        ) from error
    return labels, images


def read_run_classes(path: Path) -> dict[str, str]:
    """Read the class of each image, by its path as recorded.

    It takes a fifth of the time of `read_run_images`, for work on many runs.

    Raises:
        RunError: If the file is damaged.
    """
    try:
        first, *rows = read_bounded(path, MOST_BYTES).decode("ascii").splitlines()
        labels = [str(label) for label in parse_json(first)["labels"]]
        found = parse_json(f"[{','.join(rows)}]")
        return {str(row[0]): labels[row[1]] for row in found}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise RunError(
            Text("%1 can't be used: %2. Start a new training.", str(path), str(error))
        ) from error


def read_run_decoding(path: Path) -> Decoding:
    """Read how the images were decoded.

    Raises:
        RunError: If the file is damaged.
    """
    try:
        header = read_json_lines(path, MOST_BYTES)[0]
        return Decoding.from_json_dict(header)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise RunError(
            Text("%1 can't be used: %2. Start a new training.", str(path), str(error))
        ) from error


def count_training_images(images: Sequence[RunImage], num_classes: int) -> tuple[int, ...]:
    """Count the training images of each class, by class index."""
    counts = Counter(image.class_index for image in images if image.split is Split.TRAINING)
    return tuple(counts[index] for index in range(num_classes))


def _image(row: list[Any], num_classes: int) -> RunImage:
    path, class_index, split, sha256 = row
    if not 0 <= int(class_index) < num_classes:
        raise ValueError(Text("a line holds an unknown class"))
    return RunImage(Path(path), int(class_index), Split(split), bytes.fromhex(sha256))

"""A model's answers for its test images as columns, for work on many images at once.

Reading them so takes a tenth of the time of `read_run_predictions`, which makes an object of each
line: 0.4 s for 100,000 images.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.errors import RunError
from core.runs.run_images import MOST_BYTES
from core.runs.run_predictions import (
    PREDICTIONS_FILE,
    RunPrediction,
    read_predictions_header,
    read_run_predictions,
)
from core.storage.json_file import parse_json, read_bounded
from core.text import Text


@dataclass(frozen=True, slots=True, eq=False)
class RunAnswers:
    """The test images of a run, in the order written, each with its most probable class.

    Attributes:
        labels: Class names, by class index.
        paths: As recorded.
        actual: True classes, shape `(num_images,)`.
        predicted: Most probable classes.
        confidences: Their calibrated probabilities, in [0, 1].
    """

    labels: tuple[str, ...]
    paths: tuple[str, ...]
    actual: NDArray[np.int64]
    predicted: NDArray[np.int64]
    confidences: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ContentKeys:
    """The contents of a run's images, as hexadecimal SHA-256.

    Attributes:
        of_path: Of each image, by its path as recorded.
        trained_on: Of those in training or validation.
        num_training: Images in training.
    """

    of_path: dict[str, str]
    trained_on: frozenset[str]
    num_training: int


def read_test_answers(run_dir: Path) -> RunAnswers:
    """Read the answers for the test images; there may be none.

    Raises:
        RunError: If the file is missing or damaged.
    """
    try:
        content = read_bounded(run_dir / PREDICTIONS_FILE, MOST_BYTES).decode("ascii")
        header, *lines = content.splitlines()
        labels = read_predictions_header(parse_json(header))
        paths, actual, splits, predicted, confidences = _columns(map(_head, lines), 5)
        chosen = [split == Split.TEST for split in splits]
        columns = (paths, actual, predicted, confidences)
        return _answers(labels, *(tuple(compress(column, chosen)) for column in columns))
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError):
        # It is damaged, or written by another program: the thorough reader tells.
        known, predictions = read_run_predictions(run_dir)
        rows = [_row(each) for each in predictions if each.split is Split.TEST]
        return _answers(known, *(zip(*rows, strict=True) if rows else [()] * 4))


def read_content_keys(images_path: Path) -> ContentKeys:
    """Read the contents of a run's images from its record of them.

    Raises:
        RunError: If the file is damaged.
    """
    try:
        _, *lines = read_bounded(images_path, MOST_BYTES).decode("ascii").splitlines()
        paths, _, splits, contents = _columns((line[1:-1] for line in lines), 4)
        of_path = dict(zip(map(str, paths), map(str, contents), strict=True))
        unseen = str(Split.TEST)
        seen = (content for content, split in zip(contents, splits, strict=True) if split != unseen)
        trained_on = frozenset(map(str, seen))
    except (OSError, ValueError, TypeError) as error:
        raise RunError(
            Text("%1 can't be used: %2. Start a new training.", str(images_path), str(error))
        ) from error
    return ContentKeys(of_path, trained_on, splits.count(str(Split.TRAINING)))


def _head(line: str) -> str:
    """Return path, true class, split, predicted class and confidence of a line, as JSON.

    The less probable classes are left out, which would take most of the time. After the path come
    numbers only, so the last `[[` is where the classes begin, whatever the path holds.
    """
    begin = line.rindex("[[")
    return line[1:begin] + line[begin + 2 : line.index("]", begin)]


def _columns(rows: Iterable[str], num_columns: int) -> list[list[Any]]:
    """Parse rows of a fixed number of values, in one list: many small ones take twice as long.

    Raises:
        ValueError: If a row has another number of values.
    """
    texts = list(rows)
    values = parse_json(f"[{','.join(texts)}]")
    columns = [values[place::num_columns] for place in range(num_columns)]
    if len(values) != num_columns * len(texts) or not {*map(type, columns[0])} <= {str}:
        raise ValueError("a line holds too much or too little")
    return columns


def _row(prediction: RunPrediction) -> tuple[str, int, int, float]:
    return (str(prediction.path), prediction.class_index, *prediction.top[0])


def _answers(
    labels: tuple[str, ...],
    paths: tuple[Any, ...],
    actual: tuple[Any, ...],
    predicted: tuple[Any, ...],
    confidences: tuple[Any, ...],
) -> RunAnswers:
    """Check columns.

    Raises:
        ValueError: If a class isn't among the labels, or a value of another type.
    """
    if not {*actual, *predicted} <= set(range(len(labels))):
        raise ValueError("unknown class")
    if not {*map(type, confidences)} <= {float, int}:
        raise ValueError("a probability is no number")
    return RunAnswers(
        labels,
        tuple(map(str, paths)),
        np.array(actual, np.int64),
        np.array(predicted, np.int64),
        np.array(confidences, np.float64),
    )

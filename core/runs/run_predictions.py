"""A model's predictions for the images it was not trained on, one a line."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.errors import RunError
from core.evaluation.unknown import learn_unknown_threshold
from core.runs.run_images import MOST_BYTES, RunImage
from core.storage.atomic_file import write_bytes_atomically
from core.storage.json_file import read_json_lines
from core.text import Text

PREDICTIONS_FILE = "predictions.jsonl"
_SCHEMA = 1
_MOST_CLASSES = 10
_DIGITS = 6
# Their confusion matrix takes eight gigabytes; ImageNet's largest edition has 21,841.
_MOST_CLASSES_MEASURED = 32_768


@dataclass(frozen=True, slots=True)
class RunPrediction:
    """The model's answer for one image of validation or test.

    Attributes:
        class_index: The true class.
        top: Class index and calibrated probability, the most probable first; at most ten.
    """

    path: Path
    class_index: int
    split: Split
    top: tuple[tuple[int, float], ...]

    @property
    def predicted(self) -> int:
        """The predicted class."""
        return self.top[0][0]

    @property
    def confidence(self) -> float:
        """Probability of that class, in [0, 1]."""
        return self.top[0][1]


def predictions_of(
    images: Sequence[RunImage], logits: NDArray[np.float32], temperature: float
) -> list[RunPrediction]:
    """Make predictions from logits.

    Args:
        images: Images of one split, in the order of the logits.
        logits: Shape `(num_images, num_classes)`, before calibration.
        temperature: Divides the logits; see `fit_temperature`.
    """
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities = powers / powers.sum(axis=1, keepdims=True)
    # Stable, so that equal probabilities are in class order, as `argmax` has them.
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :_MOST_CLASSES]
    return [
        RunPrediction(
            image.path,
            image.class_index,
            image.split,
            tuple((int(i), round(float(row[i]), _DIGITS)) for i in best),
        )
        for image, row, best in zip(images, probabilities, order, strict=True)
    ]


def unknown_threshold_of(predictions: Sequence[RunPrediction]) -> float:
    """Learn on the validation split from which probability on to believe the model."""
    learned_on = [each for each in predictions if each.split is Split.VALIDATION]
    return learn_unknown_threshold(
        np.array([each.confidence for each in learned_on], np.float64),
        np.array([each.predicted == each.class_index for each in learned_on], np.bool_),
    )


def write_run_predictions(
    run_dir: Path, labels: Sequence[str], predictions: Sequence[RunPrediction]
) -> None:
    """Write the labels in a first line, then a line for each image.

    Raises:
        StorageError: If the file can't be written.
    """
    lines = [json.dumps({"schema": _SCHEMA, "labels": list(labels)})]
    lines += [
        json.dumps([str(entry.path), entry.class_index, entry.split.value, entry.top])
        for entry in predictions
    ]
    content = ("\n".join(lines) + "\n").encode("ascii")
    write_bytes_atomically(run_dir / PREDICTIONS_FILE, content)


def read_run_predictions(run_dir: Path) -> tuple[tuple[str, ...], list[RunPrediction]]:
    """Read labels and predictions, in the order written.

    Raises:
        RunError: If the file is missing or damaged.
    """
    path = run_dir / PREDICTIONS_FILE
    try:
        content, *rows = read_json_lines(path, MOST_BYTES)
        labels = read_predictions_header(content)
        return labels, [_prediction(row, len(labels)) for row in rows]
    except FileNotFoundError as error:
        raise RunError(
            Text("The run %1 has no results: it hasn't finished.", str(run_dir))
        ) from error
    except (OSError, ValueError, KeyError, TypeError, IndexError, OverflowError) as error:
        raise RunError(
            Text("%1 can't be used: %2. Start a new training.", str(path), str(error))
        ) from error


def read_predictions_header(content: dict[str, Any]) -> tuple[str, ...]:
    """Return the labels of the first line's values.

    Raises:
        ValueError: If it is of another version, or has more classes than can be measured.
        KeyError, TypeError: If it is none.
    """
    if content["schema"] != _SCHEMA:
        raise ValueError(Text("its schema is %1, not %2", repr(content["schema"]), _SCHEMA))
    labels = tuple(str(label) for label in content["labels"])
    if len(labels) > _MOST_CLASSES_MEASURED:
        raise ValueError(Text("it has more than %1 classes", _MOST_CLASSES_MEASURED))
    return labels


def _prediction(row: list[Any], num_classes: int) -> RunPrediction:
    path, class_index, split, top = row
    pairs = tuple((int(index), float(probability)) for index, probability in top)
    if not pairs or not all(0 <= i < num_classes for i in (int(class_index), *dict(pairs))):
        raise ValueError(Text("a line holds an unknown class"))
    return RunPrediction(Path(path), int(class_index), Split(split), pairs)

"""Facts about a trained model: the content of `model.json`."""

import math
from collections.abc import Iterable
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from core.data.dataset import Split
from core.data.pixels.decoder import Decoding, ResizeMode
from core.errors import ModelError
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import ClassMetrics, Evaluation
from core.storage.json_file import MIB, read_json
from core.text import Text

MODEL_SCHEMA = 1
MODEL_FILE = "model.json"
LITERT_FILE = "model.tflite"
LABELS_FILE = "labels.txt"
SAVED_MODEL_FOLDER = "saved_model"
_MOST_BYTES = 16 * MIB  # a hundred thousand classes
_STORED_NAMES = {"resize_mode": "fit"}  # of fields whose keys in the file have another name
_DECODED_FIRST = Decoding(version=1)  # as models that say nothing of it
_LARGEST_SIDE = 4096  # pixels; a small file must not lead to images of gigabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitResult:
    """Figures of the model on one split.

    Attributes:
        num_images: Images in it.
        accuracy: Top-1 accuracy, in [0, 1].
        interval: 95% Wilson interval of the accuracy.
        per_class: Figures of each class, by class index; () in models of earlier versions.
    """

    num_images: int
    accuracy: float
    interval: tuple[float, float]
    per_class: tuple[ClassMetrics, ...] = ()

    @classmethod
    def of(cls, evaluation: Evaluation) -> Self:
        """Return the part of an evaluation that a model keeps."""
        return cls(
            num_images=evaluation.num_images,
            accuracy=evaluation.accuracy,
            interval=evaluation.interval,
            per_class=evaluation.per_class,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """Facts about a trained model.

    Attributes:
        name: For users.
        created: ISO 8601 with time zone.
        labels: Class names, by class index; the authority, since `labels.txt` can't hold
            every name that a folder can have.
        backbone: Name or handle of the backbone.
        input_size: `(height, width)` in pixels.
        resize_mode: How images are brought to that size.
        temperature: Calibration that is already part of the weights.
        num_training: Images trained on.
        validation: Result on the split that chose the epoch.
        test: Result on the split that had no part in training; None without one.
        dataset_fingerprint: SHA-256 over the images' contents and labels, hexadecimal.
        config: The run's settings.
        versions: Of the program and what it computes with.
        is_fine_tuned: Whether the backbone's weights were trained too.
        num_epochs: Epochs of the run that were done when it was written; 0 if not known.
        unknown_threshold: Probability below which the best class is not believed, see
            `learn_unknown_threshold`; 0 if none was learned.
        training_counts: Images trained on of each class, by class index; () in models of
            earlier versions.
        decoding: How its training images were decoded; classified ones are decoded alike.
    """

    name: str
    created: str
    labels: tuple[str, ...]
    backbone: str
    input_size: tuple[int, int]
    resize_mode: ResizeMode
    temperature: float
    num_training: int
    validation: SplitResult
    test: SplitResult | None
    dataset_fingerprint: str
    config: dict[str, Any]
    versions: dict[str, str]
    is_fine_tuned: bool = False
    num_epochs: int = 0
    unknown_threshold: float = 0.0
    training_counts: tuple[int, ...] = ()
    decoding: Decoding = _DECODED_FIRST

    def figures(self) -> MeasuredFigures | None:
        """Return the figures of the test, without one of validation; None if they were not kept."""
        result = self.test or self.validation
        if not result.per_class:
            return None
        return MeasuredFigures(
            measured_on=Split.TEST if self.test else Split.VALIDATION,
            labels=self.labels,
            accuracy=result.accuracy,
            interval=result.interval,
            per_class=result.per_class,
            training_counts=self.training_counts,
        )

    def to_json_dict(self) -> dict[str, Any]:
        """Return the facts as JSON values, with the schema's version."""
        values = {_STORED_NAMES.get(name, name): value for name, value in asdict(self).items()}
        del values["decoding"]
        return {"schema": MODEL_SCHEMA} | values | self.decoding.to_json_dict()

    def advice(self) -> Text | None:
        """Say that the model should be trained again, if it should."""
        if not self.decoding.is_earlier:
            return None
        return Text(
            "The model “%1” was trained by a version of Fieldguide that read some pictures "
            "otherwise: those with a colour profile or with more than 8 bits a value. Train it "
            "again if you have such pictures.",
            self.name,
        )

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> Self:
        """Read facts from `to_json_dict`'s values.

        Raises:
            ValueError: If the schema is another one or a value is missing.
        """
        if content.get("schema") != MODEL_SCHEMA:
            raise ValueError(
                Text(
                    "its schema is %1, and this version of Fieldguide reads %2",
                    repr(content.get("schema")),
                    MODEL_SCHEMA,
                )
            )
        names = {field.name for field in fields(cls)}
        required = {field.name for field in fields(cls) if field.default is MISSING}
        stored = {name: _STORED_NAMES.get(name, name) for name in names}
        if missing := sorted({stored[name] for name in required} - set(content)):
            lacking = ", ".join(missing)
            raise ValueError(Text("it lacks %1", lacking))
        values = {name: content[key] for name, key in stored.items() if key in content}
        labels = _labels(values["labels"])
        values |= {
            "labels": labels,
            "input_size": _input_size(values["input_size"]),
            "resize_mode": ResizeMode(values["resize_mode"]),
            "validation": _split_result(values["validation"], len(labels)),
            "test": _split_result(values["test"], len(labels)) if values["test"] else None,
            "unknown_threshold": min(max(0.0, float(values.get("unknown_threshold", 0))), 1.0),
            "training_counts": _training_counts(values.get("training_counts", ()), len(labels)),
            "decoding": Decoding.from_json_dict(content),
        }
        for name, kind in _KINDS.items():
            _require_kind(name, kind, values.get(name, kind()))
        return cls(**values)


def find_model_folder(folder: Path) -> Path:
    """Return the model folder that a user means by naming it or its run folder."""
    inner = folder / "model"
    return inner if (inner / MODEL_FILE).is_file() else folder


def read_model_info(folder: Path) -> ModelInfo:
    """Read the `model.json` of a model folder.

    Raises:
        ModelError: If the folder is no model folder, or of a later version.
    """
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ModelError(
            Text(
                "%1 is no model folder: there is no %2 in it. Give the folder `model` of a run, "
                "or the run folder.",
                str(folder),
                MODEL_FILE,
            )
        )
    try:
        return ModelInfo.from_json_dict(read_json(path, _MOST_BYTES))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ModelError(Text("%1 can't be used: %2.", str(path), str(error))) from error


_KINDS: dict[str, type] = {
    "name": str,
    "created": str,
    "backbone": str,
    "temperature": float,
    "num_training": int,
    "dataset_fingerprint": str,
    "config": dict,
    "versions": dict,
    "is_fine_tuned": bool,
    "num_epochs": int,
}


def _require_kind(name: str, kind: type, value: object) -> None:
    is_kind = isinstance(value, kind) or (kind is float and isinstance(value, int))
    if not is_kind or (kind is float and not math.isfinite(float(str(value)))):
        raise ValueError(Text("its %1 is no %2", name, kind.__name__))


def _input_size(content: Any) -> tuple[int, int]:
    height, width = (int(side) for side in content)
    if not (1 <= height <= _LARGEST_SIDE and 1 <= width <= _LARGEST_SIDE):
        raise ValueError(Text("its input_size is not within 1 to %1 pixels", str(_LARGEST_SIDE)))
    return height, width


def _labels(content: object) -> tuple[str, ...]:
    if not isinstance(content, list | tuple) or not content:
        raise ValueError(Text("its labels are no list"))
    if not all(isinstance(label, str) for label in content):
        raise ValueError(Text("its labels are not all text"))
    return tuple(content)


def _split_result(content: dict[str, Any], num_classes: int) -> SplitResult:
    low, high = content["interval"]
    per_class = tuple(_class_metrics(each) for each in content.get("per_class", ()))
    if per_class and len(per_class) != num_classes:
        raise ValueError(
            Text("it has figures of %1 classes and %2 labels", len(per_class), num_classes)
        )
    return SplitResult(
        num_images=int(content["num_images"]),
        accuracy=float(content["accuracy"]),
        interval=(float(low), float(high)),
        per_class=per_class,
    )


def _class_metrics(content: dict[str, Any]) -> ClassMetrics:
    fractions = {name: content[name] for name in ("precision", "recall", "f1")}
    return ClassMetrics(
        num_images=int(content["num_images"]),
        **{
            name: None if fraction is None else float(fraction)
            for name, fraction in fractions.items()
        },
    )


def _training_counts(content: Iterable[Any], num_classes: int) -> tuple[int, ...]:
    counts = tuple(int(count) for count in content)
    if counts and len(counts) != num_classes:
        raise ValueError(Text("it has %1 training_counts and %2 labels", len(counts), num_classes))
    return counts

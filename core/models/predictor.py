"""Classify images with a trained model through LiteRT, without TensorFlow."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.data.files.image_files import read_image_file
from core.data.pixels.decoder import ResizeMode, decode_image
from core.errors import ModelError
from core.litert.interpreter import LitertOperationError, load_interpreter, set_images
from core.models.model_info import LITERT_FILE, SAVED_MODEL_FOLDER, read_model_info
from core.text import Text

_EMBEDDED_BACKBONE = ("backbones", "efficientnet_lite0")


@dataclass(frozen=True, slots=True)
class ClassifierSpec:
    """How to classify with one LiteRT file.

    Attributes:
        output_name: The signature's output that is read.
        to_probabilities: From that output, `(num_classes,)`, to probabilities.
        folder: The model folder; None for the embedded model.
        unknown_threshold: Probability below which an image is unknown; 0 for none.
        training_counts: Training images of each class; () if not known.
        sample_bits: See `Decoding`.
        advice: See `ModelInfo.advice`.
    """

    path: Path
    labels: tuple[str, ...]
    input_size: tuple[int, int]
    resize_mode: ResizeMode
    output_name: str
    to_probabilities: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    folder: Path | None = None
    unknown_threshold: float = 0.0
    training_counts: tuple[int, ...] = ()
    sample_bits: int | None = None
    advice: Text | None = None


class Predictor:
    """A classifier in memory; use one per thread.

    Raises:
        ModelError: If the LiteRT file is missing or damaged.
    """

    def __init__(self, spec: ClassifierSpec, *, num_threads: int = 1) -> None:
        self.labels = spec.labels
        self._spec = spec
        try:
            self._interpreter = load_interpreter(spec.path, num_threads)
            self._output_index = _output_index(self._interpreter, spec.output_name)
            self._input_index = int(self._interpreter.get_input_details()[0]["index"])
            self._require_description()
        except LitertOperationError as error:
            message = Text("%1 can't be run: %2.", str(spec.path), str(error))
            raise ModelError(message) from error
        # Missing inputs or outputs raise a LookupError, nameless ones a TypeError.
        except (ValueError, RuntimeError, LookupError, TypeError) as error:
            raise ModelError(_damage(spec.path, error)) from error

    def classify_file(self, path: Path) -> NDArray[np.float32]:
        """Return the classes' probabilities for one image file, shape `(num_classes,)`.

        Raises:
            ImageError: If the file can't be read or is no usable image; the message is the
                reason.
        """
        return self.classify_bytes(read_image_file(path))

    def classify_bytes(self, content: bytes) -> NDArray[np.float32]:
        """Return the classes' probabilities for the content of an image file.

        Raises:
            ImageError: If it is no usable image.
        """
        spec = self._spec
        return self.classify_pixels(
            decode_image(
                content,
                size=spec.input_size,
                resize_mode=spec.resize_mode,
                sample_bits=spec.sample_bits,
            )
        )

    def classify_pixels(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the classes' probabilities for RGB pixels of the model's input size.

        Raises:
            ModelError: If the model can't be computed.
        """
        set_images(self._interpreter, self._input_index, pixels[np.newaxis])
        try:
            self._interpreter.invoke()
        except RuntimeError as error:
            raise ModelError(_damage(self._spec.path, error)) from error
        return self._spec.to_probabilities(self._interpreter.get_tensor(self._output_index)[0])

    def _require_description(self) -> None:
        """Check that the LiteRT file takes and returns what the model's description says.

        Raises:
            ModelError: If it is not.
        """
        tensors = {tensor["index"]: tensor for tensor in self._interpreter.get_tensor_details()}
        taken = tuple(tensors[self._input_index]["shape"][1:])
        given = tuple(tensors[self._output_index]["shape"][1:])
        expected = (*self._spec.input_size, 3), (len(self.labels),)
        if (taken, given) != expected:
            raise ModelError(
                Text(
                    "%1 doesn't fit its description: it takes %2 and gives %3, not %4 and %5.",
                    str(self._spec.path),
                    *map(_listed, (taken, given, *expected)),
                )
            )
        for index in (self._input_index, self._output_index):
            if tensors[index]["dtype"] is not np.float32:
                raise ModelError(
                    Text(
                        "%1 is no model folder's file: it computes with %2, not with float32.",
                        str(self._spec.path),
                        str(np.dtype(tensors[index]["dtype"])),
                    )
                )


def top_classes(
    probabilities: NDArray[np.float32], labels: tuple[str, ...], k: int
) -> list[tuple[str, float]]:
    """Return the `k` most probable classes, best first; equal ones in class order."""
    order = np.argsort(-probabilities, kind="stable")[:k]
    return [(labels[index], float(probabilities[index])) for index in order]


def trained_classifier(folder: Path) -> ClassifierSpec:
    """Read the classifier of a model folder.

    Raises:
        ModelError: If it is no model folder, or one without a LiteRT file.
    """
    info = read_model_info(folder)
    if not (folder / LITERT_FILE).is_file():
        raise ModelError(
            Text(
                "%1 holds no %2, either because LiteRT can't run the model's backbone %3 or "
                "because it was removed. Train with another backbone, or use %4/ in TensorFlow.",
                str(folder),
                LITERT_FILE,
                info.backbone,
                SAVED_MODEL_FOLDER,
            )
        )
    return ClassifierSpec(
        path=folder / LITERT_FILE,
        labels=info.labels,
        input_size=info.input_size,
        resize_mode=info.resize_mode,
        output_name="probabilities",
        to_probabilities=lambda probabilities: probabilities,
        folder=folder,
        unknown_threshold=info.unknown_threshold,
        training_counts=info.training_counts,
        sample_bits=info.decoding.sample_bits,
        advice=info.advice(),
    )


def imagenet_classifier() -> ClassifierSpec:
    """Return the embedded backbone with the 1,000 ImageNet classes that it was trained on."""
    # Imported here: trained models don't need it, and `classify` should start fast.
    from resources import resource_path

    text = resource_path("imagenet_labels.txt").read_text(encoding="utf-8")
    return ClassifierSpec(
        path=resource_path(*_EMBEDDED_BACKBONE, LITERT_FILE),
        labels=tuple(text.splitlines()),
        input_size=(224, 224),
        resize_mode=ResizeMode.SQUASH,
        output_name="imagenet_logits",
        to_probabilities=_softmax,
    )


def _output_index(interpreter: Any, name: str) -> int:
    outputs = interpreter.get_signature_runner().get_output_details()
    return int(outputs[name]["index"])


def _damage(path: Path, error: Exception) -> Text:
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    return Text(
        "%1 is missing or damaged: %2. Copy the model again, or train it again.", str(path), reason
    )


def _listed(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)

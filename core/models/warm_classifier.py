"""A classifier that stays in memory, so that the next image is classified at once."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ImageError
from core.image_reading.resizing import resized
from core.models.classify_many import Classified
from core.models.model_info import ModelInfo, find_model_folder, read_model_info
from core.models.predictor import (
    ClassifierSpec,
    Predictor,
    imagenet_classifier,
    trained_classifier,
)


class WarmClassifier:
    """Loads its model when it is first needed; all methods are safe with threads.

    Args:
        folder: Model or run folder; None for the embedded model's ImageNet classes.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._spec: ClassifierSpec | None = None
        self._info: ModelInfo | None = None
        self._idle: list[Predictor] = []

    @property
    def info(self) -> ModelInfo | None:
        """Facts about a trained model once it is loaded; None for ImageNet."""
        return self._info

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names by class index; empty until the model is loaded."""
        return self._spec.labels if self._spec else ()

    def spec(self) -> ClassifierSpec:
        """Return the classifier's facts, which are read at the first call.

        Raises:
            ModelError: If the model is missing or damaged.
        """
        with self._lock:
            if self._spec is None:
                self._spec = self._read()
            return self._spec

    @property
    def unknown_threshold(self) -> float:
        """Probability below which an image is unknown; 0 for none, and until it is loaded."""
        return self._spec.unknown_threshold if self._spec else 0.0

    def warm_up(self) -> None:
        """Load the model and classify one image, since the first one takes longest.

        Raises:
            ModelError: If the model is missing or damaged.
        """
        with self._predictor() as predictor:
            predictor.classify_bytes(_small_photograph())

    def classify(self, path: Path) -> Classified:
        """Classify one image.

        Raises:
            ModelError: If the model is missing or damaged.
        """
        with self._predictor() as predictor:
            try:
                return Classified(path, predictor.classify_file(path))
            except ImageError as error:
                return Classified(path, None, str(error))

    def classify_pixels(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the probabilities for an image in memory, the same as for a file of it.

        Args:
            pixels: Upright RGB of any size, shape `(height, width, 3)`.

        Returns:
            Shape `(num_classes,)`.

        Raises:
            ModelError: If the model is missing or damaged.
        """
        spec = self.spec()
        fitted = resized(Image.fromarray(pixels), spec.input_size, spec.resize_mode)
        with self._predictor() as predictor:
            return predictor.classify_pixels(np.array(fitted, np.uint8))

    def release(self) -> None:
        """Free the memory of the loaded model, 45 MB a thread, until the next image."""
        with self._lock:
            self._idle.clear()

    @contextmanager
    def _predictor(self) -> Iterator[Predictor]:
        # Not bound to a thread, since the threads of a pool come and go.
        with self._lock:
            predictor = self._idle.pop() if self._idle else None
        if predictor is None:
            predictor = Predictor(self.spec())
        try:
            yield predictor
        finally:
            with self._lock:
                self._idle.append(predictor)

    def _read(self) -> ClassifierSpec:
        if self.folder is None:
            return imagenet_classifier()
        folder = find_model_folder(self.folder)
        self._info = read_model_info(folder)
        return trained_classifier(folder)


def _small_photograph() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8)).save(content, "JPEG")
    return content.getvalue()

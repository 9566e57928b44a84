"""Classify many image files, on all processor cores, in their order."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.computer.processor import num_cores
from core.errors import ImageError
from core.models.predictor import ClassifierSpec, Predictor


@dataclass(frozen=True, slots=True)
class Classified:
    """The result for one file.

    Attributes:
        probabilities: float32 `(num_classes,)`; None if the file is no usable image.
        error: Why it isn't, as `ImageError` says it.
    """

    path: Path
    probabilities: NDArray[np.float32] | None
    error: str = ""


def classify_files(spec: ClassifierSpec, paths: Iterable[Path]) -> Iterator[Classified]:
    """Yield results in the order of the files; memory doesn't grow with their number.

    Raises:
        ModelError: If the model is missing or damaged.
    """
    todo = iter(paths)
    first = list(islice(todo, 2))
    if len(first) < 2:  # another thread would only delay a single image
        predictor = Predictor(spec, num_threads=num_cores())
        yield from (_classified(predictor, path) for path in first)
        return
    # Imported here: a single image needn't wait for it.
    from core.computer.threaded_map import threaded_map

    local = threading.local()

    def classify(path: Path) -> Classified:
        if not hasattr(local, "predictor"):
            local.predictor = Predictor(spec)
        return _classified(local.predictor, path)

    yield from threaded_map(classify, chain(first, todo), num_cores())


def _classified(predictor: Predictor, path: Path) -> Classified:
    try:
        return Classified(path, predictor.classify_file(path))
    except ImageError as error:
        return Classified(path, None, str(error))

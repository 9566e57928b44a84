"""An early, provisional accuracy while feature vectors are being computed.

At 250, 500, 1,000 … training images a thread cross-validates a cheap head on what is there. It only
looks: the run's results don't depend on it, and whatever goes wrong in it is logged.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import FeaturePart
from core.data.examination.inspect import label_conflicts
from core.data.grouping.near_duplicates import near_duplicate_groups
from core.evaluation.metrics import wilson_interval
from core.features.collect import FeatureSet
from core.messages.control import StopRequestedError
from core.messages.events import ProvisionalAccuracy
from core.training.provisional_head import (
    CrossValidation,
    FeatureSample,
    cross_validate,
    num_operations,
)

logger = logging.getLogger(__name__)

_FEWEST_IMAGES = 250
# Beyond, the vectors would take too much memory a second time.
_MOST_IMAGES = 8_000
# Of the processor time that the run took so far. All in all 3% are allowed.
_LARGEST_FRACTION = 0.02
# Seconds, before any is measured. Features from the cache alone are there before the time for this:
# a plot that comes and goes would only flicker.
_FIRST_COST = 0.05
# More than enough images are awaited, since some turn out to belong to another split's.
_SURPLUS = 1.01


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a thread leaves.

    Attributes:
        num_images: Images that the head was cross-validated on.
        validation: None if there was too little to measure, or something went wrong.
        cost: Processor time that it took, in seconds.
        num_operations: See `num_operations`.
    """

    num_images: int
    validation: CrossValidation | None
    cost: float
    num_operations: float


class ProvisionalAccuracies:
    """Cross-validates a cheap head on growing numbers of training images.

    Args:
        class_indices: Class of each image of the run.
        will_train: Whether the image at a position will surely be in the training split, by the
            smallest SHA-256 of those that it stays together with; see `TrainingForecast`.
        parts: What a feature vector consists of; see `BackboneInfo`.
        seed: Decides the folds.
        send: Gets the events, in the thread that calls `note`.
    """

    def __init__(
        self,
        class_indices: Sequence[int],
        will_train: Callable[[int, bytes], bool],
        parts: Sequence[FeaturePart],
        seed: int,
        send: Callable[[ProvisionalAccuracy], None],
    ) -> None:
        self._class_indices = np.asarray(class_indices, np.int64)
        self._will_train, self._parts, self._seed = will_train, parts, seed
        self._send = send
        self._seen: list[int] = []
        self._num_training = 0
        self._next: int | None = _FEWEST_IMAGES
        self._thread: threading.Thread | None = None
        self._outcome: _Outcome | None = None
        self._is_closed = threading.Event()
        self._began = time.process_time()
        self._cost = 0.0
        self._cost_per_operation: float | None = None

    def note(self, position: int, features: FeatureSet) -> None:
        """Note that the features of an image are there; tell what was found meanwhile.

        Args:
            features: Those of all images, at their positions; they are read by the thread, too.
        """
        if self._next is None:
            return
        sha256 = features.sha256s[position]
        if sha256 is None or features.signatures[position] is None:
            return
        self._seen.append(position)
        self._num_training += self._will_train(position, sha256)
        if self._thread is not None:
            if self._thread.is_alive():
                return
            self._finish()
        if self._next is not None and self._is_due(features):
            self._start(self._next, features)

    def close(self) -> None:
        """End; what is not found yet is dropped."""
        self._next = None
        self._is_closed.set()

    def _is_due(self, features: FeatureSet) -> bool:
        assert self._next is not None
        if self._num_training < _SURPLUS * self._next:
            return False
        cost = self._cost + self._expected_cost(self._next, features.vectors.shape[1])
        taken = time.process_time() - self._began - self._cost
        return cost <= _LARGEST_FRACTION * taken

    def _expected_cost(self, num_images: int, feature_dim: int) -> float:
        if self._cost_per_operation is None:
            return _FIRST_COST
        return self._cost_per_operation * num_operations(num_images, feature_dim)

    def _start(self, num_images: int, features: FeatureSet) -> None:
        work = (num_images, list(self._seen), features)
        thread = threading.Thread(target=self._run, args=work, name="provisional accuracy")
        try:
            thread.start()
        except RuntimeError:
            logger.exception("No thread for the provisional accuracy")
            self._next = None
            return
        self._thread = thread

    def _finish(self) -> None:
        """Take the outcome of the thread that has ended."""
        outcome, self._thread, self._outcome = self._outcome, None, None
        assert self._next is not None
        self._next *= 2
        if outcome is None or self._next > _MOST_IMAGES:
            self._next = None
        if outcome is None:
            return
        self._cost += outcome.cost
        self._cost_per_operation = outcome.cost / outcome.num_operations
        validation = outcome.validation
        if validation is not None:
            correct, measured = validation.num_correct, validation.num_measured
            interval = wilson_interval(correct, measured)
            self._send(ProvisionalAccuracy(outcome.num_images, correct / measured, interval))

    # In the thread.

    def _run(self, num_images: int, seen: list[int], features: FeatureSet) -> None:
        began = time.thread_time()
        try:
            sample = self._sample(num_images, seen, features)
            validation = self._validate(sample)
        except StopRequestedError:
            return
        except Exception:
            logger.exception("No provisional accuracy with %d images", num_images)
            return
        operations = num_operations(num_images, features.vectors.shape[1])
        cost = time.thread_time() - began
        self._outcome = _Outcome(len(sample.classes), validation, cost, operations)

    def _sample(self, num_images: int, seen: list[int], features: FeatureSet) -> FeatureSample:
        positions, groups = self._training_images(seen, features)
        self._check()
        positions, groups = positions[:num_images], groups[:num_images]
        return FeatureSample(features.vectors[positions], self._class_indices[positions], groups)

    def _validate(self, sample: FeatureSample) -> CrossValidation | None:
        if len(np.unique(sample.classes)) < 2 or not np.isfinite(sample.vectors).all():
            return None
        validation = cross_validate(sample, self._parts, self._seed, self._check)
        return validation if validation.num_measured else None

    def _training_images(
        self, seen: list[int], features: FeatureSet
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return positions and groups of the images that train, in the order they came in."""
        sha256s = [features.sha256s[position] or b"" for position in seen]
        classes = self._class_indices[seen].tolist()
        signatures = [features.signatures[position] for position in seen]
        groups = near_duplicate_groups(signatures, sha256s, classes)
        names: dict[int, bytes] = {}
        for group, sha256 in zip(groups.tolist(), sha256s, strict=True):
            names[group] = min(sha256, names.get(group, sha256))
        held_out = {
            group
            for group, position in zip(groups.tolist(), seen, strict=True)
            if not self._will_train(position, names[group])
        }
        conflicts = set(label_conflicts(sha256s, classes).tolist())
        kept = [
            place
            for place, group in enumerate(groups.tolist())
            if group not in held_out and place not in conflicts
        ]
        return np.asarray(seen, np.int64)[kept], groups[kept]

    def _check(self) -> None:
        if self._is_closed.is_set():
            raise StopRequestedError

"""The function that an exact fit minimises, and its gradient."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.models.litert_head import DenseWeights
from core.settings.config import TrainConfig
from core.training.feature_space import measure_features, portions
from core.training.head_data import HeadData, class_weights

# Training vectors up to this size are kept ready; larger ones are gathered and centred again for
# each evaluation.
_MOST_READY_BYTES = 256 * 1024**2
# A GPU would round the numbers in ways of its own, and has little to do.
_DEVICE = "CPU:0"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The objective at one point.

    Attributes:
        loss: Mean cross-entropy and penalty.
        gradient: float64, of the point's shape.
        num_correct: Training images that are classified correctly.
    """

    loss: float
    gradient: NDArray[np.float64]
    num_correct: int


class ExactObjective:
    """Mean cross-entropy of softmax regression with an L2 penalty on the kernel.

    Its points are float64 arrays of kernel and bias, in the coordinates of a `FeatureSpace`.

    Args:
        config: Class weights and label smoothing.
        training: What is learned from; may be a memory map, is never copied as a whole.
        num_classes: Number of classes.
        check: Called before each portion of the vectors; may raise.

    Raises:
        TrainingError: If a feature is not a finite number.
    """

    def __init__(
        self,
        config: TrainConfig,
        training: HeadData,
        num_classes: int,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._training, self._num_classes, self._check = training, num_classes, check
        self._feature_dim = training.vectors.shape[1]
        self._smoothing = config.label_smoothing
        self._weights = class_weights(training, config) / np.float32(max(len(training.rows), 1))
        self._space = measure_features(training, check)
        is_small = 4 * len(training.rows) * self._feature_dim <= _MOST_READY_BYTES
        self._ready = list(self._gather()) if is_small else None

    def start(self) -> NDArray[np.float64]:
        """Return the point at which all classes are equally likely."""
        return np.zeros((self._feature_dim + 1) * self._num_classes, np.float64)

    def layer(self, point: NDArray[np.float64]) -> DenseWeights:
        """Return the layer of a point, for features as they come."""
        return self._space.layer(*self._parts(point))

    def evaluate(self, point: NDArray[np.float64], strength: float) -> Evaluation:
        """Compute loss and gradient over all training images.

        Args:
            strength: What the squares of the kernel are multiplied with.
        """
        kernel, bias = self._parts(point)
        kernel32, bias32 = kernel.astype(np.float32), bias.astype(np.float32)
        gradient = np.zeros_like(point)
        kernel_gradient, bias_gradient = self._parts(gradient)
        loss, num_correct = strength * float(np.square(kernel).sum()), 0
        for vectors, classes in self._ready if self._ready is not None else self._gather():
            self._check()
            logits = _product(vectors, kernel32)
            logits += bias32
            num_correct += int(np.count_nonzero(logits.argmax(axis=1) == classes))
            row_weights = self._weights[classes]
            losses = self._losses_to_slopes(logits, classes)
            loss += float(np.dot(losses.astype(np.float64), row_weights))
            logits *= row_weights[:, np.newaxis]
            # Sums of a portion are in single precision, those over portions in double.
            kernel_gradient += _product(vectors, logits, transpose_a=True)
            bias_gradient += logits.sum(axis=0, dtype=np.float64)
        kernel_gradient += 2 * strength * kernel
        return Evaluation(loss, gradient, num_correct)

    def _losses_to_slopes(
        self, logits: NDArray[np.float32], classes: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return cross-entropies; in place of the logits stand their derivatives then."""
        own, smoothing = np.arange(len(classes)), np.float32(self._smoothing)
        logits -= logits.max(axis=1, keepdims=True)
        aims = (1 - smoothing) * logits[own, classes]
        if smoothing:
            aims += smoothing * logits.mean(axis=1)
        np.exp(logits, out=logits)
        sums = logits.sum(axis=1)
        logits /= sums[:, np.newaxis]
        if smoothing:
            logits -= smoothing / np.float32(self._num_classes)
        logits[own, classes] -= 1 - smoothing
        losses: NDArray[np.float32] = np.log(sums) - aims
        return losses

    def _gather(self) -> Iterator[tuple[Any, NDArray[np.int32]]]:
        for vectors, classes in portions(self._training):
            self._space.enter(vectors)
            with tf.device(_DEVICE):
                yield tf.constant(vectors), classes

    def _parts(self, point: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return views of the kernel and the bias in a point."""
        size = self._feature_dim * self._num_classes
        return point[:size].reshape(self._feature_dim, self._num_classes), point[size:]


def _product(left: Any, right: NDArray[np.float32], *, transpose_a: bool = False) -> Any:
    """Multiply matrices by TensorFlow, whose threads sleep while they wait.

    Those of NumPy's OpenBLAS spin: on two cores that others use too, products of 3,200 × 1,664 and
    5 columns took 8 ms instead of 3.
    """
    with tf.device(_DEVICE):
        return tf.matmul(left, right, transpose_a=transpose_a).numpy()

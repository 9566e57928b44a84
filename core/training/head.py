"""The new classification layers on top of a frozen backbone."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import tensorflow as tf

from core.models.litert_head import DenseWeights


def initial_weights(
    feature_dim: int, hidden_units: int, num_classes: int, seed: int
) -> list[DenseWeights]:
    """Make initial weights from the seed: a Glorot-uniform hidden kernel, else zeros.

    The classes begin at zero, which softmax regression needs no randomness to leave: on 39
    images one epoch from there is right where ten epochs from random weights are.

    Returns:
        One layer, or two if `hidden_units` is not 0.
    """
    random = np.random.default_rng([seed, 0])
    sizes = [feature_dim, *([hidden_units] if hidden_units else []), num_classes]
    layers = []
    for inputs, outputs in pairwise(sizes):
        limit = np.sqrt(6 / (inputs + outputs))
        kernel = random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
        layers.append(DenseWeights(kernel, np.zeros(outputs, np.float32)))
    layers[-1].kernel[:] = 0
    return layers


class Head(tf.Module):
    """Dense layers with ReLU between them and class logits at the end.

    Args:
        layers: Initial weights, in order.
    """

    def __init__(self, layers: Sequence[DenseWeights]) -> None:
        super().__init__()
        self.kernels = [tf.Variable(layer.kernel) for layer in layers]
        self.biases = [tf.Variable(layer.bias) for layer in layers]

    @property
    def weights(self) -> list[Any]:
        """All variables, kernels first."""
        return [*self.kernels, *self.biases]

    def logits(self, vectors: Any, hidden_mask: Any = None) -> Any:
        """Compute class logits, float32 `(batch, num_classes)`.

        Args:
            vectors: float32 `(batch, feature_dim)`.
            hidden_mask: What the hidden layer's output is multiplied with in training.
        """
        for kernel, bias in zip(self.kernels[:-1], self.biases[:-1], strict=True):
            vectors = tf.nn.relu(tf.matmul(vectors, kernel) + bias)
            if hidden_mask is not None:
                vectors *= hidden_mask
        return tf.matmul(vectors, self.kernels[-1]) + self.biases[-1]

    def read(self) -> list[DenseWeights]:
        """Return the current weights as arrays."""
        return [
            DenseWeights(kernel.numpy(), bias.numpy())
            for kernel, bias in zip(self.kernels, self.biases, strict=True)
        ]

    def assign(self, other: "Head") -> None:
        """Take over another head's weights."""
        for mine, theirs in zip(self.weights, other.weights, strict=True):
            mine.assign(theirs)

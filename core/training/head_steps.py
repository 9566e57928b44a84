"""Many steps of head training in one graph call.

Python's part of a step costs more than the arithmetic of a small head: an epoch in one
call takes about a ninth of the time of `tf_keras`'s `fit` (docs/benchmarks.md).
"""

from typing import Any

import tensorflow as tf

from core.config import Optimizer, TrainConfig
from core.training.head import Head
from core.training.optimizers import FusedOptimizer

_BLOCK = 3  # keeps the two kinds of dropout mask from sharing random numbers


class HeadSteps(tf.Module):
    """Runs steps on a head and its optimizer.

    Args:
        head: The weights to train.
        config: Batch size, dropout, penalties, seed.
        num_classes: Number of classes.
    """

    def __init__(self, head: Head, config: TrainConfig, num_classes: int) -> None:
        super().__init__()
        self.head = head
        self.optimizer = FusedOptimizer(config.optimizer, head.weights, weight_decay=config.l2)
        self._config = config
        self._num_classes = num_classes
        self._penalty = 0.0 if config.optimizer is Optimizer.ADAMW else config.l2
        self.run = tf.function(
            self._run,
            input_signature=[
                tf.TensorSpec([None, head.kernels[0].shape[0]], tf.float32, name="vectors"),
                tf.TensorSpec([None], tf.int32, name="class_indices"),
                tf.TensorSpec([None], tf.float32, name="row_weights"),
                tf.TensorSpec([None], tf.float32, name="rates"),
                tf.TensorSpec([], tf.int32, name="first_step"),
            ],
            autograph=False,
        )

    def _run(
        self, vectors: Any, class_indices: Any, row_weights: Any, rates: Any, first_step: Any
    ) -> Any:
        """Train on rows in the order given.

        Args:
            vectors: float32 `(steps * batch_size, feature_dim)`.
            class_indices: int32, one a row.
            row_weights: float32, one a row; 0 for rows that only fill the last batch.
            rates: float32 `(steps,)`, the learning rates.
            first_step: int32 scalar, position in the run of the first step, from 0.

        Returns:
            float32 `(steps, 2)`: mean loss, and number of rows classified correctly.
        """
        batch = self._config.batch_size
        vectors = self._dropped_out(vectors, tf.stack([self._config.seed, first_step * _BLOCK]))
        vectors = tf.reshape(vectors, [-1, batch, vectors.shape[1]])
        class_indices = tf.reshape(class_indices, [-1, batch])
        row_weights = tf.reshape(row_weights, [-1, batch])
        num_steps = tf.shape(rates)[0]

        def body(i: Any, results: Any) -> tuple[Any, Any]:
            result = self._step(
                vectors[i], class_indices[i], row_weights[i], rates[i], first_step + i
            )
            return i + 1, results.write(i, result)

        results = tf.TensorArray(tf.float32, num_steps, element_shape=[2])
        _, results = tf.while_loop(
            lambda i, _: i < num_steps, body, [0, results], parallel_iterations=1
        )
        return results.stack()

    def _step(self, vectors: Any, classes: Any, weights: Any, rate: Any, step: Any) -> Any:
        # Padding rows weigh nothing, so a part batch has the mean of its own rows.
        num_rows = tf.maximum(tf.reduce_sum(tf.cast(weights > 0, tf.float32)), 1.0)
        smoothing = self._config.label_smoothing
        targets = tf.one_hot(classes, self._num_classes) * (1 - smoothing)
        targets += smoothing / self._num_classes
        with tf.GradientTape() as tape:
            logits = self.head.logits(vectors, self._hidden_mask(step))
            losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_sum(losses * weights) / num_rows
            for kernel in self.head.kernels if self._penalty else []:
                loss += self._penalty * tf.reduce_sum(tf.square(kernel))
        gradients = tape.gradient(loss, self.head.weights)
        self.optimizer.apply(gradients, rate, tf.cast(step + 1, tf.float32))
        hits = tf.cast(tf.argmax(logits, 1, tf.int32) == classes, tf.float32)
        correct = tf.reduce_sum(hits * tf.cast(weights > 0, tf.float32))
        return tf.stack([loss, correct])

    def _dropped_out(self, vectors: Any, seed: Any) -> Any:
        if not self._config.dropout:
            return vectors
        return vectors * self._mask(tf.shape(vectors), seed)

    def _hidden_mask(self, step: Any) -> Any:
        if not (self._config.dropout and self._config.hidden_units):
            return None
        shape = [self._config.batch_size, self._config.hidden_units]
        return self._mask(shape, tf.stack([self._config.seed, step * _BLOCK + 1]))

    def _mask(self, shape: Any, seed: Any) -> Any:
        """Zeros with the dropout's probability, else what keeps the mean."""
        kept = 1 - self._config.dropout
        return tf.cast(tf.random.stateless_uniform(shape, seed) < kept, tf.float32) / kept

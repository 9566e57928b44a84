"""Many steps of head training in one graph call.

Python's part of a step costs more than the arithmetic of a small head: an epoch in one
call takes about a ninth of the time of `tf_keras`'s `fit` (docs/benchmarks.md).
"""

from typing import Any

import tensorflow as tf

from core.settings.config import TrainConfig
from core.training.head import Head
from core.training.moving_average import MovingAverage
from core.training.optimizers import FusedOptimizer, clipped


class HeadSteps(tf.Module):
    """Runs steps on a head and its optimizer.

    Args:
        head: The weights to train.
        config: Batch size, dropout, penalties, seed.
        num_classes: Number of classes.

    Attributes:
        average: Moving average of the weights, if there is one.
    """

    def __init__(self, head: Head, config: TrainConfig, num_classes: int) -> None:
        super().__init__()
        self.head = head
        self.optimizer = FusedOptimizer(config.step_optimizer, head.weights, weight_decay=config.l2)
        self._config = config
        self._num_classes = num_classes
        self._penalty = 0.0 if config.optimizer.decouples_decay else config.l2
        self.average = MovingAverage(head.weights, config.ema_decay) if config.ema_decay else None
        blend = [
            tf.TensorSpec([None], tf.int32, name="blended_indices"),
            tf.TensorSpec([None], tf.float32, name="blend_weights"),
        ]
        self.run = tf.function(
            self._run,
            input_signature=[
                tf.TensorSpec([None, head.kernels[0].shape[0]], tf.float32, name="vectors"),
                tf.TensorSpec([None], tf.int32, name="class_indices"),
                tf.TensorSpec([None], tf.float32, name="row_weights"),
                tf.TensorSpec([None], tf.float32, name="rates"),
                tf.TensorSpec([], tf.int32, name="first_step"),
                *(blend if config.mixup else []),
            ],
            autograph=False,
        )

    def _run(
        self,
        vectors: Any,
        class_indices: Any,
        row_weights: Any,
        rates: Any,
        first_step: Any,
        blended_indices: Any = None,
        blend_weights: Any = None,
    ) -> Any:
        """Train on rows in the order given.

        Args:
            vectors: float32 `(steps * batch_size, feature_dim)`, dropout applied.
            class_indices: int32, one a row.
            row_weights: float32, one a row; 0 for rows that only fill the last batch.
            rates: float32 `(steps,)`, the learning rates.
            first_step: int32 scalar, position in the run of the first step, from 0.
            blended_indices: int32, class that was blended into a row; with mixup only.
            blend_weights: float32, fraction of the row's own class then.

        Returns:
            float32 `(steps, 2)`: mean loss, and number of rows classified correctly.
        """
        batch = self._config.batch_size
        # What can be done for all steps at once costs next to nothing there.
        counted = tf.reshape(tf.cast(row_weights > 0, tf.float32), [-1, batch])
        # Padding rows weigh nothing, so a part batch has the mean of its own rows.
        num_rows = tf.maximum(tf.reduce_sum(counted, 1, keepdims=True), 1.0)
        row_fractions = tf.reshape(row_weights, [-1, batch]) / num_rows
        targets = self._targets(class_indices, blended_indices, blend_weights)
        targets = tf.reshape(targets, [-1, batch, self._num_classes])
        vectors = tf.reshape(vectors, [-1, batch, vectors.shape[1]])
        num_steps = tf.shape(rates)[0]

        def body(i: Any, losses: Any, logits: Any) -> tuple[Any, Any, Any]:
            loss, step_logits = self._step(
                vectors[i], targets[i], row_fractions[i], rates[i], first_step + i
            )
            return i + 1, losses.write(i, loss), logits.write(i, step_logits)

        losses = tf.TensorArray(tf.float32, num_steps, element_shape=[])
        logits = tf.TensorArray(tf.float32, num_steps, element_shape=[batch, self._num_classes])
        _, losses, logits = tf.while_loop(
            lambda i, *_: i < num_steps, body, [0, losses, logits], parallel_iterations=1
        )
        answers = tf.argmax(logits.stack(), 2, tf.int32)
        hits = tf.cast(answers == tf.reshape(class_indices, [-1, batch]), tf.float32)
        return tf.stack([losses.stack(), tf.reduce_sum(hits * counted, 1)], axis=1)

    def _targets(self, class_indices: Any, blended_indices: Any, blend_weights: Any) -> Any:
        smoothing = self._config.label_smoothing
        targets = tf.one_hot(class_indices, self._num_classes)
        if blended_indices is not None:
            own = blend_weights[:, tf.newaxis]
            targets = own * targets + (1 - own) * tf.one_hot(blended_indices, self._num_classes)
        return targets * (1 - smoothing) + smoothing / self._num_classes

    def _step(
        self, vectors: Any, targets: Any, row_fractions: Any, rate: Any, step: Any
    ) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            logits = self.head.logits(vectors, self._hidden_mask(step))
            losses = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
            loss = tf.reduce_sum(losses * row_fractions)
            for kernel in self.head.kernels if self._penalty else []:
                # `l2_loss` is half the sum of squares; Keras's penalty is the whole.
                loss += 2 * self._penalty * tf.nn.l2_loss(kernel)
        gradients = clipped(tape.gradient(loss, self.head.weights), self._config.clip_norm)
        self.optimizer.apply(gradients, rate, tf.cast(step + 1, tf.float32))
        if self.average is not None:
            self.average.update()
        return loss, logits

    def _hidden_mask(self, step: Any) -> Any:
        if not (self._config.dropout and self._config.hidden_units):
            return None
        shape = [self._config.batch_size, self._config.hidden_units]
        return self._mask(shape, tf.stack([self._config.seed, step]))

    def _mask(self, shape: Any, seed: Any) -> Any:
        """Draw zeros with the dropout's probability, else what keeps the mean."""
        kept = 1 - self._config.dropout
        return tf.cast(tf.random.stateless_uniform(shape, seed) < kept, tf.float32) / kept

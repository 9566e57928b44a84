"""Steps that train backbone and head together."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.backbones.saved_model_training import TrainableBackbone
from core.errors import TrainingError
from core.models.feature_scaling import FeatureScaling
from core.settings.config import TrainConfig
from core.text import Text
from core.training.device_spread import DeviceSpread
from core.training.feature_parts import join_parts
from core.training.head import Head
from core.training.loss_scale import LossScale
from core.training.moving_average import MovingAverage
from core.training.optimizers import FusedOptimizer, clipped
from core.training.pixel_batches import PixelBatch


class FineTuningSteps(tf.Module):
    """Runs steps on a backbone, its head and their optimizer.

    On several devices each computes its part of a batch. When memory runs out, a batch is
    computed in parts whose gradients are added up before the weights change.

    Args:
        backbone: Made within the strategy's scope, as the head.
        config: Optimizer, penalties, dropout, seed.
        num_classes: Number of classes.
        strategy: Of `tf.distribute`.
        scaling: What is done to feature vectors before the head gets them.
        half_precision: Whether losses have to be scaled, since gradients are in half precision.
        on_fewer_rows: Called with the number of images computed at once when memory ran out.
    """

    def __init__(
        self,
        backbone: TrainableBackbone,
        head: Head,
        config: TrainConfig,
        num_classes: int,
        strategy: Any,
        *,
        scaling: FeatureScaling | None = None,
        half_precision: bool = False,
        on_fewer_rows: Callable[[int], None] = lambda _rows: None,
    ) -> None:
        super().__init__()
        self.backbone, self.head, self._config = backbone, head, config
        self._spread = DeviceSpread(strategy)
        self._on_fewer_rows = on_fewer_rows
        self._scaling = scaling
        self._call = backbone.call
        if config.train_batch_norm and backbone.training_call is not None:
            self._call = backbone.training_call
        self.trained = [
            *backbone.chosen(config.fine_tune_fraction, with_batch_norm=config.train_batch_norm),
            *head.weights,
        ]
        self.optimizer = FusedOptimizer(config.step_optimizer, self.trained, weight_decay=0.0)
        self.average = MovingAverage(self.trained, config.ema_decay) if config.ema_decay else None
        self.loss_scale = LossScale() if half_precision else None
        self.rows_at_once: int | None = None
        self._sums: list[Any] = []
        height, width = backbone.input_size
        images = tf.TensorSpec([None, height, width, 3], tf.uint8, name="images")
        rows = [
            images,
            tf.TensorSpec([None, num_classes], tf.float32, name="targets"),
            tf.TensorSpec([None], tf.float32, name="row_weights"),
            tf.TensorSpec([], tf.int32, name="first_row"),
            tf.TensorSpec([], tf.int32, name="num_rows"),
        ]
        rate, step = (
            tf.TensorSpec([], tf.float32, name="rate"),
            tf.TensorSpec([], tf.int32, name="step"),
        )
        self._whole = self._spread.function(self._run_whole, [*rows, rate, step])
        self._part = self._spread.function(self._run_part, [*rows, step])
        self._finish = self._spread.function(self._run_finish, [rate, step])
        self._infer = self._spread.function(self._run_inference, [images])

    @property
    def is_spread(self) -> bool:
        """Whether the weights have a copy on each of several devices."""
        return self._spread.count > 1

    def run(self, batch: PixelBatch, rate: float, step: int) -> tuple[float, float]:
        """Train on a batch.

        Args:
            rate: Learning rate.
            step: Position in the fine-tuning, from 0.

        Returns:
            Loss, and number of images classified correctly, both before the step.

        Raises:
            TrainingError: If memory runs out even for one image a device.
        """
        while True:
            try:
                return self._run_batch(batch, rate, step)
            except tf.errors.ResourceExhaustedError as error:
                self._compute_fewer(len(batch.images), error)

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Compute logits of the present weights for inference.

        Args:
            images: uint8 `(batch, height, width, 3)`.
        """
        rows = self.rows_at_once or len(images)
        portions = [
            self._infer_portion(images[start : start + rows])
            for start in range(0, len(images), rows)
        ]
        return np.concatenate(portions)

    def _infer_portion(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._spread.joined(self._infer(self._spread.rows(images)), len(images))

    def _compute_fewer(self, num_rows: int, error: Exception) -> None:
        at_once = min(self.rows_at_once or num_rows, num_rows)
        if at_once <= self._spread.count:
            raise TrainingError(
                Text(
                    "Memory ran out even with one picture at a time. Close other programs, choose "
                    "a smaller backbone, or fine-tune fewer of its layers."
                )
            ) from error
        self.rows_at_once = max(self._spread.count, at_once // 2)
        self._on_fewer_rows(self.rows_at_once)

    def _run_batch(self, batch: PixelBatch, rate: float, step: int) -> tuple[float, float]:
        num_rows = len(batch.images)
        rate_and_step = (np.float32(rate), np.int32(step))
        at_once = self.rows_at_once or num_rows
        if at_once >= num_rows:
            return self._spread_run(self._whole, batch, 0, num_rows, *rate_and_step)
        self._clear_sums()
        loss = correct = 0.0
        for start in range(0, num_rows, at_once):
            rows = slice(start, start + at_once)
            part = PixelBatch(batch.images[rows], batch.targets[rows], batch.row_weights[rows])
            part_loss, part_correct = self._spread_run(
                self._part, part, start, num_rows, rate_and_step[1]
            )
            loss, correct = loss + part_loss, correct + part_correct
        self._finish(*rate_and_step)
        return loss, correct

    def _spread_run(
        self, function: Any, part: PixelBatch, first_row: int, num_rows: int, *others: Any
    ) -> tuple[float, float]:
        """Compute loss and hits of some rows of a batch, all devices' parts together."""
        results = function(
            self._spread.rows(part.images),
            self._spread.rows(part.targets),
            self._spread.rows(part.row_weights),
            self._spread.first_row(first_row, len(part.images)),
            tf.constant(num_rows),
            *map(tf.constant, others),
        )
        loss, correct = self._spread.total(results)
        return float(loss), float(correct)

    def _clear_sums(self) -> None:
        if not self._sums:
            with self._spread.strategy.scope():
                self._sums = [tf.Variable(tf.zeros_like(variable)) for variable in self.trained]
        for total in self._sums:
            total.assign(tf.zeros_like(total))

    # What follows is traced into graphs.

    def _run_whole(self, *arguments: Any) -> Any:
        *rows, rate, step = arguments
        results, gradients = self._gradients(*[*rows, step])
        # Should memory run out half-way, no weight has changed yet.
        with tf.control_dependencies(gradients):
            self._apply([tf.identity(gradient) for gradient in gradients], rate, step)
        return results

    def _run_part(self, *rows_and_step: Any) -> Any:
        results, gradients = self._gradients(*rows_and_step)
        with tf.control_dependencies(gradients):
            for total, gradient in zip(self._sums, gradients, strict=True):
                tf.raw_ops.AssignAddVariableOp(resource=total.handle, value=gradient)
        return results

    def _run_finish(self, rate: Any, step: Any) -> None:
        self._apply([tf.convert_to_tensor(total) for total in self._sums], rate, step)

    def _run_inference(self, images: Any) -> Any:
        return self.head.logits(self._vectors(self.backbone.call(_floats(images))))

    def _vectors(self, parts: list[Any]) -> Any:
        if self._scaling is None:
            return join_parts(parts, [False] * len(parts))
        return (
            join_parts(parts, self._scaling.roots) * self._scaling.factors + self._scaling.offsets
        )

    def _gradients(
        self,
        images: Any,
        targets: Any,
        row_weights: Any,
        first_row: Any,
        num_rows: Any,
        step: Any,
    ) -> tuple[Any, list[Any]]:
        """Compute loss, hits and gradients of some rows, as parts of the batch's."""
        config = self._config
        smoothing = config.label_smoothing
        classes = tf.cast(tf.shape(targets)[1], tf.float32)
        smooth = targets * (1 - smoothing) + smoothing / classes
        fractions = row_weights / tf.cast(num_rows, tf.float32)
        counted = tf.cast(row_weights > 0, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(self.trained)
            vectors = self._vectors(self._call(_floats(images)))
            vectors *= self._mask(vectors.shape[1], first_row, num_rows, tf.shape(images)[0], step)
            hidden = self._hidden_mask(first_row, num_rows, tf.shape(images)[0], step)
            logits = self.head.logits(vectors, hidden)
            losses = tf.nn.softmax_cross_entropy_with_logits(smooth, logits)
            loss = tf.reduce_sum(losses * fractions)
            part = tf.reduce_sum(counted) / tf.cast(num_rows, tf.float32)
            loss += part * self._penalty()
            scaled = self.loss_scale.scaled(loss) if self.loss_scale is not None else loss
        gradients = [
            tf.zeros_like(variable) if gradient is None else tf.convert_to_tensor(gradient)
            for variable, gradient in zip(
                self.trained, tape.gradient(scaled, self.trained), strict=True
            )
        ]
        hits = tf.cast(tf.argmax(logits, 1) == tf.argmax(targets, 1), tf.float32)
        return tf.stack([loss, tf.reduce_sum(hits * counted)]), gradients

    def _penalty(self) -> Any:
        if not self._config.l2 or self._config.optimizer.decouples_decay:
            return 0.0
        # `l2_loss` is half the sum of squares; Keras's penalty is the whole.
        return 2 * self._config.l2 * tf.add_n([tf.nn.l2_loss(k) for k in self.head.kernels])

    def _mask(self, width: int, first_row: Any, num_rows: Any, count: Any, step: Any) -> Any:
        """Draw the dropout of some rows: always for the whole batch, however that is split."""
        kept = 1 - self._config.dropout
        if kept == 1:
            return 1.0
        shape = [num_rows + self._spread.count, width]
        drawn = tf.random.stateless_uniform(shape, tf.stack([self._config.seed, step]))
        rows = tf.slice(drawn, [first_row, 0], [count, -1])
        return tf.cast(rows < kept, tf.float32) / kept

    def _hidden_mask(self, first_row: Any, num_rows: Any, count: Any, step: Any) -> Any:
        if not self._config.hidden_units:
            return None
        return self._mask(self._config.hidden_units, first_row, num_rows, count, -1 - step)

    def _apply(self, gradients: list[Any], rate: Any, step: Any) -> None:
        if self._spread.count > 1:
            context = tf.distribute.get_replica_context()
            gradients = list(context.all_reduce(tf.distribute.ReduceOp.SUM, gradients))
        if self.loss_scale is None:
            self._update(gradients, rate, step)
            return
        gradients, are_finite = self.loss_scale.unscaled(gradients)
        tf.cond(are_finite, lambda: self._update(gradients, rate, step), lambda: tf.constant(0))
        self.loss_scale.update(are_finite)

    def _update(self, gradients: list[Any], rate: Any, step: Any) -> Any:
        gradients = list(clipped(gradients, self._config.clip_norm))
        if self._config.weight_decay:
            for variable in self.trained:
                if variable.shape.rank > 1:
                    decay = rate * self._config.weight_decay * variable
                    tf.raw_ops.AssignSubVariableOp(resource=variable.handle, value=decay)
        self.optimizer.apply(gradients, rate, tf.cast(step + 1, tf.float32))
        if self.average is not None:
            self.average.update()
        return tf.constant(0)


def _floats(images: Any) -> Any:
    return tf.cast(images, tf.float32) / 255.0

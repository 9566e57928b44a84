"""A factor that keeps gradients in half precision from vanishing.

Dynamic loss scaling as in Micikevicius et al., "Mixed Precision Training" (2018), with the
constants of `tf_keras.mixed_precision.LossScaleOptimizer`.
"""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

_FIRST = 2.0**15
_GOOD_STEPS = 2000.0


class LossScale(tf.Module):
    """Doubles after 2,000 good steps, and halves when a gradient is no number any more."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = tf.Variable(_FIRST)
        self.good_steps = tf.Variable(0.0)

    def scaled(self, loss: Any) -> Any:
        """Return the loss whose gradients are taken."""
        return loss * tf.convert_to_tensor(self.scale)

    def unscaled(self, gradients: Sequence[Any]) -> tuple[list[Any], Any]:
        """Return the gradients of the loss itself, and whether all of them are numbers."""
        scale = tf.convert_to_tensor(self.scale)
        results = [gradient / scale for gradient in gradients]
        sound = [tf.reduce_all(tf.math.is_finite(gradient)) for gradient in results]
        return results, tf.reduce_all(tf.stack(sound))

    def update(self, are_finite: Any) -> None:
        """Follow from whether a step was good; a bad one is to be left out."""
        scale, good = tf.convert_to_tensor(self.scale), tf.convert_to_tensor(self.good_steps) + 1
        is_grown = good >= _GOOD_STEPS
        raised = tf.where(is_grown, scale * 2, scale)
        new = tf.where(are_finite, raised, tf.maximum(scale / 2, 1.0))
        count = tf.where(tf.logical_and(are_finite, tf.logical_not(is_grown)), good, 0.0)
        tf.raw_ops.AssignVariableOp(resource=self.scale.handle, value=new)
        tf.raw_ops.AssignVariableOp(resource=self.good_steps.handle, value=count)

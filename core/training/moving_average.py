"""An exponential moving average of weights."""

from collections.abc import Sequence
from typing import Any

import tensorflow as tf


class MovingAverage(tf.Module):
    """Averages that follow weights which change from step to step.

    The decay grows to its full value as in `tf.train.ExponentialMovingAverage` with
    `num_updates`: after the n-th step it is min(decay, (1 + n) / (10 + n)), so that the weights
    of the beginning don't weigh on a short run.

    Args:
        variables: What to follow; with a distribution strategy, made within its scope, as this.
        decay: Share of the average that stays at each step, in [0, 1).

    Attributes:
        followed: The variables.
        averages: Variables with their averages, in the same order.
    """

    # `variables`, which go into checkpoints, are those that this makes itself.
    _TF_MODULE_IGNORED_PROPERTIES = frozenset(
        {*tf.Module._TF_MODULE_IGNORED_PROPERTIES, "followed"}
    )

    def __init__(self, variables: Sequence[Any], decay: float) -> None:
        super().__init__()
        self.followed = list(variables)
        self.averages = [
            tf.Variable(tf.convert_to_tensor(variable), trainable=False)
            for variable in self.followed
        ]
        self._num_updates = tf.Variable(0.0, trainable=False)
        self._decay = decay

    def update(self) -> None:
        """Take the present values into account: once after every step, also within a graph.

        Where a strategy runs, it may be called by each device or once for all.
        """
        count = tf.convert_to_tensor(self._num_updates) + 1.0
        new_weight = 1.0 - tf.minimum(self._decay, (1.0 + count) / (10.0 + count))
        _assign(self._num_updates, count)
        for average, variable in zip(self.averages, self.followed, strict=True):
            before = tf.convert_to_tensor(average)
            _assign(average, before + new_weight * (tf.convert_to_tensor(variable) - before))


def _assign(variable: Any, value: Any) -> None:
    if tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context():
        # A mirrored variable refuses `assign` here, unsure whether all devices do the same.
        tf.raw_ops.AssignVariableOp(resource=variable.handle, value=value)
        return
    variable.assign(value)

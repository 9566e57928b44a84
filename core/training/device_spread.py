"""Rows of a batch spread over the devices of a strategy, and what comes back."""

from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


class DeviceSpread:
    """Deal rows out to devices; a single one gets all of them.

    Args:
        strategy: Of `tf.distribute`.

    Attributes:
        count: Number of devices.
    """

    def __init__(self, strategy: Any) -> None:
        self.strategy = strategy
        self.count = int(strategy.num_replicas_in_sync)

    def function(self, run: Callable[..., Any], signature: list[Any]) -> Any:
        """Make a graph function that has every device run its part.

        Args:
            run: Called on each device with its part.
            signature: `TensorSpec`s of its arguments.
        """
        # Values that differ between devices fit no signature.
        return tf.function(
            lambda *arguments: self.strategy.run(run, args=arguments),
            input_signature=signature if self.count == 1 else None,
            reduce_retracing=self.count > 1,
            autograph=False,
        )

    def rows(self, array: NDArray[Any]) -> Any:
        """Cut an array along its first axis into equal parts.

        Rows that only fill up are copies of the first; in an array of one axis, which holds
        weights, they are 0.
        """
        if self.count == 1:
            return tf.constant(array)
        part = self._part(len(array))
        padding = part * self.count - len(array)
        filled = np.concatenate([array, np.repeat(array[:1], padding, axis=0)])
        if array.ndim == 1:
            filled[len(array) :] = 0
        return self._per_device(lambda number: filled[number * part :][:part])

    def first_row(self, first_row: int, num_rows: int) -> Any:
        """Return where in the batch each device's part begins, int32.

        Args:
            first_row: Where these rows begin in it.
            num_rows: How many they are.
        """
        if self.count == 1:
            return tf.constant(first_row)
        part = self._part(num_rows)
        return self._per_device(lambda number: np.int32(first_row + number * part))

    def total(self, results: Any) -> NDArray[np.float32]:
        """Add up the results of all devices."""
        summed = self.strategy.reduce(tf.distribute.ReduceOp.SUM, results, axis=None)
        total: NDArray[np.float32] = summed.numpy()
        return total

    def joined(self, results: Any, num_rows: int) -> NDArray[np.float32]:
        """Join all devices' rows in order, without those that only filled up."""
        parts = [part.numpy() for part in self.strategy.experimental_local_results(results)]
        return np.concatenate(parts)[:num_rows]

    def _part(self, num_rows: int) -> int:
        return -(-num_rows // self.count)

    def _per_device(self, value: Callable[[int], Any]) -> Any:
        return self.strategy.experimental_distribute_values_from_function(
            lambda context: tf.constant(value(context.replica_id_in_sync_group))
        )

"""Trains on two made-up devices; a program of its own, since they must be set up first.

Prints the largest difference between the weights, averages included, of two devices and of one.
"""

import sys

import numpy as np
import tensorflow as tf

from core.settings.choices import Optimizer
from core.training.moving_average import MovingAverage
from core.training.optimizers import FusedOptimizer, clipped

_STEPS = 4


def _trained(kind: Optimizer, strategy: "tf.distribute.Strategy") -> list[np.ndarray]:
    with strategy.scope():
        variables = [tf.Variable(tf.reshape(tf.range(6.0), [2, 3])), tf.Variable(tf.ones([3]))]
        optimizer = FusedOptimizer(kind, variables, weight_decay=0.1)
        average = MovingAverage(variables, 0.5)

    def step(number: "tf.Tensor") -> None:
        gradients = [0.1 * tf.convert_to_tensor(variable) - number for variable in variables]
        optimizer.apply(clipped(gradients, 1.0), tf.constant(0.05), number + 1.0)
        average.update()

    run = tf.function(lambda number: strategy.run(step, args=(number,)), autograph=False)
    for number in range(_STEPS):
        run(tf.constant(float(number)))
    average.update()
    all_variables = [*variables, *optimizer.variables, *average.variables]
    locals_ = [part for v in all_variables for part in strategy.experimental_local_results(v)]
    return [part.numpy() for part in locals_]


def main() -> None:
    """Compare."""
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    kind = Optimizer(sys.argv[1])
    two = _trained(kind, tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]))
    one = _trained(kind, tf.distribute.get_strategy())
    assert len(two) == 2 * len(one)
    differences = [
        np.abs(part - value).max()
        for number, value in enumerate(one)
        for part in two[2 * number : 2 * number + 2]
    ]
    sys.stdout.write(f"{max(differences)}\n")


if __name__ == "__main__":
    main()

import numpy as np
import pytest
import tensorflow as tf

from core.training.moving_average import MovingAverage

VALUES = [3.0, -1.0, 4.0, 1.0, -5.0]


@pytest.mark.parametrize("decay", [0.0, 0.3, 0.99])
def test_averages_are_those_of_tensorflow_with_the_number_of_updates(decay):
    variable, reference = tf.Variable(2.0), tf.Variable(2.0)
    average = MovingAverage([variable], decay)
    for number, value in enumerate(VALUES, start=1):
        variable.assign(value)
        average.update()
        fraction = min(decay, (1 + number) / (10 + number))
        reference.assign(fraction * reference + (1 - fraction) * value)
    assert average.averages[0].numpy() == pytest.approx(reference.numpy(), rel=1e-5)


def test_it_may_be_part_of_a_graph():
    variable = tf.Variable([1.0, 2.0])
    eager, graph = MovingAverage([variable], 0.5), MovingAverage([variable], 0.5)
    update = tf.function(graph.update, autograph=False)
    for value in VALUES:
        variable.assign([value, value])
        eager.update()
        update()
    np.testing.assert_array_equal(eager.averages[0].numpy(), graph.averages[0].numpy())


def test_checkpoints_need_its_own_variables_only():
    variable = tf.Variable(1.0)
    average = MovingAverage([variable], 0.5)
    assert all(own is not variable for own in average.variables)
    assert len(average.variables) == 2

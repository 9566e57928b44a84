"""The fused updates against `tf_keras`'s optimizers, which follow the papers step by step."""

import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from core.settings.choices import Optimizer
from core.training.optimizers import FusedOptimizer, clipped

STEPPING = [each for each in Optimizer if each.takes_steps]

STEPS = 6
DECAY = 0.03
KERAS = {
    Optimizer.ADAM: lambda rate: tf_keras.optimizers.legacy.Adam(rate),
    Optimizer.SGD: lambda rate: tf_keras.optimizers.SGD(rate, momentum=0.9),
    Optimizer.RMSPROP: lambda rate: tf_keras.optimizers.legacy.RMSprop(rate),
}


def start() -> list[np.ndarray]:
    random = np.random.default_rng(1)
    return [random.normal(size=(5, 3)).astype(np.float32), np.full(3, 0.5, np.float32)]


def gradients(step: int) -> list[np.ndarray]:
    random = np.random.default_rng([2, step])
    return [random.normal(size=(5, 3)).astype(np.float32), random.normal(size=3).astype("f")]


def rate(step: int) -> float:
    """Changes from step to step, as with a schedule."""
    return 0.05 / (1 + step)


def after_our_steps(kind: Optimizer, decay: float) -> list[np.ndarray]:
    variables = [tf.Variable(value) for value in start()]
    optimizer = FusedOptimizer(kind, variables, weight_decay=decay)
    for step in range(STEPS):
        optimizer.apply(
            [tf.constant(g) for g in gradients(step)],
            tf.constant(rate(step)),
            tf.constant(step + 1.0),
        )
    return [variable.numpy() for variable in variables]


@pytest.mark.parametrize("kind", list(KERAS))
def test_updates_are_those_of_keras(kind):
    variables = [tf.Variable(value) for value in start()]
    keras = KERAS[kind](0.0)
    for step in range(STEPS):
        keras.learning_rate = rate(step)
        keras.apply_gradients(zip(map(tf.constant, gradients(step)), variables, strict=True))
    # A decay that is given belongs to the loss, not to these.
    for ours, theirs in zip(after_our_steps(kind, DECAY), variables, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-5)


def test_adamw_decays_kernels_apart_from_the_gradient():
    """Algorithm 2 of Loshchilov and Hutter (2019), written out; biases don't decay."""
    expected = [value.astype(np.float64) for value in start()]
    moments = [[np.zeros_like(value), np.zeros_like(value)] for value in expected]
    for step in range(STEPS):
        for value, (m, v), gradient in zip(expected, moments, gradients(step), strict=True):
            m += 0.1 * (gradient - m)
            v += 0.001 * (gradient.astype(np.float64) ** 2 - v)
            corrected = rate(step) * np.sqrt(1 - 0.999 ** (step + 1)) / (1 - 0.9 ** (step + 1))
            if value.ndim > 1:
                value -= rate(step) * DECAY * value
            value -= corrected * m / (np.sqrt(v) + 1e-7)
    for ours, theirs in zip(after_our_steps(Optimizer.ADAMW, DECAY), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_adamw_without_decay_is_adam():
    for ours, theirs in zip(
        after_our_steps(Optimizer.ADAMW, 0.0), after_our_steps(Optimizer.ADAM, 0.0), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("limit", [0.5, 2.0, 100.0])
def test_clipping_scales_all_gradients_to_a_common_norm(limit):
    given = gradients(0)
    norm = np.sqrt(sum((gradient**2).sum() for gradient in given))
    for ours, gradient in zip(clipped(given, limit), given, strict=True):
        np.testing.assert_allclose(ours, gradient * min(1.0, limit / norm), rtol=1e-5)


def test_no_limit_adds_nothing_to_a_graph():
    given = [tf.constant(gradient) for gradient in gradients(0)]
    assert clipped(given, 0.0) is given


def test_only_its_own_slots_are_an_optimizers_variables():
    variables = [tf.Variable(value) for value in start()]
    optimizer = FusedOptimizer(Optimizer.ADAM, variables, weight_decay=0.0)
    assert len(optimizer.variables) == 4
    assert not {id(variable) for variable in variables} & {id(v) for v in optimizer.variables}


@pytest.mark.parametrize("kind", STEPPING)
def test_variables_of_a_loaded_saved_model_are_updated_alike(tmp_path, kind):
    module = tf.Module()
    module.weights = [tf.Variable(value) for value in start()]
    tf.saved_model.save(module, str(tmp_path))
    variables = list(tf.saved_model.load(str(tmp_path)).weights)
    optimizer = FusedOptimizer(kind, variables, weight_decay=DECAY)
    for step in range(STEPS):
        given = [tf.constant(g) for g in gradients(step)]
        optimizer.apply(given, tf.constant(rate(step)), tf.constant(step + 1.0))
    for ours, expected in zip(variables, after_our_steps(kind, DECAY), strict=True):
        np.testing.assert_array_equal(ours.numpy(), expected)

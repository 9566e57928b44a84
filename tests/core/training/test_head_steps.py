from itertools import pairwise

import numpy as np
import pytest
import tensorflow as tf

from core.models.litert_head import DenseWeights
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.training.head import Head, initial_weights
from core.training.head_steps import HeadSteps

CLASSES, DIM = 3, 4
RATE = 0.1
PLAIN = {"optimizer": Optimizer.SGD, "dropout": 0.0, "l2": 0.0}


def start(hidden_units: int = 0) -> list[DenseWeights]:
    random = np.random.default_rng(5)
    sizes = [DIM, *([hidden_units] if hidden_units else []), CLASSES]
    return [
        DenseWeights(
            random.normal(size=(inputs, outputs)).astype(np.float32),
            random.normal(size=outputs).astype(np.float32),
        )
        for inputs, outputs in pairwise(sizes)
    ]


def rows(count: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(6)
    vectors = random.normal(size=(count, DIM)).astype(np.float32)
    return vectors, (np.arange(count) % CLASSES).astype(np.int32)


def trained(
    vectors: np.ndarray, classes: np.ndarray, weights: list[float], *, steps: int = 1, **settings
) -> tuple[list[DenseWeights], np.ndarray]:
    """Layers and results after some steps from `start`."""
    config = TrainConfig(**(PLAIN | {"batch_size": len(vectors) // steps} | settings))
    head = Head(start(config.hidden_units))
    results = HeadSteps(head, config, CLASSES).run(
        vectors, classes, np.float32(weights), np.full(steps, RATE, np.float32), np.int32(0)
    )
    return head.read(), results.numpy()


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def by_hand(
    vectors: np.ndarray,
    classes: np.ndarray,
    weights: np.ndarray,
    *,
    l2: float = 0.0,
    smoothing: float = 0.0,
) -> tuple[DenseWeights, float]:
    """One step of gradient descent on the cross-entropy, worked out."""
    layer = start()[0]
    probabilities = softmax(vectors @ layer.kernel + layer.bias)
    targets = np.eye(CLASSES)[classes] * (1 - smoothing) + smoothing / CLASSES
    losses = -(targets * np.log(probabilities)).sum(axis=1)
    errors = (probabilities - targets) * weights[:, np.newaxis] / len(vectors)
    kernel = layer.kernel - RATE * (vectors.T @ errors + 2 * l2 * layer.kernel)
    loss = (losses * weights).mean() + l2 * (layer.kernel**2).sum()
    return DenseWeights(kernel, layer.bias - RATE * errors.sum(axis=0)), float(loss)


@pytest.mark.parametrize(
    ("settings", "weights"),
    [
        ({}, (1.0, 1.0, 1.0)),
        ({"l2": 0.05}, (1.0, 1.0, 1.0)),
        ({"label_smoothing": 0.3}, (1.0, 1.0, 1.0)),
        ({}, (0.5, 2.0, 1.0)),
        ({"l2": 0.05, "label_smoothing": 0.1}, (3.0, 1.0, 0.1)),
    ],
    ids=["plain", "l2", "label smoothing", "class weights", "all"],
)
def test_a_step_is_gradient_descent_on_the_cross_entropy(settings, weights):
    vectors, classes = rows(6)
    row_weights = np.array(weights)[classes]
    (layer,), results = trained(vectors, classes, list(row_weights), **settings)
    expected, loss = by_hand(
        vectors,
        classes,
        row_weights,
        l2=settings.get("l2", 0.0),
        smoothing=settings.get("label_smoothing", 0.0),
    )
    np.testing.assert_allclose(layer.kernel, expected.kernel, atol=1e-5)
    np.testing.assert_allclose(layer.bias, expected.bias, atol=1e-5)
    assert results[0, 0] == pytest.approx(loss, rel=1e-5)


def test_rows_that_only_fill_up_change_nothing():
    vectors, classes = rows(5)
    (exact,), exact_results = trained(vectors, classes, [1.0] * 5)
    filled = np.concatenate([vectors, np.repeat(vectors[:1], 3, axis=0)])
    (layer,), results = trained(
        filled, np.append(classes, [0, 0, 0]).astype(np.int32), [1.0] * 5 + [0.0] * 3
    )
    np.testing.assert_allclose(layer.kernel, exact.kernel, atol=1e-6)
    np.testing.assert_allclose(layer.bias, exact.bias, atol=1e-6)
    np.testing.assert_allclose(results, exact_results, rtol=1e-5)


def test_correct_rows_are_counted():
    vectors, _ = rows(9)
    layer = start()[0]
    right = (vectors @ layer.kernel + layer.bias).argmax(axis=1)
    _, results = trained(vectors, right.astype(np.int32), [1.0] * 8 + [0.0])
    assert results[0, 1] == 8


def test_steps_of_one_call_are_the_same_as_calls_of_one_step():
    vectors, classes = rows(12)
    config = TrainConfig(batch_size=4, dropout=0.0, optimizer=Optimizer.ADAM)
    together, apart = Head(start()), Head(start())
    HeadSteps(together, config, CLASSES).run(
        vectors, classes, np.ones(12, "f"), np.full(3, RATE, "f"), np.int32(0)
    )
    steps = HeadSteps(apart, config, CLASSES)
    for step in range(3):
        part = slice(4 * step, 4 * step + 4)
        steps.run(
            vectors[part], classes[part], np.ones(4, "f"), np.full(1, RATE, "f"), np.int32(step)
        )
    np.testing.assert_array_equal(together.read()[0].kernel, apart.read()[0].kernel)


def test_adamw_keeps_its_decay_out_of_the_loss():
    vectors, classes = rows(6)
    _, with_decay = trained(vectors, classes, [1.0] * 6, l2=0.5, optimizer=Optimizer.ADAMW)
    _, without = trained(vectors, classes, [1.0] * 6, optimizer=Optimizer.ADAMW)
    assert with_decay[0, 0] == without[0, 0]


def hidden_mask(seed: int, step: int) -> np.ndarray:
    """What a batch of 200 hidden outputs is multiplied with."""
    config = TrainConfig(dropout=0.25, seed=seed, batch_size=200, hidden_units=50)
    return HeadSteps(Head(start()), config, CLASSES)._hidden_mask(tf.constant(step)).numpy()


def test_hidden_dropout_leaves_out_its_fraction_and_keeps_the_mean():
    values = hidden_mask(0, 0)
    assert set(np.unique(values)) == {0.0, np.float32(1 / 0.75)}
    assert (values == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert values.mean() == pytest.approx(1.0, abs=0.03)


def test_hidden_dropout_differs_by_seed_and_step_and_repeats_itself():
    first = hidden_mask(0, 0)
    np.testing.assert_array_equal(first, hidden_mask(0, 0))
    for other in (hidden_mask(1, 0), hidden_mask(0, 1)):
        assert (first != other).mean() > 0.2


def test_the_largest_seed_trains():
    vectors, classes = rows(3)
    _, results = trained(vectors, classes, [1.0] * 3, seed=2**31 - 1, dropout=0.5, hidden_units=4)
    assert np.isfinite(results).all()


def test_no_dropout_leaves_all_as_it_is():
    vectors, classes = rows(6)
    (layer,), _ = trained(vectors, classes, [1.0] * 6, dropout=0.0)
    np.testing.assert_allclose(
        layer.kernel, by_hand(vectors, classes, np.ones(6))[0].kernel, atol=1e-6
    )


def test_a_hidden_layer_learns_by_the_chain_rule():
    vectors, classes = rows(6)
    first, second = start(hidden_units=5)
    sums = vectors @ first.kernel + first.bias
    hidden = np.maximum(sums, 0)
    probabilities = softmax(hidden @ second.kernel + second.bias)
    errors = (probabilities - np.eye(CLASSES)[classes]) / 6
    back = (errors @ second.kernel.T) * (sums > 0)
    layers, _ = trained(vectors, classes, [1.0] * 6, hidden_units=5)
    np.testing.assert_allclose(layers[0].kernel, first.kernel - RATE * vectors.T @ back, atol=1e-5)
    np.testing.assert_allclose(
        layers[1].kernel, second.kernel - RATE * hidden.T @ errors, atol=1e-5
    )


def test_initial_weights_follow_from_the_seed():
    first, again, other = (initial_weights(20, 8, 3, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first[0].kernel, again[0].kernel)
    assert (first[0].kernel != other[0].kernel).all()
    limit = np.sqrt(6 / 28)
    assert 0.8 * limit < np.abs(first[0].kernel).max() <= limit
    assert [layer.kernel.shape for layer in first] == [(20, 8), (8, 3)]


@pytest.mark.parametrize("hidden_units", [0, 8])
def test_training_begins_without_any_preference(hidden_units):
    head = Head(initial_weights(DIM, hidden_units, CLASSES, 0))
    logits = head.logits(tf.constant(rows(4)[0]))
    np.testing.assert_array_equal(logits.numpy(), np.zeros((4, CLASSES)))


def test_gradients_beyond_the_limit_are_scaled_down_together():
    vectors, classes = rows(6)
    whole = by_hand(vectors, classes, np.ones(6))[0]
    before = start()[0]
    steps = [whole.kernel - before.kernel, whole.bias - before.bias]
    norm = np.sqrt(sum((step**2).sum() for step in steps)) / RATE
    (layer,), _ = trained(vectors, classes, [1.0] * 6, clip_norm=float(norm / 4))
    np.testing.assert_allclose(layer.kernel, before.kernel + steps[0] / 4, atol=1e-5)
    np.testing.assert_allclose(layer.bias, before.bias + steps[1] / 4, atol=1e-5)


def test_a_blended_row_is_two_rows_of_their_fractions():
    """The gradient of a blend is that of both its classes, each by its share."""
    vectors, classes = rows(6)
    other = (classes + 1) % CLASSES
    row_fractions = np.linspace(0.5, 1.0, 6).astype(np.float32)
    layer = start()[0]
    probabilities = softmax(vectors @ layer.kernel + layer.bias)
    ones = np.eye(CLASSES)
    targets = (
        row_fractions[:, np.newaxis] * ones[classes]
        + (1 - row_fractions)[:, np.newaxis] * ones[other]
    )
    targets = targets * 0.8 + 0.2 / CLASSES
    errors = (probabilities - targets) / 6
    head = Head(start())
    config = TrainConfig(batch_size=6, mixup=0.2, label_smoothing=0.2, **PLAIN)
    rates = np.full(1, RATE, np.float32)
    HeadSteps(head, config, CLASSES).run(
        vectors, classes, np.ones(6, np.float32), rates, np.int32(0), other, row_fractions
    )
    kernel = layer.kernel - RATE * vectors.T @ errors
    np.testing.assert_allclose(head.read()[0].kernel, kernel, atol=1e-5)

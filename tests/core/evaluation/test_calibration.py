"""The temperature undoes a known scale, within its bounds."""

import numpy as np
import pytest

from core.evaluation.calibration import fit_temperature, negative_log_likelihood


def calibrated(num_images: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose probabilities are right: classes are drawn by them."""
    random = np.random.default_rng(0)
    logits = random.normal(0, 2, (num_images, 4)).astype(np.float32)
    powers = np.exp(logits)
    cumulative = (powers / powers.sum(axis=1, keepdims=True)).cumsum(axis=1)
    classes = (random.random((num_images, 1)) > cumulative).sum(axis=1)
    return logits, np.minimum(classes, 3)


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.8, 4.0])
def test_known_scale_is_recovered(scale: float) -> None:
    logits, classes = calibrated()
    assert fit_temperature(logits * np.float32(scale), classes) == pytest.approx(scale, rel=0.03)


def test_temperature_is_where_the_likelihood_is_best() -> None:
    logits, classes = calibrated(500)
    logits = logits * np.float32(2.3)
    found = fit_temperature(logits, classes)
    best = negative_log_likelihood(logits / found, classes)
    for temperature in np.linspace(0.5, 5.0, 200):
        assert best <= negative_log_likelihood(logits / temperature, classes) + 1e-9


@pytest.mark.parametrize(("scale", "bound"), [(1e-3, 0.5), (1e3, 5.0)])
def test_extreme_scales_end_at_the_bounds(scale: float, bound: float) -> None:
    logits, classes = calibrated(1000)
    assert fit_temperature(logits * np.float32(scale), classes) == pytest.approx(bound)


def test_faultless_images_do_not_make_it_extreme() -> None:
    logits = np.eye(3, dtype=np.float32) * 10
    assert fit_temperature(logits, np.arange(3)) == pytest.approx(0.5)


def test_without_images_probabilities_stay() -> None:
    assert fit_temperature(np.zeros((0, 3), np.float32), np.zeros(0, np.int64)) == 1.0


def test_likelihood_by_hand() -> None:
    logits = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]], np.float32))
    expected = -(np.log(0.5) + np.log(0.1)) / 2
    assert negative_log_likelihood(logits, np.array([0, 1])) == pytest.approx(expected, rel=1e-6)


def test_likelihood_of_huge_logits_is_finite() -> None:
    logits = np.array([[1e4, -1e4]], np.float32)
    assert negative_log_likelihood(logits, np.array([1])) == pytest.approx(2e4)

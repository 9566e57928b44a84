import math

import numpy as np
import pytest

from core.training.learning_rate_suggestion import LossCurve, suggested_rate

RATES = np.geomspace(1e-7, 10, 100)


def losses_of(
    fall_at: float, rise_at: float, *, noise: float = 0.0, depth: float = 0.8
) -> np.ndarray:
    """Falls by `depth` around one rate, on a logarithmic scale, and grows around another."""
    powers = np.log10(RATES)
    fall = 1 / (1 + np.exp(-4 * (powers - math.log10(fall_at))))
    rise = np.exp(3 * (powers - math.log10(rise_at)))
    return 1 - depth * fall + rise + noise * np.random.default_rng(3).normal(size=len(RATES))


@pytest.mark.parametrize("fall_at", [1e-5, 3e-4, 2e-3])
@pytest.mark.parametrize("noise", [0.0, 0.03])
def test_the_rate_is_where_the_loss_falls_fastest(fall_at, noise):
    suggestion = suggested_rate(RATES, losses_of(fall_at, 1.0, noise=noise))
    assert suggestion == pytest.approx(fall_at, rel=0.7)


def test_it_stays_well_below_where_the_loss_is_lowest():
    """The loss falls fastest just before it grows."""
    losses = losses_of(1e-2, 1e-1)
    lowest = RATES[losses.argmin()]
    assert suggested_rate(RATES, losses) < lowest / 5


def test_it_is_one_that_was_tried_or_a_tenth_of_one():
    suggestion = suggested_rate(RATES, losses_of(1e-3, 1.0))
    known = [*RATES, *(RATES / 10)]
    assert min(abs(suggestion / rate - 1) for rate in known) < 1e-9


@pytest.mark.parametrize(
    "losses",
    [
        np.ones(100),
        np.linspace(1, 3, 100),
        1 + 0.2 * np.random.default_rng(0).normal(size=100),
        1 + 0.2 * np.random.default_rng(7).normal(size=100),
        losses_of(1e-3, 1.0, depth=0.005),
        losses_of(1e-3, 1.0)[:9],
    ],
    ids=["flat", "growing", "noise", "other noise", "hardly falling", "too few"],
)
def test_losses_that_point_to_no_rate_give_none(losses):
    assert suggested_rate(RATES[: len(losses)], losses) is None


def test_what_was_tried_before_a_stop_is_enough_if_the_loss_fell():
    whole = losses_of(1e-4, 1.0)
    assert suggested_rate(RATES[:60], whole[:60]) < 1e-3


def test_the_running_mean_has_no_bias_to_its_beginning():
    curve = LossCurve()
    assert [curve.add(2.0) for _ in range(5)] == pytest.approx([2.0] * 5)
    assert curve.add(1.0) == pytest.approx(2.0 - 0.1 / (1 - 0.9**6))
    assert curve.losses == [2.0] * 5 + [1.0]


@pytest.mark.parametrize("last", [100.0, math.inf, math.nan])
def test_a_loss_of_four_times_the_least_ends_the_test(last):
    curve = LossCurve()
    for loss in (1.0, 0.5, 0.6):
        curve.add(loss)
        assert not curve.has_diverged
    curve.add(last)
    assert curve.has_diverged

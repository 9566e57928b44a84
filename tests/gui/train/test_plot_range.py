import numpy as np
import pytest

from gui.train.plot_range import range_without_outliers

FALLING = 0.25 + 1.4 * np.exp(-0.05 * np.arange(160))


def test_one_outlier_is_left_out():
    losses = np.array([0.9, 40.0, 0.7, 0.6, 0.5])
    found = range_without_outliers(losses)
    assert found is not None
    assert (found.low, found.high, found.num_above, found.largest) == (0.5, 0.9, 1, 40.0)


@pytest.mark.parametrize("count", [5, 12, 40, 160])
def test_a_loss_that_falls_is_shown_whole(count):
    assert range_without_outliers(FALLING[:count]) is None


def test_a_few_of_many_are_left_out():
    losses = FALLING.copy()
    losses[[3, 70]] = 30.0, 90.0
    found = range_without_outliers(losses)
    assert found is not None
    assert found.num_above == 2
    assert found.high == losses[0]


@pytest.mark.parametrize(
    "losses", [[], [1.0, 50.0], [0.5] * 9, [np.nan] * 9, [0.5] * 5 + [60.0] * 5]
)
def test_otherwise_nothing_is_left_out(losses):
    assert range_without_outliers(np.array(losses, float)) is None


def test_values_that_are_no_numbers_count_as_none():
    found = range_without_outliers(np.array([0.9, np.inf, np.nan, 40.0, 0.7, 0.6, 0.5]))
    assert found is not None
    assert found.largest == 40.0

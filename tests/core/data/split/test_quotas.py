import numpy as np
import pytest

from core.data.dataset import Split
from core.data.split.quotas import split_quotas
from core.data.split.units import SplitUnits


def quotas(size, draw, *, test=0.1, val=0.1):
    """Of one class whose first group draws a number, though later ones draw others."""
    units = SplitUnits([((0, 1),), ((0, 1),)], np.array([draw, 1 - draw]), np.array([0, 1]))
    fractions = {Split.TEST: test, Split.VALIDATION: val}
    result = split_quotas(
        units, [size], {s: fraction for s, fraction in fractions.items() if fraction}
    )
    return tuple(quota for (quota,) in result.values())


@pytest.mark.parametrize(
    ("size", "draw", "expected"),
    [
        (14, 0.5, (1, 1)),  # floor(1.4 + 0.5), floor(1.4 + 0.5)
        (14, 0.7, (2, 1)),
        (14, 0.3, (1, 2)),
        (16, 0.5, (2, 2)),  # 1.6: one of both rounds up at least, so that training has its 12.8
        (16, 0.3, (1, 2)),
        (20, 0.9, (2, 2)),
        (3, 0.1, (1, 1)),
    ],
)
def test_the_draw_rounds_up_or_down(size, draw, expected):
    assert quotas(size, draw) == expected


def test_rounding_is_right_on_average():
    draws = (np.arange(1000) + 0.5) / 1000
    test, val = np.mean([quotas(37, draw, test=0.13, val=0.21) for draw in draws], axis=0)
    assert test == pytest.approx(37 * 0.13, abs=0.01)
    assert val == pytest.approx(37 * 0.21, abs=0.01)


@pytest.mark.parametrize("size", range(3, 80))
def test_training_too_is_less_than_an_image_from_its_fraction(size):
    for draw in (0.01, 0.2, 0.41, 0.63, 0.87, 0.99):
        test, val = quotas(size, draw, test=0.34, val=0.35)
        assert abs(size - test - val - 0.31 * size) < 1


def test_validation_has_the_same_quota_without_a_test_split():
    for draw in (0.1, 0.4, 0.6, 0.9):
        assert quotas(47, draw)[1:] == quotas(47, draw, test=0)


def test_one_image_is_left_to_train_on():
    assert quotas(3, 0.9, test=0.6, val=0.35) == (1, 1)
    assert quotas(4, 0.9, test=0.9, val=0.05) == (2, 1)
    assert quotas(2, 0.9, test=0, val=0.9) == (1,)


def test_a_class_without_images_has_quotas_that_nothing_fills():
    assert quotas(0, 0.5) == (1, 1)

"""Intervals for the difference of two accuracies on the same images that the program could use.

Each takes arrays of counts: images that the first model alone classifies correctly, that the second
alone does, that both do, and the number of all. Each gives both ends.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_Z = 1.959963984540054
_NUM_HALVINGS = 45

Floats = NDArray[np.float64]
Interval = Callable[[Floats, Floats, Floats, int], tuple[Floats, Floats]]


def wald(first: Floats, second: Floats, both: Floats, total: float) -> tuple[Floats, Floats]:
    difference = (first - second) / total
    half = _Z * np.sqrt(first + second - (first - second) ** 2 / total) / total
    return difference - half, difference + half


def agresti_min(first: Floats, second: Floats, both: Floats, total: int) -> tuple[Floats, Floats]:
    """`core.evaluation.metrics.paired_change_interval`, of many at once."""
    low, high = wald(first + 0.5, second + 0.5, both, total + 2)
    return np.maximum(low, -1), np.minimum(high, 1)


def bonett_price(first: Floats, second: Floats, both: Floats, total: int) -> tuple[Floats, Floats]:
    return wald(first + 1, second + 1, both, total + 2)


def newcombe(first: Floats, second: Floats, both: Floats, total: int) -> tuple[Floats, Floats]:
    """Newcombe's method 10 (1998)."""
    none = total - both - first - second
    one, one_low, one_high = _wilson(both + first, total)
    two, two_low, two_high = _wilson(both + second, total)
    product = both * none - first * second
    product = np.where(product > 0, np.maximum(product - total / 2, 0), product)
    scale = np.sqrt((both + first) * (second + none) * (both + second) * (first + none))
    phi = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)

    def reach(left: Floats, right: Floats) -> Floats:
        return np.sqrt(np.maximum(left**2 - 2 * phi * left * right + right**2, 0))

    difference = one - two
    low = difference - reach(one - one_low, two_high - two)
    return low, difference + reach(one_high - one, two - two_low)


def tango(first: Floats, second: Floats, both: Floats, total: int) -> tuple[Floats, Floats]:
    """Tango's score interval (1998), by halving."""

    def score(delta: Floats) -> Floats:
        linear = -first - second + (2 * total - first + second) * delta
        root = np.sqrt(np.maximum(linear**2 + 8 * total * second * delta * (1 - delta), 0))
        likely = (root - linear) / (4 * total)
        variance = total * (2 * likely + delta * (1 - delta))
        return (first - second - total * delta) / np.sqrt(np.maximum(variance, 1e-12))

    difference = (first - second) / total
    ends = []
    for bound, limit in ((-np.ones_like(difference), _Z), (np.ones_like(difference), -_Z)):
        inner, outer = difference.copy(), bound
        for _ in range(_NUM_HALVINGS):
            middle = (inner + outer) / 2
            is_in = np.abs(score(middle)) < abs(limit)
            inner, outer = np.where(is_in, middle, inner), np.where(is_in, outer, middle)
        ends.append((inner + outer) / 2)
    return ends[0], ends[1]


def _wilson(successes: Floats, total: int) -> tuple[Floats, Floats, Floats]:
    fraction = successes / total
    denominator = 1 + _Z**2 / total
    centre = (fraction + _Z**2 / (2 * total)) / denominator
    half = _Z * np.sqrt(fraction * (1 - fraction) / total + _Z**2 / (4 * total**2)) / denominator
    return fraction, centre - half, centre + half


INTERVALS: dict[str, Interval] = {
    "Agresti and Min": agresti_min,
    "Wald": wald,
    "Bonett and Price": bonett_price,
    "Newcombe 10": newcombe,
    "Tango": tango,
}

"""Inverse power laws through measured values, and all of those that the values don't rule out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Array = NDArray[np.float64]

# Smaller ones can't be told from a logarithm, larger ones not from a curve that has become flat.
_EXPONENTS = np.geomspace(0.05, 4.0, 400)


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """The curve a + b·x^-c.

    Attributes:
        a: At least 0.
        b: At least 0.
        c: Above 0.
        distance: Sum of the weighted squared distances from the measured values.
    """

    a: float
    b: float
    c: float
    distance: float

    def at(self, x: float) -> float:
        """Return the curve's value."""
        return self.a + self.b * math.pow(x, -self.c)


class PowerLaws:
    """The power laws near measured values.

    For each c of a grid, a and b are found by linear least squares, so nothing depends on where a
    search begins. The curves that are near enough are those in an ellipse of a and b.

    Args:
        x: Where the values were measured; best relative to the largest, so that numbers stay small.
        y: The values, at least 0.
        precision: Inverse of the values' covariance matrix.
    """

    def __init__(self, x: _Array, y: _Array, precision: _Array) -> None:
        powers = x[np.newaxis] ** -_EXPONENTS[:, np.newaxis]
        weighted = powers @ precision
        # Sums for the normal equations, one for each exponent.
        self._w = np.full(len(_EXPONENTS), precision.sum())
        self._wx = weighted.sum(axis=1)
        self._wxx = (weighted * powers).sum(axis=1)
        self._wy = np.full(len(_EXPONENTS), (precision @ y).sum())
        self._wxy = weighted @ y
        self._wyy = float(y @ precision @ y)
        self._determinant = self._w * self._wxx - self._wx**2

    def best(self) -> PowerLaw:
        """Return the nearest one."""
        a, b = self._free()
        is_out = (a < 0) | (b < 0)
        only_a = np.maximum(0, self._wy / self._w)
        only_b = np.maximum(0, self._wxy / self._wxx)
        none = np.zeros_like(a)
        is_flat = self._distance(only_a, none) < self._distance(none, only_b)
        a = np.where(is_out, np.where(is_flat, only_a, none), a)
        b = np.where(is_out, np.where(is_flat, none, only_b), b)
        distances = self._distance(a, b)
        index = int(np.argmin(distances))
        distance = max(0.0, float(distances[index]))
        return PowerLaw(float(a[index]), float(b[index]), float(_EXPONENTS[index]), distance)

    def value_range(self, x: float, limit: float) -> tuple[float, float]:
        """Return the least and the largest value at x of all curves within a distance.

        Args:
            x: In the unit of the measured ones.
            limit: At least that of the best curve.
        """
        return self._range(np.ones_like(_EXPONENTS), x**-_EXPONENTS, limit)

    def fall_range(self, x: float, other_x: float, limit: float) -> tuple[float, float]:
        """Return by how much the curves within a distance fall from one x to another."""
        return self._range(np.zeros_like(_EXPONENTS), x**-_EXPONENTS - other_x**-_EXPONENTS, limit)

    def _range(self, of_a: _Array, of_b: _Array, limit: float) -> tuple[float, float]:
        """Return the bounds of `of_a`·a + `of_b`·b, each c with its own factors.

        For each c they lie on the ellipse, or where it crosses the bounds of a and b.
        """
        a, b = self._free()
        room = limit - self._distance(a, b)
        # The inverse of the normal equations, times the factors.
        to_a = (self._wxx * of_a - self._wx * of_b) / self._determinant
        to_b = (self._w * of_b - self._wx * of_a) / self._determinant
        reach = np.sqrt(np.maximum(room, 0) / (of_a * to_a + of_b * to_b))
        none = np.zeros_like(a)
        ends = [(a + sign * reach * to_a, b + sign * reach * to_b, room) for sign in (-1, 1)]
        ends += [(none, end, room) for end, room in self._crossings(self._wxx, self._wxy, limit)]
        ends += [(end, none, room) for end, room in self._crossings(self._w, self._wy, limit)]
        values = np.array([of_a * a + of_b * b for a, b, _ in ends])
        is_near = np.array([(room >= 0) & (a >= 0) & (b >= 0) for a, b, room in ends])
        return float(values[is_near].min()), float(values[is_near].max())

    def _crossings(
        self, square: _Array, product: _Array, limit: float
    ) -> list[tuple[_Array, _Array]]:
        """Return where the ellipse ends if only one of a and b is used, and the room there."""
        middle = product / square
        room = limit - (self._wyy - product * middle)
        width = np.sqrt(np.maximum(room, 0) / square)
        room = np.where(middle + width < 0, -1.0, room)
        return [(np.maximum(0, middle - width), room), (middle + width, room)]

    def _free(self) -> tuple[_Array, _Array]:
        """Return the nearest a and b of each exponent, which may be below 0."""
        a = (self._wxx * self._wy - self._wx * self._wxy) / self._determinant
        b = (self._w * self._wxy - self._wx * self._wy) / self._determinant
        return a, b

    def _distance(self, a: _Array, b: _Array) -> _Array:
        """Return the weighted squared distance of the curves with a and b from the values."""
        linear = a * self._wy + b * self._wxy
        distance: _Array = (
            self._wyy - 2 * linear + a**2 * self._w + 2 * a * b * self._wx + b**2 * self._wxx
        )
        return distance

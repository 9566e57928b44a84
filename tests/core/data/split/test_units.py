import hashlib

import numpy as np
import pytest

from core.data.split.units import split_units


def names(*numbers):
    return [hashlib.sha256(str(number).encode()).digest() for number in numbers]


def test_units_hold_the_images_of_a_name_by_class():
    units = split_units(np.array([0, 1, 0, 1, 1]), names(1, 1, 2, 1, 3), seed=1)
    assert [units.parts[unit] for unit in units.unit_of] == [
        ((0, 1), (1, 2)),
        ((0, 1), (1, 2)),
        ((0, 1),),
        ((0, 1), (1, 2)),
        ((1, 1),),
    ]


def test_the_order_is_the_seeds_and_no_other_image_changes_it():
    few, many = names(*range(50)), names(*range(100))

    def order(contents, seed):
        unit_of = split_units(np.zeros(len(contents), np.int64), contents, seed).unit_of
        return [contents[place] for place in np.argsort(unit_of)]

    known = set(few)
    assert order(few, 1) == [name for name in order(many, 1) if name in known]
    assert order(few, 1) == order(few[::-1], 1)
    assert order(few, 1) != order(few, 2)


def test_draws_are_even_and_tell_nothing_of_the_place():
    units = split_units(np.zeros(4000, np.int64), names(*range(4000)), seed=1)
    assert 0 < units.draws.min() < units.draws.max() < 1
    assert units.draws.mean() == pytest.approx(0.5, abs=0.02)
    assert abs(np.corrcoef(units.draws, np.arange(4000))[0, 1]) < 0.06


def test_no_image_is_no_unit():
    assert split_units(np.zeros(0, np.int64), [], seed=1).parts == []

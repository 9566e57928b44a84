import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.dataset import Split
from core.data.split.division import SplitDivision


def filled(parts, quotas, order=None):
    division = SplitDivision(parts, {Split.TEST: quotas}, len(quotas))
    division.fill(Split.TEST, order or range(len(parts)))
    return [unit for unit, split in enumerate(division.split_of) if split is Split.TEST]


def ones(*classes):
    return [((index, 1),) for index in classes]


def test_of_single_images_the_first_of_each_class_are_taken():
    assert filled(ones(0, 1, 0, 0, 1, 1), [2, 1]) == [0, 1, 2]
    assert filled(ones(0, 1, 0, 0, 1, 1), [2, 1], range(6)[::-1]) == [2, 3, 5]


def test_a_group_too_large_is_skipped_for_smaller_ones_that_fit():
    assert filled([((0, 1),), ((0, 5),), ((0, 1),), ((0, 1),), ((0, 1),)], [3]) == [0, 2, 3]


@pytest.mark.parametrize(("quota", "expected"), [(4, []), (5, []), (6, [0]), (15, [0])])
def test_a_group_that_never_fits_is_taken_where_that_is_nearer(quota, expected):
    assert filled([((0, 10),), ((0, 10),)], [quota]) == expected


def test_images_that_a_larger_group_made_superfluous_go_back():
    """Three single images of class 0 fit; then the group of both classes is nearer."""
    parts = [*ones(0, 0, 0, 0), ((0, 3), (1, 8)), ((1, 40),)]
    assert filled(parts, [3, 8]) in ([4], [0, 1, 2])
    assert filled([*ones(0, 0, 0, 0), ((0, 3), (1, 9)), ((1, 90),)], [3, 8]) == [4]


def test_the_last_group_of_training_stays():
    assert filled(ones(0, 0), [2]) == [0]


def test_prices_count_images():
    quotas = {Split.TEST: [2, 0], Split.VALIDATION: [1, 1]}
    division = SplitDivision([((0, 3), (1, 1)), ((0, 1),), ((1, 1),)], quotas, 2)
    assert division.price(0, Split.TEST) == 0  # 2 missing becomes 1 too many; 0 becomes 1
    assert division.price(1, Split.VALIDATION) == -1
    division.move(0, Split.TEST)
    assert division.price(0, Split.TRAINING) == 0
    assert division.price(0, Split.VALIDATION) == 0 + (2 - 1) + (0 - 1)
    assert division.num_groups == {
        Split.TEST: [1, 1],
        Split.VALIDATION: [0, 0],
        Split.TRAINING: [1, 1],
    }
    assert division.lost_by(0) == [0, 1]


@given(
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=9),
    quota=st.integers(1, 20),
)
def test_no_single_move_brings_the_count_nearer(sizes, quota):
    sizes = [*sizes, 100]
    taken = filled([((0, size),) for size in sizes], [quota])
    count = sum(sizes[unit] for unit in taken)
    for unit, size in enumerate(sizes):
        moved = count - size if unit in taken else count + size
        assert abs(count - quota) <= abs(moved - quota)


@given(ones_=st.integers(6, 20), more=st.permutations([2, 3, 3, 4, 6]), quota=st.integers(1, 6))
def test_with_enough_single_images_the_count_is_exact(ones_, more, quota):
    sizes = list(itertools.chain(more, [1] * (ones_ + 1)))
    for order in (range(len(sizes)), range(len(sizes))[::-1]):
        taken = filled([((0, size),) for size in sizes], [quota], order)
        assert sum(sizes[unit] for unit in taken) == quota

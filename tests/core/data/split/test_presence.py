import itertools

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.data.dataset import Split
from core.data.split.division import SplitDivision
from core.data.split.presence import SplitPresence

SPLITS = tuple(Split)


def division_of(groups, num_classes):
    """Groups, each a set of classes with an image of each; all train."""
    parts = [tuple((index, 1) for index in sorted(group)) for group in groups]
    quotas = {split: [1] * num_classes for split in (Split.TEST, Split.VALIDATION)}
    return SplitDivision(parts, quotas, num_classes)


def bring_all(division, num_classes):
    presence = SplitPresence(division)
    missing = ((i, s) for i in range(num_classes) for s in (Split.TEST, Split.VALIDATION))
    return all(presence.bring(index, split) for index, split in missing)


def is_complete(groups, splits, num_classes):
    there = {(index, s) for group, s in zip(groups, splits, strict=True) for index in group}
    return len(there) == num_classes * len(SPLITS)


def test_the_cheapest_group_goes_and_of_equals_that_at_the_end():
    division = SplitDivision(
        [((0, 3),), ((0, 1),), ((0, 1),), ((0, 3),)],
        {Split.TEST: [1], Split.VALIDATION: [1]},
        1,
    )
    presence = SplitPresence(division)
    assert presence.bring(0, Split.TEST)
    assert presence.bring(0, Split.VALIDATION)
    assert division.split_of == [Split.TRAINING, Split.TEST, Split.VALIDATION, Split.TRAINING]


def test_a_class_that_is_there_stays_as_it_is():
    division = division_of([{0}, {0}, {0}], 1)
    division.move(2, Split.TEST)
    assert SplitPresence(division).bring(0, Split.TEST)
    assert division.split_of[:2] == [Split.TRAINING] * 2


def test_others_take_the_place_of_a_group_that_must_go():
    """Group 0 is the one of class 1 in training; it may go to the test only if 2 comes back."""
    division = division_of([{0, 1}, {0}, {1}, {1}, {0, 1}], 2)
    for unit, split in ((1, Split.VALIDATION), (2, Split.TEST), (3, Split.VALIDATION)):
        division.move(unit, split)
    division.move(4, Split.VALIDATION)
    assert SplitPresence(division).bring(0, Split.TEST)
    assert all(all(counts) for counts in division.num_groups.values())


def test_without_a_way_nothing_has_moved():
    division = division_of([{0, 1}, {0, 1}], 2)
    division.move(0, Split.TEST)
    before = list(division.split_of)
    assert not SplitPresence(division).bring(0, Split.VALIDATION)
    assert division.split_of == before


@settings(max_examples=300, deadline=None)
@given(groups=st.lists(st.sets(st.integers(0, 2), min_size=1), min_size=3, max_size=7))
def test_each_class_is_in_each_split_where_that_is_possible_at_all(groups):
    ways = itertools.product(SPLITS, repeat=len(groups))
    assume(any(is_complete(groups, way, 3) for way in ways))
    division = division_of(groups, 3)
    assert bring_all(division, 3)
    assert is_complete(groups, division.split_of, 3)

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.data.grouping.groupings import connected, first_positions, join_groupings, numbered

NUMBERS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), max_size=30)


def test_numbers_follow_first_appearance():
    assert numbered(["b", "a", "b", None]).tolist() == [0, 1, 0, 2]
    assert numbered([]).shape == (0,)


def test_first_positions_are_those_of_first_appearance():
    assert first_positions(np.array([0, 1, 0, 2, 1])).tolist() == [0, 1, 3]


def test_pairs_link_through_others():
    pairs = np.array([[5, 1], [2, 3], [7, 5], [9, 9]])
    assert connected(pairs) == [[1, 5, 7], [2, 3], [9]]


def test_one_grouping_is_numbered_and_otherwise_as_it_was():
    assert join_groupings([7, 3, 7, 4]).tolist() == [0, 1, 0, 2]


def test_what_one_grouping_holds_together_stays_so():
    sites = ["north", "south", "north", "east", "west"]
    copies = [0, 1, 2, 1, 3]
    assert join_groupings(sites, copies).tolist() == [0, 1, 0, 1, 2]


def test_groups_are_linked_through_groups_of_another_grouping():
    sites = ["north", "south", "south", "east", "west", "west"]
    copies = [0, 0, 1, 1, 2, 3]
    assert join_groupings(sites, copies).tolist() == [0, 0, 0, 0, 1, 1]


@given(rows=NUMBERS)
def test_joining_is_the_finest_grouping_that_tears_none(rows):
    groupings = list(zip(*rows, strict=True)) or [(), (), ()]
    joined = join_groupings(*groupings).tolist()
    reach = [{p} for p in range(len(rows))]
    for _ in rows:  # whoever shares a number with someone in reach is in reach
        reach = [
            {q for q in range(len(rows)) for p in near for g in groupings if g[p] == g[q]}
            for near in reach
        ]
    assert [[joined[p] == joined[q] for q in range(len(rows))] for p in range(len(rows))] == [
        [q in reach[p] for q in range(len(rows))] for p in range(len(rows))
    ]

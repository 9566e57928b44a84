import hashlib
from collections import Counter

import pytest
from hypothesis import given as always
from hypothesis import settings
from hypothesis import strategies as st

from core.data.dataset import Split
from core.data.split.assignment import assign_splits
from core.errors import DatasetError


def digest(number):
    return hashlib.sha256(str(number).encode()).digest()


def split(classes, *, numbers=None, groups=None, given=None, val=0.15, test=0.15, seed=1, **more):
    count = len(classes)
    numbers = range(count) if numbers is None else numbers
    return assign_splits(
        class_indices=classes,
        sha256s=[digest(number) for number in numbers],
        groups=list(range(count)) if groups is None else groups,
        given=[None] * count if given is None else given,
        validation_split=val,
        test_split=test,
        seed=seed,
        **more,
    )


def counts_of(classes, splits, split):
    counts = Counter(c for c, s in zip(classes, splits, strict=True) if s is split)
    return [counts[index] for index in range(max(classes) + 1)]


def images(*sizes):
    return [index for index, size in enumerate(sizes) for _ in range(size)]


def test_each_class_has_its_fraction_of_each_split():
    sizes = (81, 81, 61, 41, 16)
    classes = images(*sizes)
    for seed in range(20):
        splits = split(classes, val=0.1, test=0.1, seed=seed)
        for part, fraction in ((Split.TEST, 0.1), (Split.VALIDATION, 0.1), (Split.TRAINING, 0.8)):
            for count, size in zip(counts_of(classes, splits, part), sizes, strict=True):
                assert abs(count - fraction * size) < 1


def test_small_classes_round_up_as_often_as_the_total_needs():
    """All 400 rounding alike would make 400 or 800 of the 560."""
    classes = images(*[14] * 400)
    splits = split(classes, val=0.1, test=0.1)
    for part in (Split.TEST, Split.VALIDATION):
        assert set(counts_of(classes, splits, part)) == {1, 2}
        assert splits.count(part) == pytest.approx(560, abs=40)


def test_adding_images_moves_about_as_few_as_exact_fractions_allow():
    """Of 100 test images 110, and about as many of the added ones are among them: no more
    moves than their number is off by chance, with a standard deviation of 3 for each split.
    """
    moved = []
    for seed in range(20):
        before = split(images(*[1000]), val=0.1, test=0.1, seed=seed)
        after = split(images(*[1100]), val=0.1, test=0.1, seed=seed)
        moved.append(sum(old is not new for old, new in zip(before, after[:1000], strict=True)))
    assert max(moved) <= 20
    assert sum(moved) / len(moved) < 8


def test_adding_to_one_class_moves_none_of_another():
    before = split([0, 1] * 300)
    after = split([0, 1] * 300 + [1] * 100)
    assert before[::2] == after[:600:2]


def test_order_does_not_matter():
    classes = [0, 1] * 100
    forward = split(classes)
    backward = split(classes[::-1], numbers=range(199, -1, -1))
    assert backward[::-1] == forward


def test_another_seed_divides_otherwise():
    assert split([0, 1] * 100, seed=1) != split([0, 1] * 100, seed=2)


def test_without_a_test_fraction_validation_stays_where_it_was():
    classes = [0, 1] * 200
    with_test, without = split(classes, test=0.1), split(classes, test=0.0)
    assert Split.TEST not in without
    assert [s is Split.VALIDATION for s in with_test] == [s is Split.VALIDATION for s in without]


def test_groups_stay_together():
    classes = [0, 1] * 60
    groups = [number // 6 * 2 + number % 2 for number in range(120)]
    splits = split(classes, groups=groups, val=0.3, test=0.3)
    assert len(set(zip(groups, splits, strict=True))) == len(set(groups))


def test_small_classes_are_in_every_split():
    for seed in range(40):
        classes = [0] * 3 + [1] * 500
        splits = split(classes, seed=seed)
        assert set(splits[:3]) == set(Split)


def test_groups_that_do_not_fit_make_way_for_those_that_do():
    """A fifth of 25 is 5: never one of the groups of six, whatever comes first."""
    groups = [0] * 6 + [1] * 6 + list(range(2, 15))
    for seed in range(20):
        splits = split([0] * 25, groups=groups, val=0.2, test=0.2, seed=seed)
        assert splits.count(Split.TEST) == splits.count(Split.VALIDATION) == 5


def test_large_groups_are_taken_where_that_is_nearer_than_to_leave_them_out():
    groups = [number // 10 for number in range(100)]
    for fraction, nearest in ((0.14, 10), (0.16, 20)):
        splits = split([0] * 100, groups=groups, val=0.1, test=fraction)
        assert splits.count(Split.TEST) == nearest


@pytest.mark.parametrize("seed", range(10))
def test_sites_of_many_classes_are_divided_whole_and_near_the_fractions(seed):
    """Eight sites of 27 to 33 images of each of five classes: two of them are the nearest."""
    sizes = [(27 + (3 * site + 2 * index) % 7) for site in range(8) for index in range(5)]
    classes = [number % 5 for number, size in enumerate(sizes) for _ in range(size)]
    sites = [number // 5 for number, size in enumerate(sizes) for _ in range(size)]
    splits = split(classes, groups=sites, val=0.25, test=0.25, seed=seed)
    split_of = dict(zip(sites, splits, strict=True))
    assert [split_of[site] for site in sites] == splits
    assert Counter(split_of.values()) == {Split.TRAINING: 4, Split.VALIDATION: 2, Split.TEST: 2}
    for index in range(5):
        of_class = classes.count(index)
        for part in (Split.TEST, Split.VALIDATION):
            assert counts_of(classes, splits, part)[index] == pytest.approx(of_class / 4, abs=7)


def test_single_images_make_up_for_what_sites_have_too_much_or_too_little():
    classes, sites = [], []
    for site in range(8):
        for index in range(3):
            classes += [index] * (4 + (site + index) % 3)
            sites += [site] * (4 + (site + index) % 3)
    classes += images(60, 60, 60)
    sites += range(8, 188)
    splits = split(classes, groups=sites, val=0.1, test=0.1)
    for index in range(3):
        for part in (Split.TEST, Split.VALIDATION):
            count = counts_of(classes, splits, part)[index]
            assert abs(count - 0.1 * classes.count(index)) < 1


def test_sites_that_leave_one_way_only_are_divided_that_way():
    """Each class needs all three of its sites, and most sites are in two classes."""
    by_class = [(0, 1, 2), (2, 3, 4), (4, 5, 0), (2, 6, 7), (3, 7, 5)]
    for seed in range(30):
        classes = [index for index, sites in enumerate(by_class) for _ in sites for _ in range(4)]
        groups = [site for sites in by_class for site in sites for _ in range(4)]
        splits = split(classes, groups=groups, val=0.1, test=0.1, seed=seed)
        assert set(zip(classes, splits, strict=True)) == {(c, s) for c in range(5) for s in Split}


def test_copies_that_tie_classes_together_too_tightly_are_named():
    """Four groups, and each three of them a class: no two may be in one split."""
    by_class = [(0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3)]
    classes = [index for index in range(4) for _ in range(3)]
    groups = [group for groups in by_class for group in groups]
    with pytest.raises(DatasetError, match=r"“[abcd]” can't be in every split: copies"):
        split(classes, groups=groups, labels="abcd")


def test_equal_contents_stay_together_though_their_groups_differ():
    classes = [0, 1] * 30
    numbers = [number // 4 * 2 + number % 2 for number in range(60)]
    splits = split(classes, numbers=numbers, val=0.2, test=0.2)
    assert len(set(zip(numbers, splits, strict=True))) == len(set(numbers))


def test_groups_that_have_a_content_in_common_stay_together():
    """Each second content is in two groups, which it links."""
    numbers = [3 * (place // 4) + (0, 1, 1, 2)[place % 4] for place in range(160)]
    groups = [place // 2 for place in range(160)]
    for seed in range(5):
        splits = split([0] * 160, numbers=numbers, groups=groups, val=0.3, test=0.3, seed=seed)
        assert all(len(set(splits[start : start + 4])) == 1 for start in range(0, 160, 4))


def test_a_class_of_too_few_different_images_is_named():
    with pytest.raises(DatasetError, match=r"“rose” has 2 usable.*set the test fraction to 0"):
        split([0] * 9 + [1] * 3, groups=[*range(9), 9, 9, 10], labels=["daisy", "rose"])
    with pytest.raises(DatasetError, match="“rose” has 1 usable picture"):
        split([0] * 9 + [1] * 3, groups=[*range(9), 9, 9, 9], test=0.0, labels=["daisy", "rose"])


def test_given_splits_are_kept():
    given = [Split.TRAINING] * 60 + [Split.VALIDATION] * 20 + [Split.TEST] * 20
    assert split([0, 1] * 50, given=given) == given


def test_a_missing_split_is_carved_out_of_given_training():
    given = [Split.TRAINING] * 400 + [Split.TEST] * 100
    splits = split([0, 1] * 250, given=given, val=0.2)
    assert splits[400:] == given[400:]
    assert set(splits[:400]) == {Split.TRAINING, Split.VALIDATION}
    for index in (0, 1):
        assert splits[index:400:2].count(Split.VALIDATION) == 40


def test_undecided_images_train_where_splits_are_given():
    given = [Split.TRAINING] * 10 + [Split.VALIDATION] * 10 + [Split.TEST] * 10 + [None] * 10
    assert split([0, 1] * 20, given=given)[30:] == [Split.TRAINING] * 10


def test_an_undecided_copy_of_a_given_test_image_joins_it():
    given = [Split.TRAINING] * 10 + [Split.VALIDATION] * 4 + [Split.TEST] * 4 + [None] * 2
    groups = [*range(18), 16, 17]
    assert split([0, 1] * 10, given=given, groups=groups)[18:] == [Split.TEST] * 2


def test_an_undecided_copy_of_both_a_test_and_a_validation_image_is_tested_on():
    given = [Split.TRAINING] * 4 + [Split.VALIDATION] * 2 + [Split.TEST] * 2 + [None] * 2
    groups = [0, 1, 2, 3, 4, 5, 4, 5, 4, 5]
    assert split([0, 1] * 5, given=given, groups=groups)[8:] == [Split.TEST] * 2
    turned = split([0, 1] * 5, given=given[::-1], groups=groups[::-1])
    assert turned[:2] == [Split.TEST] * 2


def test_a_class_without_given_training_images_is_refused():
    given = [Split.TRAINING, Split.TRAINING, Split.TEST, Split.VALIDATION]
    with pytest.raises(DatasetError, match="“1”"):
        split([0, 0, 1, 1], given=given)


@pytest.mark.parametrize(("val", "test"), [(0.0, 0.1), (1.0, 0.0), (0.5, 0.5), (0.2, -0.1)])
def test_impossible_fractions_are_refused(val, test):
    with pytest.raises(ValueError, match="validation_split"):
        split([0, 1] * 10, val=val, test=test)


FRACTIONS = {"val": st.floats(0.01, 0.6), "test": st.floats(0.01, 0.35)}
SEEDS = st.integers(-(2**40), 2**70)


@settings(max_examples=150, deadline=None)
@always(sizes=st.lists(st.integers(3, 60), min_size=2, max_size=6), seed=SEEDS, **FRACTIONS)
def test_single_images_are_less_than_one_from_their_fraction(sizes, val, test, seed):
    classes = images(*sizes)
    splits = split(classes, val=val, test=test, seed=seed)
    fractions = {Split.VALIDATION: val, Split.TEST: test, Split.TRAINING: 1 - val - test}
    for index, size in enumerate(sizes):
        counts = {part: counts_of(classes, splits, part)[index] for part in Split}
        assert min(counts.values()) >= 1
        if all(fraction * size >= 1 for fraction in fractions.values()):
            for part, fraction in fractions.items():
                assert abs(counts[part] - fraction * size) < 1 + 1e-9


@settings(max_examples=150, deadline=None)
@always(
    sizes=st.lists(st.integers(3, 25), min_size=2, max_size=5),
    copies=st.lists(st.integers(0, 200), max_size=8),
    seed=SEEDS,
    **FRACTIONS,
)
def test_every_class_is_in_every_split_and_no_group_is_torn(sizes, copies, val, test, seed):
    classes = [index for index, size in enumerate(sizes) for _ in range(size)]
    groups = list(range(len(classes)))
    for copy in copies:  # a further image of the same class and group as an earlier one
        classes.append(classes[copy % len(groups)])
        groups.append(groups[copy % len(groups)])
    splits = split(classes, groups=groups, val=val, test=test, seed=seed)
    assert set(zip(classes, splits, strict=True)) == {(c, s) for c in set(classes) for s in Split}
    assert len(set(zip(groups, splits, strict=True))) == len(set(groups))


@settings(max_examples=100, deadline=None)
@always(
    items=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40)), min_size=30, max_size=60),
    order=st.randoms(use_true_random=False),
    held_out=st.sampled_from([None, Split.TEST, Split.VALIDATION]),
)
def test_the_order_of_the_images_decides_nothing(items, order, held_out):
    """Groups span classes, contents repeat, some images may be given: the same for each image."""
    items = [*items, *((index, 41 + 3 * index + n) for index in range(3) for n in range(3))]
    rows = [
        (index, number, number, held_out if place % 7 == 0 else None)
        for place, (index, number) in enumerate(items)
    ]
    # Enough training images of each class that are nobody's copies.
    rows += [
        (index, 60 + 3 * index + n, 60 + 3 * index + n, None)
        for index in range(3)
        for n in range(3)
    ]
    turned = list(range(len(rows)))
    order.shuffle(turned)

    def divided(chosen):
        classes, numbers, groups, given = zip(*chosen, strict=True)
        return split(classes, numbers=numbers, groups=groups, given=given, val=0.2, test=0.2)

    straight = divided(rows)
    assert divided([rows[place] for place in turned]) == [straight[place] for place in turned]

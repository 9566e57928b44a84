import hashlib
from collections import Counter

import pytest
from hypothesis import given as always
from hypothesis import settings
from hypothesis import strategies as st

from core.data.dataset import Split
from core.data.split import assign_splits
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


def test_shares_hold_in_each_class():
    classes = [0] * 3000 + [1] * 3000
    counts = Counter(zip(classes, split(classes, val=0.2, test=0.1), strict=True))
    for index in (0, 1):
        assert counts[index, Split.TEST] == pytest.approx(300, abs=60)
        assert counts[index, Split.VALIDATION] == pytest.approx(600, abs=80)


def test_adding_images_moves_none():
    classes = [0, 1] * 300
    before = split(classes)
    after = split([0, 1] * 400)
    assert after[:600] == before


def test_order_does_not_matter():
    classes = [0, 1] * 100
    forward = split(classes)
    backward = split(classes[::-1], numbers=range(199, -1, -1))
    assert backward[::-1] == forward


def test_another_seed_divides_otherwise():
    assert split([0, 1] * 100, seed=1) != split([0, 1] * 100, seed=2)


def test_without_a_test_share_validation_stays_where_it_was():
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


def test_a_class_of_too_few_different_images_is_named():
    with pytest.raises(DatasetError, match=r"“rose” has 2 usable.*set the test share to 0"):
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
    assert splits[:400].count(Split.VALIDATION) == pytest.approx(80, abs=30)


def test_undecided_images_train_where_splits_are_given():
    given = [Split.TRAINING] * 10 + [Split.VALIDATION] * 10 + [Split.TEST] * 10 + [None] * 10
    assert split([0, 1] * 20, given=given)[30:] == [Split.TRAINING] * 10


def test_an_undecided_copy_of_a_given_test_image_joins_it():
    given = [Split.TRAINING] * 10 + [Split.VALIDATION] * 4 + [Split.TEST] * 4 + [None] * 2
    groups = [*range(18), 16, 17]
    assert split([0, 1] * 10, given=given, groups=groups)[18:] == [Split.TEST] * 2


def test_a_class_without_given_training_images_is_refused():
    given = [Split.TRAINING, Split.TRAINING, Split.TEST, Split.VALIDATION]
    with pytest.raises(DatasetError, match="“1”"):
        split([0, 0, 1, 1], given=given)


@pytest.mark.parametrize(("val", "test"), [(0.0, 0.1), (1.0, 0.0), (0.5, 0.5), (0.2, -0.1)])
def test_impossible_shares_are_refused(val, test):
    with pytest.raises(ValueError, match="validation_split"):
        split([0, 1] * 10, val=val, test=test)


@settings(max_examples=150, deadline=None)
@always(
    sizes=st.lists(st.integers(3, 25), min_size=2, max_size=5),
    copies=st.lists(st.integers(0, 200), max_size=8),
    val=st.floats(0.01, 0.6),
    test=st.floats(0.01, 0.35),
    seed=st.integers(-(2**40), 2**70),
)
def test_every_class_is_in_every_split_and_no_group_is_torn(sizes, copies, val, test, seed):
    classes = [index for index, size in enumerate(sizes) for _ in range(size)]
    groups = list(range(len(classes)))
    for copy in copies:  # a further picture of the same class and group as an earlier one
        classes.append(classes[copy % len(groups)])
        groups.append(groups[copy % len(groups)])
    splits = split(classes, groups=groups, val=val, test=test, seed=seed)
    assert set(zip(classes, splits, strict=True)) == {(c, s) for c in set(classes) for s in Split}
    assert len(set(zip(groups, splits, strict=True))) == len(set(groups))

"""Fewer training images: the same held-out ones, nested, stratified, near duplicates together."""

import hashlib
import itertools
from collections import Counter

import numpy as np
import pytest

from core.data.dataset import Split
from core.data.split.assignment import assign_splits
from core.data.split.subset import within_limit

NUM_CLASSES = 3
SIZES = (120, 40, 9)
CLASSES = [index for index, size in enumerate(SIZES) for _ in range(size)]
SHA256S = [hashlib.sha256(str(number).encode()).digest() for number in range(sum(SIZES))]
SINGLE = list(range(sum(SIZES)))


def splits(groups=SINGLE, seed=1):
    return assign_splits(
        class_indices=CLASSES,
        sha256s=SHA256S,
        groups=groups,
        given=[None] * len(CLASSES),
        validation_split=0.1,
        test_split=0.2,
        seed=seed,
    )


def kept(limit, groups=SINGLE, seed=1, of=None):
    return within_limit(
        class_indices=CLASSES,
        sha256s=SHA256S,
        groups=groups,
        splits=of or splits(groups, seed),
        limit=limit,
        seed=seed,
    )


def training_counts(mask, of):
    return Counter(
        index
        for index, split, keep in zip(CLASSES, of, mask, strict=True)
        if keep and split is Split.TRAINING
    )


@pytest.mark.parametrize("limit", [1, 5, 20, 1000])
def test_each_class_trains_on_as_many_as_allowed_or_all_it_has(limit):
    of = splits()
    whole = training_counts([True] * len(of), of)
    assert training_counts(kept(limit), of) == {
        index: min(limit, whole[index]) for index in range(NUM_CLASSES)
    }


def test_what_is_held_out_stays_whole():
    held_out = [split is not Split.TRAINING for split in splits()]
    assert kept(1)[held_out].all()


def test_a_smaller_limit_keeps_images_that_a_larger_one_keeps():
    limits = [kept(limit) for limit in (1, 2, 5, 10, 50)]
    for smaller, larger in itertools.pairwise(limits):
        assert not (smaller & ~larger).any()


def test_another_seed_keeps_others():
    of = splits()
    assert (kept(5, seed=1, of=of) != kept(5, seed=2, of=of)).any()


def test_the_order_of_the_images_doesnt_matter():
    of = splits()
    order = np.random.default_rng(3).permutation(len(of))
    shuffled = within_limit(
        class_indices=[CLASSES[row] for row in order],
        sha256s=[SHA256S[row] for row in order],
        groups=order.tolist(),
        splits=[of[row] for row in order],
        limit=5,
        seed=1,
    )
    assert (shuffled == kept(5)[order]).all()


def test_near_duplicates_are_kept_or_left_out_together():
    triples = [number // 3 for number in SINGLE]
    of = splits(triples)
    for limit in (3, 4, 10, 30):
        mask = kept(limit, triples)
        for group in set(triples):
            rows = [row for row in SINGLE if triples[row] == group]
            if len({CLASSES[row] for row in rows}) == 1:
                assert len({bool(mask[row]) for row in rows}) == 1
        assert max(training_counts(mask, of).values()) <= limit


def test_of_a_group_beyond_the_limit_a_part_is_kept():
    triples = [number // 3 for number in SINGLE]
    of = splits(triples)
    assert set(training_counts(kept(2, triples), of).values()) == {2}
    assert not (kept(2, triples) & ~kept(3, triples)).any()

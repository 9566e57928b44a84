"""Who will train, said before all contents are known."""

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest

from core.data.dataset import Split
from core.data.split.assignment import assign_splits
from core.data.split.forecast import TrainingForecast


def _contents(count: int, seed: int) -> list[bytes]:
    return [hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(count)]


def _forecast(
    classes: Sequence[int], sha256s: Sequence[bytes], given: Sequence[Split | None], seed: int
) -> list[bool]:
    forecast = TrainingForecast(classes, given, validation_split=0.1, test_split=0.15, seed=seed)
    return [forecast.will_train(position, name) for position, name in enumerate(sha256s)]


def _splits(
    classes: Sequence[int], sha256s: Sequence[bytes], given: Sequence[Split | None], seed: int
) -> list[Split]:
    return assign_splits(
        class_indices=classes,
        sha256s=sha256s,
        groups=range(len(classes)),
        given=given,
        validation_split=0.1,
        test_split=0.15,
        seed=seed,
    )


@pytest.mark.parametrize("seed", range(20))
def test_who_is_said_to_train_is_never_held_out(seed: int) -> None:
    classes = np.random.default_rng(seed).choice(5, 1500, p=[0.02, 0.08, 0.2, 0.3, 0.4]).tolist()
    sha256s, given = _contents(1500, seed), [None] * 1500
    splits = _splits(classes, sha256s, given, seed)
    said = _forecast(classes, sha256s, given, seed)
    assert {split for split, trains in zip(splits, said, strict=True) if trains} == {Split.TRAINING}
    assert sum(said) > 0.6 * splits.count(Split.TRAINING)


def test_a_prepared_split_is_kept_and_takes_nothing_from_training() -> None:
    classes, sha256s = [0, 1] * 300, _contents(600, 1)
    given = [Split.TEST if number % 3 == 0 else Split.TRAINING for number in range(600)]
    splits = _splits(classes, sha256s, given, 3)
    said = _forecast(classes, sha256s, given, 3)
    assert {split for split, trains in zip(splits, said, strict=True) if trains} == {Split.TRAINING}
    first = [n for n, split in enumerate(given) if split is Split.TRAINING]
    assert sum(said) > 0.75 * len(first)  # nothing but the validation split leaves training


def test_of_a_tiny_class_nobody_is_sure() -> None:
    assert _forecast([0] * 6, _contents(6, 1), [None] * 6, 1) == [False] * 6

"""The split: how near its shares are, and how many images change place when others come."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.data.dataset import Split
from core.data.split.assignment import assign_splits
from core.data.split.units import split_units
from tests.benchmarks.surroundings import peak_megabytes

_SEED = 1
_NUM_CLASSES = 1_000
_SMALLEST, _LARGEST = 3, 2_000
_FRACTIONS = {Split.TRAINING: 0.8, Split.VALIDATION: 0.1, Split.TEST: 0.1}
_ADDED = 0.1
_DIVISION_SEEDS = (1, 2, 3, 4, 5)
_NUM_MANY = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class _Images:
    classes: NDArray[np.int64]
    groups: NDArray[np.int64]
    sha256s: list[bytes]

    def only(self, positions: NDArray[np.intp]) -> "_Images":
        sha256s = [self.sha256s[position] for position in positions]
        return _Images(self.classes[positions], self.groups[positions], sha256s)


_Rule = Callable[[_Images, int], Sequence[Split]]


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    rng = np.random.default_rng(_SEED)
    logs = rng.uniform(np.log(_SMALLEST), np.log(_LARGEST + 1), _NUM_CLASSES)
    sizes = np.exp(logs).astype(np.int64)
    classes = np.repeat(np.arange(_NUM_CLASSES), sizes)
    cases = {
        "single pictures": np.arange(len(classes)),
        "near copies": _near_copies(classes, rng, across=0.0),
        "near copies, 2% of the groups in two classes": _near_copies(classes, rng, across=0.02),
    }
    sha256s = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(len(classes))]
    rules: dict[str, _Rule] = {"Fieldguide": _ours, "threshold": _by_threshold}
    lines = [
        f"| {_NUM_CLASSES:,} classes of {_SMALLEST} to {_LARGEST:,}, {len(classes):,} pictures | "
        "largest distance from the share in a class: training, validation, test | test pictures "
        f"(share: {0.1 * len(classes):,.0f}) | change place when 10% come: mean, largest |",
        "|---|---|---|---|",
    ]
    for case, groups in cases.items():
        images = _Images(classes, groups, sha256s)
        lines += [f"| {case}: {name} | {_row(images, rule)} |" for name, rule in rules.items()]
    least = 100 * _least_moved(sizes, rng)
    command = [sys.executable, "-m", "tests.benchmarks.split", "many"]
    many = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return [
        *lines,
        "",
        f"Bound for exact shares without a memory, single pictures: at least {least:.2f}% move.",
        "",
        many,
    ]


def _row(images: _Images, rule: _Rule) -> str:
    wide = dict.fromkeys(Split, 0.0)
    moved, num_test = [], []
    for seed in _DIVISION_SEEDS:
        after = np.array(rule(images, seed))
        for split, fraction in _FRACTIONS.items():
            counts = np.bincount(images.classes[after == split], minlength=_NUM_CLASSES)
            wanted = fraction * np.bincount(images.classes)
            wide[split] = max(wide[split], float(np.abs(counts - wanted).max()))
        num_test.append(int((after == Split.TEST).sum()))
        there = _without_added(images.classes, seed)
        before = np.array(rule(images.only(there), seed))
        moved.append(100 * float((before != after[there]).mean()))
    return (
        f"{', '.join(f'{value:.1f}' for value in wide.values())} | {min(num_test):,} to "
        f"{max(num_test):,} | {np.mean(moved):.2f}%, {max(moved):.2f}%"
    )


def _ours(images: _Images, seed: int) -> Sequence[Split]:
    return assign_splits(
        class_indices=images.classes.tolist(),
        sha256s=images.sha256s,
        groups=images.groups.tolist(),
        given=[None] * len(images.classes),
        validation_split=_FRACTIONS[Split.VALIDATION],
        test_split=_FRACTIONS[Split.TEST],
        seed=seed,
    )


def _by_threshold(images: _Images, seed: int) -> Sequence[Split]:
    """Each group by its own hash alone: nothing moves but groups whose smallest hash is new."""
    smallest: dict[int, bytes] = {}
    groups = images.groups.tolist()
    for group, sha256 in zip(groups, images.sha256s, strict=True):
        smallest[group] = min(smallest.get(group, sha256), sha256)
    names = [smallest[group] for group in groups]
    units = split_units(images.classes, names, seed)
    draws = units.draws[units.unit_of]
    ends = [draws < _FRACTIONS[Split.TEST], draws >= 1 - _FRACTIONS[Split.VALIDATION]]
    return np.select(ends, [Split.TEST, Split.VALIDATION], Split.TRAINING).tolist()


def _near_copies(
    classes: NDArray[np.int64], rng: np.random.Generator, *, across: float
) -> NDArray[np.int64]:
    """Groups of geometric size, 1.4 images on average, some with an image of another class."""
    starts = rng.random(len(classes)) < 0.7
    # Three groups at least in each class, so that it can be in every split.
    first = np.searchsorted(classes, classes)
    starts |= np.arange(len(classes)) - first < 3
    groups = np.cumsum(starts) - 1
    for image in np.flatnonzero(~starts & (rng.random(len(classes)) < across / 0.3)):
        groups[image] = groups[rng.integers(len(classes))]
    return groups


def _without_added(classes: NDArray[np.int64], seed: int) -> NDArray[np.intp]:
    """Positions of the images that were there first: all but one in eleven of each class."""
    order = np.lexsort((np.random.default_rng(seed).random(len(classes)), classes))
    rank = np.empty(len(classes), np.int64)
    rank[order] = np.arange(len(classes)) - np.searchsorted(classes, classes)
    sizes = np.bincount(classes)
    num_before = np.maximum(3, np.round(sizes / (1 + _ADDED)))
    return np.flatnonzero(rank < num_before[classes])


def _least_moved(sizes: NDArray[np.int64], rng: np.random.Generator) -> float:
    """Share of the images that must move, on average, for exact shares without a memory.

    Such a rule can't know which of its `k1` test images of a class are new: how many of them
    is hypergeometric, `h`. The `k1 - h` others are known, and `k0` were in the test, so
    `|k1 - h - k0|` enter or leave it at least. Likewise for validation and training; an image
    that moves leaves one split and enters another.
    """
    moved, num_before = 0.0, 0
    for size in sizes.tolist():
        before = max(3, round(size / (1 + _ADDED)))
        draw = float(rng.random())
        quotas = {n: np.array(_rounded(n, draw)) for n in (before, size)}
        new = rng.multivariate_hypergeometric(quotas[size], size - before, size=200)
        moved += float(np.abs(quotas[size] - new - quotas[before]).sum(axis=1).mean()) / 2
        num_before += before
    return moved / num_before


def _rounded(size: int, draw: float) -> list[int]:
    test = max(1, int(_FRACTIONS[Split.TEST] * size + draw))
    validation = max(1, int(_FRACTIONS[Split.VALIDATION] * size + 1 - draw))
    return [size - validation - test, validation, test]


def _measure_many() -> str:
    rng = np.random.default_rng(_SEED)
    classes = rng.integers(0, _NUM_CLASSES, _NUM_MANY)
    sha256s = [hashlib.sha256(number.to_bytes(4, "big")).digest() for number in range(_NUM_MANY)]
    images = _Images(classes, np.arange(_NUM_MANY), sha256s)
    before = peak_megabytes()
    start = time.perf_counter()
    _ours(images, _SEED)
    seconds = time.perf_counter() - start
    return (
        f"{_NUM_MANY:,} single pictures in {_NUM_CLASSES:,} classes: **{seconds:.1f} s**, "
        f"{peak_megabytes() - before:.0f} MB more memory at the peak."
    )


if __name__ == "__main__":
    print(_measure_many() if sys.argv[1:] == ["many"] else "\n".join(main()))

"""Comparisons and the learning curve: how often their intervals hold the truth."""

import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from core.comparison.learning_curve import LearningPoint, learning_curve_of
from core.comparison.run_comparison import compare_runs
from tests.compared_runs import make_compared_run
from tests.coverage_cases import (
    NUM_WAYS,
    CurveCase,
    FamilyCase,
    ModelsCase,
    WaysCase,
    equal_ways,
    learning_curves,
    two_models,
    two_ways,
)
from tests.known_classifiers import KnownProblem
from tests.paired_intervals import INTERVALS

_NUM_DRAWS = 2_000
_SEED = 17
_NUM_TIMED = 100_000

# Of scikit-learn's digits, images of each class.
_NUM_DIGITS_DRAWS = 100
_DIGITS_SIZES = (5, 10, 20, 40)
_NUM_DIGITS_TEST = 20
_NUM_DIGITS_SEEDS = 5


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    return [
        *_models_table(two_models(_NUM_DRAWS)),
        "",
        *_ways_table(two_ways(_NUM_DRAWS)),
        "",
        *_family_table(equal_ways(_NUM_DRAWS)),
        "",
        *_curves_table(learning_curves(_NUM_DRAWS)),
        "",
        _measure_digits(),
        "",
        _measure_many(),
    ]


def _models_table(cases: Iterable[ModelsCase]) -> list[str]:
    lines = [
        "| test pictures | difference | one alone is right on | "
        f"{' | '.join(INTERVALS)} | McNemar finds one |",
        f"|---|---|---|{'---|' * len(INTERVALS)}---|",
    ]
    for case in cases:
        coverage = " | ".join(f"{100 * value:.1f}%" for value in case.coverage.values())
        lines.append(
            f"| {case.num_test:,} | {100 * case.difference:+.1f} | {case.num_discordant:.0f} | "
            f"{coverage} | {100 * case.num_significant:.1f}% |"
        )
    return lines


def _ways_table(cases: Iterable[WaysCase]) -> list[str]:
    return [
        "| classes, features, training, test pictures | seeds | difference | corrected | "
        "Student's |",
        "|---|---|---|---|---|",
        *(
            f"| {_described(case.problem)} | {case.num_seeds} | {100 * case.difference:+.2f} | "
            f"{100 * case.coverage:.1f}% | {100 * case.uncorrected:.1f}% |"
            for case in cases
        ),
    ]


def _family_table(cases: Iterable[FamilyCase]) -> list[str]:
    return [
        f"| {NUM_WAYS} equal ways: classes, features, training, test pictures | seeds | "
        "Holm, all pairs | Holm, pairs with the best | uncorrected |",
        "|---|---|---|---|---|",
        *(
            f"| {_described(case.problem)} | {case.num_seeds} | {100 * case.num_wrong:.1f}% | "
            f"{100 * case.num_wrong_with_best:.1f}% | {100 * case.num_wrong_uncorrected:.1f}% |"
            for case in cases
        ),
    ]


def _curves_table(cases: Iterable[CurveCase]) -> list[str]:
    return [
        "| classes, features, training, test pictures | seeds | gain | found, median | "
        "width, median | holds the gain | holds the accuracy |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {_described(case.problem)}, {case.classifier} | {case.num_seeds} | "
            f"{100 * case.gain:.2f} | {100 * case.estimate:.2f} | {100 * case.width:.1f} | "
            f"{100 * case.gain_coverage:.1f}% | {100 * case.accuracy_coverage:.1f}% |"
            for case in cases
        ),
    ]


def _described(problem: KnownProblem) -> str:
    num_train, num_test = (
        problem.num_classes * number for number in (problem.num_train, problem.num_test)
    )
    return f"{problem.num_classes}, {problem.num_features}, {num_train}, {num_test}"


def _measure_digits() -> str:
    """Predict the accuracy of real images, as a head on them has: scikit-learn's digits."""
    from sklearn.datasets import load_digits

    vectors, classes = load_digits(return_X_y=True)
    rng = np.random.default_rng(_SEED)
    largest = _DIGITS_SIZES[-1]
    truth = []
    for _ in range(_NUM_DIGITS_DRAWS):
        order = _by_class(rng, classes, 2 * largest + _NUM_DIGITS_TEST)
        tests = order[:, :_NUM_DIGITS_TEST]
        training = order[:, _NUM_DIGITS_TEST:]
        found = [
            _accuracy(vectors, classes, training[:, :size], tests)
            for size in (largest, 2 * largest)
        ]
        truth.append(found)
    now, later = np.mean(truth, axis=0)
    gains = []
    for _ in range(_NUM_DIGITS_DRAWS):
        pool = _by_class(rng, classes, largest + _NUM_DIGITS_TEST)
        points = []
        for seed in range(_NUM_DIGITS_SEEDS):
            order = rng.permuted(pool, axis=1)
            tests, training = order[:, :_NUM_DIGITS_TEST], order[:, _NUM_DIGITS_TEST:]
            points += [
                LearningPoint(
                    size, _accuracy(vectors, classes, training[:, :size], tests), tests.size, seed
                )
                for size in _DIGITS_SIZES
            ]
        curve = learning_curve_of(points, num_train=10 * largest)
        assert curve is not None
        gains.append(curve.gain())
    held = np.mean([gain.low <= later - now <= gain.high for gain in gains])
    value, low, high = (
        100 * float(np.median([getattr(gain, end) for gain in gains]))
        for end in ("value", "low", "high")
    )
    return (
        f"Digits of scikit-learn, logistic regression, {_NUM_DIGITS_SEEDS} seeds, 5 to {largest} a "
        f"class ({100 * now:.1f}%): {2 * largest} bring {100 * (later - now):+.2f} points; "
        f"predicted {value:+.2f} ({low:.1f} to {high:.1f}), medians of {_NUM_DIGITS_DRAWS} draws; "
        f"**{100 * held:.0f}%** of the intervals hold it."
    )


def _by_class(
    rng: np.random.Generator, classes: NDArray[np.int64], num_images: int
) -> NDArray[np.int64]:
    """Draw as many images of each of the ten classes; one row a class."""
    return np.array(
        [rng.permutation(np.flatnonzero(classes == number))[:num_images] for number in range(10)]
    )


def _accuracy(
    vectors: NDArray[np.float64],
    classes: NDArray[np.int64],
    training: NDArray[np.int64],
    tests: NDArray[np.int64],
) -> float:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=0.1, max_iter=300)
    model.fit(vectors[training.ravel()] / 16, classes[training.ravel()])
    return float(model.score(vectors[tests.ravel()] / 16, classes[tests.ravel()]))


def _measure_many() -> str:
    rng = np.random.default_rng(_SEED)
    labels = tuple(f"class {number}" for number in range(20))
    with TemporaryDirectory() as folder:
        runs = []
        for name in ("first", "second"):
            is_right = rng.random(_NUM_TIMED) < 0.95
            answers = {
                f"{number}.jpg": (labels[number % 20], labels[(number + 1 - right) % 20])
                for number, right in enumerate(is_right.tolist())
            }
            runs.append(make_compared_run(Path(folder, name), answers, labels=labels))
        seconds = []
        for _ in range(5):
            start = time.perf_counter()
            compare_runs(*runs)
            seconds.append(time.perf_counter() - start)
    return (
        f"Two runs of {_NUM_TIMED:,} test pictures, from their folders: "
        f"**{np.median(seconds):.1f} s** (median of 5, {min(seconds):.1f} to {max(seconds):.1f})."
    )

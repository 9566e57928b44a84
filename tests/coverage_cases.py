"""How often intervals of comparisons and of the learning curve hold the truth.

Every case draws the same experiment again and again from a problem whose truth is known.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from core.comparison.chance import (
    SIGNIFICANCE,
    corrected_resampled_test,
    holm_corrected,
    mcnemar_p_value,
)
from core.comparison.group_comparison import compare_many_groups
from core.comparison.learning_curve import LearningPoint, learning_curve_of
from tests.known_classifiers import (
    Floats,
    KnownProblem,
    joint_probabilities,
    resampled_accuracies,
    true_accuracies,
)
from tests.paired_intervals import INTERVALS

LEAST_DISCORDANT = 10
_SEED = 17

# How noisy the features are that each of two models sees, and the number of test images.
_MODELS = [
    (0.45, 0.45, 60),
    (0.4, 0.6, 80),
    (0.9, 0.9, 60),
    (0.9, 1.2, 60),
    (0.7, 0.7, 200),
    (0.7, 0.85, 200),
    (0.55, 0.55, 400),
    (0.55, 0.65, 400),
    (0.5, 0.9, 400),
    (0.45, 0.5, 2_000),
]
PROBLEMS = [
    KnownProblem(num_classes=8, num_features=80, distance=0.3, num_test=12, num_train=40),
    KnownProblem(num_classes=4, num_features=10, distance=0.5, num_test=25, num_train=100),
    KnownProblem(num_classes=2, num_features=30, distance=0.3, num_test=50, num_train=200),
    KnownProblem(num_classes=5, num_features=16, distance=0.9, num_test=20, num_train=80),
    KnownProblem(num_classes=2, num_features=2, distance=1.0, num_test=30, num_train=240),
]
_NUM_SEEDS = (3, 5, 10)
_PARTS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
NUM_WAYS = 4


@dataclass(frozen=True)
class ModelsCase:
    """Two models of known accuracy, compared on test images.

    Attributes:
        difference: Of their accuracies, the truth.
        num_discordant: Mean number of images that one alone classifies correctly.
        coverage: Of each interval.
        num_significant: Fraction of the draws in which McNemar's test finds a difference.
    """

    num_test: int
    difference: float
    num_discordant: float
    coverage: dict[str, float]
    num_significant: float


@dataclass(frozen=True)
class WaysCase:
    """Two ways of training, compared over seeds.

    Attributes:
        difference: Of their mean accuracies over all training sets, the truth.
        coverage: Of the corrected interval.
        uncorrected: Of Student's, which takes seeds for independent.
    """

    problem: KnownProblem
    num_seeds: int
    difference: float
    coverage: float
    uncorrected: float


@dataclass(frozen=True)
class FamilyCase:
    """Several ways of training that are equally good.

    Attributes:
        num_wrong: Fraction of the draws in which any pair differs by more than chance.
        num_wrong_with_best: The same of Holm's correction for the pairs with the best alone.
        num_wrong_uncorrected: The same without a correction.
    """

    problem: KnownProblem
    num_seeds: int
    num_wrong: float
    num_wrong_with_best: float
    num_wrong_uncorrected: float


@dataclass(frozen=True)
class CurveCase:
    """A learning curve.

    Attributes:
        gain: Of twice as many images, the truth.
        estimate: Median over the draws.
        width: Median width of its interval.
        gain_coverage: Of that interval.
        accuracy_coverage: Of the interval of the accuracy with twice as many images.
    """

    problem: KnownProblem
    classifier: str
    num_seeds: int
    gain: float
    estimate: float
    width: float
    gain_coverage: float
    accuracy_coverage: float


def two_models(num_draws: int) -> Iterable[ModelsCase]:
    """Compare on draws with at least `LEAST_DISCORDANT` images that one model alone gets right."""
    rng = np.random.default_rng(_SEED)
    for first_noise, second_noise, num_test in _MODELS:
        probabilities = joint_probabilities(first_noise, second_noise)
        drawn = rng.multinomial(num_test, probabilities, 10 * num_draws)
        kept = drawn[drawn[:, 1] + drawn[:, 2] >= LEAST_DISCORDANT][:num_draws]
        assert len(kept) == num_draws
        both, first, second, _ = kept.T.astype(np.float64)
        truth = float(probabilities[1] - probabilities[2])
        coverage = {}
        for name, interval in INTERVALS.items():
            low, high = interval(first, second, both, num_test)
            coverage[name] = float(np.mean((low <= truth) & (truth <= high)))
        p_values = [mcnemar_p_value(int(i), int(j)) for i, j in zip(first, second, strict=True)]
        yield ModelsCase(
            num_test,
            truth,
            float((first + second).mean()),
            coverage,
            float(np.mean(np.array(p_values) < SIGNIFICANCE)),
        )


def two_ways(num_draws: int, problems: Sequence[KnownProblem] = PROBLEMS) -> Iterable[WaysCase]:
    """Compare nearest means with linear discriminants, the same seeds and splits for both."""
    for problem in problems:
        means, discriminants = _truth(problem)[:, 0]
        accuracies = resampled_accuracies(
            problem, num_draws, max(_NUM_SEEDS), [problem.num_train], _SEED
        )[..., 0]
        differences, truth = accuracies[0] - accuracies[1], float(means - discriminants)
        for num_seeds in _NUM_SEEDS:
            hits = [
                [
                    _holds(_interval(problem, draw, is_corrected), truth)
                    for draw in differences[:, :num_seeds]
                ]
                for is_corrected in (True, False)
            ]
            corrected, plain = (float(np.mean(each)) for each in hits)
            yield WaysCase(problem, num_seeds, truth, corrected, plain)


def equal_ways(num_draws: int, problems: Sequence[KnownProblem] = PROBLEMS) -> Iterable[FamilyCase]:
    """Compare ways of training that each see features of their own, alike in all that counts."""
    for problem in problems:
        ways = [
            resampled_accuracies(problem, num_draws, 5, [problem.num_train], _SEED + way)[0, ..., 0]
            for way in range(NUM_WAYS)
        ]
        wrong = [_wrong(problem, [way[draw] for way in ways]) for draw in range(num_draws)]
        yield FamilyCase(problem, 5, *(float(each) for each in np.mean(wrong, axis=0)))


def learning_curves(
    num_draws: int, problems: Sequence[KnownProblem] = PROBLEMS
) -> Iterable[CurveCase]:
    """Predict what twice as many images as there are would bring."""
    for problem in problems:
        sizes = [max(3, round(part * problem.num_train)) for part in _PARTS]
        now, later = _truth(problem).T
        accuracies = resampled_accuracies(problem, num_draws, 5, sizes, _SEED)
        for which, classifier in enumerate(("nearest means", "linear discriminants")):
            for num_seeds in (1, 3, 5):
                chosen = accuracies[which, :, :num_seeds]
                yield _curve_case(problem, classifier, sizes, chosen, now[which], later[which])


@cache
def _truth(problem: KnownProblem) -> Floats:
    """Accuracies of both classifiers, trained on all images there are and on twice as many."""
    return true_accuracies(problem, [problem.num_train, 2 * problem.num_train])


def _curve_case(
    problem: KnownProblem,
    classifier: str,
    sizes: list[int],
    accuracies: Floats,
    now: float,
    later: float,
) -> CurveCase:
    num_train = problem.num_classes * problem.num_train
    curves = [
        learning_curve_of(_points(problem, sizes, draw), num_train=num_train) for draw in accuracies
    ]
    gains = [curve.gain() for curve in curves if curve is not None]
    levels = [curve.accuracy_at(2 * sizes[-1]) for curve in curves if curve is not None]
    return CurveCase(
        problem,
        classifier,
        accuracies.shape[1],
        float(later - now),
        float(np.median([each.value for each in gains])),
        float(np.median([each.high - each.low for each in gains])),
        float(np.mean([_holds((each.low, each.high), later - now) for each in gains])),
        float(np.mean([_holds((each.low, each.high), later) for each in levels])),
    )


def _points(problem: KnownProblem, sizes: list[int], accuracies: Floats) -> list[LearningPoint]:
    num_test = problem.num_classes * problem.num_test
    return [
        LearningPoint(size, float(accuracies[seed, place]), num_test, seed)
        for seed in range(len(accuracies))
        for place, size in enumerate(sizes)
    ]


def _interval(
    problem: KnownProblem, differences: Floats, is_corrected: bool
) -> tuple[float, float]:
    # So many training images that the correction is none.
    num_train = problem.num_classes * problem.num_train if is_corrected else 10**12
    num_test = problem.num_classes * problem.num_test
    values = differences.tolist()
    return corrected_resampled_test(values, num_train=num_train, num_test=num_test).interval


def _holds(interval: tuple[float, float], truth: float) -> bool:
    return bool(interval[0] - 1e-9 <= truth <= interval[1] + 1e-9)


def _wrong(problem: KnownProblem, ways: list[Floats]) -> tuple[bool, bool, bool]:
    """Whether a draw finds a difference: corrected for all pairs, for the best's, not at all."""
    found = compare_many_groups(
        {str(number): way.tolist() for number, way in enumerate(ways)},
        num_train=problem.num_classes * problem.num_train,
        num_test=problem.num_classes * problem.num_test,
    )
    means = [way.mean() for way in ways]
    best = int(np.argmax(means))
    plain = {}
    for one, two in combinations(range(len(ways)), 2):
        plain[one, two] = corrected_resampled_test(
            (ways[one] - ways[two]).tolist(),
            num_train=problem.num_classes * problem.num_train,
            num_test=problem.num_classes * problem.num_test,
        ).p_value
    of_best = holm_corrected([p_value for pair, p_value in plain.items() if best in pair])
    return (
        any(pair.is_more_than_chance for pair in found.pairs),
        min(of_best) < SIGNIFICANCE,
        min(plain.values()) < SIGNIFICANCE,
    )

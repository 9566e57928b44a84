"""Ways of training beside each other, each trained with the same several seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean

from core.comparison.chance import SIGNIFICANCE, corrected_resampled_test, holm_corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupComparison:
    """Two ways of training, by the test accuracies of the same seeds.

    Attributes:
        first: Name of the first, such as the value of a setting.
        second: Name of the second.
        num_seeds: Pairs of accuracies.
        first_accuracy: Mean over the seeds, in [0, 1].
        second_accuracy: Likewise.
        interval: 95% interval of the first mean minus the second, as it would be on new images.
        p_value: Of Nadeau and Bengio's corrected resampled t-test.
        num_corrected: For how many comparisons the p-value is corrected, by Holm's method.
    """

    first: str
    second: str
    num_seeds: int
    first_accuracy: float
    second_accuracy: float
    interval: tuple[float, float]
    p_value: float
    num_corrected: int = 1

    @property
    def difference(self) -> float:
        """The first mean minus the second, in [-1, 1]."""
        return self.first_accuracy - self.second_accuracy

    @property
    def is_more_than_chance(self) -> bool:
        """Whether the test finds one way better than the other."""
        return self.p_value < SIGNIFICANCE


@dataclass(frozen=True, slots=True)
class GroupComparisons:
    """Several ways of training, each compared with each other one.

    Attributes:
        accuracies: Mean of each over the seeds, by name, in the order given.
        pairs: In the order of `itertools.combinations`.
    """

    accuracies: dict[str, float]
    pairs: tuple[GroupComparison, ...]

    @property
    def best(self) -> str:
        """The one with the highest mean, the first of equals."""
        return max(self.accuracies, key=lambda name: self.accuracies[name])

    def is_best_better_than(self, name: str) -> bool:
        """Whether the best is better than another one by more than chance."""
        return any(
            pair.is_more_than_chance
            for pair in self.pairs
            if {pair.first, pair.second} == {self.best, name}
        )


def compare_groups(
    first_accuracies: Sequence[float],
    second_accuracies: Sequence[float],
    *,
    num_train: int,
    num_test: int,
    first: str = "",
    second: str = "",
) -> GroupComparison:
    """Compare two ways of training by Nadeau and Bengio's corrected resampled t-test.

    Args:
        first_accuracies: Test accuracies, one for each seed; at least two.
        second_accuracies: Those of the other way, for the same seeds in the same order: a seed
            decides the split, so that both are tested on the same images.
        num_train: Training images of a run.
        num_test: Test images of a run.
        first: Name of the first way.
        second: Name of the second.

    Raises:
        ValueError: If there are fewer than two seeds, or the numbers of accuracies differ.
    """
    pairs = list(zip(first_accuracies, second_accuracies, strict=True))
    found = corrected_resampled_test(
        [mine - other for mine, other in pairs], num_train=num_train, num_test=num_test
    )
    return GroupComparison(
        first=first,
        second=second,
        num_seeds=len(pairs),
        first_accuracy=fmean(first_accuracies),
        second_accuracy=fmean(second_accuracies),
        interval=found.interval,
        p_value=found.p_value,
    )


def compare_many_groups(
    accuracies: Mapping[str, Sequence[float]], *, num_train: int, num_test: int
) -> GroupComparisons:
    """Compare each of several ways of training with each other one.

    P-values are corrected for all pairs by Holm's method. Pairs with the best way alone would be
    too few to correct for: finding the best has looked at all of them.

    Args:
        accuracies: Test accuracies by name; for each name those of the same seeds.
        num_train: Training images of a run.
        num_test: Test images of a run.

    Raises:
        ValueError: If there are fewer than two seeds, or the numbers of accuracies differ.
    """
    pairs = [
        compare_groups(
            accuracies[first],
            accuracies[second],
            num_train=num_train,
            num_test=num_test,
            first=first,
            second=second,
        )
        for first, second in combinations(accuracies, 2)
    ]
    corrected = holm_corrected([pair.p_value for pair in pairs])
    return GroupComparisons(
        {name: fmean(values) for name, values in accuracies.items()},
        tuple(
            replace(pair, p_value=p_value, num_corrected=len(pairs))
            for pair, p_value in zip(pairs, corrected, strict=True)
        ),
    )

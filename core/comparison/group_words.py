"""Sentences that say how ways of training compare over several seeds."""

from collections.abc import Sequence

from core.comparison.comparison_words import FIRST, SECOND, p_value_text, points_text
from core.comparison.group_comparison import GroupComparison, GroupComparisons
from core.text import Text, count_text, sentences

_MOST_NAMES = 5


def group_sentence(comparison: GroupComparison) -> Text:
    """Say in one sentence which way is better, and whether by more than chance."""
    first, second = comparison.first or FIRST, comparison.second or SECOND
    difference = points_text(abs(comparison.difference)).removeprefix("+")
    p_value = p_value_text(comparison.p_value)
    if comparison.difference == 0:
        return Text("Both are equally accurate on average.")
    better = first if comparison.difference > 0 else second
    if comparison.is_more_than_chance:
        return Text(
            "%1 is %2 points more accurate on average: more than chance would give (%3).",
            better,
            difference,
            p_value,
        )
    return Text(
        "%1 is %2 points more accurate on average: no more than chance would give (%3).",
        better,
        difference,
        p_value,
    )


def groups_sentence(comparisons: GroupComparisons) -> Text:
    """Say in one sentence which of several ways is best, and than which by more than chance."""
    names = list(comparisons.accuracies)
    best, others = comparisons.best, [name for name in names if name != comparisons.best]
    worse = [name for name in others if comparisons.is_best_better_than(name)]
    alike = [name for name in others if name not in worse]
    mean = f"{100 * comparisons.accuracies[best]:.1f}%"
    if not alike:
        return Text(
            "%1 is best, with %2 on average: better than %3 by more than chance would give.",
            best,
            mean,
            _listed(others),
        )
    if worse:
        return Text(
            "%1 is highest, with %2 on average: better than %3 by more than chance would give, but "
            "not than %4.",
            best,
            mean,
            _listed(worse),
            _listed(alike),
        )
    found = [pair for pair in comparisons.pairs if pair.is_more_than_chance]
    if not found:
        return Text("%1 differ by no more than chance would give.", _listed(names))
    return Text(
        "%1 is highest, with %2 on average, but better than none of the others by more than chance "
        "would give.",
        best,
        mean,
    )


def group_method_sentences(comparisons: Sequence[GroupComparison]) -> Text:
    """Say how the ways were compared: by which test, over how many seeds."""
    num_corrected = comparisons[0].num_corrected
    return sentences(
        _interval(comparisons[0]) if len(comparisons) == 1 else "",
        count_text(
            "Tested by Nadeau and Bengio's corrected resampled t-test over %n seed(s).",
            "",
            comparisons[0].num_seeds,
        ),
        Text("Corrected for %1 comparisons by Holm's method.", num_corrected)
        if num_corrected > 1
        else "",
    )


def _interval(comparison: GroupComparison) -> Text:
    low, high = (points_text(end) for end in comparison.interval)
    return Text(
        "The difference in accuracy is %1 points (95% interval: %2 to %3).",
        points_text(comparison.difference),
        low,
        high,
    )


def _listed(names: Sequence[str]) -> str:
    """Join names: "4, 8 and 16"."""
    if len(names) == 1:
        return names[0]
    shown = min(len(names) - 1, _MOST_NAMES)
    most = ", ".join(names[:shown])
    if len(names) > _MOST_NAMES:
        return Text("%1 and %2 more", most, len(names) - shown)
    return Text("%1 and %2", most, names[-1])

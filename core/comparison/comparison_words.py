"""Sentences that say how two trainings compare."""

from collections.abc import Sequence

from core.comparison.run_comparison import FEWEST_IMAGES, RunComparison
from core.text import Text, count_text, sentences

FIRST = Text("The first")
SECOND = Text("The second")


def p_value_text(p_value: float) -> str:
    """Write a p-value with two digits: "p = 0.023"."""
    return "p < 0.001" if p_value < 0.001 else f"p = {p_value:.2g}"


def points_text(difference: float) -> str:
    """Write a difference of fractions in percentage points, with its sign: "+1.4"."""
    return f"{100 * difference + 0.0:+.1f}".replace("-0.0", "+0.0")


def comparison_sentence(
    comparison: RunComparison, first: str = FIRST, second: str = SECOND
) -> Text:
    """Say in one sentence which model is better, and whether by more than chance.

    Args:
        first: Name of the first run, as it begins a sentence.
        second: Name of the second run.
    """
    if comparison.p_value is None:
        return _untested(comparison, first, second)
    num_more = comparison.num_only_first - comparison.num_only_second
    better, total = first if num_more > 0 else second, comparison.num_images
    p_value = p_value_text(comparison.p_value)
    if comparison.is_more_than_chance:
        return Text(
            "%1 is right on %2 more of %3 pictures: more than chance would give (%4).",
            better,
            abs(num_more),
            total,
            p_value,
        )
    if num_more:
        return Text(
            "%1 is right on %2 more of %3 pictures: no more than chance would give (%4).",
            better,
            abs(num_more),
            total,
            p_value,
        )
    num_right = round(comparison.first_accuracy * total)
    return Text("Both are right on %1 of %2 pictures.", num_right, total)


def method_sentences(comparison: RunComparison) -> Text:
    """Say how the two were compared, and on what; empty if they couldn't be."""
    if comparison.p_value is None:
        return Text("")
    low, high = (points_text(end) for end in comparison.interval)
    return sentences(
        Text(
            "The difference in accuracy is %1 points (95% interval: %2 to %3).",
            points_text(comparison.difference),
            low,
            high,
        ),
        Text(
            "Tested by McNemar's exact test on the pictures that are in both test splits and that "
            "neither was trained on."
        ),
        _corrected(comparison.num_corrected),
        _left_out(comparison.num_relabeled),
    )


def pairs_sentence(pairs: Sequence[RunComparison]) -> Text:
    """Say how many pairs of three or more runs differ by more than chance."""
    tested = [pair for pair in pairs if pair.p_value is not None]
    found = sum(pair.is_more_than_chance for pair in tested)
    if not tested:
        return Text(
            "The trainings have too few test pictures in common to compare on. Train all of them "
            "with the same seed, or each with several seeds."
        )
    if not found:
        differ = Text("No two of the trainings differ by more than chance would give.")
    else:
        differ = Text("%1 of %2 pairs differ by more than chance would give.", found, len(tested))
    return sentences(differ, _unknown(len(pairs) - len(tested)))


def _unknown(num_pairs: int) -> str:
    if not num_pairs:
        return ""
    return count_text("%n pair(s) (has|have) too few test pictures in common.", "", num_pairs)


def _corrected(num_comparisons: int) -> str:
    if num_comparisons == 1:
        return ""
    return Text("Corrected for %1 comparisons by Holm's method.", num_comparisons)


def _left_out(num_images: int) -> str:
    if not num_images:
        return ""
    return count_text(
        "%n picture(s) (is|are) left out: the actual class isn't the same in both trainings.",
        "",
        num_images,
    )


def _untested(comparison: RunComparison, first: str, second: str) -> Text:
    for name, num_images in zip((first, second), comparison.num_tested, strict=True):
        if not num_images:
            return Text(
                "%1 has no test pictures, so there is nothing to compare on. Train again with a "
                "test split.",
                name,
            )
    if comparison.num_relabeled:
        return count_text(
            "Too few pictures in common to compare on: %n picture(s) that (is|are) in both test "
            "splits (has|have) another actual class in the other training.",
            "",
            comparison.num_relabeled,
        )
    if not comparison.num_images:
        return Text(
            "No picture is in both test splits without being trained on in one of them, so there "
            "is nothing to compare on. Train both with the same seed, or each with several seeds."
        )
    assert comparison.num_images < FEWEST_IMAGES
    return count_text(
        "Only %n picture(s) (is|are) in both test splits and trained on in neither: too few to "
        "compare on. Train both with the same seed, or each with several seeds.",
        "",
        comparison.num_images,
    )

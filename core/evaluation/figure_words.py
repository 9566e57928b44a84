"""Sentences about figures, for the terminal, for model cards and for reports."""

from collections.abc import Sequence

from core.data.dataset import Split
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import LEAST_IMAGES
from core.text import Text, count_text

VALIDATION_NOTE = "measured on validation, which also chose the epoch: slightly optimistic"
"""A note on figures without a test split."""

_MOST_NAMES = 3


def note_sentences(figures: MeasuredFigures, digits: int = 2) -> list[str]:
    """Return notes on the figures; none if accuracy needs no explanation.

    Args:
        digits: Decimal places of percentages.
    """
    return [*meaning_sentences(figures, digits), *_scarce(figures), *_unmeasured(figures)]


def meaning_sentences(figures: MeasuredFigures, digits: int = 2) -> list[str]:
    """Explain the other figures where they don't just confirm the accuracy."""
    sentences: list[str] = []
    label, majority = figures.majority_label, figures.majority_accuracy
    if figures.is_little_above_majority and label is not None and majority is not None:
        fraction = percent_text(majority, digits)
        sentences.append(
            Text(
                "Always answering “%1” would reach %2, so accuracy says little here.",
                label,
                fraction,
            )
        )
    if figures.differs_between_classes and figures.balanced_accuracy is not None:
        fraction = percent_text(figures.balanced_accuracy, digits)
        sentences.append(
            Text(
                "Recall differs between classes: with each counted the same, accuracy is %1.",
                fraction,
            )
        )
    return sentences


def percent_text(fraction: float, digits: int = 2) -> str:
    """Write a fraction in [0, 1]: "83.33%"."""
    return f"{100 * fraction:.{digits}f}%"


def _scarce(figures: MeasuredFigures) -> list[str]:
    match figures.scarce_classes():
        case []:
            return []
        case [(label, count)]:
            images = _counted(count, figures.measured_on)
            return [
                Text(
                    "“%1” has only %2, so its recall is a rough figure. Add more pictures of it.",
                    label,
                    images,
                )
            ]
        case found:
            least = _counted(LEAST_IMAGES, figures.measured_on)
            names = _listed([label for label, _ in found])
            return [
                count_text(
                    "%n class(es) have fewer than %1 (%2), so their recalls are rough figures. "
                    "Add more pictures of them.",
                    "",
                    len(found),
                    least,
                    names,
                )
            ]


def _unmeasured(figures: MeasuredFigures) -> list[str]:
    split = figures.measured_on.text
    match figures.unmeasured_classes():
        case []:
            return []
        case [label]:
            return [
                Text(
                    "“%1” has no %2 pictures: its recall is not known, and balanced accuracy "
                    "leaves it out.",
                    label,
                    split,
                )
            ]
        case found:
            names = _listed(found)
            return [
                count_text(
                    "%n class(es) have no %1 pictures (%2): their recalls are not known, and "
                    "balanced accuracy leaves them out.",
                    "",
                    len(found),
                    split,
                    names,
                )
            ]


def _counted(count: int, split: Split) -> Text:
    """Write a number of images of a split: "1 test image", "20 test images"."""
    if split is Split.TEST:
        return count_text("%n test picture(s)", "", count)
    return count_text("%n validation picture(s)", "", count)


def _listed(labels: Sequence[str]) -> str:
    names = ", ".join(f"“{label}”" for label in labels[:_MOST_NAMES])
    more = len(labels) - _MOST_NAMES
    return Text("%1 and %2 more", names, more) if more > 0 else names

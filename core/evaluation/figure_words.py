"""Sentences about figures, for the terminal and for model cards."""

from collections.abc import Sequence

from core.data.dataset import Split
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import LEAST_IMAGES

VALIDATION_NOTE = "measured on validation, which also chose the epoch: slightly optimistic"
"""A note on figures without a test split."""

_MOST_NAMES = 3


def note_sentences(figures: MeasuredFigures) -> list[str]:
    """Return notes on the figures; none if accuracy needs no explanation."""
    return [*meaning_sentences(figures), *_scarce(figures), *_unmeasured(figures)]


def meaning_sentences(figures: MeasuredFigures) -> list[str]:
    """Explain the other figures where they don't just confirm the accuracy."""
    sentences = []
    if figures.is_little_above_majority and figures.majority_accuracy is not None:
        fraction = percent_text(figures.majority_accuracy)
        sentences.append(
            f"Always answering “{figures.majority_label}” would reach {fraction}, so accuracy says "
            "little here."
        )
    if figures.differs_between_classes and figures.balanced_accuracy is not None:
        fraction = percent_text(figures.balanced_accuracy)
        sentences.append(
            f"Recall differs between classes: with each counted the same, accuracy is {fraction}."
        )
    return sentences


def percent_text(fraction: float) -> str:
    """Write a fraction in [0, 1]: "83.33%"."""
    return f"{100 * fraction:.2f}%"


def _scarce(figures: MeasuredFigures) -> list[str]:
    match figures.scarce_classes():
        case []:
            return []
        case [(label, count)]:
            images = _counted(count, figures.measured_on)
            return [
                f"“{label}” has only {images}, so its recall is a rough figure. Add more "
                "pictures of it."
            ]
        case found:
            return [
                f"{len(found)} classes have fewer than {LEAST_IMAGES} {figures.measured_on} "
                f"pictures ({_listed([label for label, _ in found])}), so their recalls are rough "
                "figures. Add more pictures of them."
            ]


def _unmeasured(figures: MeasuredFigures) -> list[str]:
    match figures.unmeasured_classes():
        case []:
            return []
        case [label]:
            return [
                f"“{label}” has no {figures.measured_on} pictures: its recall is not known, and "
                "balanced accuracy leaves it out."
            ]
        case found:
            return [
                f"{len(found)} classes have no {figures.measured_on} pictures ({_listed(found)}): "
                "their recalls are not known, and balanced accuracy leaves them out."
            ]


def _counted(count: int, split: Split) -> str:
    """Write a number of images of a split: "1 test image", "20 test images"."""
    return f"{count} {split} picture" + ("" if count == 1 else "s")


def _listed(labels: Sequence[str]) -> str:
    names = ", ".join(f"“{label}”" for label in labels[:_MOST_NAMES])
    more = len(labels) - _MOST_NAMES
    return f"{names} and {more} more" if more > 0 else names

"""Figures beside accuracy, in lines for the terminal."""

from core.evaluation.figure_words import note_sentences, percent_text
from core.evaluation.measured_figures import MeasuredFigures

_MOST_CLASSES = 10


def summary_lines(figures: MeasuredFigures) -> list[str]:
    """Return balanced accuracy and majority baseline, as far as they are known."""
    lines = []
    if (balanced := figures.balanced_accuracy) is not None:
        lines.append(f"Balanced accuracy: {percent_text(balanced)}, the mean recall of the classes")
    if (majority := figures.majority_accuracy) is not None:
        lines.append(
            f"Majority baseline: {percent_text(majority)}, by always answering "
            f"“{figures.majority_label}”, the class with the most training pictures"
        )
    return lines


def recall_lines(figures: MeasuredFigures) -> list[str]:
    """Return a line per class, the lowest recall first; of many classes the ten lowest."""
    # Names come last, so that none of them shifts the columns.
    rows = figures.measured_classes()
    lines = [f"{'Recall':>8}  {'pictures':>8}  class, lowest recall first"]
    lines += [
        f"{percent_text(recall):>8}  {num_images:>8}  {label}"
        for label, recall, num_images in rows[:_MOST_CLASSES]
    ]
    if (more := len(rows) - _MOST_CLASSES) > 0:
        lines.append(
            f"… and {more} more: the page Results shows all of them, and `fieldguide evaluate` "
            "prints them for your own pictures"
        )
    return lines


def note_lines(figures: MeasuredFigures) -> list[str]:
    """Return notes on how to read the figures."""
    return [f"Note: {sentence}" for sentence in note_sentences(figures)]

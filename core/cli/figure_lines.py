"""What accuracy alone would hide, in lines for the terminal."""

from core.evaluation.figure_words import note_sentences, percent_text
from core.evaluation.measured_figures import MeasuredFigures

_MOST_CLASSES = 10


def summary_lines(figures: MeasuredFigures) -> list[str]:
    """Balanced accuracy and majority baseline, as far as they are known."""
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
    """A line a class, the lowest recall first; of many classes the ten lowest."""
    # Names come last, so that any of them leaves the columns where they are.
    rows = figures.measured_classes()
    lines = [f"{'Recall':>8}  {'pictures':>8}  class, lowest recall first"]
    lines += [
        f"{percent_text(recall):>8}  {num_images:>8}  {label}"
        for label, recall, num_images in rows[:_MOST_CLASSES]
    ]
    if (more := len(rows) - _MOST_CLASSES) > 0:
        lines.append(
            f"… and {more} more: all of them are on the page Results, and `fieldguide evaluate` "
            "prints them for pictures of your own"
        )
    return lines


def note_lines(figures: MeasuredFigures) -> list[str]:
    """What must be known to read the figures."""
    return [f"Note: {sentence}" for sentence in note_sentences(figures)]

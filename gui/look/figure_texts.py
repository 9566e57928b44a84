"""Texts that explain the metrics of a run."""

from collections.abc import Sequence

from core.data.dataset import Split
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import LEAST_IMAGES, Evaluation
from gui.look.language import tr, tr_count
from gui.look.wording import percent

_SMALL_TEST = 100
_MOST_NAMES = 3
_LONGEST_NAME = 40


def interval_text(evaluation: Evaluation, split: Split) -> str:
    """Return the confidence interval of the accuracy, and how reliable the estimate is."""
    low, high = (percent(bound) for bound in evaluation.interval)
    count = evaluation.num_images
    if split is Split.TEST:
        text = tr_count(
            "of test pictures classified correctly. With %n picture(s), the 95% confidence "
            "interval is %1 to %2. None of them was used in training.",
            "",
            count,
            low,
            high,
        )
    else:
        text = tr_count(
            "of validation pictures classified correctly; with %n picture(s) between %1 and %2 "
            "(95% interval). They were used to pick the best epoch, so this is slightly "
            "optimistic.",
            "",
            count,
            low,
            high,
        )
    if count < _SMALL_TEST:
        text += " " + tr(
            "With so few pictures this is a rough estimate. Add more for a better one."
        )
    return text


def balanced_text(figures: MeasuredFigures) -> str:
    """Return the balanced accuracy; "" if it is unknown."""
    balanced = figures.balanced_accuracy
    return "" if balanced is None else tr("Balanced accuracy %1", percent(balanced))


def baseline_text(figures: MeasuredFigures) -> str:
    """Return the accuracy of always predicting the largest training class; "" if unknown."""
    label, majority = figures.majority_label, figures.majority_accuracy
    if label is None or majority is None:
        return ""
    return tr("Majority baseline %1 (always “%2”)", percent(majority), _short(label))


def recall_text(figures: MeasuredFigures) -> str:
    """Return the lowest recalls with their numbers of images."""
    rows = figures.measured_classes()
    parts = [
        tr("“%1” %2 of %3", _short(label), percent(recall), count)
        for label, recall, count in rows[:_MOST_NAMES]
    ]
    if (more := len(rows) - _MOST_NAMES) > 0:
        parts.append(tr_count("%n more class(es) on the page Results", "", more))
    recalls = ", ".join(parts)
    return tr("Recall: %1", recalls)


def summary_text(figures: MeasuredFigures) -> str:
    """Return all metrics beside accuracy in a line, and notes on them in another."""
    parts = (balanced_text(figures), baseline_text(figures), recall_text(figures))
    lines = (" · ".join(filter(None, parts)), " ".join(note_texts(figures)))
    return "\n".join(filter(None, lines))


def note_texts(figures: MeasuredFigures) -> list[str]:
    """Return sentences that help to read the metrics; none if accuracy says it all."""
    return [*_meanings(figures), *_scarce(figures), *_unmeasured(figures)]


def _meanings(figures: MeasuredFigures) -> list[str]:
    texts = []
    label, majority = figures.majority_label, figures.majority_accuracy
    if figures.is_little_above_majority and label is not None and majority is not None:
        texts.append(
            tr(
                "Always answering “%1” would reach %2, so accuracy says little here.",
                _short(label),
                percent(majority),
            )
        )
    if figures.differs_between_classes and figures.balanced_accuracy is not None:
        texts.append(
            tr(
                "Recall differs between classes: with each counted the same, accuracy is %1.",
                percent(figures.balanced_accuracy),
            )
        )
    return texts


def _scarce(figures: MeasuredFigures) -> list[str]:
    match figures.scarce_classes():
        case []:
            return []
        case [(label, count)]:
            images = _counted(count, figures.measured_on)
            return [
                tr(
                    "“%1” has only %2, so its recall is a rough estimate. Add more pictures of it.",
                    _short(label),
                    images,
                )
            ]
        case found:
            return [
                tr_count(
                    "%n class(es) have fewer than %1 (%2), so their recalls are rough estimates. "
                    "Add more pictures of them.",
                    "",
                    len(found),
                    _counted(LEAST_IMAGES, figures.measured_on),
                    _listed([name for name, _ in found]),
                )
            ]


def _counted(count: int, split: Split) -> str:
    """Return a number of images of a split: "1 test image", "20 validation images"."""
    if split is Split.TEST:
        return tr_count("%n test picture(s)", "", count)
    return tr_count("%n validation picture(s)", "", count)


def _unmeasured(figures: MeasuredFigures) -> list[str]:
    match figures.unmeasured_classes():
        case []:
            return []
        case [label]:
            return [
                tr(
                    "“%1” has no pictures here: its recall is unknown, and balanced accuracy "
                    "leaves it out.",
                    _short(label),
                )
            ]
        case found:
            return [
                tr_count(
                    "%n class(es) have no pictures here (%1): their recalls are unknown, and "
                    "balanced accuracy leaves them out.",
                    "",
                    len(found),
                    _listed(found),
                )
            ]


def _listed(labels: Sequence[str]) -> str:
    names = ", ".join(tr("“%1”", _short(label)) for label in labels[:_MOST_NAMES])
    more = len(labels) - _MOST_NAMES
    return tr("%1 and %2 more", names, more) if more > 0 else names


def _short(label: str) -> str:
    """Return a name that fits its line, without line breaks."""
    name = " ".join(label.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"

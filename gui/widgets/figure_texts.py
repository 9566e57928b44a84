"""What a run's figures mean, in words."""

from collections.abc import Sequence

from core.data.dataset import Split
from core.evaluation.measured_figures import MeasuredFigures
from core.evaluation.metrics import LEAST_IMAGES, Evaluation
from gui.look.language import tr
from gui.look.wording import filled, number, percent

_SMALL_TEST = 100
_MOST_NAMES = 3
_LONGEST_NAME = 40


def interval_text(evaluation: Evaluation, split: Split) -> str:
    """The accuracy's interval, and how far the figure can be trusted."""
    low, high = (percent(bound) for bound in evaluation.interval)
    count = number(evaluation.num_images)
    if split is Split.TEST:
        text = tr(
            "of test pictures classified correctly. With %n of them the true figure lies between "
            "%l and %h (95 % interval). None of them was used in training."
        )
    else:
        text = tr(
            "of validation pictures classified correctly; with %n of them between %l and %h "
            "(95 % interval). They were used to pick the best epoch, so this is slightly "
            "optimistic."
        )
    text = text.replace("%n", count).replace("%l", low).replace("%h", high)
    if evaluation.num_images < _SMALL_TEST:
        text += " " + tr(
            "With so few pictures this is a rough estimate. Add more for a better one."
        )
    return text


def balanced_text(figures: MeasuredFigures) -> str:
    """Balanced accuracy; "" if it is not known."""
    balanced = figures.balanced_accuracy
    return "" if balanced is None else tr("Balanced accuracy %1", percent(balanced))


def baseline_text(figures: MeasuredFigures) -> str:
    """What always answering the largest training class would reach; "" if it is not known."""
    label, majority = figures.majority_label, figures.majority_accuracy
    if label is None or majority is None:
        return ""
    return tr("Majority baseline %1 (always “%2”)", percent(majority), _short(label))


def recall_text(figures: MeasuredFigures) -> str:
    """The lowest recalls with their numbers of pictures."""
    rows = figures.measured_classes()
    parts = [
        tr("“%1” %2 of %3", _short(label), percent(recall), count)
        for label, recall, count in rows[:_MOST_NAMES]
    ]
    if (more := len(rows) - _MOST_NAMES) > 0:
        parts.append(tr("%1 more classes on the page Results", more))
    return tr("Recall: %1", ", ".join(parts))


def summary_text(figures: MeasuredFigures) -> str:
    """All figures that stand beside accuracy, in a line, and in another what they mean."""
    parts = (balanced_text(figures), baseline_text(figures), recall_text(figures))
    lines = (" · ".join(filter(None, parts)), " ".join(note_texts(figures)))
    return "\n".join(filter(None, lines))


def note_texts(figures: MeasuredFigures) -> list[str]:
    """What must be known to read the figures, in sentences; none if accuracy says it all."""
    return [*_meanings(figures), *_scarce(figures), *_unmeasured(figures)]


def _meanings(figures: MeasuredFigures) -> list[str]:
    texts = []
    label, majority = figures.majority_label, figures.majority_accuracy
    if figures.is_little_above_majority and label is not None and majority is not None:
        text = tr("Always answering “%1” would reach %2, so accuracy says little here.")
        texts.append(filled(text, _short(label), percent(majority)))
    if figures.differs_between_classes and figures.balanced_accuracy is not None:
        text = tr("Recall differs between classes: with each counted the same, accuracy is %1.")
        texts.append(filled(text, percent(figures.balanced_accuracy)))
    return texts


def _scarce(figures: MeasuredFigures) -> list[str]:
    match figures.scarce_classes():
        case []:
            return []
        case [(label, count)]:
            text = tr("“%1” has only %2, so its recall is a rough figure. Add more pictures of it.")
            return [filled(text, _short(label), _counted(count, figures.measured_on))]
        case found:
            text = tr(
                "%1 classes have fewer than %2 (%3), so their recalls are rough figures. Add more "
                "pictures of them."
            )
            least = _counted(LEAST_IMAGES, figures.measured_on)
            return [filled(text, number(len(found)), least, _listed([name for name, _ in found]))]


def _counted(count: int, split: Split) -> str:
    """A number of pictures of a split: "1 test picture", "20 validation pictures"."""
    if split is Split.TEST:
        text = tr("1 test picture") if count == 1 else tr("%1 test pictures")
    else:
        text = tr("1 validation picture") if count == 1 else tr("%1 validation pictures")
    return text.replace("%1", number(count))


def _unmeasured(figures: MeasuredFigures) -> list[str]:
    match figures.unmeasured_classes():
        case []:
            return []
        case [label]:
            text = tr(
                "“%1” has no pictures here: its recall is not known, and balanced accuracy leaves "
                "it out."
            )
            return [filled(text, _short(label))]
        case found:
            text = tr(
                "%1 classes have no pictures here (%2): their recalls are not known, and balanced "
                "accuracy leaves them out."
            )
            return [filled(text, number(len(found)), _listed(found))]


def _listed(labels: Sequence[str]) -> str:
    names = ", ".join(tr("“%1”", _short(label)) for label in labels[:_MOST_NAMES])
    more = len(labels) - _MOST_NAMES
    return tr("%1 and %2 more", names, more) if more > 0 else names


def _short(label: str) -> str:
    """A name that leaves room in its line, without line breaks."""
    name = " ".join(label.split())
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"

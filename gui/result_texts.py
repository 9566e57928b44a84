"""What a run's figures mean, in words."""

from PySide6.QtCore import QCoreApplication

from core.data.dataset import Split
from core.evaluation.metrics import Evaluation
from gui.wording import number, percent

_SMALL_TEST = 100


def interval_text(evaluation: Evaluation, split: Split) -> str:
    """The accuracy's interval, and how far the figure can be trusted."""
    low, high = (percent(bound) for bound in evaluation.interval)
    count = number(evaluation.num_images)
    if split is Split.TEST:
        text = _tr(
            "of the test pictures are named rightly. With %n of them the true share lies between "
            "%l and %h (95 % interval). They had no part in training."
        )
    else:
        text = _tr(
            "of the validation pictures are named rightly; with %n of them between %l and %h "
            "(95 % interval). They chose the best epoch, so the figure is a little too good."
        )
    text = text.replace("%n", count).replace("%l", low).replace("%h", high)
    if evaluation.num_images < _SMALL_TEST:
        text += " " + _tr("So few pictures allow only a rough figure: add more to be surer.")
    return text


def _tr(text: str) -> str:
    return QCoreApplication.translate("ResultTexts", text)

"""Texts about trained models."""

from PySide6.QtCore import QDate, QLocale, Qt

from core.models.model_info import ModelInfo
from gui.look.figure_texts import note_texts, recall_text
from gui.look.language import tr, tr_count
from gui.look.wording import percent

_LENGTH_OF_DATE = 10


def model_facts(info: ModelInfo) -> str:
    """Return day, number of classes and accuracy of a model."""
    day = QDate.fromString(info.created[:_LENGTH_OF_DATE], Qt.DateFormat.ISODate)
    date = QLocale().toString(day, QLocale.FormatType.ShortFormat)
    classes = tr_count("%n class(es)", "", len(info.labels))
    if info.test is None:
        accuracy = tr("validation accuracy %1", percent(info.validation.accuracy))
    else:
        accuracy = tr("test accuracy %1", percent(info.test.accuracy))
    parts = [tr("trained %1", date), classes, accuracy]
    figures = info.figures()
    if figures is not None and figures.balanced_accuracy is not None:
        parts.append(tr("balanced accuracy %1", percent(figures.balanced_accuracy)))
    if figures is not None and figures.majority_accuracy is not None:
        parts.append(tr("majority baseline %1", percent(figures.majority_accuracy)))
    return " · ".join(parts)


def model_report(info: ModelInfo) -> str:
    """Return the facts at length: recalls, notes on the metrics, and all classes."""
    figures = info.figures()
    parts = [] if figures is None else [tr("%1.", recall_text(figures)), *note_texts(figures)]
    return " ".join([tr("%1.", model_facts(info)), *parts, ", ".join(info.labels)])

"""Figures of each class as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QColor

from core.csv_cells import text_cell
from core.evaluation.metrics import LEAST_IMAGES, ClassMetrics
from core.plain_text import escape_controls
from gui.look.language import tr, tr_count
from gui.look.theme import class_color
from gui.look.wording import number, percent
from gui.widgets.columns import Column, Columns, ColumnsModel

_UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with its figures.

    Attributes:
        position: Among all classes, which decides its color.
    """

    position: int
    label: str
    metrics: ClassMetrics


def _color(row: ClassRow) -> QColor:
    return class_color(row.position)


def _images(row: ClassRow) -> str:
    count = row.metrics.num_images
    return tr("%1 (few)", count) if row.metrics.is_scarce else number(count)


def _figure(value: float | None) -> str:
    return _UNKNOWN if value is None else percent(value)


def _order(value: float | None) -> float:
    return -1.0 if value is None else value


def _warning(row: ClassRow) -> str:
    if row.metrics.is_scarce:
        return tr_count(
            "Fewer than %n picture(s) in this split, so recall is a rough estimate. Add more "
            "pictures of this class.",
            "",
            LEAST_IMAGES,
        )
    if not row.metrics.num_images:
        return tr(
            "No pictures in this split: recall is not known, and balanced accuracy leaves the "
            "class out."
        )
    return ""


_Column = Column[ClassRow]


class ClassMetricsColumn(Columns):
    """Columns, the class first."""

    CLASS = _Column(
        title=lambda: tr("Class"),
        help=lambda: tr("Name of the class"),
        text=lambda row: row.label,
        tooltip=lambda row: row.label,
        icon=_color,
        copied=lambda row: text_cell(escape_controls(row.label)),
        is_stretched=True,
    )
    IMAGES = _Column(
        title=lambda: tr("Pictures"),
        help=lambda: tr("Pictures of the class in this split"),
        text=_images,
        tooltip=_warning,
        sort_key=lambda row: row.metrics.num_images,
        copied=lambda row: number(row.metrics.num_images),
        is_number=True,
    )
    PRECISION = _Column(
        title=lambda: tr("Precision"),
        help=lambda: tr("Fraction of pictures predicted as this class that are correct"),
        text=lambda row: _figure(row.metrics.precision),
        tooltip=_warning,
        sort_key=lambda row: _order(row.metrics.precision),
        is_number=True,
    )
    RECALL = _Column(
        title=lambda: tr("Recall"),
        help=lambda: tr("Fraction of pictures of this class that are classified correctly"),
        text=lambda row: _figure(row.metrics.recall),
        tooltip=_warning,
        sort_key=lambda row: _order(row.metrics.recall),
        is_number=True,
    )
    F1 = _Column(
        title=lambda: tr("F1"),
        help=lambda: tr("Harmonic mean of precision and recall"),
        text=lambda row: _figure(row.metrics.f1),
        tooltip=_warning,
        sort_key=lambda row: _order(row.metrics.f1),
        is_number=True,
    )


class ClassMetricsModel(ColumnsModel[ClassRow]):
    """A row a class."""

    columns = ClassMetricsColumn

    def set_figures(self, labels: Sequence[str], metrics: Sequence[ClassMetrics]) -> None:
        """Show other figures, one for each label."""
        pairs = zip(labels, metrics, strict=True)
        self.set_rows([ClassRow(number, *pair) for number, pair in enumerate(pairs)])

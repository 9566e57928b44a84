"""The exports of a model as a table: what each is, and how it compares with the model."""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from core.export_spec.artifact import ArtifactResult
from gui.export.export_texts import target_name
from gui.export.export_verdict import verdict_icon, verdict_word
from gui.look.language import tr
from gui.look.wording import data_size, percent
from gui.widgets.plain_text import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
_SMALLEST_SHOWN = 0.0001
_NOTHING = "–"


class ExportColumn(IntEnum):
    """Columns, those that matter most first."""

    FORMAT = 0
    VERDICT = 1
    SIZE = 2
    AGREEMENT = 3
    ACCURACY = 4
    CHANGE = 5
    LATENCY = 6
    RATE = 7
    DIFFERENCE = 8


class ExportTableModel(QAbstractTableModel):
    """A row an artifact, in the order of the formats; a newer one takes its place."""

    SortRole = Role.UserRole + 1
    ResultRole = Role.UserRole + 2

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: tuple[ArtifactResult, ...] = ()

    @property
    def results(self) -> tuple[ArtifactResult, ...]:
        """What is shown."""
        return self._results

    def set_results(self, results: Iterable[ArtifactResult]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._results = tuple(sorted(results, key=_order))
        self.endResetModel()

    def put(self, result: ArtifactResult) -> int:
        """Show a result, in place of an earlier one of the same kind; gives its row."""
        others = [other for other in self._results if other.target != result.target]
        self.set_results([*others, result])
        return self._results.index(result)

    # Qt's own methods.

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._results)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(ExportColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        match role:
            case Role.DisplayRole:
                return self._headings()[section][0]
            case Role.ToolTipRole:
                return self._headings()[section][1]
            case Role.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        result, column = self._results[index.row()], ExportColumn(index.column())
        match role:
            case self.ResultRole:
                return result
            case self.SortRole:
                value = _value(result, column)
                return -1.0 if value is None else value
            case Role.DisplayRole:
                return self._text(result, column)
            case Role.ToolTipRole:
                return plain_tooltip(self._tooltip(result, column) or "")
            case Role.DecorationRole if column is ExportColumn.VERDICT:
                return verdict_icon(result.verdict)
            case Role.TextAlignmentRole:
                return _alignment(column)
        return None

    def _headings(self) -> Sequence[tuple[str, str]]:
        return (
            (tr("Format"), tr("What the model was exported as")),
            (tr("Verdict"), tr("Whether the export agrees with the model")),
            (tr("Size"), tr("Room that the artifact takes")),
            (
                tr("Agreement"),
                tr("Share of pictures for which export and model name the same class"),
            ),
            (tr("Accuracy"), tr("Share of pictures that the export names rightly")),
            (tr("Change"), tr("Accuracy of the export less that of the model, points")),
            (tr("Time"), tr("Median time for one picture on this computer")),
            (tr("Pictures/s"), tr("Pictures a second in batches on this computer")),
            (tr("Max |Δp|"), tr("Largest difference of a probability, of 1")),
        )

    def _text(self, result: ArtifactResult, column: ExportColumn) -> str:
        if column is ExportColumn.VERDICT:
            return verdict_word(result.verdict)
        value = _value(result, column)
        if value is None:
            return _NOTHING
        match column:
            case ExportColumn.FORMAT:
                return target_name(result.target)
            case ExportColumn.SIZE:
                return data_size(int(value))
            case ExportColumn.AGREEMENT | ExportColumn.ACCURACY:
                return percent(value)
            case ExportColumn.CHANGE:
                return change_text(value)
            case ExportColumn.LATENCY:
                return tr("%1 ms", decimal(value))
            case ExportColumn.RATE:
                return decimal(value)
        if value < _SMALLEST_SHOWN:
            return tr("< %1", QLocale().toString(_SMALLEST_SHOWN, "f", 4))
        return QLocale().toString(value, "f", 4)

    def _tooltip(self, result: ArtifactResult, column: ExportColumn) -> str | None:
        found = result.verification
        match column:
            case ExportColumn.FORMAT:
                return str(result.path) if result.path is not None else None
            case ExportColumn.VERDICT:
                return "\n".join(filter(None, (result.error, *result.problems))) or None
            case ExportColumn.ACCURACY if found is not None and found.interval is not None:
                low, high = (percent(bound) for bound in found.interval)
                text = tr("95 % interval: %1 to %2, with %3 pictures")
                text = text.replace("%1", low).replace("%2", high)
                text = text.replace("%3", str(found.num_images))
                if found.balanced_accuracy is None:
                    return text
                balanced = tr("balanced accuracy %1")
                return f"{text}; {balanced.replace('%1', percent(found.balanced_accuracy))}"
            case ExportColumn.CHANGE if found is not None and found.change_interval is not None:
                low, high = (change_text(bound) for bound in found.change_interval)
                text = tr("95 % interval: %1 to %2", low)
                return text.replace("%2", high)
            case ExportColumn.LATENCY if found is not None and found.latency_ms_p95 is not None:
                text = tr("95 of 100 pictures took at most %1 ms")
                return text.replace("%1", decimal(found.latency_ms_p95))
            case ExportColumn.RATE if found is not None:
                return tr("In batches of %1", str(found.batch_size))
        return None


def decimal(value: float) -> str:
    """A measured number with as many digits as it is worth: "12.3", "1,420"."""
    return QLocale().toString(value, "f", 1 if value < 100 else 0)


def change_text(change: float) -> str:
    """A difference of two shares in percentage points, with its sign: "−0.3 pp"."""
    points = round(100 * change, 1)
    sign = "±" if points == 0 else "+" if points > 0 else "−"
    return f"{sign}{QLocale().toString(abs(points), 'f', 1)} pp"


def _value(result: ArtifactResult, column: ExportColumn) -> Any:
    found = result.verification
    match column:
        case ExportColumn.FORMAT:
            return _order(result)
        case ExportColumn.VERDICT:
            return int(result.verdict)
        case ExportColumn.SIZE:
            return result.size_bytes if result.path is not None else None
    if found is None:
        return None
    return {
        ExportColumn.AGREEMENT: found.top1_agreement,
        ExportColumn.ACCURACY: found.accuracy,
        ExportColumn.CHANGE: found.accuracy_change,
        ExportColumn.LATENCY: found.latency_ms_p50,
        ExportColumn.RATE: found.images_per_s,
        ExportColumn.DIFFERENCE: found.max_abs_diff,
    }[column]


def _order(result: ArtifactResult) -> str:
    return f"{result.target.format.position:03} {result.target.name}"


def _alignment(column: int) -> Qt.AlignmentFlag:
    is_text = column in (ExportColumn.FORMAT, ExportColumn.VERDICT)
    side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter

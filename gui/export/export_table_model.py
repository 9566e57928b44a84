"""The exports of a model as a table: each with its verdict and its figures beside the model's."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale

from core.export_spec.artifact import ArtifactResult, Verification
from gui.export.export_texts import target_name
from gui.export.export_verdict import verdict_icon, verdict_word
from gui.look.language import shown, tr, tr_count
from gui.look.wording import data_size, percent
from gui.widgets.columns import Column, Columns, ColumnsModel

_SMALLEST_SHOWN = 0.0001
_NOTHING = "–"


def decimal(value: float) -> str:
    """Return a measured number with as many digits as are significant: "12.3", "1,420"."""
    return QLocale().toString(value, "f", 1 if value < 100 else 0)


def change_text(change: float) -> str:
    """Return a difference of two fractions in percentage points, with its sign: "−0.3 pp"."""
    points = round(100 * change, 1)
    sign = "±" if points == 0 else "+" if points > 0 else "−"
    return tr("%1 pp", sign + QLocale().toString(abs(points), "f", 1))


def _order(result: ArtifactResult) -> str:
    return f"{result.target.format.position:03} {result.target.name}"


def _sort_value(value: float | None) -> float:
    return -1.0 if value is None else value


@dataclass(frozen=True, slots=True)
class ExportCells:
    """An export with the values that its row shows; None for what is not known."""

    result: ArtifactResult

    @property
    def found(self) -> Verification | None:
        return self.result.verification

    @property
    def size(self) -> int | None:
        return self.result.size_bytes if self.result.path is not None else None

    @property
    def agreement(self) -> float | None:
        return self.found.top1_agreement if self.found is not None else None

    @property
    def accuracy(self) -> float | None:
        return self.found.accuracy if self.found is not None else None

    @property
    def change(self) -> float | None:
        return self.found.accuracy_change if self.found is not None else None

    @property
    def latency(self) -> float | None:
        return self.found.latency_ms_p50 if self.found is not None else None

    @property
    def rate(self) -> float | None:
        return self.found.images_per_s if self.found is not None else None

    @property
    def difference(self) -> float | None:
        return self.found.max_abs_diff if self.found is not None else None


def _problems(cells: ExportCells) -> str:
    result = cells.result
    return "\n".join(shown(text) for text in (result.error, *result.problems) if text)


def _agreement(cells: ExportCells) -> str:
    found = cells.found
    if found is None:
        return _NOTHING
    agreement = percent(found.top1_agreement)
    return tr_count("%1 on %n picture(s)", "", found.num_images, agreement)


def _accuracy_interval(cells: ExportCells) -> str:
    found = cells.found
    if found is None or found.interval is None:
        return ""
    low, high = (percent(bound) for bound in found.interval)
    if found.balanced_accuracy is None:
        return tr_count(
            "95% interval: %1 to %2, with %n picture(s)", "", found.num_images, low, high
        )
    return tr_count(
        "95% interval: %1 to %2, with %n picture(s); balanced accuracy %3",
        "",
        found.num_images,
        low,
        high,
        percent(found.balanced_accuracy),
    )


def _change_interval(cells: ExportCells) -> str:
    if cells.found is None or cells.found.change_interval is None:
        return ""
    low, high = (change_text(bound) for bound in cells.found.change_interval)
    return tr("95% interval: %1 to %2", low, high)


def _slowest(cells: ExportCells) -> str:
    if cells.found is None or cells.found.latency_ms_p95 is None:
        return ""
    return tr("95 of 100 pictures took at most %1 ms", decimal(cells.found.latency_ms_p95))


def _difference(cells: ExportCells) -> str:
    value = cells.difference
    if value is None:
        return _NOTHING
    if value < _SMALLEST_SHOWN:
        return tr("< %1", QLocale().toString(_SMALLEST_SHOWN, "f", 4))
    return QLocale().toString(value, "f", 4)


_Column = Column[ExportCells]


class ExportColumn(Columns):
    """Columns, those that matter most first."""

    FORMAT = _Column(
        title=lambda: tr("Format"),
        help=lambda: tr("Format of the export"),
        text=lambda cells: target_name(cells.result.target),
        tooltip=lambda cells: str(cells.result.path or ""),
        sort_key=lambda cells: _order(cells.result),
    )
    VERDICT = _Column(
        title=lambda: tr("Verdict"),
        help=lambda: tr("Whether the export agrees with the model"),
        text=lambda cells: verdict_word(cells.result.verdict),
        tooltip=_problems,
        icon=lambda cells: verdict_icon(cells.result.verdict),
        sort_key=lambda cells: int(cells.result.verdict),
    )
    SIZE = _Column(
        title=lambda: tr("Size"),
        help=lambda: tr("Size of the export on disk"),
        text=lambda cells: _NOTHING if cells.size is None else data_size(cells.size),
        sort_key=lambda cells: _sort_value(cells.size),
        is_number=True,
    )
    AGREEMENT = _Column(
        title=lambda: tr("Agreement"),
        help=lambda: tr("Fraction of pictures for which export and model predict the same class"),
        text=_agreement,
        sort_key=lambda cells: _sort_value(cells.agreement),
        is_number=True,
    )
    ACCURACY = _Column(
        title=lambda: tr("Accuracy"),
        help=lambda: tr("Fraction of pictures that the export classifies correctly"),
        text=lambda cells: _NOTHING if cells.accuracy is None else percent(cells.accuracy),
        tooltip=_accuracy_interval,
        sort_key=lambda cells: _sort_value(cells.accuracy),
        is_number=True,
    )
    CHANGE = _Column(
        title=lambda: tr("Change"),
        help=lambda: tr("Accuracy of the export minus that of the model, in percentage points"),
        text=lambda cells: _NOTHING if cells.change is None else change_text(cells.change),
        tooltip=_change_interval,
        sort_key=lambda cells: _sort_value(cells.change),
        is_number=True,
    )
    LATENCY = _Column(
        title=lambda: tr("Time"),
        help=lambda: tr("Median time for one picture on this computer"),
        text=lambda cells: (
            _NOTHING if cells.latency is None else tr("%1 ms", decimal(cells.latency))
        ),
        tooltip=_slowest,
        sort_key=lambda cells: _sort_value(cells.latency),
        is_number=True,
    )
    RATE = _Column(
        title=lambda: tr("Pictures/s"),
        help=lambda: tr("Pictures per second in batches on this computer"),
        text=lambda cells: _NOTHING if cells.rate is None else decimal(cells.rate),
        tooltip=lambda cells: (
            "" if cells.found is None else tr("In batches of %1", cells.found.batch_size)
        ),
        sort_key=lambda cells: _sort_value(cells.rate),
        is_number=True,
    )
    DIFFERENCE = _Column(
        title=lambda: tr("Max difference"),
        help=lambda: tr("Largest difference of a probability, between 0 and 1"),
        text=_difference,
        sort_key=lambda cells: _sort_value(cells.difference),
        is_number=True,
    )


class ExportTableModel(ColumnsModel[ArtifactResult]):
    """A row an artifact, in the order of the formats."""

    columns = ExportColumn

    def set_rows(self, rows: Sequence[ArtifactResult]) -> None:
        """Show other exports."""
        super().set_rows(sorted(rows, key=_order))

    def cells(self, row: ArtifactResult) -> ExportCells:
        return ExportCells(row)

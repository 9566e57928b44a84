"""The trainings of a project as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from PySide6.QtGui import QIcon, QPixmap

from core.comparison.setting_differences import setting_differences
from core.runs.run_summary import RunState, RunSummary
from core.settings.config import SETTINGS
from core.settings.setting_words import value_text
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size, duration, moment, number, percent
from gui.widgets.columns import Column, Columns, ColumnsModel

_LONG_AGO = datetime.min.replace(tzinfo=UTC)
# Shown in columns of their own, or of no interest to the result.
_ELSEWHERE = frozenset({"backbone", "second_backbone", "fine_tune", "device"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run with what the table says about it.

    Attributes:
        summary: The run.
        settings: Its values of the settings in which the project's runs differ, defaults left out.
        num_changes: Pictures and labels that changed since; None if not known yet.
        is_starred: Whether its model is the project's.
        is_suggested: Whether it is the best by validation.
    """

    summary: RunSummary
    settings: str = ""
    num_changes: int | None = None
    is_starred: bool = False
    is_suggested: bool = False

    @property
    def backbone(self) -> str:
        """The backbones' names."""
        config = self.summary.config
        names = (config.backbone, config.second_backbone)
        return " + ".join(name.rsplit("/", 1)[-1] for name in names if name)

    @property
    def mode(self) -> str:
        """Whether the backbone was trained too."""
        return shown(value_text(SETTINGS["fine_tune"], self.summary.config.fine_tune))

    @property
    def state(self) -> str:
        """The state, and what changed since."""
        state = shown(self.summary.state.text)
        if not self.num_changes:
            return state
        return tr("%1 · %2", state, tr_count("%n change(s) since", "", self.num_changes))


def make_rows(
    summaries: Sequence[RunSummary], starred: object, changes: dict[object, int] | None = None
) -> list[RunRow]:
    """Make the rows of a project's runs, the latest first.

    Args:
        starred: Folder of the starred run.
        changes: Number of changes since each run, by its folder.
    """
    ordered = sorted(summaries, key=_created, reverse=True)
    differences = [
        difference
        for difference in setting_differences([summary.config for summary in ordered])
        if difference.name not in _ELSEWHERE
    ]
    accuracies = [summary.val_accuracy or 0.0 for summary in ordered]
    best = max(accuracies, default=0.0)
    rows = []
    for position, summary in enumerate(ordered):
        texts = [
            tr(
                "%1: %2",
                shown(difference.label),
                shown(value_text(SETTINGS[difference.name], value)),
            )
            for difference in differences
            for value in difference.values[position : position + 1]
            if value != SETTINGS[difference.name].default
        ]
        rows.append(
            RunRow(
                summary=summary,
                settings=", ".join(texts) or tr("defaults"),
                num_changes=None if changes is None else changes.get(summary.path),
                is_starred=summary.path == starred,
                is_suggested=best > 0.0 and accuracies[position] == best,
            )
        )
    return rows


def _created(summary: RunSummary) -> datetime:
    return summary.created or _LONG_AGO


def _star(row: RunRow) -> QIcon | QPixmap | None:
    if row.is_starred:
        return icon("star", IconColor.ACCENT)
    return None


def _name_tooltip(row: RunRow) -> str:
    lines = [row.summary.name, str(row.summary.path)]
    if row.is_starred:
        lines.insert(1, tr("Its model is the project's."))
    if row.summary.note:
        lines.append(row.summary.note)
    return "\n".join(lines)


def _test_text(row: RunRow) -> str:
    summary = row.summary
    if summary.test_accuracy is None:
        return ""
    if summary.test_interval is None:
        return percent(summary.test_accuracy)
    low, high = (percent(end) for end in summary.test_interval)
    return tr("%1 (%2 to %3)", percent(summary.test_accuracy), low, high)


def _percent(fraction: float | None) -> str:
    return "" if fraction is None else percent(fraction)


def _validation_text(row: RunRow) -> str:
    text = _percent(row.summary.val_accuracy)
    return tr("%1, best", text) if row.is_suggested else text


def _epochs_text(row: RunRow) -> str:
    summary = row.summary
    if not summary.best_epoch:
        return number(summary.epochs)
    return tr("%1 of %2", number(summary.best_epoch), number(summary.epochs))


_Column = Column[RunRow]


class RunColumn(Columns):
    """Columns, the name first."""

    NAME = _Column(
        title=lambda: tr("Name"),
        text=lambda row: " ".join(row.summary.name.split()),
        tooltip=_name_tooltip,
        icon=_star,
        width=24 * GRID,
    )
    CREATED = _Column(
        title=lambda: tr("When"),
        text=lambda row: moment(row.summary.created) if row.summary.created else "",
        sort_key=lambda row: _created(row.summary).timestamp() if row.summary.created else 0.0,
        width=15 * GRID,
    )
    SETTINGS = _Column(
        title=lambda: tr("Settings that differ"),
        text=lambda row: row.settings,
        tooltip=lambda row: row.settings.replace(", ", "\n"),
        width=30 * GRID,
    )
    TEST = _Column(
        title=lambda: tr("Test accuracy"),
        help=lambda: tr("On pictures that had no part in training, with its 95% interval."),
        text=_test_text,
        sort_key=lambda row: row.summary.test_accuracy or -1.0,
        is_number=True,
        longest="99.99% (99.99% to 99.99%)",
    )
    VALIDATION = _Column(
        title=lambda: tr("Validation"),
        help=lambda: tr("These pictures chose the best epoch, so it is slightly optimistic."),
        text=_validation_text,
        sort_key=lambda row: row.summary.val_accuracy or -1.0,
        is_number=True,
        longest="99.99%, best",
    )
    BALANCED = _Column(
        title=lambda: tr("Balanced"),
        help=lambda: tr("Mean recall of the classes, each counted alike."),
        text=lambda row: _percent(row.summary.balanced_accuracy),
        sort_key=lambda row: row.summary.balanced_accuracy or -1.0,
        is_number=True,
        width=10 * GRID,
    )
    BACKBONE = _Column(
        title=lambda: tr("Backbone"),
        text=lambda row: row.backbone,
        tooltip=lambda row: row.backbone,
        width=18 * GRID,
    )
    MODE = _Column(title=lambda: tr("Mode"), text=lambda row: row.mode, width=10 * GRID)
    EPOCHS = _Column(
        title=lambda: tr("Best epoch"),
        help=lambda: tr("The epoch or iteration whose weights were kept, of all."),
        text=_epochs_text,
        sort_key=lambda row: row.summary.epochs,
        is_number=True,
        width=12 * GRID,
    )
    SECONDS = _Column(
        title=lambda: tr("Time"),
        text=lambda row: duration(row.summary.seconds),
        sort_key=lambda row: row.summary.seconds,
        is_number=True,
        width=12 * GRID,
    )
    SIZE = _Column(
        title=lambda: tr("Model"),
        text=lambda row: data_size(row.summary.model_bytes) if row.summary.has_model else "",
        sort_key=lambda row: row.summary.model_bytes,
        is_number=True,
        width=10 * GRID,
    )
    STATE = _Column(
        title=lambda: tr("State"),
        text=lambda row: row.state,
        icon=lambda row: _state_icon(row.summary.state),
        width=24 * GRID,
    )


def _state_icon(state: RunState) -> QIcon | None:
    match state:
        case RunState.FAILED:
            return icon("circle-alert", IconColor.DANGER)
        case RunState.STOPPED | RunState.INTERRUPTED:
            return icon("pause", IconColor.WARNING)
        case RunState.RUNNING:
            return icon("play", IconColor.ACCENT)
        case RunState.FINISHED:
            return None
        case never:
            assert_never(never)


class RunsModel(ColumnsModel[RunRow]):
    """A row a run."""

    columns = RunColumn

"""The table of an experiment: a row for each combination of values."""

from dataclasses import dataclass

from gui.experiments.experiment_view import ExperimentView, PlacedGroup
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import duration, percent
from gui.widgets.columns import Column, Columns, ColumnsModel


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A combination of values.

    Attributes:
        position: In the order of the axis.
        is_best: Whether no other has a higher mean.
    """

    position: int
    placed: PlacedGroup
    num_planned: int
    is_best: bool


def make_rows(view: ExperimentView) -> list[GroupRow]:
    """Return a row for each group."""
    means = [each.group.mean for each in view.groups if each.group.mean is not None]
    best = max(means, default=None)
    return [
        GroupRow(
            position,
            placed,
            len(view.experiment.seeds),
            best is not None and placed.group.mean == best and len(means) > 1,
        )
        for position, placed in enumerate(view.groups)
    ]


def _accuracy(row: GroupRow) -> str:
    group = row.placed.group
    if group.mean is None:
        return tr("failed") if group.num_failed else ""
    return tr("%1, best", percent(group.mean)) if row.is_best else percent(group.mean)


def _interval(row: GroupRow) -> str:
    interval = row.placed.group.interval
    return tr("%1 to %2", *map(percent, interval)) if interval else ""


def _runs(row: GroupRow) -> str:
    group = row.placed.group
    if group.is_stopped:
        return tr("stopped early")
    text = tr("%1 of %2", len(group.accuracies), row.num_planned)
    if not group.num_failed:
        return text
    failed = tr_count("%n failed", "", group.num_failed)
    return f"{text}, {failed}"


_Column = Column[GroupRow]


class GroupColumn(Columns):
    """Columns, the values first."""

    VALUES = _Column(
        title=lambda: tr("Values"),
        text=lambda row: row.placed.name,
        sort_key=lambda row: row.position,
        tooltip=lambda row: row.placed.name,
        width=32 * GRID,
        is_stretched=True,
    )
    ACCURACY = _Column(
        title=lambda: tr("Accuracy"),
        help=lambda: tr("Mean over the repeats."),
        text=_accuracy,
        sort_key=lambda row: row.placed.group.mean or -1.0,
        is_number=True,
        longest="99.9%, best",
    )
    INTERVAL = _Column(
        title=lambda: tr("95% interval"),
        help=lambda: tr("Of the mean over the repeats, as it would be on new pictures."),
        text=_interval,
        sort_key=lambda row: (row.placed.group.interval or (-1.0, 0.0))[0],
        is_number=True,
        longest="99.9% to 99.9%",
    )
    RUNS = _Column(
        title=lambda: tr("Repeats"),
        text=_runs,
        sort_key=lambda row: len(row.placed.group.accuracies),
        is_number=True,
        longest="stopped early",
    )
    SECONDS = _Column(
        title=lambda: tr("Time a run"),
        text=lambda row: (
            "" if row.placed.group.seconds is None else duration(row.placed.group.seconds)
        ),
        sort_key=lambda row: row.placed.group.seconds or 0.0,
        is_number=True,
        width=11 * GRID,
    )


class GroupsModel(ColumnsModel[GroupRow]):
    """A row a combination."""

    columns = GroupColumn

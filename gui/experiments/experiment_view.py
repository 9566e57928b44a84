"""What the page shows of an experiment; computed in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.comparison.learning_curve import Estimate
from core.experiments.conclusion import Conclusion, Group, conclusion, is_learning_curve
from core.experiments.experiment import Experiment, Kind
from core.experiments.experiment_file import read_experiment
from core.experiments.setting_words import label_of, value_text
from core.experiments.tries import ValueRange
from core.settings.config import SETTINGS
from core.settings.setting import PERCENT
from gui.look.language import shown, tr
from gui.look.wording import number, percent

_MOST_GROUPS = 40  # of a search, the best
_CURVE_POINTS = 40
_LARGEST_SPREAD = 1.6  # of the factors between neighbours, where they are powers
_LARGE_RATIO = 10.0


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    """A combination of settings, and where it is on the plot's axis.

    Attributes:
        name: Its values, for users.
        tick: A short text for the axis.
        x: On the axis; the logarithm to base 10 of a value in powers.
    """

    name: str
    tick: str
    x: float
    group: Group


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of the fitted learning curve, with its interval."""

    x: float
    accuracy: Estimate


@dataclass(frozen=True, slots=True)
class ExperimentView:
    """An experiment with its conclusion, placed on an axis.

    Attributes:
        axis: Title of the axis of values.
        is_joined: Whether means are joined by a line: values are numbers.
        is_log: Whether the axis has logarithms to base 10.
        curve: The fitted learning curve; empty without one.
    """

    folder: Path
    experiment: Experiment
    conclusion: Conclusion
    groups: tuple[PlacedGroup, ...]
    axis: str
    is_joined: bool
    is_log: bool = False
    curve: tuple[CurvePoint, ...] = ()


def load_view(folder: Path) -> ExperimentView:
    """Read an experiment and sum it up.

    Raises:
        ExperimentError: If it can't be read.
    """
    return make_view(folder, read_experiment(folder))


def make_view(folder: Path, experiment: Experiment) -> ExperimentView:
    """Sum an experiment up."""
    found = conclusion(experiment)
    groups = _shown_groups(experiment, found)
    numbers = _numbers(experiment, groups)
    if is_learning_curve(experiment):
        axis = tr("Training pictures")
    elif len(experiment.tries) == 1:
        axis = shown(label_of(experiment.tries[0].name))
    else:
        axis = ""
    is_log = numbers is not None and _is_log(experiment, numbers)
    if numbers is None:
        xs = [float(position) for position in range(len(groups))]
    else:
        xs = [float(np.log10(value)) if is_log else value for value in numbers]
    placed = [
        PlacedGroup(_name(experiment, group), _tick(experiment, group), x, group)
        for group, x in zip(groups, xs, strict=True)
    ]
    if numbers is not None:
        placed.sort(key=lambda each: each.x)
    return ExperimentView(
        folder,
        experiment,
        found,
        tuple(placed),
        axis,
        is_joined=numbers is not None,
        is_log=is_log,
        curve=_curve(found),
    )


def _shown_groups(experiment: Experiment, found: Conclusion) -> list[Group]:
    """Return the groups that have begun to be measured; of a search the best first."""
    groups = list(found.groups)
    if experiment.kind is Kind.SEARCH:
        groups.sort(key=lambda group: (group.is_stopped, -(group.mean or 0.0)))
        return groups[:_MOST_GROUPS]
    return groups


def _numbers(experiment: Experiment, groups: Sequence[Group]) -> list[float] | None:
    """Return the value of each group if one setting with numbers is tried; else None."""
    if len(experiment.tries) != 1:
        return None
    name = experiment.tries[0].name
    if is_learning_curve(experiment):
        counts = [group.num_training for group in groups]
        # Before it is known how many there are in all, the values stand for themselves.
        known = [float(count) for count in counts if count]
        return known if len(known) == len(counts) else None
    if SETTINGS[name].kind not in (int, float):
        return None
    factor = 100 if SETTINGS[name].unit == PERCENT else 1
    return [factor * float(group.settings[name]) for group in groups]


def _is_log(experiment: Experiment, numbers: Sequence[float]) -> bool:
    """Return whether numbers are in powers rather than in equal steps."""
    tried = experiment.tries[0]
    values = sorted(set(numbers))
    if not values or values[0] <= 0:
        return False
    if isinstance(tried, ValueRange):
        return tried.is_log
    factors = [b / a for a, b in pairwise(values)]
    steps = [b - a for a, b in pairwise(values)]
    if len(values) < 3 or np.allclose(steps, steps[0]):
        return bool(values[-1] / values[0] >= _LARGE_RATIO)
    return max(factors) / min(factors) <= _LARGEST_SPREAD or values[-1] / values[0] >= _LARGE_RATIO


def _name(experiment: Experiment, group: Group) -> str:
    if len(experiment.tries) == 1:
        return _value(experiment.tries[0].name, group)
    names = [tried.name for tried in experiment.tries]
    return ", ".join(tr("%1 %2", label_of(name), _value(name, group)) for name in names)


def _tick(experiment: Experiment, group: Group) -> str:
    if is_learning_curve(experiment) and group.num_training:
        return number(group.num_training)
    return ", ".join(_value(tried.name, group) for tried in experiment.tries)


def _value(name: str, group: Group) -> str:
    value = group.settings[name]
    if isinstance(value, float) and SETTINGS[name].unit == PERCENT:
        return percent(value, 0 if round(100 * value, 6).is_integer() else 1)
    return shown(value_text(name, value))


def _curve(found: Conclusion) -> tuple[CurvePoint, ...]:
    """Return the curve from the fewest images to twice the most."""
    if found.curve is None:
        return ()
    counts = [group.num_training for group in found.groups if group.num_training]
    ends = np.log10(min(counts)), np.log10(2 * found.curve.num_images)
    return tuple(
        CurvePoint(float(x), found.curve.accuracy_at(float(10**x)))
        for x in np.linspace(*ends, _CURVE_POINTS)
    )

"""An experiment: what is tried, and how far its runs have come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from core.backbones.locate import absolute_handle
from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.errors import ExperimentError
from core.experiments.tries import Tried, ValueList
from core.settings.config import SETTINGS, TrainConfig, setting_errors
from core.settings.setting_words import option_of
from core.text import Text

_MOST_RUNS = 10_000
_BACKBONES = ("backbone", "second_backbone")


class Kind(StrEnum):
    """How settings are chosen."""

    GRID = "grid"
    SEARCH = "search"


class State(StrEnum):
    """How far an experiment is."""

    UNFINISHED = "unfinished"
    FINISHED = "finished"


class RunState(StrEnum):
    """How far a run of an experiment is."""

    PENDING = "pending"
    RUNNING = "running"
    """Also of a run that was interrupted."""
    FINISHED = "finished"
    STOPPED = "stopped"
    """A search stopped it early: others did better after as many epochs."""
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left to do."""
        return self in (RunState.FINISHED, RunState.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentRun:
    """One training of an experiment.

    Attributes:
        settings: Values of the settings that are tried, by field of `TrainConfig`.
        run_dir: The run's folder; None before it is begun.
        val_accuracy: On the validation split, in [0, 1]; the others alike. None if not known.
        balanced_accuracy: On the test split, or on validation without one.
        seconds: Wall time.
        message: Why it failed; "" if it didn't.
        reports: Validation accuracies after some epochs, by which a search stops early.
        num_training: Training images; None before they are split. The other two likewise.
        test_key: The same for runs with the same test images; "" if not known.
    """

    settings: dict[str, Any]
    seed: int
    state: RunState = RunState.PENDING
    run_dir: Path | None = None
    val_accuracy: float | None = None
    test_accuracy: float | None = None
    balanced_accuracy: float | None = None
    seconds: float | None = None
    message: str = ""
    reports: tuple[tuple[int, float], ...] = ()
    num_training: int | None = None
    num_validation: int | None = None
    num_test: int | None = None
    test_key: str = ""

    def config(self, base: TrainConfig) -> TrainConfig:
        """Return all settings of the training."""
        return replace(base, **self.settings, seed=self.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """Trainings that differ in a few settings.

    Attributes:
        name: Of its folder, unique among the experiments.
        created: ISO 8601 with time zone.
        config: The settings that all runs share.
        tries: The settings that are tried.
        seeds: Each combination is trained once with each.
        num_trials: Combinations that a search tries; 0 for a grid.
        ready: Name of the ready-made experiment that it is; "" for none.
        runs: In order; a search adds them as it goes.
    """

    name: str
    created: str
    sources: tuple[ImageSource, ...]
    config: TrainConfig
    tries: tuple[Tried, ...]
    seeds: tuple[int, ...]
    edits: Edits = NO_EDITS
    kind: Kind = Kind.GRID
    num_trials: int = 0
    ready: str = ""
    state: State = State.UNFINISHED
    runs: list[ExperimentRun] = field(default_factory=list)

    @property
    def num_runs(self) -> int:
        """How many runs it has when it is finished; of a search at most."""
        return len(self.runs) if self.kind is Kind.GRID else self.num_trials * len(self.seeds)

    @property
    def num_over(self) -> int:
        """How many runs are finished or were stopped early."""
        return sum(run.state.is_over for run in self.runs)

    @property
    def num_failed(self) -> int:
        """How many runs failed."""
        return sum(run.state is RunState.FAILED for run in self.runs)


def make_experiment(
    *,
    name: str,
    sources: Sequence[ImageSource],
    config: TrainConfig,
    tries: Sequence[Tried],
    num_seeds: int,
    edits: Edits = NO_EDITS,
    num_trials: int = 0,
    ready: str = "",
) -> Experiment:
    """Plan an experiment: a grid, or a search for more than two settings or for a range.

    Args:
        config: The settings that all runs share; seeds are counted from its own.
        num_seeds: How often each combination is trained.
        num_trials: Combinations that a search tries.

    Raises:
        ExperimentError: If settings are tried twice, don't go together, or are far too many.
    """
    # Resuming must find the backbones from any folder.
    config = replace(
        config,
        backbone=absolute_handle(config.backbone),
        second_backbone=config.second_backbone and absolute_handle(config.second_backbone),
    )
    tries = [_with_absolute_handles(tried) for tried in tries]
    names = [tried.name for tried in tries]
    if not names:
        raise ExperimentError(Text("Nothing is tried: name a setting and its values."))
    for tried_name in names:
        if names.count(tried_name) > 1:
            raise ExperimentError(
                Text("“%1” is tried twice: put all its values in one list.", option_of(tried_name))
            )
    seeds = tuple(range(config.seed, config.seed + num_seeds))
    for error in setting_errors({"seed": seeds[-1]}):
        raise ExperimentError(error.fault(lambda name: f"“{option_of(name)}”"))
    lists = [tried for tried in tries if isinstance(tried, ValueList)]
    is_search = len(tries) > 2 or len(lists) < len(tries)
    num_combinations = 1
    for each in lists:
        num_combinations *= len(each.values)
    if is_search and len(lists) == len(tries):
        num_trials = min(num_trials, num_combinations)
    planned = (num_trials if is_search else num_combinations) * num_seeds
    if planned > _MOST_RUNS:
        raise ExperimentError(
            Text("These are %1 runs, more than %2. Try fewer values.", planned, _MOST_RUNS)
        )
    experiment = Experiment(
        name=name,
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        sources=tuple(sources),
        edits=edits,
        config=config,
        tries=tuple(tries),
        seeds=seeds,
        kind=Kind.SEARCH if is_search else Kind.GRID,
        num_trials=num_trials if is_search else 0,
        ready=ready,
    )
    if is_search:
        _require_valid(config, lists)
        return experiment
    combinations = grid(lists)
    for settings in combinations:
        require_valid(config, settings)
    # Seeds inside: after the first few runs every value has been tried once.
    runs = [
        ExperimentRun(settings=settings, seed=seed) for seed in seeds for settings in combinations
    ]
    return replace(experiment, runs=runs)


def handles_of(experiment: Experiment) -> list[str]:
    """Return the backbones that its runs may use, by the names or addresses they were given."""
    handles = list(experiment.config.backbones)
    for tried in experiment.tries:
        if tried.name in _BACKBONES and isinstance(tried, ValueList):
            handles += [value for value in tried.values if value]
    return list(dict.fromkeys(handles))


def _with_absolute_handles(tried: Tried) -> Tried:
    if tried.name not in _BACKBONES or not isinstance(tried, ValueList):
        return tried
    return ValueList(tried.name, tuple(each and absolute_handle(each) for each in tried.values))


def grid(lists: Sequence[ValueList]) -> list[dict[str, Any]]:
    """Return all combinations of values, the last setting changing fastest."""
    combinations: list[dict[str, Any]] = [{}]
    for each in lists:
        combinations = [
            before | {each.name: value} for before in combinations for value in each.values
        ]
    return combinations


def require_valid(config: TrainConfig, settings: dict[str, Any]) -> None:
    """Check that settings go together.

    Raises:
        ExperimentError: If they don't.
    """
    values = {name: getattr(config, name) for name in SETTINGS} | settings
    for error in setting_errors(values):
        raise ExperimentError(error.fault(lambda name: f"“{option_of(name)}”"))


def _require_valid(config: TrainConfig, lists: Sequence[ValueList]) -> None:
    for each in lists:
        for value in each.values:
            require_valid(config, {each.name: value})

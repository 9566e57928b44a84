"""A search among settings, proposed and stopped early by Optuna.

Optuna keeps no state here: for each trial a study is made of the trials so far, which
`experiment.json` has. So a search that was interrupted goes on as if nothing had happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ExperimentError
from core.experiments.experiment import (
    Experiment,
    ExperimentRun,
    RunState,
    grid,
    require_valid,
)
from core.experiments.tries import Tried, ValueList
from core.settings.config import SETTINGS

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.study import Study

DEFAULT_TRIALS = 30
# A trial goes on beyond 5, 15, 45 … epochs only if it is among the best third of those that
# came as far. Sooner, the learning rate alone would decide.
_FIRST_RUNG = 5
_REDUCTION = 3
_MOST_PROPOSALS = 50
_SIGNIFICANT_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """A combination of settings and what came of it.

    Attributes:
        value: Mean validation accuracy over the seeds; None if it failed or is not over.
        is_stopped: Whether it was stopped early.
        reports: Validation accuracies of the first seed at rungs.
    """

    settings: dict[str, Any]
    value: float | None = None
    is_stopped: bool = False
    reports: tuple[tuple[int, float], ...] = ()


def propose(experiment: Experiment) -> dict[str, Any] | None:
    """Return the settings to try next; None when all combinations were tried.

    The seed of the experiment, the number of the trial and earlier results alone decide.
    """
    trials = trials_of(experiment)
    tried = [trial.settings for trial in trials]
    for attempt in range(_MOST_PROPOSALS):
        study = _study(experiment, trials, attempt)
        asked = study.ask(_distributions(experiment.tries))
        settings = {
            each.name: _value(each, asked.params[each.name], attempt) for each in experiment.tries
        }
        if settings not in tried and _is_valid(experiment, settings):
            return settings
    return next(
        (
            settings
            for settings in _combinations(experiment.tries)
            if settings not in tried and _is_valid(experiment, settings)
        ),
        None,
    )


def is_rung(epoch: int) -> bool:
    """Return whether a search looks at the accuracy after an epoch."""
    rung = _FIRST_RUNG
    while rung < epoch:
        rung *= _REDUCTION
    return rung == epoch


def should_stop(experiment: Experiment, run: ExperimentRun) -> bool:
    """Return whether a run that has just reached a rung should be stopped there.

    Args:
        run: With its reports, that of the rung included; the last of the experiment.
    """
    # Those before it; it may have been begun by an earlier part of the experiment.
    others = [trial for trial in trials_of(experiment) if trial.settings != run.settings]
    study = _study(experiment, others, 0)
    study.enqueue_trial(_parameters(experiment, run.settings))
    trial = study.ask(_distributions(experiment.tries))
    stops = False
    for epoch, value in run.reports:
        trial.report(value, epoch)
        stops = trial.should_prune()
    return stops


def trials_of(experiment: Experiment) -> list[Trial]:
    """Return the trials so far; runs of equal settings are one, in order."""
    trials: list[Trial] = []
    for settings in _distinct([run.settings for run in experiment.runs]):
        runs = [run for run in experiment.runs if run.settings == settings]
        measured = [
            run.val_accuracy for run in runs if run.state.is_over and run.val_accuracy is not None
        ]
        trials.append(
            Trial(
                settings,
                sum(measured) / len(measured) if measured else None,
                any(run.state is RunState.STOPPED for run in runs),
                runs[0].reports,
            )
        )
    return trials


def best_trial(experiment: Experiment) -> Trial | None:
    """Return the trial with the highest validation accuracy that wasn't stopped early."""
    finished = [
        trial for trial in trials_of(experiment) if trial.value is not None and not trial.is_stopped
    ]
    return max(finished, key=lambda trial: trial.value or 0.0, default=None)


def _study(experiment: Experiment, trials: Sequence[Trial], attempt: int) -> "Study":
    """Make a study that knows the trials."""
    # Imported here: it takes more than a second, and only searches need it.
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    numbers = [experiment.seeds[0], len(trials), attempt]
    seed = int(np.random.SeedSequence(numbers).generate_state(1)[0])
    study = optuna.create_study(
        direction="maximize",
        sampler=optuna.samplers.TPESampler(seed=seed),
        pruner=optuna.pruners.SuccessiveHalvingPruner(
            min_resource=_FIRST_RUNG, reduction_factor=_REDUCTION
        ),
    )
    distributions = _distributions(experiment.tries)
    for each in trials:
        study.enqueue_trial(_parameters(experiment, each.settings))
        trial = study.ask(distributions)
        for epoch, value in each.reports:
            trial.report(value, epoch)
            trial.should_prune()  # notes the rung
        if each.value is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        elif each.is_stopped and each.reports:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, each.value)
    return study


def _distributions(tries: Sequence[Tried]) -> "dict[str, BaseDistribution]":
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    found: dict[str, BaseDistribution] = {}
    for tried in tries:
        if isinstance(tried, ValueList):
            # By position: a choice may be of a type that Optuna warns of.
            found[tried.name] = CategoricalDistribution(list(range(len(tried.values))))
        elif SETTINGS[tried.name].kind is int:
            found[tried.name] = IntDistribution(int(tried.low), int(tried.high), tried.is_log)
        else:
            found[tried.name] = FloatDistribution(tried.low, tried.high, tried.is_log)
    return found


def _value(tried: Tried, parameter: float, attempt: int) -> object:
    """Return the value of a setting for a parameter of Optuna's.

    Short numbers are easier to read. In a narrow range they soon repeat; then they get longer.
    """
    if isinstance(tried, ValueList):
        return tried.values[int(parameter)]
    if SETTINGS[tried.name].kind is int:
        return int(parameter)
    rounded = float(f"{parameter:.{_SIGNIFICANT_DIGITS + attempt}g}")
    return min(max(rounded, float(tried.low)), float(tried.high))


def _combinations(tries: Sequence[Tried]) -> list[dict[str, Any]]:
    """Return all combinations; none where there is a range, which has no end of them."""
    lists = [tried for tried in tries if isinstance(tried, ValueList)]
    return grid(lists) if len(lists) == len(tries) else []


def _parameters(experiment: Experiment, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        tried.name: tried.values.index(settings[tried.name])
        if isinstance(tried, ValueList)
        else settings[tried.name]
        for tried in experiment.tries
    }


def _is_valid(experiment: Experiment, settings: dict[str, Any]) -> bool:
    try:
        require_valid(experiment.config, settings)
    except ExperimentError:
        return False
    return True


def _distinct(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    distinct: list[dict[str, Any]] = []
    for each in found:
        if each not in distinct:
            distinct.append(each)
    return distinct

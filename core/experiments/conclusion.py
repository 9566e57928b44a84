"""What an experiment shows: means, intervals and a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.experiments.experiment import Experiment, ExperimentRun, Kind, RunState
from core.experiments.search import best_trial
from core.experiments.setting_words import label_of, value_text
from core.text import Text

_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of one combination of settings.

    Attributes:
        accuracies: By seed, on the test split; on validation in a search or without a test.
        mean: Of the accuracies; None without any.
        interval: Of the mean at 95%; None with fewer than two.
        seconds: Mean of those that are known.
    """

    settings: dict[str, Any]
    accuracies: dict[int, float]
    mean: float | None
    interval: tuple[float, float] | None
    seconds: float | None
    num_failed: int = 0
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an experiment shows so far.

    Attributes:
        groups: In the order of the runs.
        is_test: Whether accuracies are on the test split.
        sentence: For users; "" while there is nothing to say.
    """

    groups: tuple[Group, ...]
    is_test: bool
    sentence: str


def conclusion(experiment: Experiment) -> Conclusion:
    """Sum up the runs that are over."""
    over = [run for run in experiment.runs if run.state.is_over]
    is_test = experiment.kind is Kind.GRID and all(run.test_accuracy is not None for run in over)
    groups: list[Group] = []
    for run in experiment.runs:
        if all(group.settings != run.settings for group in groups):
            same = [each for each in experiment.runs if each.settings == run.settings]
            groups.append(_group(run.settings, same, is_test=is_test))
    if experiment.kind is Kind.SEARCH:
        sentence = _search_sentence(experiment)
    else:
        sentence = _grid_sentence(experiment, groups)
    return Conclusion(tuple(groups), is_test, sentence)


def mean_interval(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95% interval of a mean by Student's t; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = _quantile(len(values) - 1, 1 - _LEVEL) * math.sqrt(variance / len(values))
    return mean - half, mean + half


def _group(settings: dict[str, Any], runs: Sequence[ExperimentRun], *, is_test: bool) -> Group:
    accuracies = {}
    for run in runs:
        accuracy = run.test_accuracy if is_test else run.val_accuracy
        if run.state.is_over and accuracy is not None:
            accuracies[run.seed] = accuracy
    values = list(accuracies.values())
    interval = mean_interval(values)
    seconds = [run.seconds for run in runs if run.seconds is not None]
    return Group(
        settings=settings,
        accuracies=accuracies,
        mean=sum(values) / len(values) if values else None,
        interval=None if interval is None else (max(0.0, interval[0]), min(1.0, interval[1])),
        seconds=sum(seconds) / len(seconds) if seconds else None,
        num_failed=sum(run.state is RunState.FAILED for run in runs),
        is_stopped=any(run.state is RunState.STOPPED for run in runs),
    )


def _grid_sentence(experiment: Experiment, groups: Sequence[Group]) -> str:
    """Compare the best settings with each of the others, over the seeds that both have."""
    measured = [group for group in groups if group.mean is not None]
    if len(measured) < 2:
        return ""
    best = max(measured, key=lambda group: group.mean or 0.0)
    others = [group for group in measured if group is not best]
    if any(len(best.accuracies.keys() & group.accuracies.keys()) < 2 for group in others):
        return Text("One run of each says nothing about chance: repeat them with several seeds.")
    different = [group for group in others if _differs(best, group, len(others))]
    names = [tried.name for tried in experiment.tries]
    what = label_of(names[0]) if len(names) == 1 else Text("The settings")
    if not different:
        if len(measured) == 2 and len(names) == 1:
            first, second = (value_text(names[0], group.settings[names[0]]) for group in measured)
            return Text("%1 %2 and %3 differ by no more than chance.", what, first, second)
        return Text("%1: no value is better than another by more than chance.", what)
    listed = ", ".join(_text(group) for group in different)
    if len(different) == len(others):
        return Text("%1: %2 is better than %3 by more than chance.", what, _text(best), listed)
    alike = ", ".join(_text(group) for group in others if group not in different)
    return Text(
        "%1: %2 is better than %3 by more than chance; no more than chance separates it from %4.",
        *(what, _text(best), listed, alike),
    )


def _search_sentence(experiment: Experiment) -> str:
    best = best_trial(experiment)
    if best is None or best.value is None:
        return ""
    return Text(
        "Best on validation: %1, with %2%. Its test accuracy had no part in the choice.",
        *(_settings_text(best.settings), f"{100 * best.value:.2f}"),
    )


def _differs(best: Group, other: Group, num_compared: int) -> bool:
    """Return whether two differ by more than chance, by a paired t-test over the seeds.

    Bonferroni's correction makes up for the number of comparisons.
    """
    seeds = sorted(best.accuracies.keys() & other.accuracies.keys())
    differences = [best.accuracies[seed] - other.accuracies[seed] for seed in seeds]
    mean = sum(differences) / len(differences)
    variance = sum((value - mean) ** 2 for value in differences) / (len(differences) - 1)
    half = _quantile(len(differences) - 1, (1 - _LEVEL) / num_compared) * math.sqrt(
        variance / len(differences)
    )
    return abs(mean) > half


def _quantile(freedom: int, level: float) -> float:
    """Return the two-sided quantile of Student's t."""
    # Imported here: it takes a while, and only the end of an experiment needs it.
    from scipy.stats import t

    return float(t.ppf(1 - level / 2, freedom))


def _text(group: Group) -> str:
    return _settings_text(group.settings)


def _settings_text(settings: dict[str, Any]) -> str:
    if len(settings) == 1:
        ((name, value),) = settings.items()
        return value_text(name, value)
    return ", ".join(f"{label_of(name)} {value_text(name, settings[name])}" for name in settings)

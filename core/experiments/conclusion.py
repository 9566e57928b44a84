"""What an experiment shows: means, intervals and a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from core.comparison.chance import corrected_resampled_test
from core.comparison.group_comparison import compare_many_groups
from core.comparison.group_words import group_method_sentences, group_sentence, groups_sentence
from core.comparison.learning_curve import LearningCurve, LearningPoint, learning_curve_of
from core.comparison.learning_curve_words import gain_sentence
from core.experiments.experiment import Experiment, ExperimentRun, Kind, RunState, State
from core.experiments.search import best_trial
from core.experiments.setting_words import label_of, value_text
from core.text import Text

_FEWEST_SEEDS = 2
# Their values say what they are.
_NAMED_BY_VALUE = ("backbone", "fine_tune")


@dataclass(frozen=True, slots=True)
class Group:
    """The runs of one combination of settings.

    Attributes:
        accuracies: By seed, on the test split; on validation in a search or without a test.
        mean: Of the accuracies; None without any.
        interval: Of the mean at 95%; None with fewer than two, or if it can't be known.
        seconds: Mean of those that are known.
        num_training: Mean number of training images; None if not known.
    """

    settings: dict[str, Any]
    accuracies: dict[int, float]
    mean: float | None
    interval: tuple[float, float] | None
    seconds: float | None
    num_failed: int = 0
    is_stopped: bool = False
    num_training: int | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an experiment shows so far.

    Attributes:
        groups: In the order of the runs.
        is_test: Whether accuracies are on the test split.
        sentence: For users; "" while there is nothing to say.
        method: How that was found, for users; "" if no test was made.
        curve: Accuracy by the number of training images; None unless that is what is tried.
    """

    groups: tuple[Group, ...]
    is_test: bool
    sentence: str
    method: str = ""
    curve: LearningCurve | None = None


def conclusion(experiment: Experiment) -> Conclusion:
    """Sum up the runs that are over."""
    over = [run for run in experiment.runs if run.state.is_over]
    is_test = experiment.kind is Kind.GRID and all(run.test_accuracy is not None for run in over)
    num_train, _ = _sizes(experiment.runs, is_test=is_test)
    groups: list[Group] = []
    for run in experiment.runs:
        if all(group.settings != run.settings for group in groups):
            same = [each for each in experiment.runs if each.settings == run.settings]
            groups.append(_group(run.settings, same, is_test=is_test, num_train=num_train))
    found = tuple(groups)
    if experiment.kind is Kind.SEARCH:
        return Conclusion(found, is_test, _search_sentence(experiment))
    if is_learning_curve(experiment):
        curve = _curve(experiment, groups, is_test=is_test)
        is_over = experiment.state is State.FINISHED
        sentence = gain_sentence(curve) if over and (is_over or curve is not None) else ""
        return Conclusion(found, is_test, sentence, curve=curve)
    sentence, method = _grid_words(experiment, groups, is_test=is_test)
    return Conclusion(found, is_test, sentence, method)


def is_learning_curve(experiment: Experiment) -> bool:
    """Return whether the number of training images is all that is tried."""
    names = [tried.name for tried in experiment.tries]
    return experiment.kind is Kind.GRID and names == ["images_per_class"]


def mean_interval(
    accuracies: Sequence[float], *, num_train: int, num_test: int
) -> tuple[float, float] | None:
    """Return the 95% interval of a mean accuracy over seeds; None for fewer than two.

    Splits of the same images overlap, for which Nadeau and Bengio's variance makes up.
    """
    if len(accuracies) < _FEWEST_SEEDS or not num_train or not num_test:
        return None
    # Of the error: its variance is never taken for less than that of counting few mistakes.
    errors = [1 - accuracy for accuracy in accuracies]
    low, high = corrected_resampled_test(errors, num_train=num_train, num_test=num_test).interval
    return max(0.0, 1 - high), min(1.0, 1 - low)


def _group(
    settings: dict[str, Any], runs: Sequence[ExperimentRun], *, is_test: bool, num_train: int
) -> Group:
    """Sum up the runs of equal settings.

    Args:
        num_train: Training images of a run; see `_sizes`.
    """
    accuracies = {}
    for run in runs:
        accuracy = run.test_accuracy if is_test else run.val_accuracy
        if run.state.is_over and accuracy is not None:
            accuracies[run.seed] = accuracy
    values = list(accuracies.values())
    seconds = [run.seconds for run in runs if run.seconds is not None]
    trained = [run.num_training for run in runs if run.num_training]
    _, num_test = _sizes(runs, is_test=is_test)
    return Group(
        settings=settings,
        accuracies=accuracies,
        mean=fmean(values) if values else None,
        interval=None
        if _is_same_test(runs)
        else mean_interval(values, num_train=num_train, num_test=num_test),
        seconds=fmean(seconds) if seconds else None,
        num_failed=sum(run.state is RunState.FAILED for run in runs),
        is_stopped=any(run.state is RunState.STOPPED for run in runs),
        num_training=round(fmean(trained)) if trained else None,
    )


def _sizes(runs: Sequence[ExperimentRun], *, is_test: bool) -> tuple[int, int]:
    """Return numbers of training images and of those that accuracies are of; 0 if unknown.

    The largest number of training images: how much splits overlap follows from that, and not from
    a part of them that a run is limited to.
    """
    trained = [run.num_training for run in runs if run.num_training]
    tested = [run.num_test if is_test else run.num_validation for run in runs]
    known = [count for count in tested if count]
    return max(trained, default=0), round(fmean(known)) if known else 0


def _is_same_test(runs: Sequence[ExperimentRun]) -> bool:
    """Return whether several seeds have the same test images, since those are given."""
    by_seed = {run.seed: run.test_key for run in runs if run.test_key}
    return len(by_seed) > 1 and len(set(by_seed.values())) == 1


def _grid_words(
    experiment: Experiment, groups: Sequence[Group], *, is_test: bool
) -> tuple[str, str]:
    """Compare each combination with each other one over the seeds that all of them have."""
    measured = [group for group in groups if group.mean is not None]
    if len(measured) < 2:
        return "", ""
    common = set.intersection(*(set(group.accuracies) for group in measured))
    if len(common) < _FEWEST_SEEDS:
        if experiment.state is not State.FINISHED and len(experiment.seeds) > 1:
            return "", ""  # other seeds follow
        return (
            Text("One run of each says nothing about chance: repeat them with several seeds."),
            "",
        )
    over = [run for run in experiment.runs if run.state.is_over]
    if _is_same_test(over):
        return (
            Text(
                "All runs have the same given test pictures, so repeats say nothing about chance. "
                "Compare two of the runs on their answers."
            ),
            "",
        )
    num_train, num_test = _sizes(over, is_test=is_test)
    if not num_train or not num_test:
        return "", ""
    seeds = sorted(common)
    is_pair = len(measured) == 2
    compared = compare_many_groups(
        {
            _name(group) if is_pair else _settings_text(group.settings): [
                group.accuracies[seed] for seed in seeds
            ]
            for group in measured
        },
        num_train=num_train,
        num_test=num_test,
    )
    method = group_method_sentences(compared.pairs)
    if is_pair:
        return group_sentence(compared.pairs[0]), method
    names = [tried.name for tried in experiment.tries]
    if len(names) > 1 or names[0] in _NAMED_BY_VALUE:
        return groups_sentence(compared), method
    # The setting once, and not before each value.
    return Text("%1: %2", label_of(names[0]), groups_sentence(compared)), method


def _curve(
    experiment: Experiment, groups: Sequence[Group], *, is_test: bool
) -> LearningCurve | None:
    """Find the curve through all runs that are over, by their training images in all."""
    over = [run for run in experiment.runs if run.state.is_over]
    _, num_test = _sizes(over, is_test=is_test)
    points = [
        LearningPoint(group.num_training, accuracy, num_test, seed)
        for group in groups
        for seed, accuracy in group.accuracies.items()
        if group.num_training
    ]
    num_train = max((point.num_images for point in points), default=0)
    if not num_train or not num_test:
        return None
    return learning_curve_of(points, num_train=num_train, is_same_test=_is_same_test(over))


def _search_sentence(experiment: Experiment) -> str:
    best = best_trial(experiment)
    if best is None or best.value is None:
        return ""
    return Text(
        "Best on validation: %1, with %2%. Its test accuracy had no part in the choice.",
        *(_settings_text(best.settings), f"{100 * best.value:.2f}"),
    )


def _name(group: Group) -> str:
    """Return the name of a group, as it begins a sentence."""
    if len(group.settings) == 1:
        ((name, value),) = group.settings.items()
        if name not in _NAMED_BY_VALUE:
            return Text("%1 %2", label_of(name), value_text(name, value))
    return _settings_text(group.settings)


def _settings_text(settings: dict[str, Any]) -> str:
    if len(settings) == 1:
        ((name, value),) = settings.items()
        return value_text(name, value)
    return ", ".join(f"{label_of(name)} {value_text(name, settings[name])}" for name in settings)

"""Some runs of which it is asked which is better: by which test, and with what result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from core.comparison.compared_run import ComparedRun, load_compared_run
from core.comparison.group_comparison import GroupComparisons, compare_many_groups
from core.comparison.run_comparison import RunComparison, compare_many
from core.comparison.setting_differences import SettingDifference, setting_differences
from core.settings.config import TrainConfig

FEWEST_SEEDS = 3
"""With two seeds, only a difference of many times its variation would be more than chance."""


@dataclass(frozen=True, slots=True)
class RunSelection:
    """Several runs beside each other.

    Attributes:
        runs: Their folders, in the order given.
        settings: Those that differ, with a value for each run.
        pairs: Each run with each other one, in the order of `itertools.combinations`, on the
            images that both can be measured on.
        groups: Ways of training, by the position of their first run; None unless there are two at
            least that were trained with the same seeds, `FEWEST_SEEDS` or more.
        members: The runs of each group, by the same key: those whose settings differ in the seed
            alone. All groups are here, whether they can be compared or not.
    """

    runs: tuple[Path, ...]
    settings: tuple[SettingDifference, ...]
    pairs: tuple[RunComparison, ...]
    groups: GroupComparisons | None
    members: dict[str, tuple[Path, ...]]


def compare_selection(runs: Sequence[Path]) -> RunSelection:
    """Compare two or more runs by their folders.

    Raises:
        RunError: If one of them has no results, or its files are damaged.
    """
    return compare_loaded_selection([load_compared_run(run) for run in runs])


def compare_loaded_selection(loaded: Sequence[ComparedRun]) -> RunSelection:
    """Compare two or more runs that are read already."""
    members = _groups(loaded)
    return RunSelection(
        runs=tuple(run.path for run in loaded),
        settings=setting_differences([run.config for run in loaded]),
        pairs=compare_many(loaded),
        groups=_compared_groups(members),
        members={name: tuple(run.path for run in group) for name, group in members.items()},
    )


def _groups(runs: Sequence[ComparedRun]) -> dict[str, list[ComparedRun]]:
    """Gather runs whose settings differ in the seed alone, by the position of their first."""
    found: dict[TrainConfig, list[ComparedRun]] = {}
    first: dict[TrainConfig, str] = {}
    for position, run in enumerate(runs):
        config = replace(run.config, seed=0)
        first.setdefault(config, str(position))
        found.setdefault(config, []).append(run)
    return {first[config]: group for config, group in found.items()}


def _compared_groups(members: Mapping[str, Sequence[ComparedRun]]) -> GroupComparisons | None:
    """Compare groups by the seeds that all of them have; None if that is not possible."""
    groups = [{run.config.seed: run for run in group} for group in members.values()]
    common = sorted(set.intersection(*(set(group) for group in groups)))
    if len(groups) < 2 or len(common) < FEWEST_SEEDS:
        return None
    tests = [{_test_images(group[seed]) for group in groups} for seed in common]
    # A seed's split is the same only for the same images; and if the test images are given, a
    # difference that is the luck of these images would be found for every seed.
    if any(len(each) > 1 for each in tests) or len(set.union(*tests)) == 1:
        return None
    runs = [group[seed] for group in groups for seed in common]
    num_train = round(fmean(run.contents.num_training if run.contents else 0 for run in runs))
    num_test = round(fmean(len(run.answers.paths) for run in runs))
    if not num_train or not num_test:
        return None
    accuracies = {
        name: [_accuracy(group[seed]) for seed in common]
        for name, group in zip(members, groups, strict=True)
    }
    return compare_many_groups(accuracies, num_train=num_train, num_test=num_test)


def _test_images(run: ComparedRun) -> frozenset[str]:
    """Return the contents of a run's test images; nothing if they aren't known."""
    known = run.contents.of_path if run.contents else {}
    return frozenset(known[path] for path in run.answers.paths if path in known)


def _accuracy(run: ComparedRun) -> float:
    return float((run.answers.predicted == run.answers.actual).mean())

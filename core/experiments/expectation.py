"""How long an experiment will take."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.experiments.experiment import Experiment, ExperimentRun, Kind
from core.experiments.tries import Tried, ValueList
from core.runs.speed_record import expected_seconds, speed_of
from core.settings.config import TrainConfig

_FeaturesKey = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an experiment will take.

    Attributes:
        num_runs: How many runs there are; of a search at most.
        seconds: Of all together, if no feature vector is cached yet.
        cached_seconds: Likewise, if all of the given pictures have theirs; the truth is between.
    """

    num_runs: int
    seconds: float
    cached_seconds: float


def expected(experiment: Experiment, num_images: int, num_classes: int) -> Expectation:
    """Estimate what the whole experiment takes."""
    configs = _configs(experiment)
    return Expectation(
        experiment.num_runs,
        sum(run_seconds(configs, num_images, num_classes)),
        sum(run_seconds(configs, num_images, num_classes, is_cached=True)),
    )


def run_seconds(
    configs: Iterable[TrainConfig],
    num_images: int,
    num_classes: int,
    *,
    is_cached: bool = False,
) -> list[float]:
    """Estimate each of some runs in a row; features that an earlier one computed are shared.

    Args:
        is_cached: Whether all features were computed before.
    """
    known: set[_FeaturesKey] = set()
    found = []
    for config in configs:
        key = (config.backbones, config.resize_mode, config.features, config.image_size)
        is_new = not is_cached and key not in known
        known.add(key)
        found.append(
            max(
                1.0,
                expected_seconds(
                    config,
                    speed_of(*config.backbones, image_size=config.image_size),
                    num_images=num_images,
                    num_new_images=num_images if is_new else 0,
                    num_classes=num_classes,
                ),
            )
        )
    return found


def _configs(experiment: Experiment) -> list[TrainConfig]:
    runs = list(experiment.runs)
    if experiment.kind is Kind.SEARCH:
        # What it will propose isn't known. Values are taken in turn, ranges in their middle.
        num_trials = experiment.num_trials - len(runs) // max(1, len(experiment.seeds))
        runs += [
            ExperimentRun(
                settings={tried.name: _stand_in(tried, number) for tried in experiment.tries},
                seed=seed,
            )
            for number in range(num_trials)
            for seed in experiment.seeds
        ]
    return [run.config(experiment.config) for run in runs]


def _stand_in(tried: Tried, number: int) -> object:
    if isinstance(tried, ValueList):
        return tried.values[number % len(tried.values)]
    middle = (tried.low * tried.high) ** 0.5 if tried.is_log else (tried.low + tried.high) / 2
    return round(middle) if isinstance(tried.low, int) else middle


def remaining_seconds(elapsed: float, num_done: int, num_left: int) -> float:
    """Estimate what the runs that are left will take, from those that are done."""
    return elapsed / max(1, num_done) * max(0, num_left)

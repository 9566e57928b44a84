"""What an experiment shows is said with its uncertainty."""

from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import t

from core.data.dataset import ImageSource
from core.experiments.conclusion import conclusion, mean_interval
from core.experiments.experiment import Experiment, RunState, make_experiment
from core.experiments.tries import parse_try
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig


def made(accuracies: dict[str, list[float]], name: str = "batch-size") -> Experiment:
    """A finished experiment with these test accuracies, by value."""
    experiment = make_experiment(
        name="e",
        sources=[ImageSource(Path("p"))],
        config=TrainConfig(optimizer=Optimizer.ADAM),
        tries=[parse_try(f"{name}={','.join(accuracies)}")],
        num_seeds=max(map(len, accuracies.values())),
    )
    by_value = list(accuracies.values())
    runs = [
        replace(
            run,
            state=RunState.FINISHED,
            val_accuracy=0.1,
            test_accuracy=by_value[number % len(by_value)][run.seed],
            seconds=2.0 + run.seed,
        )
        for number, run in enumerate(experiment.runs)
    ]
    return replace(experiment, runs=runs)


def test_groups_have_mean_interval_and_time():
    found = conclusion(made({"4": [0.8, 0.9, 1.0], "32": [0.5, 0.5, 0.5]}))
    first = found.groups[0]
    assert found.is_test
    assert first.settings == {"batch_size": 4}
    assert first.mean == pytest.approx(0.9)
    half = t.ppf(0.975, 2) * 0.1 / 3**0.5
    assert first.interval == (pytest.approx(0.9 - half), 1.0), "no accuracy is above 1"
    assert first.seconds == 3.0


def test_one_value_has_no_interval():
    assert mean_interval([0.5]) is None


@pytest.mark.parametrize(
    ("accuracies", "sentence"),
    [
        (
            {"4": [0.90, 0.92, 0.91], "32": [0.91, 0.91, 0.92]},
            "Batch size 4 and 32 differ by no more than chance.",
        ),
        (
            {"4": [0.80, 0.81, 0.80], "32": [0.91, 0.92, 0.92]},
            "Batch size: 32 is better than 4 by more than chance.",
        ),
        (
            {"4": [0.8, 0.81, 0.8], "8": [0.91, 0.93, 0.91], "32": [0.91, 0.92, 0.92]},
            "Batch size: 8 is better than 4 by more than chance; no more than chance separates it "
            "from 32.",
        ),
        (
            {"4": [0.90, 0.92, 0.91], "8": [0.92, 0.9, 0.91], "32": [0.91, 0.91, 0.92]},
            "Batch size: no value is better than another by more than chance.",
        ),
        ({"4": [0.9], "32": [0.1]}, "One run of each says nothing about chance"),
        ({"4": [0.9, 0.8]}, ""),
    ],
)
def test_the_sentence_says_what_is_more_than_chance(accuracies, sentence):
    found = conclusion(made(accuracies)).sentence
    assert found.startswith(sentence)
    assert bool(found) == bool(sentence)


def test_runs_that_are_not_over_are_left_out():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(experiment.runs[0], state=RunState.FAILED), *experiment.runs[1:]]
    group = conclusion(replace(experiment, runs=runs)).groups[0]
    assert group.accuracies == {1: 0.8}
    assert group.num_failed == 1


def test_without_a_test_split_validation_counts():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(run, test_accuracy=None) for run in experiment.runs]
    found = conclusion(replace(experiment, runs=runs))
    assert not found.is_test
    assert found.groups[0].mean == pytest.approx(0.1)


def test_nothing_is_said_of_an_experiment_that_has_just_begun():
    experiment = made({"4": [0.9, 0.8], "32": [0.9, 0.8]})
    runs = [replace(run, state=RunState.PENDING) for run in experiment.runs]
    assert conclusion(replace(experiment, runs=runs)).sentence == ""

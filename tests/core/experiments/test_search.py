"""A search proposes by what was found, stops poor runs, and needs no memory of its own."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.experiments.experiment import Experiment, ExperimentRun, RunState, make_experiment
from core.experiments.search import best_trial, is_rung, propose, should_stop, trials_of
from core.experiments.tries import parse_try
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from tests.conftest import CHECKOUT
from tests.core.experiments.fake_worker import accuracy_of_rate

CONFIG = TrainConfig(optimizer=Optimizer.ADAM)


def made(*tries: str, num_seeds: int = 1, num_trials: int = 40, seed: int = 0) -> Experiment:
    return make_experiment(
        name="e",
        sources=[ImageSource(Path("pictures"))],
        config=replace(CONFIG, seed=seed),
        tries=[parse_try(text) for text in tries],
        num_seeds=num_seeds,
        num_trials=num_trials,
    )


def with_trial(experiment: Experiment, settings, value, **changes) -> Experiment:
    run = ExperimentRun(settings=settings, seed=0, state=RunState.FINISHED, val_accuracy=value)
    return replace(experiment, runs=[*experiment.runs, replace(run, **changes)])


def searched(experiment: Experiment, count: int) -> Experiment:
    """What a search has found after some trials."""
    for _ in range(count):
        settings = propose(experiment)
        value = accuracy_of_rate(replace(CONFIG, **settings), 100)
        experiment = with_trial(experiment, settings, value)
    return experiment


def test_a_search_comes_near_the_best_value():
    earlier, later = [], []
    for seed in range(3):
        tries = ("learning-rate=log:0.000001..10", "dropout=0..0.5")
        found = searched(made(*tries, seed=seed), 40)
        assert 0.003 < best_trial(found).settings["learning_rate"] < 0.03
        accuracies = [run.val_accuracy for run in found.runs]
        earlier += accuracies[:10]  # drawn at random
        later += accuracies[20:]
    assert sum(later) / len(later) > sum(earlier) / len(earlier) + 0.05


def test_proposals_follow_from_what_is_recorded_alone():
    at_once = searched(made("learning-rate=log:0.001..1", "batch-size=2..64"), 14)
    in_parts = searched(replace(at_once, runs=at_once.runs[:6]), 8)
    assert in_parts == at_once


def test_another_seed_proposes_other_values():
    first = propose(made("learning-rate=log:0.001..1", seed=1))
    assert first != propose(made("learning-rate=log:0.001..1", seed=2))


def test_every_combination_comes_once_and_then_there_is_none():
    experiment = searched(made("batch-size=4,8", "dropout=0,0.5", "optimizer=adam,sgd"), 8)
    assert len(trials_of(experiment)) == 8
    assert propose(experiment) is None


def test_combinations_that_dont_go_together_are_not_proposed():
    experiment = made("validation-split=0.1..0.6", "test-split=0.1..0.6")
    for _ in range(10):
        settings = propose(experiment)
        assert settings["validation_split"] + settings["test_split"] < 1
        experiment = with_trial(experiment, settings, 0.5)


def test_proposed_numbers_are_short_and_in_range():
    experiment = searched(made("learning-rate=log:0.00123456..0.00123999"), 5)
    for run in experiment.runs:
        assert 0.00123456 <= run.settings["learning_rate"] <= 0.00123999
    rates = searched(made("learning-rate=log:0.001..1"), 5).runs
    assert all(len(f"{run.settings['learning_rate']:.9f}".strip("0.")) <= 3 for run in rates)


def test_rungs_are_three_times_as_far_each():
    assert [epoch for epoch in range(1, 200) if is_rung(epoch)] == [5, 15, 45, 135]


def at_rung(experiment: Experiment, value: float) -> ExperimentRun:
    return ExperimentRun(
        settings={"learning_rate": 0.5}, seed=0, state=RunState.RUNNING, reports=((5, value),)
    )


@pytest.mark.parametrize(("value", "stops"), [(0.55, True), (0.95, False)])
def test_only_the_best_third_goes_on(value, stops):
    experiment = made("learning-rate=log:0.001..1")
    for number in range(5):
        rate = 0.01 * (number + 1)
        reports = ((5, 0.5 + number / 10),)
        experiment = with_trial(experiment, {"learning_rate": rate}, 0.9, reports=reports)
    run = at_rung(experiment, value)
    assert should_stop(replace(experiment, runs=[*experiment.runs, run]), run) is stops


def test_values_of_seeds_are_averaged_and_stopped_ones_are_not_the_best():
    experiment = made("learning-rate=log:0.001..1", num_seeds=2)
    for value in (0.5, 0.7):
        experiment = with_trial(experiment, {"learning_rate": 0.01}, value)
    experiment = with_trial(
        experiment, {"learning_rate": 0.1}, 0.9, state=RunState.STOPPED, reports=((5, 0.9),)
    )
    experiment = with_trial(experiment, {"learning_rate": 1.0}, None, state=RunState.FAILED)
    assert [trial.value for trial in trials_of(experiment)] == [pytest.approx(0.6), 0.9, None]
    assert best_trial(experiment).settings == {"learning_rate": 0.01}
    assert propose(experiment) is not None


def test_a_search_says_nothing_and_needs_no_database_and_no_network():
    code = (
        "import sys\n"
        "from tests.core.experiments.test_search import made, searched\n"
        "searched(made('learning-rate=log:0.001..1'), 3)\n"
        "assert 'optuna' in sys.modules\n"
        "assert not {'sqlalchemy', 'alembic', 'requests', 'urllib3'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_grid_loads_no_optuna():
    code = "import sys, core.experiments.runner; assert 'optuna' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)

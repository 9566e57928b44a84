"""What is planned: all combinations for every seed, or a search."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.errors import ExperimentError
from core.experiments.experiment import Kind, RunState, handles_of, make_experiment
from core.experiments.tries import parse_try
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig

CONFIG = TrainConfig(optimizer=Optimizer.ADAM, seed=7)


def made(*tries, num_seeds=2, num_trials=30, config=CONFIG):
    return make_experiment(
        name="e",
        sources=[ImageSource(Path("pictures"))],
        config=config,
        tries=[parse_try(text) for text in tries],
        num_seeds=num_seeds,
        num_trials=num_trials,
    )


def test_two_lists_make_a_grid_with_each_seed():
    experiment = made("batch-size=4,32", "dropout=0,0.5")
    assert experiment.kind is Kind.GRID
    assert experiment.seeds == (7, 8)
    assert experiment.num_runs == 8
    found = [
        (run.settings["batch_size"], run.settings["dropout"], run.seed) for run in experiment.runs
    ]
    combinations = [(4, 0.0), (4, 0.5), (32, 0.0), (32, 0.5)]
    assert found == [(*each, seed) for seed in (7, 8) for each in combinations]
    assert all(run.state is RunState.PENDING for run in experiment.runs)


def test_a_run_has_the_shared_settings_its_own_and_its_seed():
    experiment = made("batch-size=4,32")
    assert experiment.runs[-1].config(CONFIG) == replace(CONFIG, batch_size=32, seed=8)


@pytest.mark.parametrize(
    "tries",
    [
        ["learning-rate=log:0.001..1"],
        ["batch-size=4,8", "dropout=0..0.5"],
        ["batch-size=4,8", "dropout=0,0.5", "l2=0,0.1"],
    ],
)
def test_a_range_or_more_than_two_settings_are_searched(tries):
    experiment = made(*tries, num_trials=5)
    assert (experiment.kind, experiment.num_trials) == (Kind.SEARCH, 5)
    assert experiment.num_runs == 10
    assert experiment.runs == []


def test_a_search_among_few_combinations_tries_each_once():
    assert made("batch-size=4,8", "dropout=0,0.5", "l2=0,0.1", num_trials=30).num_trials == 8


@pytest.mark.parametrize(
    ("tries", "options", "fault"),
    [
        ([], {}, "Nothing is tried"),
        (["batch-size=4", "batch-size=8"], {}, "“batch-size” is tried twice"),
        (["validation-split=0.5,0.95"], {}, "must leave pictures to train on"),
        (["batch-size=4,8"], {"num_seeds": 9_999}, "19,998 runs, more than 10,000"),
        (["batch-size=4"], {"config": replace(CONFIG, seed=2**31 - 1)}, "“seed” must be"),
    ],
)
def test_what_cant_be_carried_out_is_refused(tries, options, fault):
    with pytest.raises(ExperimentError) as caught:
        made(*tries, **options)
    assert fault in str(caught.value)


def test_backbones_are_found_again_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    experiment = made("backbone=efficientnet-lite0,own", config=replace(CONFIG, backbone="own"))
    assert handles_of(experiment) == [str(tmp_path / "own"), "efficientnet-lite0"]

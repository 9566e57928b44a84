"""Experiments come back from disk as they were, or are refused by name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.errors import ExperimentError, StorageError
from core.experiments.experiment import RunState, State, make_experiment
from core.experiments.experiment_file import (
    EXPERIMENT_FILE,
    create_folder,
    list_experiments,
    locked,
    read_experiment,
    require_name,
    write_experiment,
)
from core.experiments.tries import parse_try
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from tests.small_disk import file_size_limit


@pytest.fixture
def experiment(tmp_path):
    made = make_experiment(
        name="e",
        sources=[ImageSource(tmp_path / "pictures"), ImageSource(tmp_path / "x", "cat")],
        config=TrainConfig(seed=3),
        tries=[parse_try("optimizer=adam,sgd"), parse_try("fine-tune=on,off")],
        num_seeds=2,
    )
    done = replace(
        made.runs[0],
        state=RunState.FINISHED,
        run_dir=tmp_path / "runs/e 001",
        val_accuracy=0.5,
        test_accuracy=0.25,
        balanced_accuracy=0.125,
        seconds=7.5,
        reports=((5, 0.5), (15, 0.75)),
    )
    failed = replace(made.runs[1], state=RunState.FAILED, message="no room")
    return replace(made, runs=[done, failed, *made.runs[2:]])


@pytest.fixture
def folder(tmp_path, experiment) -> Path:
    path = create_folder(tmp_path / "experiments", "e")
    write_experiment(path, experiment)
    return path


def test_an_experiment_comes_back_as_it_was(folder, experiment):
    again = read_experiment(folder)
    assert again == experiment
    assert type(again.runs[0].settings["optimizer"]) is Optimizer
    assert not list(folder.glob("*.partial"))


def test_a_search_comes_back_too(tmp_path):
    made = make_experiment(
        name="e",
        sources=[ImageSource(tmp_path)],
        config=TrainConfig(),
        tries=[parse_try("learning-rate=log:0.01..1")],
        num_seeds=1,
        num_trials=4,
    )
    write_experiment(tmp_path, made)
    assert read_experiment(tmp_path) == replace(made, name=tmp_path.name)


def test_a_renamed_folder_is_the_name(folder):
    assert read_experiment(folder.rename(folder.with_name("other"))).name == "other"


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        {"schema": 2},
        {"seeds": []},
        {"seeds": ["1"]},
        {"config": {"epochs": 0}},
        {"tries": [{"setting": "no such", "values": [1]}]},
        {"tries": [{"setting": "batch_size"}]},
        {"runs": [{}]},
        {"runs": 3},
        {"sources": [{"path": "a\0b", "label": None}]},
        {"state": "odd"},
        {"kind": "odd"},
        {"num_trials": "many"},
    ],
    ids=str,
)
def test_a_damaged_file_is_named(folder, damage):
    path = folder / EXPERIMENT_FILE
    if isinstance(damage, dict):
        content = json.loads(path.read_text())
        damage = json.dumps(content | damage)
    path.write_text(damage)
    with pytest.raises(ExperimentError, match=r"experiment\.json can't be used: ") as caught:
        read_experiment(folder)
    assert "Start a new experiment." in str(caught.value)


@pytest.mark.parametrize(
    "damage",
    [
        {"settings": {"seed": 3}},
        {"settings": {"no such": 3}},
        {"settings": {"optimizer": "magic"}},
        {"settings": {"validation_split": 0.95}},
        {"seed": -1},
        {"run_dir": 7},
        {"run_dir": ""},
        {"val_accuracy": "good"},
        {"val_accuracy": 1e999},
        {"reports": [[1]]},
    ],
    ids=str,
)
def test_a_damaged_run_is_refused_too(folder, damage):
    path = folder / EXPERIMENT_FILE
    content = json.loads(path.read_text())
    content["runs"][0] |= damage
    path.write_text(json.dumps(content))
    with pytest.raises(ExperimentError, match=r"experiment\.json can't be used: "):
        read_experiment(folder)


def test_a_folder_without_one_is_named(tmp_path):
    with pytest.raises(ExperimentError, match="holds no experiment"):
        read_experiment(tmp_path)


def test_a_full_disk_is_named_and_the_earlier_state_stays(folder, experiment):
    with file_size_limit(100), pytest.raises(StorageError, match=EXPERIMENT_FILE):
        write_experiment(folder, replace(experiment, state=State.FINISHED))
    assert read_experiment(folder) == experiment
    assert [path.name for path in folder.iterdir()] == [EXPERIMENT_FILE]


def test_all_that_can_be_read_are_listed_the_latest_first(tmp_path, experiment):
    parent = tmp_path / "experiments"
    assert list_experiments(parent) == []
    for name, created in (("a", "2026-01-01"), ("b", "2026-03-01"), ("c", "2026-02-01")):
        write_experiment(create_folder(parent, name), replace(experiment, created=created))
    (create_folder(parent, "damaged") / EXPERIMENT_FILE).write_text("{")
    assert [found.name for found in list_experiments(parent)] == ["b", "c", "a"]


def test_one_name_twice_gets_a_number(tmp_path):
    names = [create_folder(tmp_path, "batch-size").name for _ in range(3)]
    assert names == ["batch-size", "batch-size 2", "batch-size 3"]


@pytest.mark.parametrize("name", ["", " ", ".", "..", ".x", "a/b", "a\\b", "a\nb", "x" * 101, "a."])
def test_a_name_that_no_folder_can_have_is_refused(name):
    with pytest.raises(ExperimentError):
        require_name(name)


def test_one_process_at_a_time(folder):
    with locked(folder), pytest.raises(ExperimentError, match="already"), locked(folder):
        raise AssertionError
    with locked(folder):
        pass

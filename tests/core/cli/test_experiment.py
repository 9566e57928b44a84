"""`fieldguide experiment`: what it is asked for, and what it prints; nothing is trained."""

import csv
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli.main import main
from core.data.dataset import ImageSource
from core.experiments import runner as runner_module
from core.experiments.experiment import Kind
from core.experiments.experiment_file import read_experiment
from core.library.library import create_entry, entries, entry_of_file
from core.messages.requests import ResumeRequest
from core.project.project import Project
from core.project.project_file import write_project
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from core.storage.app_dirs import data_dir
from tests.core.experiments.fake_worker import FakeWorkers
from tests.program import SAMPLE


@pytest.fixture
def workers(monkeypatch) -> FakeWorkers:
    found = FakeWorkers()
    monkeypatch.setattr(runner_module, "WorkerProcess", found)
    return found


@pytest.fixture
def call(workers, capsys):
    """Calls the command; exit code, standard output, standard error."""

    def run(*arguments) -> tuple[int, str, str]:
        try:
            code = main(["experiment", *map(str, arguments)])
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return run


def folder_of(name) -> Path:
    """The experiment's folder, in the only project that there is."""
    (entry,) = entries()
    return entry.experiments_dir / name


def stored(name):
    return read_experiment(folder_of(name))


def test_json_has_a_line_for_each_run_and_one_at_the_end(call):
    code, out, _ = call(SAMPLE, "--try", "batch-size=4,32", "--seeds", 2, "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["event"] for line in lines] == [*["run"] * 4, "experiment_finished"]
    assert lines[-1] == {
        "event": "experiment_finished",
        "name": "batch-size",
        "runs": 4,
        "failed": 0,
    }
    first = lines[0]
    assert first["settings"] == {"batch_size": 4}
    assert first["seed"] == 0
    assert first["val_accuracy"] == pytest.approx(first["test_accuracy"] + 0.01)
    assert first["seconds"] == 2.5
    assert first["run_dir"] == str(entries()[0].runs_dir / "batch-size 001")
    assert "balanced_accuracy" in first


def test_the_terminal_shows_a_table_and_what_it_means(call):
    code, out, errors = call(SAMPLE, "--try", "learning-rate=0.01,1", "--seeds", 3)
    assert code == 0
    table = out.splitlines()
    assert table[0].split() == ["Learning", "rate", "runs", "test", "accuracy", "time"]
    assert table[1].startswith("0.01")
    assert "88.00%" in table[1]
    assert table[2].startswith("1 ")
    assert table[-2].startswith("Learning rate 0.01 is 40.0 points more accurate on average: more")
    assert table[-1].startswith("The difference in accuracy is +40.0 points (95% interval: ")
    assert "6 runs; expected time: " in errors
    assert "1. Learning rate 0.01, seed 0: validation 89.00%, test 88.00%, 2.5 s" in errors


def test_three_seeds_unless_told_otherwise_counted_from_the_seed(call):
    call(SAMPLE, "--try", "batch-size=4", "--seed", 7)
    assert stored("batch-size").seeds == (7, 8, 9)


def test_an_exact_fit_gives_way_to_steps_and_that_is_said(call, workers):
    code, _, errors = call(SAMPLE, "--try", "batch-size=4,32", "--seeds", 1)
    assert code == 0
    assert {request.config.optimizer for request in workers.requests} == {Optimizer.ADAM}
    assert "--batch-size has no effect on an exact fit" in errors


def test_what_doesnt_take_steps_keeps_the_exact_fit(call, workers):
    call(SAMPLE, "--try", "label-smoothing=0,0.1", "--seeds", 1)
    assert {request.config.optimizer for request in workers.requests} == {Optimizer.LBFGS}


def test_settings_come_from_project_preset_and_options(call, tmp_path):
    project = tmp_path / "own.fieldguide"
    write_project(project, Project(sources=(ImageSource(SAMPLE),), config=TrainConfig(seed=9)))
    call(project, "--try", "batch-size=4,32", "--seeds", 1, "--preset", "quick", "--dropout", "0.4")
    quick = apply_preset(Preset.QUICK, TrainConfig(seed=9))
    assert stored("batch-size").config == replace(quick, dropout=0.4)
    assert stored("batch-size").sources == (ImageSource(SAMPLE),)
    assert entries() == [entry_of_file(project)]


def test_a_range_is_searched_with_one_seed(call):
    code, out, _ = call(SAMPLE, "--try", "learning-rate=log:0.001..1", "--trials", 4, "--json")
    assert code == 0
    experiment = stored("learning-rate")
    assert (experiment.kind, experiment.num_trials, experiment.seeds) == (Kind.SEARCH, 4, (0,))
    assert len(out.splitlines()) == 5


def test_a_csv_has_a_row_for_each_run(call, tmp_path):
    file = tmp_path / "table.csv"
    call(SAMPLE, "--try", "optimizer=adam,sgd", "--seeds", 2, "--csv", file, "--json")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [(row["optimizer"], row["seed"]) for row in rows] == [
        *(("adam", "0"), ("sgd", "0")),
        *(("adam", "1"), ("sgd", "1")),
    ]
    assert float(rows[0]["val_accuracy"]) > 0
    assert rows[0]["state"] == "finished"


def test_a_failed_run_ends_with_1_and_is_listed_and_resumed(call, workers):
    workers.faults = {1: "crash"}
    code, out, _ = call(SAMPLE, "--try", "batch-size=4,32", "--seeds", 2, "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert lines[-1]["failed"] == 1
    assert [line["state"] for line in lines[:4]].count("failed") == 1
    code, out, _ = call("--list", "--json")
    assert code == 0
    assert json.loads(out)["failed"] == 1
    code, out, _ = call("--resume", "batch-size", "--json")
    assert code == 0
    assert isinstance(workers.requests[-1], ResumeRequest)
    assert len(workers.requests) == 5
    assert len(out.splitlines()) == 5, "all runs are told, those of the first part too"


def test_the_list_has_a_line_for_each(call):
    assert call("--list") == (0, "", "")
    for name in ("one", "two"):
        call(SAMPLE, "--try", "batch-size=4", "--seeds", 1, "--name", name, "--json")
    code, out, _ = call("--list")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} == {"name", "one", "two"}
    assert "1 of 1  finished" in out


def test_experiments_of_all_projects_are_listed_and_those_of_none(call):
    call(SAMPLE, "--try", "batch-size=4", "--seeds", 1, "--json")
    earlier = data_dir() / "experiments/of an earlier version"
    shutil.copytree(folder_of("batch-size"), earlier)
    _, out, _ = call("--list", "--json")
    found = {each["name"]: each["project"] for each in map(json.loads, out.splitlines())}
    assert found == {"batch-size": SAMPLE.name, earlier.name: None}
    _, out, _ = call("--list")
    assert out.splitlines()[0].split() == ["name", "created", "runs", "state", "project"]
    assert sum(line.endswith(SAMPLE.name) for line in out.splitlines()) == 1


def test_runs_of_an_experiment_of_no_project_stay_with_it(call, workers):
    call(SAMPLE, "--try", "batch-size=4,8", "--seeds", 1, "--json")
    earlier = data_dir() / "experiments/earlier"
    shutil.move(folder_of("batch-size"), earlier)
    content = json.loads((earlier / "experiment.json").read_text())
    content["runs"][1] |= {"state": "pending", "run_dir": None}
    (earlier / "experiment.json").write_text(json.dumps(content))
    assert call("--resume", "earlier", "--json")[0] == 0
    assert workers.requests[-1].output == data_dir() / "runs/earlier 002"


def test_an_experiment_is_found_in_any_project_and_its_runs_belong_to_that(call, workers):
    workers.faults = {1: "refused"}
    call(SAMPLE, "--try", "batch-size=4,8", "--seeds", 1, "--json")
    (entry,) = entries()
    create_entry(Project(name="another"))
    workers.requests.clear()
    assert call("--resume", "batch-size", "--json")[0] == 0
    (request,) = workers.requests
    assert request.output.parent == entry.runs_dir
    assert call("--resume", entry.experiments_dir / "batch-size", "--json")[0] == 0


def test_of_several_projects_one_must_be_named(call):
    call(SAMPLE, "--try", "batch-size=4", "--seeds", 1, "--json")
    (first,) = entries()
    second = create_entry(Project(name="zzz"))
    shutil.copytree(first.experiments_dir, second.experiments_dir)
    code, _, errors = call("--resume", "batch-size")
    assert code == 1
    for entry in (first, second):
        assert str(entry.experiments_dir / "batch-size") in errors
    code, _, _ = call("--resume", second.experiments_dir / "batch-size", "--json")
    assert code == 0


def test_ready_made_ones_need_no_values(call, workers):
    code, out, _ = call(SAMPLE, "--ready", "learning-curve", "--seeds", 1, "--json")
    assert code == 0
    assert [request.config.images_per_class for request in workers.requests] == [5, 0]
    assert stored("learning-curve").ready == "learning-curve"
    assert json.loads(out.splitlines()[0])["settings"] == {"images_per_class": 5}


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ([SAMPLE], "--try"),
        ([SAMPLE, "--try", "batch-size=4", "--ready", "batch-size"], "--try"),
        (["--try", "batch-size=4"], "name the images"),
        ([SAMPLE, "--try", "no-such=1"], "There is no setting “no-such”"),
        ([SAMPLE, "--try", "batch-size=0"], "“batch-size” must be from 1"),
        ([SAMPLE, "--try", "batch-size="], "A value is missing"),
        ([SAMPLE, "--try", "batch-size=4", "--try", "batch-size=8"], "tried twice"),
        ([SAMPLE, "--try", "batch-size=4", "--seeds", "0"], "--seeds"),
        ([SAMPLE, "--try", "batch-size=4", "--seeds", "x"], "--seeds"),
        ([SAMPLE, "--try", "batch-size=4", "--name", "a/b"], "can't be the name"),
        ([SAMPLE, "--try", "fine-tune-epochs=1,2"], "no effect without --fine-tune"),
        ([SAMPLE, "--try", "augmented-versions=1,2"], "no effect without a change to pictures"),
        ([SAMPLE, "--try", "batch-size=4,8", "--optimizer", "lbfgs"], "no effect on an exact fit"),
        ([SAMPLE, "--ready", "no-such"], "--ready"),
        ([SAMPLE, "--list"], "--list"),
        ([SAMPLE, "--resume", "x"], "--resume"),
        (["--resume", ""], "--resume"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_with_2(call, workers, arguments, fault):
    code, out, errors = call(*arguments)
    assert code == 2
    assert fault in errors
    assert out == ""
    assert workers.requests == []
    assert not (data_dir() / "experiments").exists()
    assert entries() == []


def test_images_that_cant_be_trained_on_are_told_once_and_leave_nothing(call, workers, tmp_path):
    code, _, errors = call(tmp_path / "nowhere", "--try", "batch-size=4,32")
    assert code == 1
    assert len(errors.splitlines()) == 2, "a note and the error"
    assert "nowhere" in errors
    assert workers.requests == []
    assert not (data_dir() / "experiments").exists()
    assert entries() == []


@pytest.mark.parametrize("name", ["nothing", "/no/such/folder"])
def test_an_experiment_that_is_not_there_is_named(call, name):
    code, _, errors = call("--resume", name)
    assert code == 1
    assert f"There is no experiment “{name}”" in errors


def test_a_damaged_experiment_is_named(call):
    call(SAMPLE, "--try", "batch-size=4", "--seeds", 1)
    path = folder_of("batch-size") / "experiment.json"
    path.write_text("{")
    code, _, errors = call("--resume", "batch-size")
    assert code == 1
    assert str(path) in errors
    assert "Start a new experiment" in errors


def test_a_strange_address_in_an_experiment_from_elsewhere_is_not_fetched(call, workers):
    call(SAMPLE, "--try", "batch-size=4", "--seeds", 1)
    path = folder_of("batch-size") / "experiment.json"
    content = json.loads(path.read_text())
    content["config"]["backbone"] = "https://example.org/model.tar.gz"
    content["runs"][0]["state"] = "pending"
    path.write_text(json.dumps(content))
    workers.requests.clear()
    code, _, errors = call("--resume", "batch-size")
    assert code == 1
    assert "example.org" in errors
    assert workers.requests == []


def test_help_names_every_setting(call):
    code, out, _ = call("--help")
    assert code == 0
    assert "--images-per-class" in out
    assert "--try NAME=A,B" in out

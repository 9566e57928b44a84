"""Whole experiments by the command line, with TensorFlow, on the sample images."""

import json
import os
from pathlib import Path

import pytest

from core.data.dataset import Split
from core.experiments.experiment import RunState, State
from core.experiments.experiment_file import read_experiment
from core.runs.run_images import read_run_images
from tests.program import SAMPLE, Outcome, Program, all_bits
from tests.small_disk import SmallDisk

pytestmark = pytest.mark.slow

GRID = (
    *(SAMPLE, "--try", "images-per-class=2,0", "--seeds", "2"),
    *("--optimizer", "adam", "--epochs", "5"),
)
# More than the two seconds after which a checkpoint is written.
LONG = (
    *(SAMPLE, "--try", "batch-size=16,32", "--seeds", "1", "--optimizer", "adam"),
    *("--epochs", "800", "--early-stopping-patience", "0"),
)


def run_dirs(outcome: Outcome) -> list[Path]:
    return [Path(line["run_dir"]) for line in outcome.of("run")]


def carry_out(program: Program, *arguments: str | Path) -> Outcome:
    with program.following("experiment", *arguments) as call:
        return call.finish()


def wait_for_checkpoint(run_dir: Path) -> None:
    before = set(run_dir.glob("checkpoint/*.npz"))
    while not set(run_dir.glob("checkpoint/*.npz")) - before:
        os.sched_yield()


@pytest.fixture(scope="module")
def grid(program) -> Outcome:
    return carry_out(program, *GRID)


def test_every_run_is_trained_and_told(grid):
    assert (grid.code, grid.errors) == (0, "")
    found = [(line["settings"], line["seed"], line["state"]) for line in grid.of("run")]
    assert found == [
        ({"images_per_class": limit}, seed, "finished") for seed in (0, 1) for limit in (2, 0)
    ]
    assert grid.last["event"] == "experiment_finished"
    assert (grid.last["runs"], grid.last["failed"]) == (4, 0)
    for line in grid.of("run"):
        assert 0.3 < line["test_accuracy"] <= 1
        assert 0.3 < line["val_accuracy"] <= 1
        assert 0.3 < line["balanced_accuracy"] <= 1
        assert line["seconds"] > 0


def test_run_folders_are_like_those_of_train(grid, program):
    for folder, line in zip(run_dirs(grid), grid.of("run"), strict=True):
        config = json.loads((folder / "config.json").read_text())["config"]
        assert config.get("images_per_class", 0) == line["settings"]["images_per_class"]
        assert (folder / "model/model.json").exists()
        assert json.loads((folder / "run.json").read_text())["experiment"] == grid.last["name"]
    assert (
        program.resume(run_dirs(grid)[0]).last["test_accuracy"]
        == (grid.of("run")[0]["test_accuracy"])
    )


def test_splits_are_recorded(grid, program):
    (file,) = program.home.glob(f"data/projects/*/experiments/{grid.last['name']}/experiment.json")
    few, all_of_them, *other_seed = read_experiment(file.parent).runs
    assert few.num_training == 6
    assert few.num_test == all_of_them.num_test
    assert few.test_key == all_of_them.test_key != ""
    assert other_seed[0].test_key != few.test_key


def test_features_are_computed_once_and_the_test_split_is_the_same(grid):
    few, all_of_them = (
        read_run_images(folder / "images.jsonl")[1] for folder in run_dirs(grid)[:2]
    )

    def split(images, name):
        return {image.path for image in images if image.split is name}

    assert len(split(few, Split.TRAINING)) == 6
    assert split(few, Split.TRAINING) < split(all_of_them, Split.TRAINING)
    for name in (Split.VALIDATION, Split.TEST):
        assert split(few, name) == split(all_of_them, name)


@pytest.mark.timeout(600)
def test_stopped_crashed_and_killed_it_comes_to_the_same(program):
    """One experiment that is disturbed in every way, and one that isn't."""
    (entry,) = (program.home / "data/projects").glob("[!.]*")
    runs = entry / "runs"
    first, second = runs / "disturbed 001", runs / "disturbed 002"
    with program.following("experiment", *LONG, "--name", "disturbed") as call:
        wait_for_checkpoint(first)
        call.interrupt()
        stopped = call.finish()
    assert stopped.code == 130
    assert [event["event"] for event in stopped.events] == ["experiment_stopped"]
    assert (first / "model/model.json").exists()

    with program.following("experiment", "--resume", "disturbed") as call:
        call.wait_for("run", state="finished")
        finished = (first / "finished.json").stat().st_mtime_ns
        wait_for_checkpoint(second)
        call.kill_worker()
        crashed = call.finish()
    assert crashed.code == 1
    assert crashed.of("run")[1]["state"] == "failed"
    assert "signal 9" in crashed.of("run")[1]["message"]

    with program.following("experiment", "--resume", "disturbed") as call:
        wait_for_checkpoint(second)
        call.kill(second)
    experiment = read_experiment(entry / "experiments/disturbed")
    assert [run.state for run in experiment.runs] == [RunState.FINISHED, RunState.RUNNING]
    assert experiment.state is State.UNFINISHED

    outcome = carry_out(program, "--resume", "disturbed")
    assert (outcome.code, outcome.errors) == (0, "")
    assert outcome.last["runs"] == 2
    assert (first / "finished.json").stat().st_mtime_ns == finished
    assert sorted(runs.glob("disturbed*")) == [first, second]
    straight = carry_out(program, *LONG, "--name", "straight")
    for mine, other in zip(run_dirs(outcome), run_dirs(straight), strict=True):
        assert all_bits(mine) == all_bits(other)


def test_a_search_trains_stops_early_and_finishes(program):
    outcome = carry_out(
        program,
        *(SAMPLE, "--try", "learning-rate=log:0.00001..0.1", "--trials", "4"),
        *("--optimizer", "adam", "--epochs", "16", "--early-stopping-patience", "0"),
    )
    assert (outcome.code, outcome.errors) == (0, "")
    assert len(outcome.of("run")) == 4
    assert {line["state"] for line in outcome.of("run")} <= {"finished", "stopped"}
    assert "finished" in {line["state"] for line in outcome.of("run")}


def test_a_full_disk_is_named_and_with_room_it_goes_on(small_disk: SmallDisk, program):
    home = Program(small_disk.path / "home")
    small_disk.fill(left=300_000)
    outcome = carry_out(home, *GRID)
    assert outcome.code == 1
    assert "No space left on device" in outcome.errors or any(
        "No space left on device" in line["message"] for line in outcome.of("run")
    )
    small_disk.make_room(600)
    found = (small_disk.path / "home").glob("data/projects/*/experiments/*")
    (name,) = (path.name for path in found)
    outcome = carry_out(home, "--resume", name)
    assert (outcome.code, outcome.last["runs"]) == (0, 4)

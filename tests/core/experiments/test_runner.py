"""Runs are carried out one after another, recorded at once, and none twice."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.errors import ExperimentError, StorageError
from core.experiments.experiment import RunState, State, make_experiment
from core.experiments.experiment_file import (
    create_folder,
    locked,
    read_experiment,
    write_experiment,
)
from core.experiments.runner import ExperimentEnded, ExperimentRunner, RunBegan, RunEnded, RunMoved
from core.experiments.tries import parse_try
from core.messages.events import EpochFinished
from core.messages.requests import ResumeRequest, TrainRequest
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from tests.core.experiments.fake_worker import FakeWorkers
from tests.small_disk import file_size_limit


class Bench:
    """An experiment on disk, and workers that train nothing."""

    def __init__(self, folder: Path) -> None:
        self.experiments, self.runs = folder / "experiments", folder / "runs"
        self.workers = FakeWorkers()
        self.folder = folder

    def make(self, *tries: str, num_seeds: int = 2, num_trials: int = 6) -> "Bench":
        self.folder = create_folder(self.experiments, "rates")
        experiment = make_experiment(
            name="rates",
            sources=[ImageSource(self.folder)],
            config=TrainConfig(optimizer=Optimizer.ADAM),
            tries=[parse_try(text) for text in tries],
            num_seeds=num_seeds,
            num_trials=num_trials,
        )
        write_experiment(self.folder, experiment)
        return self

    def runner(self) -> ExperimentRunner:
        return ExperimentRunner(self.folder, self.runs, make_process=self.workers)

    def carry_out(self):
        return list(self.runner().events())

    @property
    def stored(self):
        return read_experiment(self.folder)


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)


def is_epoch(event):
    return isinstance(event, RunMoved) and isinstance(event.event, EpochFinished)


def ended(events):
    return [event for event in events if isinstance(event, RunEnded)]


def test_a_grid_is_carried_out_and_recorded(bench):
    events = bench.make("learning-rate=0.01,1").carry_out()
    assert [event.run.settings["learning_rate"] for event in ended(events)] == [0.01, 1, 0.01, 1]
    last = events[-1]
    assert isinstance(last, ExperimentEnded)
    assert last.is_complete
    assert last.experiment == bench.stored
    assert bench.stored.state is State.FINISHED
    run = bench.stored.runs[1]
    assert (run.state, run.seed, run.seconds) == (RunState.FINISHED, 0, 2.5)
    assert run.val_accuracy == pytest.approx(0.49)
    assert run.test_accuracy == pytest.approx(0.48)
    assert run.run_dir == bench.runs / "rates 002"


def test_each_run_gets_the_shared_settings_and_its_own(bench):
    bench.make("learning-rate=0.01,1").carry_out()
    config = bench.stored.config
    assert [request.config for request in bench.workers.requests] == [
        replace(config, learning_rate=rate, seed=seed) for seed in (0, 1) for rate in (0.01, 1.0)
    ]


def test_each_run_tells_how_many_images_it_had(bench):
    bench.workers.split = 70, 10, 20
    bench.make("learning-rate=0.01,1").carry_out()
    found = {(run.num_training, run.num_validation, run.num_test) for run in bench.stored.runs}
    assert found == {(70, 10, 20)}


def test_a_run_tells_which_experiment_it_belongs_to(bench):
    bench.make("learning-rate=0.01,1").carry_out()
    content = json.loads((bench.runs / "rates 001/run.json").read_text())
    assert content == {
        "schema": 1,
        "name": "Learning rate 0.01, seed 0",
        "note": "",
        "experiment": "rates",
    }


def test_the_next_process_is_warmed_up_while_one_trains_and_none_is_left(bench):
    bench.make("learning-rate=0.01,1").carry_out()
    assert len(bench.workers.processes) == 4
    assert [process.is_started for process in bench.workers.processes] == [False, True, True, True]


def test_what_is_recorded_is_never_run_again(bench):
    bench.make("learning-rate=0.01,1").carry_out()
    again = bench.carry_out()
    assert len(bench.workers.requests) == 4
    assert len(again) == 1
    assert again[0].is_complete


def test_stopped_in_the_middle_it_goes_on_with_that_run(bench):
    runner = bench.make("learning-rate=0.01,1").runner()

    def stop(request, epoch):
        if (request, epoch) == (1, 4):
            runner.request_stop()

    bench.workers.on_epoch = stop
    events = list(runner.events())
    assert not events[-1].is_complete
    assert len(ended(events)) == 1
    states = [run.state for run in bench.stored.runs]
    assert states == [RunState.FINISHED, RunState.RUNNING, *[RunState.PENDING] * 2]
    assert all(process.is_closed for process in bench.workers.processes[2:])
    events = bench.carry_out()
    assert isinstance(bench.workers.requests[2], ResumeRequest)
    assert bench.workers.requests[2].run_dir == bench.runs / "rates 002"
    assert len(bench.workers.requests) == 5
    assert events[-1].is_complete


def test_stopped_before_it_began_nothing_is_run(bench):
    runner = bench.make("learning-rate=0.01,1").runner()
    runner.request_stop()
    assert [type(event) for event in runner.events()] == [ExperimentEnded]
    assert bench.workers.requests == []


def test_a_program_that_vanished_leaves_all_that_is_needed(bench):
    """As after a kill: nothing of what follows an event is carried out."""
    events = bench.make("learning-rate=0.01,1").runner().events()
    for event in events:
        if is_epoch(event) and event.number == 1:
            break
    stored = bench.stored.runs
    assert [run.state for run in stored[:3]] == ["finished", "running", "pending"]
    del events
    assert bench.carry_out()[-1].is_complete
    kinds = [type(request) for request in bench.workers.requests]
    assert kinds == [TrainRequest, TrainRequest, ResumeRequest, TrainRequest, TrainRequest]


def test_a_run_whose_folder_was_never_begun_begins_anew(bench):
    bench.make("learning-rate=0.01,1")
    runs = bench.stored.runs
    torn = bench.runs / "rates 001"
    torn.mkdir(parents=True)
    (torn / ".0123.partial").write_text("{")
    runs[0] = replace(runs[0], state=RunState.RUNNING, run_dir=torn)
    write_experiment(bench.folder, replace(bench.stored, runs=runs))
    assert bench.carry_out()[-1].is_complete
    assert isinstance(bench.workers.requests[0], TrainRequest)
    assert bench.stored.runs[0].run_dir == bench.runs / "rates 001 (2)"
    assert [path.name for path in torn.iterdir()] == [".0123.partial"]


def test_one_failure_leaves_the_others_and_is_tried_again(bench):
    bench.workers.faults = {1: "crash"}
    events = bench.make("learning-rate=0.01,1").carry_out()
    assert [event.run.state for event in ended(events)].count(RunState.FAILED) == 1
    assert bench.stored.runs[1].message.startswith("killed")
    assert bench.stored.num_failed == 1
    assert events[-1].is_complete
    events = bench.runner().events()
    next(events)
    assert bench.stored.state is State.UNFINISHED
    events.close()
    events = bench.carry_out()
    assert isinstance(bench.workers.requests[4], ResumeRequest)
    assert len(bench.workers.requests) == 5
    assert bench.stored.num_failed == 0
    assert bench.stored.runs[1].message == ""


def test_three_failures_in_a_row_end_it(bench):
    bench.workers.faults = dict.fromkeys(range(3), "refused")
    events = bench.make("learning-rate=0.01,1").carry_out()
    assert events[-1].message == "refused"
    assert not events[-1].is_complete
    assert len(bench.workers.requests) == 3
    assert bench.carry_out()[-1].is_complete


def test_a_search_stops_poor_runs_early_and_proposes_as_many_as_asked(bench):
    bench.make("learning-rate=log:0.000001..10", num_seeds=1, num_trials=12)
    events = bench.carry_out()
    states = [run.state for run in bench.stored.runs]
    assert len(states) == 12
    assert states.count(RunState.STOPPED) >= 4
    assert states.count(RunState.FINISHED) >= 2
    assert events[-1].is_complete
    for run in bench.stored.runs:
        epochs = [epoch for epoch, _ in run.reports]
        assert epochs == ([5, 15] if run.state is RunState.FINISHED else epochs)
        assert run.val_accuracy is not None


def test_a_search_that_was_broken_off_finds_the_same(bench, tmp_path):
    arguments = {"num_seeds": 2, "num_trials": 8}
    bench.make("learning-rate=log:0.000001..10", "dropout=0..0.5", **arguments).carry_out()
    other = Bench(tmp_path / "other").make(
        "learning-rate=log:0.000001..10", "dropout=0..0.5", **arguments
    )
    for _ in range(5):
        for number, event in enumerate(other.runner().events()):
            if (
                number > 9
                and isinstance(event, RunMoved)
                and isinstance(event.event, EpochFinished)
            ):
                break
    other.carry_out()
    assert [replace(run, run_dir=None, seconds=0) for run in other.stored.runs] == [
        replace(run, run_dir=None, seconds=0) for run in bench.stored.runs
    ]


def test_other_seeds_of_settings_that_were_given_up_are_left_out(bench):
    bench.make("learning-rate=log:0.000001..10", num_seeds=2, num_trials=10).carry_out()
    stopped = [run for run in bench.stored.runs if run.state is RunState.STOPPED]
    assert stopped
    for run in stopped:
        assert [other.seed for other in bench.stored.runs if other.settings == run.settings] == [0]
    assert bench.stored.state is State.FINISHED


def test_a_full_disk_ends_it_with_the_name_of_the_file_and_loses_nothing(bench):
    events = bench.make("learning-rate=0.01,1").runner().events()
    for event in events:
        if isinstance(event, RunEnded):
            break
    before = bench.stored
    with file_size_limit(100), pytest.raises(StorageError, match=r"experiment\.json"):
        list(events)
    assert bench.stored == before
    assert bench.carry_out()[-1].is_complete
    assert len(bench.workers.requests) == 4


def test_two_at_once_are_refused(bench):
    bench.make("learning-rate=0.01,1")
    with locked(bench.folder), pytest.raises(ExperimentError, match="already"):
        bench.carry_out()


def test_events_tell_what_is_under_way(bench):
    events = bench.make("learning-rate=0.01", num_seeds=1).carry_out()
    assert [type(event) for event in events[:2]] == [RunBegan, RunMoved]
    assert [type(event) for event in events[-2:]] == [RunEnded, ExperimentEnded]

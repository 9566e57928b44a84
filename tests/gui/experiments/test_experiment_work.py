"""An experiment in a thread, with workers that train nothing."""

import threading

import pytest

from core.experiments.experiment import RunState, State
from core.experiments.experiment_file import locked, read_experiment
from core.messages.requests import ResumeRequest
from gui.experiments.experiment_progress import ExperimentProgress, Stage
from gui.experiments.experiment_work import ExperimentWork
from tests.gui.experiments.conftest import made, stored


@pytest.fixture
def progress(qapp):
    return ExperimentProgress()


@pytest.fixture
def work(qtbot, progress, workers):
    work = ExperimentWork(progress, workers)
    yield work
    with qtbot.waitSignal(work.shut_down, timeout=10_000):
        work.kill()
        work.shutdown()


@pytest.fixture
def folder(entry):
    return stored(made("learning-rate=0.01,1", num_seeds=2, num_done=0), entry.experiments_dir)


@pytest.fixture
def ended(qtbot, work):
    def wait():
        return qtbot.waitSignal(
            work.running_changed, timeout=10_000, check_params_cb=lambda running: not running
        )

    return wait


def test_all_runs_are_carried_out_and_counted(qtbot, work, progress, folder, entry, ended):
    texts, counts = [], []
    work.status_changed.connect(texts.append)
    progress.changed.connect(lambda: counts.append((progress.done, progress.total)))
    with ended():
        work.begin(folder, entry.runs_dir)
        assert work.is_running
    experiment = read_experiment(folder)
    assert experiment.state is State.FINISHED
    assert {run.run_dir.parent for run in experiment.runs} == {entry.runs_dir}
    assert (counts[0], counts[-1]) == ((0, 4), (4, 4))
    assert not work.is_running
    assert progress.stage is Stage.IDLE
    assert "Experiment: Epoch 20" in texts
    assert texts[-1] == ""


def test_it_says_which_run_is_in_progress(qtbot, work, progress, folder, entry, ended):
    texts = []
    progress.changed.connect(lambda: texts.append(progress.activity))
    with ended():
        work.begin(folder, entry.runs_dir)
    assert "Run 2: Learning rate 1, seed 0 – Epoch 1" in texts


def hold_at(workers, epoch):
    """Let the first run wait after an epoch; returns events for reached and go on."""
    reached, go_on = threading.Event(), threading.Event()

    def wait(request, found):
        if (request, found) == (0, epoch):
            reached.set()
            assert go_on.wait(10)

    workers.on_epoch = wait
    return reached, go_on


def test_what_is_stopped_is_resumed(qtbot, work, progress, folder, entry, workers, ended):
    reached, go_on = hold_at(workers, 3)
    with ended():
        work.begin(folder, entry.runs_dir)
        assert reached.wait(10)
        work.stop()
        assert progress.stage is Stage.STOPPING
        go_on.set()
    assert read_experiment(folder).runs[0].state is RunState.RUNNING
    assert len(workers.requests) == 1
    with ended():
        work.begin(folder, entry.runs_dir)
    assert isinstance(workers.requests[1], ResumeRequest)
    assert read_experiment(folder).state is State.FINISHED


def test_a_pause_lasts_until_it_is_continued(qtbot, work, progress, folder, entry, workers, ended):
    reached, go_on = hold_at(workers, 3)
    epochs = []
    with ended():
        work.begin(folder, entry.runs_dir)
        assert reached.wait(10)
        progress.changed.connect(lambda: epochs.append(progress.activity))
        work.toggle_pause()
        assert progress.stage is Stage.PAUSED
        go_on.set()
        qtbot.waitUntil(lambda: progress.activity.endswith("Paused"))
        work.toggle_pause()
        assert progress.stage is Stage.RUNNING
    assert read_experiment(folder).state is State.FINISHED


def test_what_fails_again_and_again_ends_it_and_is_told(qtbot, work, folder, entry, workers, ended):
    workers.faults = dict.fromkeys(range(3), "refused")
    messages = []
    work.failed.connect(messages.append)
    with ended():
        work.begin(folder, entry.runs_dir)
    assert messages == ["Several runs failed one after another: refused"]
    assert len(workers.requests) == 3


def test_one_that_is_carried_out_elsewhere_is_told(qtbot, work, folder, entry, ended):
    messages = []
    work.failed.connect(messages.append)
    with locked(folder), ended():
        work.begin(folder, entry.runs_dir)
    (message,) = messages
    assert "is being carried out already" in message


def test_shutting_down_stops_it(qtbot, work, folder, entry, workers):
    reached, go_on = hold_at(workers, 3)
    work.begin(folder, entry.runs_dir)
    assert reached.wait(10)
    with qtbot.waitSignal(work.shut_down, timeout=10_000):
        work.shutdown()
        go_on.set()
    assert not work.is_running
    assert workers.processes[0].is_stopping

"""Whole runs that are killed, interrupted or out of room, and then go on."""

import shutil
from itertools import islice
from pathlib import Path

import pytest

from core.messages.events import EpochFinished, RunPaused, RunResumed, TrainingCancelled
from core.messages.requests import ResumeRequest
from core.models.predictor import Predictor, trained_classifier
from core.runs.run_folder import RunFolder
from core.worker.process import WorkerProcess
from tests.program import SAMPLE, SHORT, Following, Outcome, Program, all_bits, epochs_told

pytestmark = pytest.mark.slow

NUM_EPOCHS = 1500
# Several times the two seconds after which a checkpoint is written, on any machine.
LONG = (
    *(SAMPLE, "--optimizer", "adam", "--epochs", str(NUM_EPOCHS)),
    *("--early-stopping-patience", "0"),
)


def wait_for_new_checkpoint(call: Following, run_dir: Path) -> int:
    """Follow a run until it has written a checkpoint; gives the epoch last told."""
    before = set(run_dir.glob("checkpoint/*.npz"))
    for event in call.epochs():
        if set(run_dir.glob("checkpoint/*.npz")) - before:
            return event["epoch"]
    raise AssertionError("the run ended first")


def a_class_of(model_dir: Path) -> str:
    """What a model makes of an image of bricks."""
    predictor = Predictor(trained_classifier(model_dir))
    probabilities = predictor.classify_file(SAMPLE / "brick/brick_00.jpg")
    return predictor.labels[probabilities.argmax()]


@pytest.fixture(scope="module")
def straight(program, runs) -> Path:
    """A long run that nothing disturbed."""
    assert program.train(*LONG, "--output", runs / "straight").code == 0
    return runs / "straight"


@pytest.fixture(scope="module")
def killed(program, runs) -> tuple[Path, Outcome]:
    """The same run, its worker killed in the middle."""
    run_dir = runs / "broken"
    with program.following("train", *LONG, "--output", run_dir) as call:
        wait_for_new_checkpoint(call, run_dir)
        call.kill_worker()
        return run_dir, call.finish()


@pytest.fixture(scope="module")
def interrupted(program, killed) -> tuple[Path, Outcome]:
    """The killed run, gone on with and stopped by Ctrl-C."""
    run_dir, _ = killed
    with program.following("resume", run_dir) as call:
        for _ in islice(call.epochs(), 20):
            pass
        call.interrupt()
        outcome = call.finish()
    shutil.copytree(run_dir / "model", run_dir.with_name("model when interrupted"))
    return run_dir, outcome


@pytest.fixture(scope="module")
def completed(program, interrupted) -> tuple[Path, Outcome]:
    """The interrupted run, gone on with to its end."""
    run_dir, _ = interrupted
    return run_dir, program.resume(run_dir)


def test_a_killed_worker_is_told_with_what_to_do(killed):
    run_dir, outcome = killed
    assert outcome.code == 1
    assert outcome.last["event"] == "training_failed"
    assert "signal 9" in outcome.last["message"]
    assert "fieldguide resume" in outcome.errors
    assert not (run_dir / "model").exists()


def test_an_interrupted_run_keeps_the_best_so_far(interrupted):
    run_dir, outcome = interrupted
    assert outcome.code == 130
    assert outcome.errors == ""
    assert outcome.last["event"] == "training_cancelled"
    assert outcome.last["model_dir"] == str(run_dir / "model")
    assert 0 < outcome.last["epochs"] < NUM_EPOCHS
    assert outcome.last["measured_on"] == "test"
    recalls = [figures["recall"] for figures in outcome.last["per_class"].values()]
    assert outcome.last["balanced_accuracy"] == pytest.approx(sum(recalls) / 3)
    assert a_class_of(run_dir.with_name("model when interrupted")) == "brick"


def test_a_run_goes_on_where_it_was(interrupted, completed):
    _, stopped = interrupted
    _, outcome = completed
    epochs = [event["epoch"] for event in outcome.of("epoch_finished")]
    assert epochs == list(range(stopped.last["epochs"] + 1, NUM_EPOCHS + 1))
    assert outcome.of("dataset_split")[0]["cached_features"] == 48
    assert outcome.last["event"] == "training_finished"
    assert outcome.last["epochs"] == NUM_EPOCHS


def test_a_killed_and_interrupted_run_ends_with_the_same_bits(straight, completed):
    run_dir, _ = completed
    assert all_bits(run_dir) == all_bits(straight)


def test_its_history_has_every_epoch_once(straight, completed):
    run_dir, _ = completed
    assert epochs_told(run_dir) == epochs_told(straight) == list(range(1, NUM_EPOCHS + 1))


def test_a_finished_run_tells_again_how_it_ended(program, completed):
    run_dir, first = completed
    again = program.resume(run_dir)
    assert (again.code, again.errors) == (0, "")
    assert again.last == first.last
    assert again.last["model_dir"] == str(run_dir / "model")
    assert not again.of("epoch_finished")
    assert a_class_of(run_dir / "model") == "brick"


def test_a_run_of_an_earlier_version_tells_all_but_its_time(program, completed, runs):
    run_dir, first = completed
    older = shutil.copytree(run_dir, runs / "of an earlier version")
    (older / "finished.json").unlink()
    again = program.resume(older)
    assert again.code == 0
    moved = {"run_dir": str(older), "model_dir": str(older / "model")}
    assert again.last | {"seconds": 0} == first.last | moved | {"seconds": 0}
    assert 0 < again.last["seconds"] < first.last["seconds"] * 10


def test_a_run_under_way_cannot_be_resumed_too(program, trained):
    run_dir = Path(trained.last["run_dir"])
    with RunFolder.open(run_dir).lock():
        outcome = program.resume(run_dir)
    assert outcome.code == 1
    assert f"Another training is running in {run_dir}" in outcome.errors


def test_a_kill_before_training_changes_nothing_either(tmp_path, trained, runs):
    program = Program(tmp_path / "home")
    with program.following("train", *SHORT, "--output", tmp_path / "run") as call:
        call.wait_for("phase_started", phase="extracting_features")
        call.kill(tmp_path / "run")
    outcome = program.resume(tmp_path / "run")
    assert outcome.code == 0, outcome
    assert all_bits(tmp_path / "run") == all_bits(runs / "first")


def test_a_paused_run_holds_still_goes_on_and_can_be_stopped(
    program, straight, tmp_path, monkeypatch
):
    monkeypatch.setenv("FIELDGUIDE_HOME", str(program.home))
    shutil.copytree(straight, tmp_path / "run")
    for state in (tmp_path / "run/checkpoint").iterdir():
        state.unlink()
    process = WorkerProcess()
    events = process.events(ResumeRequest(run_dir=tmp_path / "run"))
    for event in events:
        if isinstance(event, EpochFinished):
            process.request_pause()
            break
    assert RunPaused() in events
    told = epochs_told(tmp_path / "run")
    process.request_resume()
    # Had work gone on meanwhile, an epoch would be told before this.
    assert next(events) == RunResumed()
    assert epochs_told(tmp_path / "run")[: len(told)] == told
    process.request_pause()
    assert RunPaused() in events
    process.request_stop()
    last = list(events)[-1]
    assert isinstance(last, TrainingCancelled)
    assert a_class_of(last.model_dir) == "brick"


def test_a_loss_that_is_no_number_fails_and_keeps_the_run(program, runs):
    run_dir = runs / "exploded"
    outcome = program.train(
        *SHORT, "--learning-rate", "1e30", "--optimizer", "sgd", "--output", run_dir
    )
    assert outcome.code == 1
    assert "no longer a number" in outcome.last["message"]
    assert outcome.errors.count("\n") == 1
    assert (run_dir / "config.json").is_file()
    assert not (run_dir / "model").exists()


def test_a_full_disk_is_named_and_the_run_goes_on_when_there_is_room(
    small_disk, program, trained, runs
):
    run_dir = small_disk.path / "run"
    (small_disk.path / "other").write_bytes(bytes(2**21 - 2**16))
    outcome = program.train(*SHORT, "--output", run_dir)
    assert outcome.code == 1, "there is no room for a checkpoint"
    assert str(run_dir) in outcome.last["message"]
    assert "No space left" in outcome.last["message"]
    small_disk.make_room(megabytes=24)
    outcome = program.resume(run_dir)
    assert outcome.code == 1, "nor now for more of the model than its LiteRT file"
    assert "Can't save the model in" in outcome.last["message"]
    assert str(run_dir) in outcome.last["message"]
    assert outcome.errors.count("\n") == 1
    assert not list(run_dir.glob("model*"))
    small_disk.make_room()
    assert program.resume(run_dir).code == 0
    assert all_bits(run_dir) == all_bits(runs / "first")
    assert epochs_told(run_dir) == [1, 2, 3]


def test_a_backbone_that_cannot_be_fetched_is_named(program, tmp_path):
    address = "http://127.0.0.1:1/backbone"  # nobody listens there
    outcome = program.train(*SHORT, "--backbone", address, "--output", tmp_path / "run")
    assert outcome.code == 1
    assert address in outcome.last["message"]
    assert outcome.errors.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_a_reader_that_goes_away_ends_the_run_without_a_traceback(program, tmp_path):
    run_dir = tmp_path / "run"
    with program.following("train", *LONG, "--output", run_dir) as call:
        call.wait_for("run_started")
        call.stop_reading()
        assert call.wait() == (1, "")
    with RunFolder.open(run_dir).lock():
        pass  # the worker has ended too

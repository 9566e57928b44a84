"""What is printed of a run; the worker is a fake one, or none."""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import run_display, run_terminal
from core.cli.run_display import JsonDisplay, follow_run
from core.cli.run_terminal import TerminalDisplay
from core.data.dataset import Split
from core.evaluation.metrics import wilson_interval
from core.messages.events import (
    DatasetSplit,
    DeviceReported,
    EpochFinished,
    ImageSkipped,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    ProvisionalAccuracy,
    RequestFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.worker.process import WorkerProcess
from tests import fake_targets
from tests.measured import measured


@pytest.fixture
def worker(monkeypatch):
    """Chooses what the worker's process runs."""

    def choose(target) -> WorkerProcess:
        process = WorkerProcess(target)
        monkeypatch.setattr(run_display, "WorkerProcess", lambda: process)
        return process

    return choose


@pytest.fixture
def after_the_first_event(monkeypatch):
    """Sends this process a signal once it has shown its first event."""

    def send(number: int) -> None:
        show = JsonDisplay.show
        numbers = [number]

        def show_and_send(self, event) -> None:
            show(self, event)
            if numbers:
                os.kill(os.getpid(), numbers.pop())

        monkeypatch.setattr(JsonDisplay, "show", show_and_send)

    return send


def json_lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_finished_run_is_a_success(worker, capfd):
    worker(fake_targets.counts)
    assert follow_run(fake_targets.request(), as_json=True) == 0
    output, errors = capfd.readouterr()
    assert errors == ""
    lines = json_lines(output)
    assert [line["event"] for line in lines] == [
        "phase_started",
        *["phase_progressed"] * 3,
        "training_finished",
    ]


def test_a_failure_is_told_on_both_streams_and_exits_with_1(worker, capfd):
    worker(fake_targets.raises_expectedly)
    assert follow_run(fake_targets.request(), as_json=True) == 1
    output, errors = capfd.readouterr()
    assert json_lines(output)[-1]["message"] == "“roses” holds no pictures."
    assert errors == "fieldguide: “roses” holds no pictures.\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_bug_shows_no_traceback_on_standard_error(worker, capfd, as_json):
    worker(fake_targets.raises_unexpectedly)
    assert follow_run(fake_targets.request(), as_json=as_json) == 1
    _, errors = capfd.readouterr()
    assert "Something unexpected went wrong: division by zero" in errors
    assert "Traceback" not in errors


def test_a_dead_worker_is_a_terminal_event_too(worker, capfd):
    worker(fake_targets.dies)
    assert follow_run(fake_targets.request(), as_json=True) == 1
    output, errors = capfd.readouterr()
    assert json_lines(output)[-1]["event"] == "training_failed"
    assert "exit code 137" in str(json_lines(output)[-1]["message"])
    assert errors.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_in_order(worker, capfd, after_the_first_event, number):
    worker(fake_targets.until_stopped)
    handlers = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    after_the_first_event(number)
    assert follow_run(fake_targets.request(), as_json=True) == 130
    output, _ = capfd.readouterr()
    assert json_lines(output)[-1]["event"] == "training_cancelled"
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_a_second_interrupt_ends_a_run_that_does_not_stop(worker, after_the_first_event):
    process = worker(fake_targets.never_listens)
    process.request_stop = lambda: os.kill(os.getpid(), signal.SIGINT)
    after_the_first_event(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        follow_run(fake_targets.request(), as_json=True)


def shown(capfd, *events) -> tuple[str, str]:
    display = TerminalDisplay()
    try:
        for event in events:
            display.show(event)
    finally:
        display.close()
    output, errors = capfd.readouterr()
    return output, errors


RESULT = TrainingFinished(Path("r"), Path("r/model"), 0.975, 0.9, (0.8, 0.95), 7, 5, 12.34)


def test_the_result_is_on_standard_output_and_all_else_on_standard_error(capfd):
    output, errors = shown(capfd, RunStarted(Path("r")), Warned("mind the gap"), RESULT)
    assert "Trained 7 epochs in 12.3 s; epoch 5 was the best." in output
    assert "Validation accuracy: 97.50%" in output
    assert "Test accuracy: 90.00% (95% interval 80.00% to 95.00%)" in output
    assert "Model: r/model" in output
    assert "Note: mind the gap" in errors
    assert "mind" not in output


def test_a_run_without_test_split_claims_no_test_accuracy(capfd):
    output, _ = shown(
        capfd, TrainingFinished(Path("r"), Path("r/model"), 0.9, None, None, 1, 1, 1.0)
    )
    assert "Test" not in output


FIGURES = measured([[100, 0], [32, 1]], (500, 160), labels=("daisy", "rose [bold]\n"))


def test_the_result_tells_what_accuracy_would_hide(capfd):
    output, _ = shown(capfd, replace(RESULT, figures=FIGURES))
    lines = output.splitlines()
    assert lines[2].startswith("Test accuracy: 90.00% (95% interval")
    assert lines[3].startswith("Balanced accuracy: 51.52%")
    assert lines[4].startswith("Majority baseline: 75.19%, by always answering “daisy”")
    assert lines[6] == "   3.03%        33  rose [bold]\\n"
    assert (
        "Note: Always answering “daisy” would reach 75.19%, so accuracy says little here." in lines
    )
    assert lines[-1] == "Model: r/model"


def test_figures_of_validation_are_said_to_be_optimistic(capfd):
    figures = replace(FIGURES, measured_on=Split.VALIDATION)
    result = replace(RESULT, test_accuracy=None, test_interval=None, figures=figures)
    output, _ = shown(capfd, result)
    (line,) = [line for line in output.splitlines() if line.startswith("Validation accuracy")]
    low, high = wilson_interval(101, 133)
    assert f"(95% interval {100 * low:.2f}% to {100 * high:.2f}%)" in line
    assert "measured on validation, which also chose the epoch: slightly optimistic" in line
    assert "Balanced accuracy: 51.52%" in output
    assert "test" not in output.lower()


def test_a_stopped_run_with_a_model_tells_how_good_it_is(capfd):
    event = TrainingCancelled(Path("r"), Path("r/model"), 3, 0.9, 0.8, FIGURES)
    output, errors = shown(capfd, event)
    assert "Stopped after 3 epochs" in errors
    assert "Test accuracy: 80.00% (95% interval" in output
    assert "Balanced accuracy: 51.52%" in output


def test_every_event_has_its_words(capfd):
    _, errors = shown(
        capfd,
        *(PhaseStarted(phase, 3) for phase in Phase),
        PhaseProgressed(Phase.TRAINING, 1, 3, 5.0),
        ProvisionalAccuracy(1000, 0.912, (0.893, 0.928)),
        DatasetSplit(("a", "b"), 30, 4, 5, 6),
        EpochFinished(1, 3, 0.5, 0.9, 0.4, 0.95, 0.001, True, 0.1),
        EpochFinished(2, 8, 0.5, 0.9, 0.4, 0.95, 0.001, False, 9.0, is_fine_tuning=True),
        RunPaused(),
        RunResumed(),
        TrainingCancelled(Path("r"), None, 0),
        RequestFailed("told by the caller", is_run=True),
    )
    for words in (
        "Looking for pictures",
        "Saving the model",
        "Provisional, with 1000 pictures: accuracy about 91.20% (95% interval 89.30% to 92.80%)\n",
        "2 classes: 30 pictures for training, 4 for validation, 5 for testing (6 feature",
        "Fine-tuning epoch 2/8  loss 0.5000",
        "Epoch 1/3  loss 0.5000  accuracy 90.00%  validation loss 0.4000",
        "Paused",
        "Resumed",
        "nothing was trained",
    ):
        assert words in errors
    assert "told by the caller" not in errors


def test_how_to_go_on_can_be_pasted_into_a_shell(capfd):
    cancelled = TrainingCancelled(Path("/r/it's [mine]"), Path("/r/it's [mine]/model"), 3)
    _, errors = shown(capfd, cancelled)
    assert """fieldguide resume '/r/it'"'"'s [mine]'""" in errors


@pytest.mark.parametrize("name", ["[red]x[/]", "[/]", ":dog:", "a\\", "名前", "100 %"])
def test_names_are_shown_as_they_are(capfd, name):
    _, errors = shown(capfd, ImageSkipped(Path("/p") / name, "is empty"))
    assert errors == f"Left out: /p/{name}: is empty\n"


def test_names_cannot_take_the_terminal_over(capfd):
    _, errors = shown(capfd, ImageSkipped(Path("a\x1b[2Jb\nc"), "is empty"))
    assert errors == "Left out: a\\x1b[2Jb\\nc: is empty\n"


def test_the_device_is_told_once(capfd):
    first = DeviceReported("NVIDIA T4", 1 << 30, 15 << 30)
    _, errors = shown(capfd, first, DeviceReported("NVIDIA T4", 2 << 30, 15 << 30))
    assert errors == "Device: NVIDIA T4, 15 GB\n"


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase.DOWNLOADING, ("1.5/6.0 MB", "0.5 MB/s")),
        (Phase.FINE_TUNING, ("1500000/6000000", "500000 pictures/s")),
        (Phase.TRAINING, ("1500000/6000000", "500000 epochs/s")),
        (Phase.FINDING_LEARNING_RATE, ("1500000/6000000", "500000 steps/s")),
    ],
)
def test_progress_is_told_in_the_units_of_its_phase(phase, expected):
    assert run_terminal._progress_texts(phase, 1_500_000, 6_000_000, 5e5) == expected
    assert "?" in run_terminal._progress_texts(Phase.SCANNING, 3, None, 1.0)[0]


def test_a_stop_is_acknowledged_on_a_terminal_and_leaves_json_alone(capsys):
    TerminalDisplay().say_stopping()
    captured = capsys.readouterr()
    assert "Stopping" in captured.err
    assert captured.out == ""
    JsonDisplay().say_stopping()
    assert capsys.readouterr() == ("", "")

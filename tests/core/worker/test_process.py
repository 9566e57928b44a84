"""Real spawned children that run `tests.fake_targets`; none of them loads TensorFlow."""

import gc
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from core.errors import WorkerCrashedError
from core.messages.events import (
    Event,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
    RunPaused,
    RunResumed,
    TrainingCancelled,
    Warned,
)
from core.worker.process import WorkerProcess
from tests import fake_targets
from tests.conftest import CHECKOUT

Start = Callable[[Callable[[Connection], None]], WorkerProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Makes worker processes and sees that no test leaves one behind."""
    processes: list[WorkerProcess] = []

    def make(target: Callable[[Connection], None]) -> WorkerProcess:
        processes.append(WorkerProcess(target))
        return processes[-1]

    yield make
    for process in processes:
        process.kill()


def outcome(process: WorkerProcess) -> list[Event]:
    return list(process.events(fake_targets.request()))


def wait_until_gone(pid: int) -> None:
    """Returns when a process that is no child of this one has ended; the test's timeout rules."""
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        os.sched_yield()


def first_pid(events: Iterator[Event]) -> int:
    event = next(events)
    assert isinstance(event, Warned)
    return int(event.message)


def test_events_arrive_in_order_and_end_with_the_terminal_one(start):
    events = outcome(start(fake_targets.counts))
    assert events == [
        PhaseStarted(Phase.TRAINING, 3),
        *(PhaseProgressed(Phase.TRAINING, done, 3, 1.0) for done in (1, 2, 3)),
        fake_targets.RESULT,
    ]


def test_a_child_that_does_not_end_by_itself_is_ended_after_its_result(start):
    events = start(fake_targets.finishes_and_lingers).events(fake_targets.request())
    pid = first_pid(events)
    assert list(events) == [fake_targets.RESULT]
    wait_until_gone(pid)
    assert not multiprocessing.active_children()


def test_a_dead_childs_exit_code_is_named(start):
    with pytest.raises(WorkerCrashedError, match=r"exit code 137.*fieldguide resume"):
        outcome(start(fake_targets.dies))


def test_a_killed_childs_signal_is_named_after_its_events(start):
    events = start(fake_targets.is_killed).events(fake_targets.request())
    assert next(events) == Warned("last words")
    with pytest.raises(WorkerCrashedError, match="signal 9"):
        next(events)


def test_killing_from_outside_is_a_crash(start):
    process = start(fake_targets.until_stopped)
    events = process.events(fake_targets.request())
    next(events)
    process.kill()
    with pytest.raises(WorkerCrashedError, match="signal 9"):
        list(events)


def test_a_run_without_a_terminal_event_is_a_crash(start):
    with pytest.raises(WorkerCrashedError, match="exit code 1"):
        outcome(start(fake_targets.ends_without_result))


def test_an_unexpected_exception_becomes_a_failure_with_traceback(start):
    (event,) = outcome(start(fake_targets.raises_unexpectedly))
    assert isinstance(event, RequestFailed)
    assert event.message == "Something unexpected went wrong: division by zero"
    assert "in raises_unexpectedly" not in event.message
    assert "ZeroDivisionError" in event.traceback
    assert "fake_targets.py" in event.traceback


def test_an_expected_error_is_its_message_alone(start):
    assert outcome(start(fake_targets.raises_expectedly)) == [
        RequestFailed("“roses” holds no pictures.", is_run=True)
    ]


def test_running_out_of_memory_is_said_in_plain_words(start):
    (event,) = outcome(start(fake_targets.runs_out_of_memory))
    assert isinstance(event, RequestFailed)
    assert event.message.startswith("Memory ran out.")
    assert "MemoryError" in event.traceback


def test_stop_leads_to_cancelled(start):
    process = start(fake_targets.until_stopped)
    events = process.events(fake_targets.request())
    next(events)
    process.request_stop()
    assert isinstance(list(events)[-1], TrainingCancelled)


def test_nothing_goes_on_while_paused(start):
    process = start(fake_targets.until_stopped)
    events = process.events(fake_targets.request())
    next(events)
    process.request_pause()
    for event in events:
        if isinstance(event, RunPaused):
            break
    process.request_resume()
    # The very next event: had work gone on meanwhile, its progress would come first.
    assert next(events) == RunResumed()
    assert isinstance(next(events), PhaseProgressed)
    process.request_stop()
    assert isinstance(list(events)[-1], TrainingCancelled)


def test_a_paused_run_can_be_stopped(start):
    process = start(fake_targets.until_stopped)
    events = process.events(fake_targets.request())
    next(events)
    process.request_pause()
    assert RunPaused() in iter(lambda: next(events), None)
    process.request_stop()
    assert [type(event) for event in events] == [TrainingCancelled]


def test_a_stop_before_the_request_is_no_request(start):
    process = start(fake_targets.tells_whether_stopped_first)
    process.start()
    process.request_stop()
    assert outcome(process) == [Warned("stop requested: True"), fake_targets.RESULT]


def test_commands_after_the_end_do_nothing(start):
    process = start(fake_targets.counts)
    outcome(process)
    process.request_pause()
    process.request_stop()
    process.kill()


def test_events_left_early_end_the_child(start, monkeypatch):
    monkeypatch.setattr("core.worker.process._JOIN_S", None)  # no kill, however long it takes
    events = start(fake_targets.works_in_silence).events(fake_targets.request())
    pid = first_pid(events)
    events.close()
    wait_until_gone(pid)


def test_a_child_that_hangs_is_killed_when_left(start, monkeypatch):
    monkeypatch.setattr("core.worker.process._JOIN_S", 0.1)
    events = start(fake_targets.never_listens).events(fake_targets.request())
    pid = first_pid(events)
    events.close()
    wait_until_gone(pid)


@pytest.mark.parametrize("target", [fake_targets.counts, fake_targets.the_real_one])
def test_a_spare_that_is_closed_ends(start, target):
    process = start(target)
    process.start()
    (child,) = multiprocessing.active_children()
    process.close()
    assert child.exitcode == 0


def test_a_spare_that_was_never_started_can_be_closed(start):
    start(fake_targets.counts).close()


def test_a_spare_whose_handle_is_dropped_ends():
    process = WorkerProcess(fake_targets.counts)
    process.start()
    (child,) = multiprocessing.active_children()
    del process
    gc.collect()
    child.join()
    assert child.exitcode == 0


def test_a_child_ends_when_its_parent_is_killed():
    code = (
        "from tests import fake_targets; from core.worker.process import WorkerProcess\n"
        "events = WorkerProcess(fake_targets.works_in_silence).events(fake_targets.request())\n"
        "print(next(events).message, flush=True)\n"
        "for event in events: pass"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    wait_until_gone(pid)


@pytest.mark.parametrize("target", ["until_stopped", "starts_slowly"])
def test_an_interrupt_of_the_group_reaches_the_parent_only(target):
    """The parent decides what Ctrl-C means, even while the child still loads its code."""
    code = (
        "import signal, sys; from tests import fake_targets\n"
        "from core.worker.process import WorkerProcess\n"
        f"process = WorkerProcess(fake_targets.{target})\n"
        "signal.signal(signal.SIGINT, lambda *_: process.request_stop())\n"
        "process.start()\n"
        "print('started', flush=True)\n"
        "print(*(type(event).__name__ for event in process.events(fake_targets.request())))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "started\n"
        os.killpg(parent.pid, signal.SIGINT)
        output, errors = parent.communicate()
    assert errors == ""
    assert output.split()[-1] == "TrainingCancelled"


def test_output_of_native_libraries_lands_in_the_log(start, tmp_path, capfd):
    log = tmp_path / "log.txt"
    log.write_text("of an earlier part of the run\n")
    events = list(start(fake_targets.chatters).events(fake_targets.request(log)))
    assert events == [fake_targets.RESULT]
    lines = log.read_text().splitlines()
    said = [line.rpartition(": ")[2] for line in lines]
    assert said == [
        "of an earlier part of the run",
        "early native output",
        "early native error",
        "an early record",
        "late native error",
        "a late print",
        "a late record",
    ]
    assert capfd.readouterr() == ("", "")


def test_a_log_that_cannot_be_written_ends_no_run(start, tmp_path, capfd):
    request = fake_targets.request(tmp_path / "absent" / "log.txt")
    assert list(start(fake_targets.chatters).events(request)) == [fake_targets.RESULT]
    assert capfd.readouterr() == ("", "")


def test_a_process_that_was_killed_before_it_started_does_no_work(start):
    process = start(fake_targets.never_listens)
    process.kill()
    with pytest.raises(WorkerCrashedError, match="signal 9"):
        list(process.events(fake_targets.request()))

"""Programs of their own: what they say is heard, and none of them outlives a stop or a hang."""

import os
import signal
import subprocess
import sys
import textwrap
import threading

import pytest

from core.computer.child_program import run_program
from core.errors import ExportError
from core.messages.control import Command, RunControl, StopRequestedError


def run(code, *, control=None, limit=60.0, on_message=None, environment=None):
    heard = []
    end = run_program(
        [sys.executable, "-c", textwrap.dedent(code)],
        on_message or heard.append,
        control or RunControl(),
        silence_limit_s=limit,
        extra_environment=environment,
    )
    return heard, end


def test_json_lines_are_messages_and_the_rest_is_kept():
    heard, end = run(
        """
        import os, sys
        print('{"done": 1}')
        print("chatter")
        print("{no json")
        print(os.environ["WORD"], file=sys.stderr)
        print('{"done": 2}')
    """,
        environment={"WORD": "said"},
    )
    assert heard == [{"done": 1}, {"done": 2}]
    assert (end.exit_code, end.timed_out) == (0, False)
    assert set(end.last_lines) == {"chatter", "{no json", "said"}


def test_a_crash_is_told_by_its_signal():
    _, end = run("import os; os.abort()")
    assert end.exit_code == -signal.SIGABRT


def test_silence_counts_as_hanging():
    _, end = run("import time\nwhile True: time.sleep(1)", limit=0.2)
    assert end.timed_out


def test_a_stop_ends_it_at_once():
    control = RunControl()
    pids = []

    def on_message(message):
        pids.append(message["pid"])
        control.obey(Command.STOP)

    code = "import os, time\nprint('{\"pid\": %d}' % os.getpid(), flush=True)\ntime.sleep(600)"
    with pytest.raises(StopRequestedError):
        run(code, control=control, on_message=on_message)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_program_that_is_not_there_is_an_export_error():
    with pytest.raises(ExportError, match="/no/such/python can't be started"):
        run_program(["/no/such/python"], print, RunControl(), silence_limit_s=1)


def test_much_output_without_messages_does_not_block():
    _, end = run("print('x' * 70_000 * 10)\nprint('end')")
    assert end.last_lines[-1] == "end"


def test_it_ends_with_the_process_that_started_it():
    """A checker whose standard input closes goes, as when the worker is killed."""
    code = """
        import threading, time
        from core.export.verification.check_program import end_with_parent
        end_with_parent()
        print("ready", flush=True)
        time.sleep(600)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        timer = threading.Timer(60, process.kill)
        timer.start()
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        process.stdin.close()
        assert process.wait() == 1
        timer.cancel()

import gc
import threading
from weakref import finalize, ref

import pytest
from PySide6.QtCore import QObject

from core.errors import StorageError
from core.text import Text
from gui.work import background
from gui.work.background import Task


def test_progress_and_result_come_back(qtbot):
    def function(context):
        context.report("half")
        return threading.current_thread() is threading.main_thread()

    task = Task(function)
    heard = []
    task.progressed.connect(heard.append)
    task.succeeded.connect(heard.append)
    with qtbot.waitSignals([task.progressed, task.succeeded, task.ended], order="strict"):
        task.start()
    assert heard == ["half", False]


def test_expected_error_is_told_without_details(qtbot):
    def function(_context):
        raise StorageError("The disk is full.")

    task = Task(function)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()
    assert failed.args == ["The disk is full.", ""]


def test_unexpected_error_is_told_with_details(qtbot, caplog):
    def function(_context):
        raise KeyError("nothing")

    task = Task(function)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()
    assert "nothing" in failed.args[0]
    assert "KeyError" in failed.args[1]
    assert "A background task failed" in caplog.text


def test_cancelled_task_says_only_that_it_ended(qtbot):
    begun, go_on = threading.Event(), threading.Event()

    def function(context):
        begun.set()
        go_on.wait(10)
        context.report("late")
        context.check()
        return "result"

    task = Task(function)
    heard = []
    task.progressed.connect(heard.append)
    task.succeeded.connect(heard.append)
    with qtbot.waitSignal(task.ended):
        task.start()
        assert begun.wait(10)
        task.cancel()
        go_on.set()
    assert heard == []


def test_message_of_core_is_translated(qtbot, monkeypatch):
    def function(_context):
        raise StorageError(Text("The disk %1 is full.", "D"))

    monkeypatch.setattr(background, "shown", lambda text: f"{text.source} {text.arguments}")
    task = Task(function)
    with qtbot.waitSignal(task.failed) as failed:
        task.start()
    assert failed.args == ["The disk %1 is full. ('D',)", ""]


@pytest.mark.parametrize("has_parent", [True, False])
def test_task_needs_no_reference_and_goes_when_it_has_ended(qtbot, has_parent):
    parent, heard, begin = QObject(), [], threading.Event()

    def start():
        task = Task(lambda _context: begin.wait(10), parent if has_parent else None)
        task.succeeded.connect(heard.append)
        task.start()
        return ref(task)

    task = start()
    gc.collect()
    begin.set()
    qtbot.waitUntil(lambda: heard == [True])
    qtbot.waitUntil(lambda: task() is None)
    assert not parent.children()


def test_task_goes_with_its_parent(qtbot):
    parent, heard, begin = QObject(), [], threading.Event()
    task = Task(lambda _context: begin.wait(10), parent)
    task.succeeded.connect(heard.append)
    task.start()
    other = Task(lambda _context: None)
    del parent
    begin.set()
    with qtbot.waitSignal(other.ended):
        other.start()
    assert heard == []


def test_nothing_of_a_task_ends_in_its_thread(qtbot):
    # The main thread disconnects from the relay when a task goes: a relay that was destroyed
    # meanwhile crashed it.
    ended_in, begin = [], threading.Event()

    def note():
        ended_in.append(threading.current_thread())

    def start():
        parent, held = QObject(), QObject()
        task = Task(lambda _context: (held, begin.wait(10)), parent)
        for each in (held, task._relay):
            finalize(each, note)
        task.start()

    start()  # The parent is gone now, and the task with it.
    gc.collect()
    assert ended_in == []
    begin.set()
    qtbot.waitUntil(lambda: len(ended_in) == 2)
    assert set(ended_in) == {threading.main_thread()}

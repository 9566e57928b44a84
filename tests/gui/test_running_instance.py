import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

import gui.window.fieldguide_window
from core.handover.message import Destination, HandOver
from core.handover.place import Role
from core.models.imagenet import IMAGENET
from core.worker.process import WorkerProcess
from gui.hand_over_server import HandOverServer
from gui.look.theme import SchemeChoice, ThemeSwitch
from gui.project.settings import Settings
from gui.running_instance import RunningInstance
from gui.window.error_report import ErrorDialog
from tests import fake_runs
from tests.models import PHOTOS

CAT, COFFEE = PHOTOS / "cat.jpg", PHOTOS / "coffee.jpg"


@pytest.fixture
def instance(app, qtbot, monkeypatch):
    kind = gui.window.fieldguide_window.FieldguideWindow
    make = partial(kind, make_process=lambda: WorkerProcess(fake_runs.finishes))
    monkeypatch.setattr(gui.window.fieldguide_window, "FieldguideWindow", make)
    app.setQuitOnLastWindowClosed(False)
    instance = RunningInstance(app, Settings(), ThemeSwitch(app, SchemeChoice.LIGHT))
    yield instance
    if instance.quick_window is not None:
        instance.quick_window.close()
    if instance.main is not None:
        with qtbot.waitSignal(instance.main.closing.closed, timeout=30_000):
            instance.main.closing.close_without_asking()
    app.setQuitOnLastWindowClosed(True)


def ask(*paths: Path, model=IMAGENET, show=Destination.QUICK_WINDOW) -> HandOver:
    return HandOver(show=show, paths=paths, model=model)


def test_all_that_comes_is_answered_in_one_window(instance, qtbot):
    instance.take(ask(CAT))
    window = instance.quick_window
    instance.take(ask(COFFEE))
    qtbot.waitUntil(lambda: instance.quick is not None)
    instance.take(ask(CAT, COFFEE))
    assert instance.quick_window is window
    assert instance.quick.images == (CAT, COFFEE, CAT, COFFEE)
    qtbot.waitUntil(lambda: bool(window.bars.classes()), timeout=30_000)
    assert window.position() == "3 of 4"


def test_a_closed_window_begins_anew(instance, qtbot):
    instance.take(ask(CAT))
    first = instance.quick_window
    first.close()
    assert instance.quick_window is None
    instance.take(ask(COFFEE))
    qtbot.waitUntil(lambda: instance.quick is not None)
    assert instance.quick_window is not first
    assert instance.quick.images == (COFFEE,)


def test_an_error_of_the_program_is_shown_in_a_dialog(instance, qtbot):
    hook = sys.excepthook
    instance.take(ask(CAT))
    qtbot.waitUntil(lambda: sys.excepthook != hook)
    sys.excepthook(ValueError, ValueError("a mistake"), None)
    dialog = instance.quick_window.findChild(ErrorDialog)
    assert "a mistake" in dialog.details()
    dialog.accept()
    instance.quick_window.close()
    assert sys.excepthook == hook


def test_the_main_window_reports_its_errors_itself(instance, qtbot):
    hook = sys.excepthook
    instance.take(ask(CAT))
    qtbot.waitUntil(lambda: sys.excepthook != hook)
    instance.open_main()
    instance.quick_window.close()
    sys.excepthook(ValueError, ValueError("a mistake"), None)
    dialog = instance.main.window.findChild(ErrorDialog)
    assert "a mistake" in dialog.details()
    dialog.accept()


def classified(instance) -> list[Path]:
    main = instance.main
    return [] if main is None else [image.path for image in main.classify_page.model.rows]


def open_in_fieldguide(instance, qtbot) -> None:
    qtbot.waitUntil(lambda: instance.quick is not None)
    instance.quick_window.findChild(QPushButton, "Open in Fieldguide").click()


def test_the_main_window_is_opened_where_there_is_none(instance, qtbot):
    instance.take(ask(CAT, COFFEE))
    open_in_fieldguide(instance, qtbot)
    qtbot.waitUntil(lambda: classified(instance) == [CAT, COFFEE], timeout=30_000)
    assert instance.quick_window is None
    assert instance.main.window.isVisible()
    assert instance.main.classify_page.isVisible()


def test_the_main_window_of_this_process_is_raised(instance, qtbot):
    instance.open_main()
    main = instance.main
    qtbot.waitUntil(lambda: bool(instance._servers))
    main.window.showMinimized()
    instance.take(ask(CAT))
    open_in_fieldguide(instance, qtbot)
    qtbot.waitUntil(lambda: classified(instance) == [CAT], timeout=30_000)
    assert instance.main is main
    assert not main.window.isMinimized()


def test_the_main_window_of_another_process_takes_the_images(instance, qtbot):
    taken = []
    other = HandOverServer(Role.MAIN, taken.append)
    assert other.listen()
    instance.take(ask(CAT))
    open_in_fieldguide(instance, qtbot)
    qtbot.waitUntil(lambda: instance.quick_window is None)
    assert taken == [ask(CAT, show=Destination.CLASSIFY_PAGE)]
    assert instance.main is None
    other.close()


def test_another_process_can_have_images_opened_here(instance, qtbot):
    instance.take(ask(CAT, show=Destination.CLASSIFY_PAGE))
    qtbot.waitUntil(lambda: classified(instance) == [CAT], timeout=30_000)
    assert instance.quick_window is None


def test_nothing_is_taken_once_the_last_window_is_closed(instance, qtbot, app):
    instance.listen(Role.QUICK)
    instance.take(ask(CAT))
    assert instance._servers[0].is_listening
    instance.quick_window.close()
    # Qt sends it inside `QApplication.exec` only.
    app.lastWindowClosed.emit()
    assert not instance._servers[0].is_listening

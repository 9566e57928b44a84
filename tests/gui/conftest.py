"""Folders of images, and the whole window on them."""

import gc
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox

from core.worker.process import WorkerProcess
from gui.look.theme import SchemeChoice, ThemeSwitch
from gui.project.settings import Settings
from gui.window.fieldguide_window import FieldguideWindow
from tests import fake_runs


@pytest.fixture(autouse=True, scope="module")
def garbage_of_the_main_thread() -> Iterator[None]:
    """As in the program: no object of Qt's is destroyed by a thread that isn't its own.

    Nor between two tests, when threads of the one may still be at work.
    """
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def garbage_of_each_test(garbage_of_the_main_thread: None) -> Iterator[None]:
    """Collected after it."""
    # What is there already stays: with TensorFlow loaded, looking through it takes a third of a
    # second, after each of a thousand tests.
    gc.freeze()
    yield
    if (app := QApplication.instance()) is not None:
        # What was left to be deleted later is deleted now: frozen, it would stay for good.
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def pets(tmp_path):
    """Two classes, a copy in both, and a file that is no image."""
    random = np.random.default_rng(1)
    for name, count in (("cats", 4), ("dogs", 3)):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(count):
            pixels = random.integers(0, 255, (24, 24, 3), np.uint8)
            image = Image.fromarray(pixels).resize((48, 48))
            image.save(tmp_path / "pets" / name / f"{number:02}.png")
    shutil.copy(tmp_path / "pets/cats/00.png", tmp_path / "pets/dogs/same.png")
    (tmp_path / "pets/dogs/bad.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    return tmp_path / "pets"


@pytest.fixture
def app(qapp):
    """The application, with its looks as before afterwards."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


@pytest.fixture
def make_window(qtbot, app: QApplication):
    """Opens the window with a worker that trains nothing; closes it afterwards."""
    opened = []
    hook = sys.excepthook

    def make(*paths, target=fake_runs.finishes):
        window = FieldguideWindow(
            Settings(),
            ThemeSwitch(app, SchemeChoice.LIGHT),
            make_process=lambda: WorkerProcess(target),
        )
        window.window.resize(1100, 750)
        with qtbot.waitSignal(window.project.opened):
            window.start(paths)
        opened.append(window)
        return window

    yield make
    for window in opened:
        if window.window.isVisible():
            window.training.kill()
            with qtbot.waitSignal(window.closing.closed, timeout=30_000):
                window.closing.close_without_asking()
        window.window.deleteLater()
        window.deleteLater()
    sys.excepthook = hook


@pytest.fixture
def trash(tmp_path, monkeypatch) -> Path:
    """Where deleted files go, in place of the user's own trash; made by the first one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share/Trash/files"


@pytest.fixture
def use_anyway(qtbot):
    """Waits for the question about a refused model in a widget, and says yes."""

    def use(widget) -> None:
        def question() -> QMessageBox | None:
            return widget.findChild(QMessageBox, "Trust model")

        qtbot.waitUntil(lambda: question() is not None, timeout=30_000)
        box = question()
        texts = {button.text(): button for button in box.findChildren(QAbstractButton)}
        texts["Use it anyway"].click()

    return use

import subprocess
import sys
from pathlib import Path

import gui

WORK_TO_THE_END = """
import sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.application import run_application
from gui.work.background import Task

ending = threading.Event()

def work(context):
    ending.wait(10)
    for number in range(3_000):
        context.report(number)

def open_first(instance):
    Task(work).start()
    app = QApplication.instance()
    app.aboutToQuit.connect(ending.set)
    QTimer.singleShot(0, app.quit)

sys.exit(run_application(open_first))
"""


def test_work_in_a_thread_may_outlive_the_windows():
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", WORK_TO_THE_END],
        cwd=Path(gui.__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")

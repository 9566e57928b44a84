"""What the benchmarks of the window have it do; each prints its figures as one line of JSON.

Usage: python -m tests.benchmarks.window_scripts start | job FOLDER | scan FOLDER COUNT |
pages PROJECT
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from gui.classifier.answer_popup import AnswerPopup
from tests.window.drive import Drive, Steps, drive

_TENSORFLOW = {"tensorflow", "tensorflow_hub", "tf_keras", "keras"}
_EPOCHS = 50
_BATCH = 10
_ANSWERS = 20
_REPEATS = 3
# A worker that waits has imported TensorFlow by then, also on a busy machine.
_WARM_UP_SECONDS = 20.0
_LOOK_SECONDS = 15.0
_SCROLLS = 200


def start(result: dict[str, Any]) -> Callable[[Drive], Steps]:
    """Open the window, and say when it was usable and what was loaded then."""

    def script(drive: Drive) -> Steps:
        result["usable_at"] = drive.usable_at
        loaded = {name.split(".")[0] for name in sys.modules}
        result["tensorflow"] = sorted(loaded & _TENSORFLOW)
        yield drive.pause(0)

    return script


def job(result: dict[str, Any], folder: Path) -> Callable[[Drive], Steps]:
    """Train, ask for answers, train again."""

    def script(drive: Drive) -> Steps:
        drive.drop(folder)
        yield lambda: drive.num_images > 0 and not drive.is_busy
        drive.show_page("Train")
        result["cached_seconds"] = []
        for number in range(1 + _REPEATS):
            yield drive.pause(_WARM_UP_SECONDS)
            drive.watch()
            begin = time.monotonic()
            drive.start_training(epochs=_EPOCHS, batch_size=_BATCH)
            yield lambda number=number: drive.runs_finished > number
            seconds = time.monotonic() - begin
            if number > 0:
                result["cached_seconds"].append(seconds)
                continue
            result["cold_seconds"], result["training_gaps"] = seconds, [*drive.gaps]
        drive.show_page("Images")
        yield drive.after_paint()
        yield drive.pause(1)
        result["answers"] = []
        for row in range(_ANSWERS):
            _open_menu(drive, row)
            menu = _menu()
            assert menu is not None
            menu.close()
            yield drive.pause(0.3)
            # What the menu's first entry does. Not through the menu: without a window manager
            # Qt closes a popup together with the menu that opened it.
            begin = time.monotonic()
            drive.fieldguide.menu._on_classify_triggered()
            yield _is_answered
            result["answers"].append(time.monotonic() - begin)
            popup = _popup()
            assert popup is not None
            popup.close()
            yield drive.pause(0.2)

    return script


def _open_menu(drive: Drive, row: int) -> None:
    """Right-click an image."""
    grid = drive.fieldguide.images_page.grid
    point = grid.visualRect(grid.model().index(row, 0)).center()
    click = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, grid.viewport().mapToGlobal(point)
    )
    QApplication.sendEvent(grid.viewport(), click)


def _menu() -> QMenu | None:
    found = (w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible())
    return next(found, None)


def _popup() -> AnswerPopup | None:
    found = (w for w in QApplication.allWidgets() if isinstance(w, AnswerPopup) and w.isVisible())
    return next(found, None)


def _is_answered() -> bool:
    popup = _popup()
    return popup is not None and bool(popup.answer())


def scan(result: dict[str, Any], folder: Path, count: int) -> Callable[[Drive], Steps]:
    """Drop many files, wait for the grid, scroll in it while they are looked at."""

    def script(drive: Drive) -> Steps:
        yield drive.pause(3)  # what warms up in the background
        drive.watch()
        begin = time.monotonic()
        drive.drop(folder)
        yield lambda: drive.num_images == count
        yield drive.after_paint()
        result["seconds"] = time.monotonic() - begin
        result["scan_gaps"] = [*drive.gaps]
        result["filled"] = _megabytes("status", "VmRSS")
        drive.watch()
        bar = drive.fieldguide.images_page.grid.verticalScrollBar()
        for number in range(_SCROLLS):
            bar.setValue(bar.maximum() * number // _SCROLLS)
            yield drive.pause(_LOOK_SECONDS / _SCROLLS)
        result["check_gaps"] = [*drive.gaps]
        result["checked"] = _megabytes("status", "VmRSS")
        result["share"] = _megabytes("smaps_rollup", "Pss")
        result["peak"] = _megabytes("status", "VmHWM")

    return script


def pages(result: dict[str, Any]) -> Callable[[Drive], Steps]:
    """Show the pages Projects and Runs of a project, the latter twice."""

    def script(drive: Drive) -> Steps:
        yield lambda: drive.num_images > 0 and not drive.is_busy
        yield drive.pause(3)  # what warms up in the background
        library, runs = drive.fieldguide.library.controller, drive.fieldguide.runs.controller
        yield lambda: runs._task is None
        drive.fieldguide.runs_page.set_rows([])
        runs._known.clear()
        num_runs = len(runs.summaries)
        shown = drive.fieldguide.runs_page.model
        drive.watch()
        for key, name, is_read in (
            ("Projects", "Projects", lambda: library._reading is None),
            ("Runs first", "Runs", lambda: len(shown.rows) == num_runs),
            ("Runs", "Runs", lambda: runs._task is None),
        ):
            drive.show_page("Images")
            yield drive.pause(0.5)
            begin = time.monotonic()
            drive.show_page(name)
            yield drive.after_paint()
            result[f"{key} painted"] = time.monotonic() - begin
            yield is_read
            result[f"{key} read"] = time.monotonic() - begin
        result["gaps"] = [*drive.gaps]

    return script


def _megabytes(file: str, name: str) -> float:
    lines = Path(f"/proc/self/{file}").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    result: dict[str, Any] = {}
    opened: list[str] = []
    match sys.argv[1:]:
        case ["start"]:
            script = start(result)
        case ["job", folder]:
            script = job(result, Path(folder))
        case ["scan", folder, count]:
            script = scan(result, Path(folder), int(count))
        case ["pages", project]:
            script, opened = pages(result), [project]
        case _:
            sys.exit(__doc__)
    drive(script, opened)
    print(json.dumps(result))


if __name__ == "__main__":
    main()

"""One call of `fieldguide classify --window` that closes its window once the answer shows.

Usage: python -m tests.benchmarks.quick_script IMAGE...

Prints as one line of JSON when the window and the answer were painted, by `time.monotonic()`,
and what was loaded then. What it imports by itself would be imported a moment later anyway.
"""

import json
import sys
import time
from typing import Any

from PySide6.QtCore import QEvent, QObject

import main as program
from gui.quick.quick_window import QuickWindow

_HEAVY = {"tensorflow", "tensorflow_hub", "tf_keras", "keras", "pyqtgraph"}


class _Watch(QObject):
    """Notes when a quick window was painted first, and when with an answer."""

    def __init__(self, window: QuickWindow, result: dict[str, Any]) -> None:
        super().__init__(window)
        self._window, self._result = window, result
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Paint:
            self._result.setdefault("shown_at", time.monotonic())
        return super().eventFilter(watched, event)

    def note_answer(self) -> None:
        self._window.repaint()
        self._result["answered_at"] = time.monotonic()
        self._result["heavy"] = sorted({name.split(".")[0] for name in sys.modules} & _HEAVY)
        self._window.close()


def main() -> None:
    result: dict[str, Any] = {}
    make, answer = QuickWindow.__init__, QuickWindow.show_answer
    watches: list[_Watch] = []

    def make_and_watch(self: QuickWindow, *arguments: Any) -> None:
        make(self, *arguments)
        watches.append(_Watch(self, result))

    def answer_and_note(self: QuickWindow, *arguments: Any) -> None:
        answer(self, *arguments)
        watches[0].note_answer()

    QuickWindow.__init__ = make_and_watch  # type: ignore[method-assign, assignment]
    QuickWindow.show_answer = answer_and_note  # type: ignore[method-assign, assignment]
    sys.argv[1:1] = ["classify", "--window"]
    code = program.main()
    assert code == 0
    print(json.dumps(result))


if __name__ == "__main__":
    main()

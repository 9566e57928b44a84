import pytest
from PySide6.QtWidgets import QProgressBar

from gui.train.run_panel import RunPanel
from gui.train.run_state import RunState


@pytest.mark.parametrize("total", [100, 3_000_000_000, 1 << 40])
def test_progress_of_any_size_is_shown(qtbot, total):
    state = RunState()
    panel = RunPanel(state)
    qtbot.addWidget(panel)
    state.set_progress("Downloading", total // 2, total)
    bar = panel.findChild(QProgressBar)
    assert bar.value() / bar.maximum() == pytest.approx(0.5, abs=0.01)


def test_progress_without_an_end_is_shown_as_such(qtbot):
    state = RunState()
    panel = RunPanel(state)
    qtbot.addWidget(panel)
    state.set_progress("Downloading", 7, None)
    assert panel.findChild(QProgressBar).maximum() == 0

import pytest
from PySide6.QtWidgets import QProgressBar

from gui.train.run_panel import RunPanel
from gui.train.run_state import RunState, Stage


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


def test_only_buttons_that_can_be_used_now_are_shown(qtbot):
    state = RunState()
    panel = RunPanel(state)
    qtbot.addWidget(panel)
    panel.show()
    run, after = (panel.pause, panel.stop), panel.next_steps
    assert not any(button.isVisible() for button in (*run, after))
    state.set_stage(Stage.RUNNING)
    assert all(button.isVisible() for button in run)
    state.set_stage(Stage.IDLE)
    state.set_options(can_start=True, can_resume=False, has_model=True)
    assert after.isVisible()
    assert panel.start.isVisible()
    assert not any(button.isVisible() for button in run)

import pytest

from gui.train.run_state import RunState, Stage


@pytest.fixture
def state():
    return RunState()


def test_a_stage_is_told_once(state):
    heard = []
    state.stage_changed.connect(heard.append)
    state.set_stage(Stage.RUNNING)
    state.set_stage(Stage.RUNNING)
    assert heard == [Stage.RUNNING]


def test_a_run_that_was_asked_to_stop_is_not_resumed(state):
    state.set_stage(Stage.RUNNING)
    state.set_stage(Stage.STOPPING)
    state.set_stage(Stage.RUNNING)
    assert state.stage is Stage.STOPPING
    state.set_stage(Stage.IDLE)
    assert state.is_idle


def test_a_cleared_state_tells_of_no_run(state):
    state.set_progress("Training", 3, 10, "5 pictures/s")
    state.set_values("Epoch 3")
    state.set_result("Done")
    state.clear()
    assert (state.phase, state.rate, state.values, state.result) == ("", "", "", "")
    assert (state.done, state.total) == (0, 1)

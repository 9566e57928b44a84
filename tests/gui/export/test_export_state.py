from pathlib import Path

import pytest

from core.export.formats.onnx import ONNX
from core.export.formats.tflite import TFLITE
from gui.export.export_state import ExportState
from tests.fake_exports import result

OUTPUT = Path("exports")


@pytest.fixture
def state():
    return ExportState()


def test_an_export_begins_without_the_outcome_of_the_last(qtbot, state):
    state.end("1 passed")
    with qtbot.waitSignal(state.running_changed):
        state.begin()
    assert (state.is_running, state.outcome) == (True, "")


def test_an_export_that_stops_shows_no_progress_any_more(state):
    state.begin()
    state.set_stopping("Stopping")
    state.set_progress("Verifying", "1 of 2", 0.5)
    assert (state.text, state.hint, state.fraction) == ("Stopping", "", None)


def test_the_next_export_shows_progress_again(state):
    state.begin()
    state.set_stopping("Stopping")
    state.end("Cancelled")
    assert state.outcome == "Cancelled"
    state.begin()
    state.set_progress("Verifying", "1 of 2", 0.5)
    assert (state.text, state.is_stopping) == ("Verifying", False)


def test_a_newer_export_takes_the_place_of_the_earlier(qtbot, state):
    first, second = result(TFLITE, OUTPUT), result(ONNX, OUTPUT)
    state.set_results([first, second])
    with qtbot.waitSignal(state.results_changed):
        state.put(result(TFLITE, OUTPUT / "newer"))
    assert len(state.results) == 2
    assert first not in state.results

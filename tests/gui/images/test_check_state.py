from pathlib import Path

import pytest

from core.data.dataset import Finding, FindingKind
from gui.images.check_state import CheckStage, CheckState

FINDING = Finding(Path("a.jpg"), FindingKind.LABEL_CONFLICT, "In two classes.")


@pytest.fixture
def state():
    return CheckState()


def test_findings_stay_while_images_are_checked_again(state):
    state.set_findings([FINDING])
    state.set_progress("Looking for pictures…", 0, None)
    assert state.stage is CheckStage.RUNNING
    assert state.findings == (FINDING,)
    state.set_interrupted()
    assert state.findings == (FINDING,)


def test_without_images_nothing_is_found(state):
    state.set_findings([FINDING])
    state.clear()
    assert state.stage is CheckStage.NOTHING
    assert state.findings == ()


def test_every_change_is_told(state):
    heard = []
    state.changed.connect(lambda: heard.append(state.stage))
    state.set_progress("Looking at every picture…", 1, 2)
    state.set_findings([])
    assert heard == [CheckStage.RUNNING, CheckStage.DONE]

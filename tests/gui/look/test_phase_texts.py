import pytest

from core.messages.events import Phase
from gui.look.phase_texts import phase_text, rate_unit


@pytest.mark.parametrize("phase", Phase)
def test_the_window_has_words_for_every_phase(phase):
    assert phase_text(phase) == phase.text
    assert rate_unit(phase) == f"{phase.unit}/s"

"""Learning rates tried with the backbone unfrozen."""

import pytest

from core.data.dataset import ImageSource
from core.messages.control import RunControl
from core.messages.events import Event, LearningRateFound, LearningRateTried
from core.messages.requests import FindLearningRateRequest
from core.settings.config import TrainConfig
from core.training.learning_rate_finder import find_learning_rate
from tests.program import SAMPLE

pytestmark = pytest.mark.slow


def test_rates_for_the_backbone_are_tried_from_a_trained_head():
    config = TrainConfig(fine_tune=True, fine_tune_fraction=0.2, batch_size=8, epochs=30)
    events: list[Event] = []
    request = FindLearningRateRequest(sources=(ImageSource(SAMPLE),), config=config)
    find_learning_rate(request, events.append, RunControl())
    tried = [event for event in events if isinstance(event, LearningRateTried)]
    assert tried[0].learning_rate == pytest.approx(1e-8)
    # A head that had learned nothing would begin at ln 3 = 1.1.
    assert tried[0].loss < 0.6
    assert tried[-1].learning_rate <= 0.11
    last = events[-1]
    assert isinstance(last, LearningRateFound)
    assert last.is_fine_tuning
    assert last.is_complete
    assert last.suggestion is None or 1e-8 < last.suggestion < 1e-2

import pytest

from core.errors import BackboneError
from core.messages.control import Command, RunControl
from core.messages.events import Phase, PhaseStarted, RequestCancelled, SpeedMeasured
from core.messages.requests import MeasureSpeedRequest
from core.runs.speed_record import recorded_speed
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.training import backbone_choice, speed_measurement
from core.training.speed_measurement import measure_speed
from core.worker.process import WorkerProcess


@pytest.fixture(autouse=True)
def short(monkeypatch):
    monkeypatch.setattr(speed_measurement, "_MEASURED_S", 0.1)


def measured(control=None, **settings):
    events = []
    request = MeasureSpeedRequest(config=TrainConfig(**settings))
    measure_speed(request, events.append, control or RunControl())
    return events


def test_the_rate_is_measured_sent_and_recorded():
    config = TrainConfig(batch_size=8)
    # In a process of its own: what TensorFlow takes to train the backbone, it keeps.
    events = list(WorkerProcess().events(MeasureSpeedRequest(config=config)))
    result = events[-1]
    assert isinstance(result, SpeedMeasured)
    assert result.backbone == DEFAULT_BACKBONE
    assert result.images_per_s > 0
    assert result.fine_tuning_images_per_s > 0
    assert PhaseStarted(Phase.MEASURING_SPEED) in events
    speed = recorded_speed(DEFAULT_BACKBONE)
    assert speed is not None
    assert speed.images_per_s == result.images_per_s
    assert speed.fine_tuning_images_per_s == result.fine_tuning_images_per_s


def test_a_measurement_can_be_stopped_and_leaves_no_record():
    control = RunControl()
    control.obey(Command.STOP)
    assert measured(control)[-1] == RequestCancelled()
    assert recorded_speed(DEFAULT_BACKBONE) is None


def test_a_download_is_reported_and_can_be_stopped(monkeypatch):
    control = RunControl()

    def download(*_, download_progress, check, **_more):
        download_progress(10, 100)
        control.obey(Command.STOP)
        check()

    monkeypatch.setattr(backbone_choice, "prepare_backbone", download)
    events = measured(control)
    assert PhaseStarted(Phase.DOWNLOADING, 100) in events
    assert events[-1] == RequestCancelled()


def test_what_goes_wrong_in_a_thread_is_told(monkeypatch):
    def fail(*_, **__):
        raise BackboneError("The backbone is odd.")

    monkeypatch.setattr(speed_measurement, "decode_image", fail)
    with pytest.raises(BackboneError, match="odd"):
        measured()


def test_an_unknown_backbone_is_named():
    with pytest.raises(BackboneError, match="nowhere"):
        measured(backbone="nowhere")

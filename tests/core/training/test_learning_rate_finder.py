"""The finder on the sample images; with whole trainings by what it says."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import ImageSource
from core.errors import DatasetError, TrainingError
from core.messages.control import Command, RunControl
from core.messages.events import (
    DatasetSplit,
    Event,
    LearningRateFound,
    LearningRateTried,
    Phase,
    PhaseProgressed,
    PhaseStarted,
)
from core.messages.requests import FindLearningRateRequest
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.storage.app_dirs import cache_dir, runs_dir
from core.training import learning_rate_finder
from core.training.learning_rate_finder import find_learning_rate
from core.worker.process import WorkerProcess
from tests.program import SAMPLE, Program

pytestmark = pytest.mark.slow


def request_for(folder: Path = SAMPLE, **settings: object) -> FindLearningRateRequest:
    config = TrainConfig(**({"optimizer": Optimizer.ADAM} | settings))
    return FindLearningRateRequest(sources=(ImageSource(folder),), config=config)


def found(request: FindLearningRateRequest, control: RunControl | None = None) -> list[Event]:
    events: list[Event] = []
    find_learning_rate(request, events.append, control or RunControl())
    return events


def tried(events: list[Event]) -> list[LearningRateTried]:
    return [event for event in events if isinstance(event, LearningRateTried)]


def left_behind() -> list[str]:
    """What the caches of features, of images and of backbones don't explain."""
    known = ("features", "pictures.", "backbones")
    return [path.name for path in cache_dir().iterdir() if not path.name.startswith(known)]


def test_a_worker_tries_rates_and_suggests_one_that_trains_well(monkeypatch, tmp_path):
    program = Program(tmp_path / "home")
    monkeypatch.setenv("FIELDGUIDE_HOME", str(program.home))
    events = list(WorkerProcess().events(request_for()))
    rates = [event.learning_rate for event in tried(events)]
    assert rates[0] == pytest.approx(1e-7)
    assert 80 <= len(rates) <= 100
    np.testing.assert_allclose(np.diff(np.log(rates)), np.log(1e8) / 99)
    phases = [event.phase for event in events if isinstance(event, PhaseStarted)]
    assert phases[-1] is Phase.FINDING_LEARNING_RATE
    assert Phase.EXTRACTING_FEATURES in phases
    assert any(isinstance(event, DatasetSplit) for event in events)
    last = events[-1]
    assert isinstance(last, LearningRateFound)
    assert (last.is_complete, last.is_fine_tuning) == (True, False)
    assert 1e-4 < last.suggestion < 1e-2
    assert not runs_dir().exists()
    assert left_behind() == []

    def accuracy(rate: float) -> float:
        chosen = ("--optimizer", "adam", "--epochs", "5", "--learning-rate", str(rate))
        outcome = program.train(SAMPLE, *chosen)
        assert outcome.of("dataset_split")[0]["cached_features"] == 48
        return float(outcome.last["val_accuracy"])

    best = accuracy(last.suggestion)
    assert best >= accuracy(last.suggestion / 1000)
    assert best == 1.0


@pytest.fixture(autouse=True, scope="module")
def tensorflow_that_has_begun() -> Iterator[None]:
    """Leave its threads: a test of another file in this process may have computed already."""
    import tensorflow as tf

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning_rate_finder, "configure_tensorflow", lambda config: None)
        tf.config.experimental.enable_op_determinism()
        yield


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the features of the sample images."""
    home = tmp_path_factory.mktemp("features")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDGUIDE_HOME", str(home))
        found(request_for())
    return home / "cache"


@pytest.fixture
def ready(features: Path, fieldguide_home: Path) -> None:
    """The features are there already."""
    shutil.copytree(features, fieldguide_home / "cache")


@pytest.mark.usefixtures("ready")
def test_every_optimizer_gets_a_suggestion():
    for optimizer in (each for each in Optimizer if each.takes_steps):
        last = found(request_for(optimizer=optimizer, hidden_units=16))[-1]
        assert isinstance(last, LearningRateFound)
        assert last.suggestion is not None
        assert 1e-5 < last.suggestion < 1.0


def test_an_exact_fit_has_no_rate_to_find():
    with pytest.raises(TrainingError, match="no learning rate to find"):
        found(request_for(optimizer=Optimizer.LBFGS))


@pytest.mark.usefixtures("ready")
def test_equal_requests_try_alike():
    settings = {"batch_size": 8, "mixup": 0.3, "ema_decay": 0.9, "clip_norm": 1.0}
    first, again = (found(request_for(**settings)) for _ in range(2))
    assert tried(first) == tried(again)
    assert first[-1] == again[-1]
    assert len({event.loss for event in tried(first)}) > 50


@pytest.mark.usefixtures("ready")
def test_the_first_loss_is_that_of_not_knowing():
    first = tried(found(request_for(l2=0.0)))[0]
    assert first.loss == pytest.approx(np.log(3), rel=1e-4)
    assert first.smoothed_loss == pytest.approx(first.loss)


@pytest.mark.usefixtures("ready")
def test_a_stop_while_trying_goes_by_what_was_tried():
    control = RunControl()
    events: list[Event] = []

    def send(event: Event) -> None:
        events.append(event)
        if isinstance(event, LearningRateTried) and event.learning_rate > 0.05:
            control.obey(Command.STOP)

    find_learning_rate(request_for(), send, control)
    last = events[-1]
    assert isinstance(last, LearningRateFound)
    assert not last.is_complete
    assert last.suggestion is not None
    assert sum(event.learning_rate > 0.05 for event in tried(events)) == 1


@pytest.mark.parametrize("phase", [Phase.SCANNING, Phase.EXTRACTING_FEATURES])
def test_a_stop_before_that_finds_nothing(phase):
    control = RunControl()
    events: list[Event] = []

    def send(event: Event) -> None:
        events.append(event)
        if isinstance(event, PhaseStarted | PhaseProgressed) and event.phase is phase:
            control.obey(Command.STOP)

    find_learning_rate(request_for(), send, control)
    assert events[-1] == LearningRateFound(None, is_complete=False)
    assert tried(events) == []
    assert left_behind() == []


def test_images_that_cannot_be_trained_on_are_told(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError):
        found(request_for(tmp_path / "empty"))
    assert left_behind() == []


@pytest.mark.usefixtures("ready")
def test_a_loss_that_is_no_number_ends_the_trial(monkeypatch):
    class Exploding:
        rates = np.geomspace(1e-7, 10, 100)
        is_fine_tuning = False

        def step(self, rate: float) -> float:
            return 1.0 if rate < 1e-3 else float("nan")

    monkeypatch.setattr(learning_rate_finder, "_trial_for", lambda *_: Exploding())
    events = found(request_for())
    assert all(event.learning_rate < 1e-3 for event in tried(events))
    assert events[-1] == LearningRateFound(None)


@pytest.mark.usefixtures("ready")
def test_what_killed_searches_left_goes_after_a_day():
    for name, age_s in (("learning-rate-old", 90_000), ("learning-rate-new", 60)):
        folder = cache_dir() / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age_s,) * 2)
    found(request_for())
    assert left_behind() == ["learning-rate-new"]

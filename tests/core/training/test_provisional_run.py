"""A run tells its accuracy early, and is the same as one that doesn't."""

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.backbones.prepare import prepare_backbone
from core.data.dataset import ImageSource, Split
from core.features.collect import FeatureSet
from core.messages.control import Command, RunControl, StopRequestedError
from core.messages.events import DatasetSplit, Event, ProvisionalAccuracy
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.storage.app_dirs import cache_dir
from core.training import provisional_accuracy
from core.training.provisional_accuracy import ProvisionalAccuracies
from core.training.run_data import ChosenBackbone, RunData, RunDataPreparation

CONFIG = TrainConfig(backbone=DEFAULT_BACKBONE)
NUM_TRAINING, NUM_HELD_OUT = 16, 4


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Two classes, red and green, with a split of their own."""
    for split, count in {"train": NUM_TRAINING, "val": NUM_HELD_OUT, "test": NUM_HELD_OUT}.items():
        for channel, label in enumerate(("red", "green")):
            folder = tmp_path / "images" / split / label
            folder.mkdir(parents=True)
            for number in range(count):
                random = np.random.default_rng([channel, number, len(split), ord(split[0])])
                pixels = random.integers(0, 100, (8, 8, 3), np.uint8)
                pixels[..., channel] += 120
                Image.fromarray(pixels).resize((64, 64)).save(folder / f"{number}.png")
    return tmp_path / "images"


@pytest.fixture
def early(monkeypatch) -> None:
    """At 10 and 20 images, each found before the next image comes."""
    monkeypatch.setattr(provisional_accuracy, "_FEWEST_IMAGES", 10)
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)
    note = ProvisionalAccuracies.note

    def note_and_wait(self: ProvisionalAccuracies, position: int, features: FeatureSet) -> None:
        note(self, position, features)
        settle()

    monkeypatch.setattr(ProvisionalAccuracies, "note", note_and_wait)


def settle() -> None:
    for thread in threading.enumerate():
        if thread.name == "provisional accuracy":
            thread.join()


@dataclass
class Prepared:
    """A run's data, and what was told on the way."""

    folder: RunFolder
    events: list[Event] = field(default_factory=list)
    control: RunControl = field(default_factory=RunControl)

    def prepare(self, images: Path) -> RunData:
        reporter = Reporter(self.events.append)
        preparation = RunDataPreparation(self.folder, CONFIG, reporter, self.control)
        chosen = ChosenBackbone(prepare_backbone(DEFAULT_BACKBONE), gpu=False)
        return preparation.prepare([ImageSource(images)], lambda: chosen)

    @property
    def numbers(self) -> list[int]:
        """Of images with an accuracy."""
        kinds = (ProvisionalAccuracy, DatasetSplit)
        last = [event for event in self.events if isinstance(event, kinds)][-1]
        assert isinstance(last, DatasetSplit)  # which ends what can be told early
        return [e.num_images for e in self.events if isinstance(e, ProvisionalAccuracy)]


def _new(path: Path, images: Path) -> Prepared:
    return Prepared(RunFolder.create(path, CONFIG, [ImageSource(images)]))


@pytest.mark.usefixtures("early")
def test_it_is_told_and_changes_nothing(images: Path, tmp_path: Path, monkeypatch) -> None:
    told = _new(tmp_path / "told", images)
    data = told.prepare(images)
    assert told.numbers == [10, 20]
    accuracies = [e.accuracy for e in told.events if isinstance(e, ProvisionalAccuracy)]
    assert accuracies[-1] > 0.9
    shutil.rmtree(cache_dir() / "features")
    monkeypatch.setattr(provisional_accuracy, "_FEWEST_IMAGES", 10**9)
    quiet = _new(tmp_path / "quiet", images)
    other = quiet.prepare(images)
    assert quiet.numbers == []
    assert data.images == other.images
    for split in Split:
        assert np.array_equal(data.splits[split].vectors, other.splits[split].vectors)
        assert np.array_equal(data.splits[split].rows, other.splits[split].rows)
    records = [prepared.folder.images_path.read_bytes() for prepared in (told, quiet)]
    assert records[0] == records[1]


@pytest.mark.usefixtures("early")
def test_cached_features_count_and_a_resumed_run_knows_its_split(
    images: Path, tmp_path: Path
) -> None:
    first = _new(tmp_path / "run", images)
    first.prepare(images)
    again = Prepared(RunFolder.open(tmp_path / "run"))
    again.prepare(images)
    assert again.numbers == first.numbers == [10, 20]


def test_a_stop_while_a_head_is_computed_ends_both(
    images: Path, tmp_path: Path, monkeypatch
) -> None:
    run = _new(tmp_path / "run", images)

    def stop(_sample: object, _parts: object, _seed: int, check: Callable[[], None]) -> None:
        run.control.obey(Command.STOP)
        while True:
            check()

    monkeypatch.setattr(provisional_accuracy, "_FEWEST_IMAGES", 10)
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)
    monkeypatch.setattr(provisional_accuracy, "cross_validate", stop)
    with pytest.raises(StopRequestedError):
        run.prepare(images)
    settle()
    assert not [event for event in run.events if isinstance(event, ProvisionalAccuracy)]


def test_a_failing_head_fails_no_run(images: Path, tmp_path: Path, monkeypatch, caplog) -> None:
    monkeypatch.setattr(provisional_accuracy, "_FEWEST_IMAGES", 10)
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)
    monkeypatch.setattr(provisional_accuracy, "cross_validate", lambda *_: 1 / 0)
    run = _new(tmp_path / "run", images)
    data = run.prepare(images)
    assert len(data.splits[Split.TRAINING].rows) == 2 * NUM_TRAINING
    assert run.numbers == []

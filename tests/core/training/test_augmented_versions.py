"""Features of changed versions of the training images: cached, repeatable, for training alone."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.backbones.prepare import prepare_backbone
from core.data.dataset import ImageSource, Split
from core.data.pixels.augmentation import Flip
from core.errors import DatasetError
from core.features.extractors import make_extractors
from core.messages import reporter
from core.messages.control import Command, RunControl, StopRequestedError
from core.messages.events import Event, PhaseProgressed
from core.messages.reporter import Reporter
from core.runs.run_folder import RunFolder
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.training import version_collection
from core.training.run_data import ChosenBackbone, RunData, RunDataPreparation
from tests.program import SAMPLE

CONFIG = TrainConfig(
    validation_split=0.2, test_split=0.2, flip=Flip.HORIZONTAL, rotation=20, augmented_versions=2
)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Five images each of two classes: other numbers than their versions have."""
    for name in sorted(path.name for path in SAMPLE.iterdir() if path.is_dir())[:2]:
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for path in sorted((SAMPLE / name).iterdir())[:5]:
            shutil.copy(path, tmp_path / "pictures" / name)
    return tmp_path / "pictures"


def prepared(
    images: Path, run_dir: Path, config: TrainConfig = CONFIG, on_event=lambda e, c: None
) -> RunData:
    sources = (ImageSource(images),)
    folder = (
        RunFolder.open(run_dir) if run_dir.exists() else RunFolder.create(run_dir, config, sources)
    )
    control = RunControl()
    preparation = RunDataPreparation(
        folder, config, Reporter(lambda event: on_event(event, control)), control
    )
    chosen = ChosenBackbone(prepare_backbone(DEFAULT_BACKBONE), gpu=False)
    return preparation.prepare(sources, lambda: chosen)


def versions(data: RunData) -> np.ndarray:
    """`(num_versions, num_images, feature_dim)`."""
    return np.stack(data.splits[Split.TRAINING].versions)


@pytest.fixture
def computed(monkeypatch) -> list[int]:
    """How many images each call for extractors of versions had computed in the end."""
    counts: list[int] = []

    class Counting:
        def __init__(self, extractor) -> None:
            self._extractor, self.batch_size = extractor, extractor.batch_size

        def __call__(self, pixels: np.ndarray) -> np.ndarray:
            counts.append(len(pixels))
            return self._extractor(pixels)

    def make(backbone, *, gpu: bool) -> list[Counting]:
        return [Counting(extractor) for extractor in make_extractors(backbone, gpu=gpu)]

    monkeypatch.setattr(version_collection, "make_extractors", make)
    return counts


def test_only_training_rows_are_filled_and_differ_from_the_images(images, tmp_path):
    data = prepared(images, tmp_path / "run")
    training = data.splits[Split.TRAINING]
    first, second = training.versions
    assert first.shape == second.shape == training.vectors.shape
    others = np.setdiff1d(np.arange(len(training.vectors)), training.rows)
    for row in training.rows:
        assert not np.array_equal(first[row], training.vectors[row])
        assert not np.array_equal(first[row], second[row])
    assert len(others)
    assert not versions(data)[:, others].any()
    assert not data.splits[Split.VALIDATION].versions
    assert not data.splits[Split.TEST].versions


@pytest.mark.parametrize(
    "config",
    [replace(CONFIG, augmented_versions=0), replace(CONFIG, flip=Flip.NONE, rotation=0.0)],
    ids=["no versions", "nothing changed"],
)
def test_without_changes_there_are_no_versions(images, tmp_path, computed, config):
    data = prepared(images, tmp_path / "run", config)
    assert data.splits[Split.TRAINING].versions == ()
    assert not computed


def test_second_run_finds_the_versions_whatever_its_seed(images, tmp_path, computed):
    first = prepared(images, tmp_path / "first")
    num_training = len(first.splits[Split.TRAINING].rows)
    assert sum(computed) == 2 * num_training
    computed.clear()
    again = prepared(images, tmp_path / "second")
    assert not computed
    assert np.array_equal(versions(first), versions(again))
    other = prepared(images, tmp_path / "third", replace(CONFIG, seed=7))
    both = np.intersect1d(first.splits[Split.TRAINING].rows, other.splits[Split.TRAINING].rows)
    assert len(both)
    assert np.array_equal(versions(first)[:, both], versions(other)[:, both])


def test_more_versions_keep_the_first_and_other_settings_make_new_ones(images, tmp_path, computed):
    first = versions(prepared(images, tmp_path / "first"))
    num_first = sum(computed)
    more = versions(prepared(images, tmp_path / "more", replace(CONFIG, augmented_versions=3)))
    assert np.array_equal(more[:2], first)
    assert sum(computed) == num_first * 3 // 2
    other = versions(prepared(images, tmp_path / "other", replace(CONFIG, rotation=40)))
    assert not np.array_equal(other, first)


def test_stopped_run_goes_on_to_the_same_versions(images, tmp_path, monkeypatch, computed):
    expected = versions(prepared(images, tmp_path / "whole"))
    num_whole = sum(computed)
    computed.clear()
    shutil.rmtree(Path(os.environ["FIELDGUIDE_HOME"]) / "cache")
    monkeypatch.setattr(reporter, "_INTERVAL_S", 0.0)

    def stop_among_versions(event: Event, control: RunControl) -> None:
        if isinstance(event, PhaseProgressed) and event.total == num_whole and event.done >= 2:
            control.obey(Command.STOP)

    with pytest.raises(StopRequestedError):
        prepared(images, tmp_path / "run", on_event=stop_among_versions)
    num_before = sum(computed)
    assert 2 <= num_before < num_whole
    resumed = versions(prepared(images, tmp_path / "run"))
    assert np.array_equal(resumed, expected)
    assert sum(computed) == num_whole, "what was finished before the stop is kept"


def test_lost_cache_is_computed_again_to_the_last_bit(images, tmp_path):
    first = versions(prepared(images, tmp_path / "run"))
    shutil.rmtree(Path(os.environ["FIELDGUIDE_HOME"]) / "cache")
    assert np.array_equal(versions(prepared(images, tmp_path / "run")), first)


def test_image_that_has_gone_before_its_versions_is_named(images, tmp_path):
    prepared(images, tmp_path / "run", replace(CONFIG, augmented_versions=0))
    shutil.rmtree(images)
    with pytest.raises(DatasetError, match=r"a picture of this run, is not there"):
        prepared(images, tmp_path / "run")


def test_progress_counts_all_versions(images, tmp_path, monkeypatch):
    monkeypatch.setattr(reporter, "_INTERVAL_S", 0.0)
    seen: list[Event] = []
    data = prepared(images, tmp_path / "run", on_event=lambda event, _control: seen.append(event))
    total = 2 * len(data.splits[Split.TRAINING].rows)
    done = [e.done for e in seen if isinstance(e, PhaseProgressed) and e.total == total]
    assert done == sorted(done)
    assert done[-1] == total

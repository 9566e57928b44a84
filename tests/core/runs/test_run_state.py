from pathlib import Path

import pytest

from core.config import TrainConfig
from core.data.dataset import ImageSource
from core.runs.run_folder import RunFolder
from core.runs.run_state import can_be_resumed
from core.worker.events import EpochFinished


def epoch(number: int, *, is_best: bool = True) -> EpochFinished:
    return EpochFinished(number, 4, 0.5, 0.5, 0.5, 0.5, 1e-3, is_best, 0.1)


@pytest.fixture
def folder(tmp_path):
    config = TrainConfig(epochs=4, early_stopping_patience=2)
    folder = RunFolder.create(tmp_path / "run", config, [ImageSource(Path("pictures"))])
    folder.images_path.write_text("{}")
    folder.append_epoch(epoch(1))
    return folder


def add_model(folder):
    folder.model_dir.mkdir()
    (folder.model_dir / "model.json").write_text("{}")


def test_a_run_without_pictures_cannot(folder):
    folder.images_path.unlink()
    assert not can_be_resumed(folder)


def test_a_run_without_a_model_can(folder):
    assert can_be_resumed(folder)


def test_a_stopped_run_has_epochs_left(folder):
    add_model(folder)
    assert can_be_resumed(folder)


def test_a_run_with_all_its_epochs_cannot(folder):
    add_model(folder)
    for number in (2, 3, 4):
        folder.append_epoch(epoch(number))
    assert not can_be_resumed(folder)


def test_a_run_that_stopped_early_cannot(folder):
    add_model(folder)
    for number in (2, 3):
        folder.append_epoch(epoch(number, is_best=False))
    assert not can_be_resumed(folder)


def test_a_folder_that_is_no_run_cannot(tmp_path):
    assert not can_be_resumed(RunFolder(tmp_path))

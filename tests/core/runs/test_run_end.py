import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.messages.events import EpochFinished
from core.runs.run_end import can_be_resumed
from core.runs.run_folder import RunFolder
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from tests.models import model_info


def epoch(number: int, *, is_best: bool = True) -> EpochFinished:
    return EpochFinished(number, 4, 0.5, 0.5, 0.5, 0.5, 1e-3, is_best, 0.1)


@pytest.fixture
def folder(tmp_path):
    config = TrainConfig(epochs=4, optimizer=Optimizer.ADAM, early_stopping_patience=2)
    folder = RunFolder.create(tmp_path / "run", config, [ImageSource(Path("pictures"))])
    folder.images_path.write_text("{}")
    folder.append_epoch(epoch(1))
    return folder


def add_model(folder):
    folder.model_dir.mkdir()
    (folder.model_dir / "model.json").write_text("{}")


def test_a_run_without_images_cannot(folder):
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


def tuned(number: int, *, is_best: bool = True) -> EpochFinished:
    return replace(epoch(number, is_best=is_best), is_fine_tuning=True)


@pytest.fixture
def tuning(tmp_path):
    by_steps = TrainConfig(epochs=9, optimizer=Optimizer.ADAM, early_stopping_patience=2)
    config = replace(by_steps, fine_tune=True, fine_tune_epochs=3)
    folder = RunFolder.create(tmp_path / "tuned", config, [ImageSource(Path("pictures"))])
    folder.images_path.write_text("{}")
    add_model(folder)
    # The head stopped early.
    for number, is_best in ((1, True), (2, False), (3, False)):
        folder.append_epoch(epoch(number, is_best=is_best))
    return folder


def test_fine_tuning_that_has_not_begun_is_left(tuning):
    assert can_be_resumed(tuning)


def test_fine_tuning_is_left_until_its_own_epochs_are_done(tuning):
    tuning.append_epoch(tuned(4))
    tuning.append_epoch(tuned(5, is_best=False))
    assert can_be_resumed(tuning)
    tuning.append_epoch(tuned(6))
    assert not can_be_resumed(tuning)


def test_fine_tuning_that_never_improved_stopped_early(tuning):
    tuning.append_epoch(tuned(4, is_best=False))
    tuning.append_epoch(tuned(5, is_best=False))
    assert not can_be_resumed(tuning)


def test_a_folder_that_is_no_run_cannot(tmp_path):
    assert not can_be_resumed(RunFolder(tmp_path))


def test_a_model_from_before_the_last_epochs_is_to_be_written_again(tuning):
    for number in (4, 5, 6):
        tuning.append_epoch(tuned(number))
    assert not can_be_resumed(tuning)
    info = replace(model_info(), num_epochs=3)
    (tuning.model_dir / "model.json").write_text(json.dumps(info.to_json_dict()))
    assert can_be_resumed(tuning)
    info = replace(info, num_epochs=6)
    (tuning.model_dir / "model.json").write_text(json.dumps(info.to_json_dict()))
    assert not can_be_resumed(tuning)


@pytest.mark.parametrize("is_best", [True, False])
def test_an_exact_fit_is_at_its_end_when_its_checkpoint_is_there(tmp_path, is_best):
    config = TrainConfig(epochs=9, optimizer=Optimizer.LBFGS, early_stopping_patience=1)
    folder = RunFolder.create(tmp_path / "run", config, [ImageSource(Path("pictures"))])
    folder.images_path.write_text("{}")
    for number in (1, 2):
        folder.append_epoch(epoch(number, is_best=is_best))
    add_model(folder)
    assert can_be_resumed(folder)  # it was stopped
    folder.checkpoint_dir.mkdir()
    (folder.checkpoint_dir / "exact-2.npz").write_bytes(b"")
    assert not can_be_resumed(folder)

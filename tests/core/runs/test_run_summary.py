from dataclasses import replace

import pytest

from core.data.dataset import ImageSource
from core.errors import RunError
from core.messages.events import EpochFinished
from core.models.model_info import SplitResult
from core.runs.run_folder import RunFolder
from core.runs.run_label import RunLabel, read_run_label, write_run_label
from core.runs.run_summary import RunState, summarize_run
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.storage.atomic_file import write_json_atomically
from tests.models import model_info


@pytest.fixture
def folder(tmp_path):
    config = TrainConfig(epochs=4, optimizer=Optimizer.ADAM)
    folder = RunFolder.create(tmp_path / "run", config, [ImageSource(tmp_path)])
    for number in (1, 2):
        folder.append_epoch(EpochFinished(number, 4, 0.5, 0.5, 0.5, 0.5, 1e-3, number == 1, 0.25))
    return folder


def add_model(folder, **changes):
    folder.model_dir.mkdir()
    info = replace(model_info(), num_epochs=2, **changes)
    write_json_atomically(folder.model_dir / "model.json", info.to_json_dict())


def test_a_run_without_model_and_images_has_failed(folder):
    summary = summarize_run(folder.path)
    assert summary.state is RunState.FAILED
    assert (summary.epochs, summary.best_epoch, summary.seconds) == (2, 0, 0.5)
    assert (summary.val_accuracy, summary.test_accuracy) == (None, None)
    assert not summary.has_model


def test_a_run_that_was_killed_is_interrupted(folder):
    folder.images_path.write_text("{}")
    summary = summarize_run(folder.path)
    assert summary.state is RunState.INTERRUPTED
    assert summary.can_resume


def test_a_run_that_a_worker_is_at_is_running(folder):
    folder.images_path.write_text("{}")
    with folder.lock():
        assert summarize_run(folder.path).state is RunState.RUNNING
    assert summarize_run(folder.path).state is RunState.INTERRUPTED


def test_looking_at_a_run_keeps_no_worker_out(folder):
    with folder.lock():
        pass
    assert not folder.is_locked()
    with folder.lock():
        assert folder.is_locked()


def test_a_run_with_a_model_tells_its_figures(folder):
    test = SplitResult(num_images=10, accuracy=0.75, interval=(0.5, 0.9))
    validation = SplitResult(num_images=10, accuracy=0.5, interval=(0.2, 0.8))
    add_model(folder, test=test, validation=validation)
    summary = summarize_run(folder.path)
    assert summary.state is RunState.FINISHED
    assert (summary.val_accuracy, summary.test_accuracy) == (0.5, 0.75)
    assert summary.test_interval == (0.5, 0.9)
    assert summary.best_epoch == 1
    assert summary.model_bytes == (folder.model_dir / "model.json").stat().st_size
    assert summary.config == TrainConfig(epochs=4, optimizer=Optimizer.ADAM)
    assert summary.created is not None
    assert summary.created.tzinfo is not None


def test_a_stopped_run_has_a_model_and_can_be_resumed(folder):
    folder.images_path.write_text("{}")
    add_model(folder)
    assert summarize_run(folder.path).state is RunState.STOPPED


def test_a_damaged_run_is_told(folder):
    add_model(folder)
    (folder.model_dir / "model.json").write_text("{")
    with pytest.raises(RunError, match=r"model\.json"):
        summarize_run(folder.path)


def test_a_run_has_the_name_of_its_folder_until_it_gets_one(folder):
    assert summarize_run(folder.path).name == "run"
    write_run_label(folder.path, RunLabel("  Second try ", "with 🌻"))
    summary = summarize_run(folder.path)
    assert (summary.name, summary.note) == ("Second try", "with 🌻")


@pytest.mark.parametrize("text", ["", "[]", '{"schema": 2}', '{"schema": 1, "name": 7}'])
def test_damaged_texts_are_no_texts(folder, text):
    (folder.path / "run.json").write_text(text)
    assert read_run_label(folder.path) == RunLabel()

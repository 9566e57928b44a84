"""Whole runs with features of several stages and of two backbones, on the sample images."""

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from core.backbones import saved_model_training
from core.data.dataset import ImageSource
from core.messages.control import RunControl
from core.messages.events import TrainingFinished
from core.messages.requests import TrainRequest
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.training.run import TrainingRun
from tests.measured_answers import assert_files_answer_as_measured
from tests.program import SAMPLE, Outcome, Program, all_bits, epochs_told
from tests.tunable_backbone import save_tunable_pyramid

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]

# Enough for a run to be killed before its end.
NUM_EPOCHS = 400
ADAM = ("--optimizer", "adam", "--epochs", str(NUM_EPOCHS), "--early-stopping-patience", "0")
TUNING = (
    *("--fine-tune", "--fine-tune-epochs", "2", "--batch-size", "8"),
    *("--fine-tune-learning-rate", "1e-4"),
)
# Loss, validation loss and rate by epoch of the version before features of several stages, with
# `train resources/sample --optimizer adam --epochs 50`. Bits depend on the processor.
BEFORE = {
    1: (1.0270159244537354, 0.8587131514216116, 0.0009549926035106182),
    10: (0.19799122214317322, 0.19786801179470562, 0.0004168693849351257),
    50: (0.09113344550132751, 0.09514395391287478, 1.0471285349922255e-05),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    return save_tunable_pyramid(tmp_path_factory.mktemp("tiny") / "tiny", 96)


def test_the_last_layer_alone_learns_as_before(program, runs):
    outcome = program.train(
        SAMPLE, "--features", "last", "--optimizer", "adam", "--epochs", "50",
        "--output", runs / "last",
    )  # fmt: skip
    assert outcome.code == 0, outcome.errors
    epochs = {epoch["epoch"]: epoch for epoch in outcome.of("epoch_finished")}
    assert len(epochs) == 50
    for number, figures in BEFORE.items():
        told = [epochs[number][name] for name in ("loss", "val_loss", "learning_rate")]
        assert told == pytest.approx(figures, rel=1e-3)
    assert outcome.last["val_accuracy"] == outcome.last["test_accuracy"] == 1.0
    config = json.loads((runs / "last/config.json").read_text())["config"]
    assert "features" not in config


@pytest.fixture(scope="module")
def straight(program, runs) -> Path:
    """A run with several stages that nothing disturbed."""
    outcome = program.train(SAMPLE, *ADAM, "--output", runs / "stages")
    assert outcome.code == 0, outcome.errors
    return runs / "stages"


def test_a_run_with_stages_answers_as_it_was_measured(straight):
    assert json.loads((straight / "config.json").read_text())["config"]["features"] == "stages"
    assert_files_answer_as_measured(straight, 1e-4)


def test_a_killed_run_with_stages_ends_with_the_same_bits(program, straight, runs):
    run_dir = runs / "stages in parts"
    with program.following("train", SAMPLE, *ADAM, "--output", run_dir) as call:
        for _ in islice(call.epochs(), 40):
            pass
        call.kill(run_dir)
    assert program.resume(run_dir).code == 0
    assert all_bits(run_dir) == all_bits(straight)
    assert epochs_told(run_dir) == list(range(1, NUM_EPOCHS + 1))


def test_a_run_resumes_when_the_joint_backbone_is_gone(program, straight, runs):
    run_dir = runs / "stages again"
    shutil.copytree(straight, run_dir)
    shutil.rmtree(run_dir / "model")
    shutil.rmtree(program.home / "cache/backbones")
    outcome = program.resume(run_dir)
    assert outcome.code == 0, outcome.errors
    assert outcome.of("dataset_split")[0]["cached_features"] == 48
    assert all_bits(run_dir) == all_bits(straight)


def test_augmented_versions_are_scaled_as_the_images_are(program, runs):
    """Versions that change next to nothing must lead to next to the same head."""
    settings = ("--optimizer", "adam", "--epochs", "30", "--augmented-versions", "2")
    outcome = program.train(
        SAMPLE, *settings, "--brightness", "0.000001", "--output", runs / "versions"
    )
    assert outcome.code == 0, outcome.errors
    last = outcome.of("epoch_finished")[-1]
    assert last["loss"] < 0.1
    assert last["val_loss"] < 0.3
    assert outcome.last["test_accuracy"] == 1.0


def tuned(program: Program, run_dir: Path, *more: str | Path) -> Outcome:
    outcome = program.train(SAMPLE, *TUNING, *more, "--output", run_dir)
    assert outcome.code == 0, outcome.errors
    return outcome


def test_two_backbones_are_fine_tuned_together(program, runs, tiny, tmp_path):
    smaller = save_tunable_pyramid(tmp_path / "smaller", 64, seed=1)
    run_dir = runs / "two"
    outcome = tuned(
        program, run_dir, "--backbone", smaller, "--backbone", tiny, "--fine-tune-fraction", "0.3",
    )  # fmt: skip
    epochs = outcome.of("epoch_finished")
    assert sum(epoch["is_fine_tuning"] for epoch in epochs) == 2
    info = json.loads((run_dir / "model/model.json").read_text())
    assert info["backbone"] == f"{smaller} + {tiny}"
    assert info["input_size"] == [96, 96]
    assert_files_answer_as_measured(run_dir, 1e-3)


def test_a_backbone_is_fine_tuned_through_its_stages(program, runs, tiny):
    run_dir = runs / "tiny"
    outcome = tuned(
        program, run_dir, "--backbone", tiny, "--optimizer", "adam", "--epochs", "3",
        "--fine-tune-epochs", "4",
    )  # fmt: skip
    losses = [e["loss"] for e in outcome.of("epoch_finished") if e["is_fine_tuning"]]
    assert losses[-1] < losses[0]
    assert json.loads((run_dir / "model/model.json").read_text())["is_fine_tuned"] is True
    assert_files_answer_as_measured(run_dir, 1e-3)


def test_a_backbone_is_loaded_once_to_be_fine_tuned(tiny, tmp_path, monkeypatch):
    loads, events = [], []
    load = saved_model_training.load_saved_model
    monkeypatch.setattr(
        saved_model_training,
        "load_saved_model",
        lambda *arguments: loads.append(arguments) or load(*arguments),
    )
    config = TrainConfig(
        backbone=str(tiny), optimizer=Optimizer.ADAM, epochs=1, fine_tune=True, fine_tune_epochs=1
    )
    request = TrainRequest(sources=(ImageSource(SAMPLE),), config=config, output=tmp_path / "run")
    TrainingRun(request, events.append, RunControl()).carry_out()
    assert isinstance(events[-1], TrainingFinished)
    assert len(loads) == 1
    assert_files_answer_as_measured(tmp_path / "run", 1e-3)

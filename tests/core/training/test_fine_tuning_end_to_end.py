"""Whole runs with fine-tuning: straight, stopped, killed, and gone on with."""

import json
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.data.pixels.decoder import decode_image
from core.models.predictor import Predictor, trained_classifier
from core.runs.run_end import can_be_resumed
from core.runs.run_folder import RunFolder
from tests.program import SAMPLE, Outcome, epochs_told
from tests.saved_models import save_calling
from tests.tunable_backbone import save_tunable_pyramid

pytestmark = pytest.mark.slow

HEAD_EPOCHS, TUNING_EPOCHS = 3, 3
TUNED = (
    SAMPLE, "--optimizer", "adam", "--epochs", str(HEAD_EPOCHS), "--fine-tune",
    "--fine-tune-epochs", str(TUNING_EPOCHS),
    "--fine-tune-learning-rate", "1e-4", "--fine-tune-fraction", "0.3", "--batch-size", "8",
    "--flip", "horizontal", "--crop", "0.2", "--augmented-versions", "0", "--mixup", "0.2",
    "--ema-decay", "0.9", "--clip-norm", "5",
)  # fmt: skip
ALL_EPOCHS = list(range(1, HEAD_EPOCHS + TUNING_EPOCHS + 1))


def last_state(run_dir: Path) -> list[bytes]:
    """All weights, optimizer and progress of the last state of fine-tuning."""
    states = sorted(
        (run_dir / "checkpoint").glob("fine-tuning-*.npz"),
        key=lambda path: int(path.stem.rpartition("-")[2]),
    )
    with np.load(states[-1]) as content:
        return [content[name].tobytes() for name in content.files]


@pytest.fixture(scope="module")
def straight(program, runs) -> tuple[Path, Outcome]:
    """A run that nothing disturbed."""
    return runs / "tuned", program.train(*TUNED, "--output", runs / "tuned")


@pytest.fixture(scope="module")
def stopped(program, runs) -> tuple[Path, Outcome]:
    """The same run, stopped in the middle of its second epoch of fine-tuning."""
    run_dir = runs / "tuned in parts"
    with program.following("train", *TUNED, "--output", run_dir) as call:
        call.wait_for("batch_finished", epoch=HEAD_EPOCHS + 2)
        call.interrupt()
        return run_dir, call.finish()


@pytest.fixture(scope="module")
def completed(program, stopped) -> tuple[Path, Outcome]:
    """The stopped run, gone on with and killed, then gone on with to its end."""
    run_dir, _ = stopped
    with program.following("resume", run_dir) as call:
        call.wait_for("batch_finished", epoch=HEAD_EPOCHS + 3)
        call.kill(run_dir)
    assert can_be_resumed(RunFolder(run_dir))
    return run_dir, program.resume(run_dir)


def test_fine_tuning_follows_the_head_and_counts_on(straight):
    run_dir, outcome = straight
    assert outcome.code == 0, outcome.errors
    epochs = outcome.of("epoch_finished")
    assert [event["epoch"] for event in epochs] == ALL_EPOCHS
    for batch in outcome.of("batch_finished"):
        assert batch["is_fine_tuning"] == (batch["epoch"] > HEAD_EPOCHS)
    assert [event["is_fine_tuning"] for event in epochs] == (
        [False] * HEAD_EPOCHS + [True] * TUNING_EPOCHS
    )
    assert epochs[-1]["val_loss"] < epochs[HEAD_EPOCHS - 1]["val_loss"]
    assert outcome.last["best_epoch"] > HEAD_EPOCHS
    assert epochs_told(run_dir) == ALL_EPOCHS
    assert not can_be_resumed(RunFolder(run_dir))
    assert not (run_dir / "backbone.partial").exists()


def test_the_model_has_the_tuned_backbone_in_all_its_files(straight):
    run_dir, _ = straight
    info = json.loads((run_dir / "model" / "model.json").read_text())
    assert info["is_fine_tuned"] is True
    paths = sorted(SAMPLE.glob("*/*.jpg"))[::5]
    pixels = [decode_image(path.read_bytes(), size=(224, 224)) for path in paths]
    images = np.stack(pixels).astype(np.float32) / 255
    saved = tf.saved_model.load(str(run_dir / "model" / "saved_model"))
    expected = saved.signatures["serving_default"](tf.constant(images))["probabilities"].numpy()
    predictor = Predictor(trained_classifier(run_dir / "model"))
    received = [predictor.classify_file(path) for path in paths]
    np.testing.assert_allclose(received, expected, atol=1e-4)
    labels = [predictor.labels[row.argmax()] for row in expected]
    assert (
        np.mean([label == path.parent.name for label, path in zip(labels, paths, strict=True)])
        > 0.8
    )


def test_a_stop_keeps_the_best_so_far(stopped):
    run_dir, outcome = stopped
    assert outcome.code == 130
    assert outcome.last["event"] == "training_cancelled"
    assert outcome.last["epochs"] == HEAD_EPOCHS + 1
    assert (run_dir / "model" / "model.tflite").is_file()
    assert epochs_told(run_dir)[: HEAD_EPOCHS + 1] == ALL_EPOCHS[: HEAD_EPOCHS + 1]


def test_a_run_in_parts_ends_with_the_same_bits(straight, completed):
    whole, _ = straight
    parts, outcome = completed
    assert outcome.code == 0, outcome.errors
    assert last_state(parts) == last_state(whole)
    models = [(folder / "model" / "model.tflite").read_bytes() for folder in (parts, whole)]
    assert models[0] == models[1]
    assert epochs_told(parts) == ALL_EPOCHS


def test_a_finished_run_tells_again_how_it_ended(program, straight):
    run_dir, first = straight
    again = program.resume(run_dir)
    assert again.code == 0
    assert again.last == first.last


def test_a_backbone_that_cannot_be_tuned_is_told_before_anything_is_computed(program, tmp_path):
    fixed = save_calling(tmp_path / "fixed", lambda images: tf.reduce_mean(images, [1, 2]))
    arguments = (SAMPLE, "--backbone", fixed, "--fine-tune", "--output", tmp_path / "run")
    outcome = program.train(*arguments)
    assert outcome.code == 1
    assert "can't be fine-tuned" in outcome.last["message"]
    assert "Turn off fine-tuning" in outcome.last["message"]
    assert not outcome.of("dataset_split")
    assert not (tmp_path / "run").exists()


def test_a_rate_that_is_too_high_leaves_the_model_of_the_head(program, tmp_path):
    small = ("--backbone", save_tunable_pyramid(tmp_path / "small", 96))
    run_dir = tmp_path / "wild"
    wild = ("--fine-tune-learning-rate", "1e30", "--optimizer", "sgd", "--clip-norm", "0")
    outcome = program.train(*TUNED, *small, *wild, "--output", run_dir)
    assert outcome.code == 1
    assert "the loss is no longer a number" in outcome.last["message"]
    assert f"The model as it was before fine-tuning is in {run_dir / 'model'}" in outcome.errors
    info = json.loads((run_dir / "model" / "model.json").read_text())
    assert info["is_fine_tuned"] is False
    predictor = Predictor(trained_classifier(run_dir / "model"))
    assert predictor.classify_file(SAMPLE / "brick/brick_00.jpg").shape == (3,)

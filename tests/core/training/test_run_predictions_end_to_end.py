"""What a run notes of its held-out images is what its model says of them."""

import json
import shutil
from dataclasses import replace

import pytest

from core.data.dataset import Split
from core.models.predictor import Predictor, trained_classifier
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images, write_run_images
from core.runs.run_predictions import read_run_predictions
from core.runs.seen_images import num_seen_in_training

pytestmark = pytest.mark.slow


def test_noted_predictions_are_those_of_the_saved_model(trained, runs):
    folder = RunFolder.open(runs / "first")
    labels, predictions = read_run_predictions(folder.path)
    predictor = Predictor(trained_classifier(folder.model_dir))
    assert labels == predictor.labels
    for entry in predictions:
        probabilities = predictor.classify_file(entry.path)
        assert entry.predicted == probabilities.argmax()
        for index, probability in entry.top:
            assert probability == pytest.approx(probabilities[index], abs=1e-3)


def test_every_held_out_image_is_noted_once(trained, runs):
    folder = RunFolder.open(runs / "first")
    _, predictions = read_run_predictions(folder.path)
    _, images = read_run_images(folder.images_path)
    noted = [(entry.path, entry.class_index, entry.split) for entry in predictions]
    held_out = [
        (image.path, image.class_index, image.split)
        for image in images
        if image.split is not Split.TRAINING
    ]
    assert sorted(noted) == sorted(held_out)


def test_noted_predictions_give_the_accuracy_that_was_told(trained, runs):
    _, predictions = read_run_predictions(runs / "first")
    info = json.loads((runs / "first/model/model.json").read_text())
    for split in (Split.VALIDATION, Split.TEST):
        entries = [entry for entry in predictions if entry.split is split]
        right = [entry for entry in entries if entry.predicted == entry.class_index]
        assert len(entries) == info[split.value]["num_images"]
        assert len(right) / len(entries) == pytest.approx(info[split.value]["accuracy"])


def test_a_run_split_by_an_earlier_version_is_tested_and_exported_by_its_own_split(
    trained, program, runs
):
    """A third of each class, by turns, for each split: nothing like the shares of today."""
    folder = runs / "earlier"
    folder.mkdir()
    shutil.copy(runs / "first/config.json", folder)
    labels, images = read_run_images(runs / "first/images.jsonl")
    earlier = [replace(image, split=tuple(Split)[place % 3]) for place, image in enumerate(images)]
    write_run_images(folder / "images.jsonl", labels, earlier)
    outcome = program.resume(folder)
    assert outcome.last["event"] == "training_finished"
    assert read_run_images(folder / "images.jsonl")[1] == earlier
    _, predictions = read_run_predictions(folder)
    assert {entry.path: entry.split for entry in predictions} == {
        image.path: image.split for image in earlier if image.split is not Split.TRAINING
    }
    exported = program.export("--model", folder, "--format", "tflite", "--output", runs / "out")
    assert exported.code == 0, exported
    card = next((runs / "out").rglob("README.md")).read_text()
    assert "16 (test split of the run)" in card
    assert exported.of("tflite")["num_images"] == 16
    tested = [image.path for image in earlier if image.split is Split.TEST]
    learned = [image.path for image in earlier if image.split is not Split.TEST]
    assert num_seen_in_training(folder / "model", tested) == 0
    assert num_seen_in_training(folder / "model", learned) == 32

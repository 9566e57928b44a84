"""The files of a run's model, held against what the run said of its images. Imports TensorFlow."""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf

from core.data.dataset import Split
from core.data.pixels.decoder import decode_image
from core.models.predictor import Predictor, trained_classifier
from core.runs.run_predictions import read_run_predictions


def answers_of(model: Path, paths: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities by the LiteRT file, and by the SavedModel."""
    predictor = Predictor(trained_classifier(model))
    by_litert = np.stack([predictor.classify_file(path) for path in paths])
    size = tuple(json.loads((model / "model.json").read_text())["input_size"])
    pixels = np.stack([decode_image(path.read_bytes(), size=size) for path in paths])
    serve = tf.saved_model.load(str(model / "saved_model")).signatures["serving_default"]
    return by_litert, serve(tf.constant(pixels / np.float32(255)))["probabilities"].numpy()


def assert_files_answer_as_measured(run_dir: Path, tolerance: float) -> None:
    """Hold both files of a model against what the run itself computed of the test images."""
    predictions = [
        each for each in read_run_predictions(run_dir)[1] if each.split is not Split.TRAINING
    ]
    told = np.array([each.top[0] for each in predictions])
    for answers in answers_of(run_dir / "model", [each.path for each in predictions]):
        np.testing.assert_array_equal(answers.argmax(axis=1), told[:, 0])
        np.testing.assert_allclose(answers.max(axis=1), told[:, 1], atol=tolerance)

"""The SavedModel of a classifier, as TensorFlow Serving and converters take it."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import decode_image
from core.models.model_info import SAVED_MODEL_FOLDER, ModelInfo
from core.models.predictor import Predictor, trained_classifier
from tests.convertible_models import write_calling_model, write_tiny_model
from tests.models import LABELS
from tests.odd_images import encoded
from tests.saved_models import SIDE
from tests.serving import Serving, encoded_instance
from tests.signatures import operations_of

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
COUNTS = pytest.mark.parametrize("count", [1, 2, len(LABELS)])


@dataclass(frozen=True, slots=True)
class Tiny:
    folder: Path
    info: ModelInfo
    serving: Serving

    def answers(self, files: list[bytes]) -> np.ndarray:
        """Those of `classify`."""
        predictor = Predictor(trained_classifier(self.folder))
        return np.stack([predictor.classify_bytes(content) for content in files])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    folder = tmp_path_factory.mktemp("tiny")
    info = write_tiny_model(folder, LABELS)
    return Tiny(folder, info, Serving(folder / SAVED_MODEL_FOLDER))


def files(count: int) -> list[bytes]:
    """Images that the model tells apart."""
    random = np.random.default_rng(11)
    pixels = random.integers(0, 256, (count, 5, 4, 3), np.uint8)
    return [encoded(Image.fromarray(p).resize((40, 30)), "PNG") for p in pixels]


def assert_rows_are(rows: list, expected: np.ndarray, atol: float) -> None:
    """Each row names all classes beside their probabilities, so its best is the image's."""
    assert len(rows) == len(expected)
    for row, probabilities in zip(rows, expected, strict=True):
        assert row["labels"] == list(LABELS)
        np.testing.assert_allclose(row["probabilities"], probabilities, atol=atol)


@COUNTS
def test_serving_answers_pixels_row_by_row(tiny: Tiny, count: int):
    decoded = [decode_image(content, size=tiny.info.input_size) for content in files(count)]
    request = {"instances": [(pixels / np.float32(255)).tolist() for pixels in decoded]}
    rows = tiny.serving.predict(json.dumps(request))
    assert_rows_are(rows, tiny.answers(files(count)), atol=1e-5)


@COUNTS
def test_serving_answers_files_row_by_row(tiny: Tiny, count: int):
    instances = [encoded_instance(content) for content in files(count)]
    named = [{"encoded_images": instance} for instance in instances]
    for asked in (instances, named):
        request = {"signature_name": "serving_bytes", "instances": asked}
        rows = tiny.serving.predict(json.dumps(request))
        assert_rows_are(rows, tiny.answers(files(count)), atol=1e-2)


@pytest.mark.parametrize("name", ["serving_default", "serving_bytes"])
def test_shapes_are_known_and_the_batch_is_open(tiny: Tiny, name: str):
    import tensorflow as tf

    signature = tf.saved_model.load(str(tiny.folder / SAVED_MODEL_FOLDER)).signatures[name]
    shapes = {key: spec.shape.as_list() for key, spec in signature.structured_outputs.items()}
    assert shapes == {"probabilities": [None, len(LABELS)], "labels": [None, len(LABELS)]}


def test_no_operation_checks_a_shape(tiny: Tiny):
    assert "EnsureShape" not in operations_of(tiny.folder / SAVED_MODEL_FOLDER)


def test_a_backbone_that_checks_shapes_is_saved_without(tmp_path: Path):
    import tensorflow as tf

    @tf.function
    def inner(images):
        return tf.reshape(tf.ensure_shape(images, [None, SIDE, SIDE, 3]), [-1, SIDE * SIDE * 3])

    def call(images):
        pixels = tf.ensure_shape(inner(images), [None, SIDE * SIDE * 3])
        count = tf.size(pixels) // (SIDE * SIDE * 3)
        # Only the check tells how many columns there are.
        shuffled = tf.reshape(pixels, tf.stack([count, tf.size(pixels) // count]))
        return tf.ensure_shape(shuffled, [None, SIDE * SIDE * 3])[:, :7]

    write_calling_model(tmp_path, call)
    assert "EnsureShape" in operations_of(tmp_path / "backbone")
    folder = tmp_path / SAVED_MODEL_FOLDER
    assert "EnsureShape" not in operations_of(folder)
    image = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    signature = tf.saved_model.load(str(folder)).signatures["serving_default"]
    found = signature(images=tf.constant(image / np.float32(255)))
    # LiteRT lacks the operation too, and runs the backbone without it.
    predictor = Predictor(trained_classifier(tmp_path))
    expected = [predictor.classify_pixels(pixels) for pixels in image]
    np.testing.assert_allclose(found["probabilities"], expected, atol=1e-5)

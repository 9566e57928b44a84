"""Models of earlier versions are exported with the signatures of today."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.backbones.backbone import Backbone
from core.backbones.prepare import prepare_backbone
from core.errors import ExportError
from core.models.litert_head import DenseWeights
from core.models.model_info import SAVED_MODEL_FOLDER
from tests.convertible_models import write_tiny_model
from tests.models import LABELS, model_info
from tests.odd_images import encoded, quartered
from tests.serving import Serving, ServingError, encoded_instance
from tests.signatures import operations_of
from tests.tunable_backbone import FEATURES, save_tunable

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
NAMES = ("serving_default", "serving_bytes")


def save_as_before(folder: Path, backbone: Backbone, layer: DenseWeights) -> None:
    """The signatures of Fieldguide 0.1.0: names without a batch, shapes checked."""
    import tensorflow as tf

    from core.backbones.saved_model_graph import load_frozen_backbone
    from core.training.graph_preprocessing import image_from_bytes
    from core.training.head import Head

    height, width = backbone.info.input_size
    spec = tf.TensorSpec([height, width, 3], tf.float32)

    class Classifier(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.backbone, self.head = load_frozen_backbone(backbone), Head([layer])

        @tf.function(
            input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name="images")],
            autograph=False,
        )
        def serving_default(self, images: Any) -> dict[str, Any]:
            vectors = tf.ensure_shape(self.backbone(images)[0], [None, FEATURES])
            probabilities = tf.nn.softmax(self.head.logits(vectors))
            return {"probabilities": probabilities, "labels": tf.constant(LABELS)}

        @tf.function(
            input_signature=[tf.TensorSpec([None], tf.string, name="encoded_images")],
            autograph=False,
        )
        def serving_bytes(self, encoded_images: Any) -> dict[str, Any]:
            from core.data.pixels.decoder import ResizeMode

            def decoded(content: Any) -> Any:
                image = image_from_bytes(content, (height, width), ResizeMode.SQUASH)
                return tf.ensure_shape(image, [height, width, 3])

            images = tf.map_fn(decoded, encoded_images, fn_output_signature=spec)
            return self.serving_default(images)

    classifier = Classifier()
    signatures = {name: getattr(classifier, name) for name in NAMES}
    tf.saved_model.save(classifier, str(folder), signatures=signatures)


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old")
    backbone = prepare_backbone(str(save_tunable(folder / "backbone")))
    kernel = np.random.default_rng(5).normal(0, 1, (FEATURES, len(LABELS))).astype(np.float32)
    layer = DenseWeights(kernel, np.zeros(len(LABELS), np.float32))
    save_as_before(folder / SAVED_MODEL_FOLDER, backbone, layer)
    return folder / SAVED_MODEL_FOLDER


@pytest.fixture(scope="module")
def renewed(old: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import shutil

    from core.export.conversion.signature_renewal import renew_signatures

    folder = tmp_path_factory.mktemp("renewed") / SAVED_MODEL_FOLDER
    shutil.copytree(old, folder)
    renew_signatures(folder, model_info())
    return folder


def requests(count: int) -> Sequence[str]:
    """One for each signature."""
    random = np.random.default_rng(3)
    content = encoded(quartered(), "PNG")
    asked = {
        "serving_default": random.random((count, 16, 16, 3)).tolist(),
        "serving_bytes": [encoded_instance(content)] * count,
    }
    return [json.dumps({"signature_name": n, "instances": i}) for n, i in asked.items()]


def test_the_old_form_is_what_serving_refuses_or_deals_out_wrong(old: Path):
    serving = Serving(old)
    for request in requests(2):
        with pytest.raises(ServingError, match="inconsistent batch size"):
            serving.predict(request)
    for request in requests(len(LABELS)):
        assert [row["labels"] for row in serving.predict(request)] == list(LABELS)


@pytest.mark.parametrize("count", [1, 2, len(LABELS)])
def test_the_renewed_one_answers_row_by_row_with_the_same_numbers(
    old: Path, renewed: Path, count: int
):
    import tensorflow as tf

    serving, before = Serving(renewed), tf.saved_model.load(str(old))
    pixels, _ = requests(count)
    images = np.array(json.loads(pixels)["instances"], np.float32)
    from_pixels = before.signatures["serving_default"](images=images)["probabilities"].numpy()
    files = tf.constant([encoded(quartered(), "PNG")] * count)
    from_files = before.signatures["serving_bytes"](encoded_images=files)["probabilities"].numpy()
    for request, expected in zip(requests(count), (from_pixels, from_files), strict=True):
        rows = serving.predict(request)
        assert [row["labels"] for row in rows] == [list(LABELS)] * count
        np.testing.assert_allclose([row["probabilities"] for row in rows], expected, atol=1e-6)


def test_it_checks_no_shape_and_knows_those_of_its_ends(old: Path, renewed: Path):
    import tensorflow as tf

    assert "EnsureShape" in operations_of(old)
    assert "EnsureShape" not in operations_of(renewed)
    signatures = tf.saved_model.load(str(renewed)).signatures
    assert sorted(signatures) == sorted(NAMES)
    for signature in signatures.values():
        shapes = [spec.shape.as_list() for spec in signature.structured_outputs.values()]
        assert shapes == [[None, len(LABELS)]] * 2


def test_nothing_else_is_left_beside_it(renewed: Path):
    assert [path.name for path in renewed.parent.iterdir()] == [SAVED_MODEL_FOLDER]


def test_a_model_of_today_is_left_as_it_is(tmp_path: Path):
    from core.export.conversion.signature_renewal import renew_signatures

    info = write_tiny_model(tmp_path, LABELS)
    path = tmp_path / SAVED_MODEL_FOLDER / "saved_model.pb"
    content, written = path.read_bytes(), path.stat().st_mtime_ns
    renew_signatures(tmp_path / SAVED_MODEL_FOLDER, info)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, written)


@pytest.mark.parametrize("content", [None, b"no graph"], ids=["missing", "damaged"])
def test_what_is_no_saved_model_is_said(tmp_path: Path, content: bytes | None):
    from core.export.conversion.signature_renewal import renew_signatures

    folder = tmp_path / SAVED_MODEL_FOLDER
    folder.mkdir()
    if content is not None:
        (folder / "saved_model.pb").write_bytes(content)
    with pytest.raises(ExportError, match=r"saved_model/saved_model\.pb can't be read"):
        renew_signatures(folder, model_info())

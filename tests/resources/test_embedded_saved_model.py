"""The SavedModel half of the embedded backbone: TensorFlow Hub's interface, and fine-tuning."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

from resources import resource_path

pytestmark = pytest.mark.slow

FOLDER = resource_path("backbones", "efficientnet_lite0")
PHOTOS = Path(__file__).parents[1] / "data" / "known_photos"
NUM_HEAD_PARAMETERS = 1280 * 1000 + 1000
FloatArray = NDArray[np.float32]


@pytest.fixture(scope="module")
def hub() -> Any:
    # tensorflow_hub's layer is a Keras 2 layer, and asks for it before TensorFlow is imported.
    os.environ["TF_USE_LEGACY_KERAS"] = "1"
    return pytest.importorskip("tensorflow_hub")


@pytest.fixture(scope="module")
def backbone(hub: Any) -> Any:
    return hub.load(str(FOLDER / "saved_model"))


@pytest.fixture
def make_classifier(hub: Any) -> Callable[[bool], tuple[Any, Any]]:
    """A three-class tf_keras model on the backbone, and the backbone's layer."""
    import tensorflow as tf
    import tf_keras

    # Another test of this process may have asked TensorFlow for deterministic operations.
    tf.random.set_seed(1)

    def make(trainable: bool) -> tuple[Any, Any]:
        layer = hub.KerasLayer(str(FOLDER / "saved_model"), trainable=trainable)
        head = tf_keras.layers.Dense(
            3, kernel_initializer=tf_keras.initializers.RandomNormal(stddev=0.03, seed=0)
        )
        model = tf_keras.Sequential([tf_keras.layers.InputLayer((224, 224, 3)), layer, head])
        loss = tf_keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(tf_keras.optimizers.SGD(0.01), loss)
        return model, layer

    return make


def photos(count: int) -> FloatArray:
    names = ("cat.jpg", "coffee.jpg", "rocket.jpg")
    images = []
    for index in range(count):
        with Image.open(PHOTOS / names[index % 3]) as image:
            squashed = image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
        images.append(np.roll(np.asarray(squashed, np.float32) / 255, 7 * index, axis=1))
    return np.stack(images).astype(np.float32)


@pytest.mark.parametrize("batch_size", [1, 32])
def test_litert_twin_gives_the_same_features(backbone: Any, batch_size: int) -> None:
    images = photos(batch_size)
    expected = backbone(images).numpy()
    interpreter = Interpreter(str(FOLDER / "model.tflite"), num_threads=2)
    features = interpreter.get_signature_runner()(inputs=images)["feature_vector"]
    assert features.dtype == expected.dtype == np.float32
    assert np.abs(features - expected).max() < 1e-4 * np.abs(expected).max()


def test_numbers_are_those_that_pytorch_computes(backbone: Any) -> None:
    answers = json.loads((PHOTOS / "answers.json").read_text(encoding="utf-8"))["pictures"]
    features = backbone(photos(1), training=False).numpy()[0]
    np.testing.assert_allclose(features[:16], answers["cat.jpg"]["features"], rtol=1e-3, atol=1e-3)


def test_has_what_tensorflow_hub_expects(backbone: Any) -> None:
    description = json.loads((FOLDER / "backbone.json").read_text(encoding="utf-8"))
    total = sum(variable.shape.num_elements() for variable in backbone.variables)
    assert total == description["parameters"]
    assert total + NUM_HEAD_PARAMETERS == 4_694_024
    assert list(backbone.regularization_losses) == []
    moving = {v.name for v in backbone.variables} - {v.name for v in backbone.trainable_variables}
    assert len(moving) == 2 * 49
    assert all("/moving_" in name for name in moving)
    assert not any(name.startswith("_") or "/_" in name for name in moving)


def test_signature_gives_the_same_as_the_call(backbone: Any) -> None:
    import tensorflow as tf

    images = tf.constant(photos(2))
    served = backbone.signatures["serving_default"](inputs=images)
    assert list(served) == ["default"]
    np.testing.assert_allclose(served["default"], backbone(images), rtol=1e-5, atol=1e-6)


def test_trainable_layer_moves_weights_and_averages(
    make_classifier: Callable[[bool], tuple[Any, Any]],
) -> None:
    model, layer = make_classifier(True)
    before = {v.name: v.numpy() for v in layer.variables}
    assert len(layer.trainable_variables) == 147
    model.fit(photos(6), np.array([0, 1, 2] * 2), epochs=1, batch_size=6, verbose=0)
    moved = {v.name for v in layer.variables if not np.array_equal(before[v.name], v.numpy())}
    assert {"stem/kernel:0", "block7/depthwise/depthwise_kernel:0", "top/kernel:0"} <= moved
    assert {v.name for v in layer.variables if "/moving_" in v.name} <= moved


def test_frozen_layer_stays_as_it_is(
    make_classifier: Callable[[bool], tuple[Any, Any]],
) -> None:
    model, layer = make_classifier(False)
    before = [v.numpy() for v in layer.variables]
    assert layer.trainable_variables == []
    model.fit(photos(3), np.array([0, 1, 2]), epochs=1, batch_size=3, verbose=0)
    assert all(map(np.array_equal, before, [v.numpy() for v in layer.variables]))


def test_moving_averages_take_a_hundredth_of_each_batch(hub: Any) -> None:
    import tensorflow as tf

    backbone = hub.load(str(FOLDER / "saved_model"))
    variables = {v.name: v for v in backbone.variables}
    images = photos(4)
    stem = tf.nn.conv2d(images * 255 / 128 - 127 / 128, variables["stem/kernel:0"], 2, "SAME")
    old = variables["stem_norm/moving_mean:0"].numpy()
    backbone(images, training=True)
    expected = 0.99 * old + 0.01 * tf.reduce_mean(stem, axis=[0, 1, 2]).numpy()
    np.testing.assert_allclose(
        variables["stem_norm/moving_mean:0"].numpy(), expected, rtol=1e-4, atol=1e-5
    )


def test_gradients_flow_with_batch_norm_frozen(backbone: Any) -> None:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(backbone(photos(2), training=False)))
    gradients = tape.gradient(loss, backbone.trainable_variables)
    assert all(g is not None and np.isfinite(g).all() for g in gradients)
    assert max(float(tf.reduce_max(tf.abs(g))) for g in gradients) > 0

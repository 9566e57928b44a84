"""A joined LiteRT file computes backbone and head, and nothing else."""

from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.errors import ModelError
from core.models.litert_head import DenseWeights, join_litert, with_temperature
from resources import resource_path
from tests.models import FEATURE_DIM, photo_features, photo_pixels, random_layers

BACKBONE = resource_path("backbones", "efficientnet_lite0", "model.tflite")


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    return photo_features()


def numpy_head(features: np.ndarray, layers: list[DenseWeights]) -> np.ndarray:
    values = features.astype(np.float64)
    for layer in layers[:-1]:
        values = np.maximum(values @ layer.kernel + layer.bias, 0)
    logits = values @ layers[-1].kernel + layers[-1].bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def images() -> np.ndarray:
    return photo_pixels().astype(np.float32) / np.float32(255)


@pytest.mark.parametrize("widths", [(5,), (64, 5), (32, 16, 2)], ids=str)
def test_equals_the_head_on_the_backbones_features(features, widths: tuple[int, ...]) -> None:
    layers = random_layers(widths)
    runner = Interpreter(model_content=join_litert(BACKBONE, layers)).get_signature_runner()
    received = [runner(images=image[None])["probabilities"][0] for image in images()]
    np.testing.assert_allclose(received, numpy_head(features, layers), atol=1e-6)


def test_batch_of_another_size(features) -> None:
    layers = random_layers((64, 5))
    interpreter = Interpreter(model_content=join_litert(BACKBONE, layers))
    (given,), (taken,) = interpreter.get_output_details(), interpreter.get_input_details()
    interpreter.resize_tensor_input(taken["index"], [4, 224, 224, 3])
    interpreter.allocate_tensors()
    interpreter.set_tensor(taken["index"], images()[[0, 1, 2, 0]])
    interpreter.invoke()
    received = interpreter.get_tensor(given["index"])
    np.testing.assert_allclose(received, numpy_head(features, layers)[[0, 1, 2, 0]], atol=1e-6)


def test_says_what_it_takes_and_gives() -> None:
    interpreter = Interpreter(model_content=join_litert(BACKBONE, random_layers((5,))))
    assert interpreter.get_signature_list() == {
        "serving_default": {"inputs": ["images"], "outputs": ["probabilities"]}
    }
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert taken["shape_signature"].tolist() == [-1, 224, 224, 3]
    assert given["shape_signature"].tolist() == [-1, 5]
    assert (taken["dtype"], given["dtype"]) == (np.float32, np.float32)


def test_imagenet_classes_are_dropped() -> None:
    layers = random_layers((5,))
    joined = join_litert(BACKBONE, layers)
    dropped, added = 4 * (FEATURE_DIM + 1) * 1000, 4 * (FEATURE_DIM + 1) * 5
    expected = BACKBONE.stat().st_size - dropped + added
    assert abs(len(joined) - expected) < 10_000
    names = {tensor["name"] for tensor in Interpreter(model_content=joined).get_tensor_details()}
    assert {"probabilities", "head_0/kernel", "head_0/bias"} <= names


def test_same_head_gives_the_same_bytes() -> None:
    assert join_litert(BACKBONE, random_layers((5,))) == join_litert(BACKBONE, random_layers((5,)))


def test_temperature_divides_the_logits(features) -> None:
    layers = random_layers((16, 5))
    cooled = with_temperature(layers, 2.0)
    expected = numpy_head(features, layers) ** 0.5
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(numpy_head(features, cooled), expected, rtol=1e-5)
    assert cooled[0] is layers[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"nothing", b"\x1c\0\0\0TFL3" + bytes(1000), b"\xff" * 4 + b"TFL3" + b"\xff" * 1000],
    ids=["empty", "text", "zeros", "ones"],
)
def test_damaged_backbone_is_an_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.tflite"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged\.tflite"):
        join_litert(path, random_layers((5,)))


def test_cut_backbone_is_an_error_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "cut.tflite"
    path.write_bytes(BACKBONE.read_bytes()[:100_000])
    with pytest.raises(ModelError, match=r"cut\.tflite"):
        join_litert(path, random_layers((5,)))


def test_missing_backbone_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"missing\.tflite"):
        join_litert(tmp_path / "missing.tflite", random_layers((5,)))

"""The LiteRT half of the embedded backbone: right names, right numbers, right shapes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from PIL import Image

from resources import resource_path

FOLDER = resource_path("backbones", "efficientnet_lite0")
PHOTOS = Path(__file__).parents[1] / "data" / "known_photos"
ANSWERS = json.loads((PHOTOS / "answers.json").read_text(encoding="utf-8"))["pictures"]
FloatArray = NDArray[np.float32]


def read_photo(name: str) -> FloatArray:
    with Image.open(PHOTOS / name) as image:
        squashed = image.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
    return np.asarray(squashed, np.float32) / np.float32(255)


def synthetic_image() -> FloatArray:
    rows, columns = np.meshgrid(np.arange(224), np.arange(224), indexing="ij")
    channels = [columns % 56 / 55, rows % 32 / 31, (rows + columns) % 80 / 79]
    return np.stack(channels, axis=-1).astype(np.float32)


@pytest.fixture(scope="module")
def answer() -> Any:
    """Images to `{"feature_vector": ..., "imagenet_logits": ...}`."""
    interpreter = Interpreter(str(FOLDER / "model.tflite"), num_threads=1)
    runner = interpreter.get_signature_runner("serving_default")
    return lambda images: runner(inputs=images)


@pytest.mark.parametrize(
    ("photo", "classes"),
    [
        pytest.param("cat.jpg", {281, 282, 283, 284, 285}, id="cat"),
        pytest.param("coffee.jpg", {967}, id="espresso"),
    ],
)
def test_known_photo_gets_its_name_first(answer: Any, photo: str, classes: set[int]) -> None:
    logits = answer(read_photo(photo)[None])["imagenet_logits"][0]
    assert int(np.argmax(logits)) in classes


def test_rocket_is_among_the_first_three(answer: Any) -> None:
    logits = answer(read_photo("rocket.jpg")[None])["imagenet_logits"][0]
    assert {657, 744, 812} & set(np.argsort(logits)[-3:].tolist())  # missile, projectile, shuttle


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_numbers_are_those_that_pytorch_computes(answer: Any, name: str) -> None:
    image = synthetic_image() if name == "synthetic" else read_photo(name)
    outputs = answer(image[None])
    features, logits = outputs["feature_vector"][0], outputs["imagenet_logits"][0]
    expected = ANSWERS[name]
    np.testing.assert_allclose(features[:16], expected["features"], rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(features), expected["feature_norm"], rtol=1e-3)
    assert np.argsort(logits)[::-1][:5].tolist() == expected["top5_classes"]
    probabilities = np.sort(np.exp(logits) / np.exp(logits).sum())[::-1][:5]
    np.testing.assert_allclose(probabilities, expected["top5_probabilities"], atol=1e-3)


def test_batch_of_32_equals_single_images(answer: Any) -> None:
    photos = [read_photo(name) for name in ("cat.jpg", "coffee.jpg", "rocket.jpg")]
    # Every image of the batch differs, so that a mixed-up order would show.
    batch = np.stack([np.roll(photos[i % 3], 7 * i, axis=1) for i in range(32)])
    together = answer(batch)
    for key, width in (("feature_vector", 1280), ("imagenet_logits", 1000)):
        assert together[key].shape == (32, width)
    for index in (0, 1, 17, 31):
        alone = answer(batch[index : index + 1])["feature_vector"][0]
        np.testing.assert_allclose(together["feature_vector"][index], alone, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_ends_of_the_value_range_give_finite_numbers(answer: Any, value: float) -> None:
    outputs = answer(np.full((1, 224, 224, 3), value, np.float32))
    assert all(np.isfinite(output).all() for output in outputs.values())


def test_description_agrees_with_the_file() -> None:
    description = json.loads((FOLDER / "backbone.json").read_text(encoding="utf-8"))
    interpreter = Interpreter(str(FOLDER / "model.tflite"))
    (inputs,) = interpreter.get_input_details()
    assert inputs["shape_signature"].tolist() == [-1, *description["input_size"], 3]
    widths = {int(output["shape"][-1]) for output in interpreter.get_output_details()}
    assert widths == {description["feature_dim"], 1000}
    assert (description["schema"], description["value_range"]) == (1, [0.0, 1.0])


def test_imagenet_head_is_one_operation_on_the_feature_vector() -> None:
    interpreter = Interpreter(str(FOLDER / "model.tflite"))
    outputs = {int(d["shape"][-1]): d["index"] for d in interpreter.get_output_details()}
    head = interpreter._get_ops_details()[-1]
    assert head["op_name"] == "FULLY_CONNECTED"
    assert head["inputs"][0] == outputs[1280]
    assert head["outputs"].tolist() == [outputs[1000]]

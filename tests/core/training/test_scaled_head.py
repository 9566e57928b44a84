"""A head on scaled features becomes files that take images: the scaling is part of its weights."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.backbones.backbone import Backbone
from core.backbones.joint import join_backbones
from core.backbones.prepare import prepare_backbone
from core.data.pixels.decoder import ResizeMode
from core.features.extractors import make_extractors
from core.litert.interpreter import load_interpreter
from core.models.feature_scaling import FeatureScaling, learn_scaling
from core.models.litert_head import DenseWeights, join_litert, with_scaling, with_temperature
from core.training.saved_model_writing import write_saved_model
from tests.tunable_backbone import PYRAMID_SIDE, save_tunable_pyramid

# TensorFlow's loader on Python 3.11 and later.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

LABELS = ("a", "b", "c")
WIDTHS = pytest.mark.parametrize("widths", [(3,), (8, 3)], ids=["plain", "hidden layer"])


@pytest.fixture(scope="module")
def backbones(tmp_path_factory) -> dict[str, Backbone]:
    folder = tmp_path_factory.mktemp("backbones")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDGUIDE_HOME", str(folder / "home"))
        members = [
            prepare_backbone(str(save_tunable_pyramid(folder / name, side, seed)))
            for seed, (name, side) in enumerate((("one", PYRAMID_SIDE), ("two", PYRAMID_SIDE // 2)))
        ]
        return {
            "stages": join_backbones(members[:1], with_stages=True),
            "two": join_backbones(members, with_stages=True),
        }


@pytest.fixture(params=["stages", "two"])
def backbone(backbones, request) -> Backbone:
    return backbones[request.param]


def pixels(count: int, seed: int) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (count, 8, 8, 3), np.uint8)
    return coarse.repeat(PYRAMID_SIDE // 8, 1).repeat(PYRAMID_SIDE // 8, 2)


def vectors_of(backbone: Backbone, images: np.ndarray) -> np.ndarray:
    return make_extractors(backbone, gpu=False)[0](images)


def scaling_of(backbone: Backbone, *, with_roots: bool = True) -> FeatureScaling:
    """Fitted to images; without roots a vector of which one number is negative."""
    vectors = vectors_of(backbone, pixels(40, 1))
    if not with_roots:
        vectors[0, 0] = -1
    return learn_scaling(vectors, np.arange(40), backbone.info.parts)


def layers_for(backbone: Backbone, widths: tuple[int, ...]) -> list[DenseWeights]:
    random = np.random.default_rng(3)
    layers, before = [], backbone.info.feature_dim
    for width in widths:
        kernel = random.normal(0, 0.3 / before**0.5, (before, width)).astype(np.float32)
        layers.append(DenseWeights(kernel, random.normal(0, 0.3, width).astype(np.float32)))
        before = width
    return layers


def probabilities_of(values: np.ndarray, layers: list[DenseWeights]) -> np.ndarray:
    values = values.astype(np.float64)
    for layer in layers[:-1]:
        values = np.maximum(values @ layer.kernel + layer.bias, 0)
    logits = values @ layers[-1].kernel + layers[-1].bias
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


@WIDTHS
@pytest.mark.parametrize("with_roots", [True, False], ids=["roots", "one part without"])
def test_files_answer_what_the_head_answers_on_scaled_features(
    backbone: Backbone, widths: tuple[int, ...], with_roots: bool, tmp_path: Path
):
    scaling = scaling_of(backbone, with_roots=with_roots)
    assert scaling.roots == (with_roots, *[True] * (len(backbone.info.parts) - 1))
    layers = layers_for(backbone, widths)
    images = pixels(4, 2)
    scaled = vectors_of(backbone, images)
    scaling.apply(scaled)
    expected = probabilities_of(scaled, layers)
    assert np.abs(expected - 1 / 3).max() > 0.1  # answers that say something

    in_files = with_scaling(layers, scaling)
    floats = images / np.float32(255)
    content = join_litert(backbone.litert_path, in_files, scaling.roots)
    runner = load_interpreter(content, num_threads=1).get_signature_runner()
    received = [runner(images=image[None])["probabilities"][0] for image in floats]
    np.testing.assert_allclose(received, expected, atol=1e-5)

    write_saved_model(
        tmp_path / "saved", backbone, in_files, LABELS, ResizeMode.SQUASH, scaling.roots
    )
    serve = tf.saved_model.load(str(tmp_path / "saved")).signatures["serving_default"]
    answers = serve(images=tf.constant(floats))["probabilities"]
    np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_temperature_and_scaling_do_not_mind_their_order(backbone: Backbone):
    scaling, layers = scaling_of(backbone), layers_for(backbone, (3,))
    some = with_scaling(with_temperature(layers, 1.7), scaling)
    others = with_temperature(with_scaling(layers, scaling), 1.7)
    for a, b in zip(some, others, strict=True):
        np.testing.assert_allclose(a.kernel, b.kernel, rtol=1e-5)
        np.testing.assert_allclose(a.bias, b.bias, rtol=1e-4, atol=1e-5)


def test_only_the_first_layer_is_changed(backbone: Backbone):
    layers = layers_for(backbone, (8, 3))
    assert with_scaling(layers, scaling_of(backbone))[1] is layers[1]


def test_a_batch_of_another_size_is_answered_too(backbones):
    backbone = backbones["two"]
    scaling, images = scaling_of(backbone), pixels(5, 4)
    layers = layers_for(backbone, (3,))
    content = join_litert(backbone.litert_path, with_scaling(layers, scaling), scaling.roots)
    interpreter = load_interpreter(content, num_threads=1)
    (given,), (taken,) = interpreter.get_output_details(), interpreter.get_input_details()
    interpreter.resize_tensor_input(taken["index"], [5, PYRAMID_SIDE, PYRAMID_SIDE, 3])
    interpreter.allocate_tensors()
    interpreter.set_tensor(taken["index"], images / np.float32(255))
    interpreter.invoke()
    scaled = vectors_of(backbone, images)
    scaling.apply(scaled)
    expected = probabilities_of(scaled, layers)
    np.testing.assert_allclose(interpreter.get_tensor(given["index"]), expected, atol=1e-5)

"""Backbones made of packed weights: right numbers, at first use, again when damaged."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.backbones.backbone import Backbone, read_info
from core.backbones.efficientnet_lite.architecture import LITE0
from core.backbones.efficientnet_lite.packed_weights import PACKED_WEIGHTS, PackedWeights
from core.backbones.efficientnet_lite.torch_weights import read_torch_weights
from core.backbones.prepare import import_backbone, prepare_backbone
from core.data.dataset import ImageSource
from core.errors import StorageError
from core.features.extractors import make_extractors
from core.messages.events import Phase, PhaseStarted, TrainingFinished
from core.messages.requests import TrainRequest
from core.models.predictor import Predictor, trained_classifier
from core.settings.choices import Features
from core.settings.config import TrainConfig
from core.storage.app_dirs import cache_dir
from core.storage.caches import clear_cache
from core.worker.process import WorkerProcess
from resources import resource_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    # tensorflow_hub and TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
PHOTOS = Path(__file__).parents[2] / "data" / "known_photos"
ANSWERS = json.loads((PHOTOS / "answers.json").read_text(encoding="utf-8"))["pictures"]
CONVERTED = "core.backbones.converted"
LITE1 = PACKED_WEIGHTS[0]
each = pytest.mark.parametrize("weights", PACKED_WEIGHTS, ids=lambda weights: weights.name)


def photos(side: int) -> NDArray[np.uint8]:
    images = []
    for name in ("cat.jpg", "coffee.jpg", "rocket.jpg"):
        with Image.open(PHOTOS / name) as image:
            images.append(image.convert("RGB").resize((side, side), Image.Resampling.BILINEAR))
    return np.stack([np.asarray(image) for image in images])


@pytest.fixture
def cache(packed_cache: Path, fieldguide_home: Path) -> Path:
    """A test's own, with both prepared."""
    return shutil.copytree(packed_cache, cache_dir())


def vectors(backbone: Backbone) -> NDArray[np.float32]:
    return make_extractors(backbone, gpu=False)[0](photos(backbone.info.input_size[0]))


def test_the_network_computes_what_the_embedded_backbone_does() -> None:
    import tensorflow as tf

    from core.backbones.efficientnet_lite.network import EfficientNetLite

    saved = tf.saved_model.load(str(resource_path("backbones", "efficientnet_lite0/saved_model")))
    arrays = {variable.name.partition(":")[0]: variable.numpy() for variable in saved.variables}
    network = EfficientNetLite(LITE0, _as_pytorch_names_them(arrays))
    images = tf.constant(photos(224) / np.float32(255))
    np.testing.assert_allclose(network(images), saved(images), rtol=1e-4, atol=1e-5)
    # In training the vectors are others, and the averages move.
    np.testing.assert_allclose(
        network(images, training=True), saved(images, training=True), rtol=1e-3, atol=1e-3
    )
    moved = {variable.name: variable.numpy() for variable in network.variables}
    for variable in saved.variables:
        np.testing.assert_allclose(moved[variable.name], variable, rtol=1e-3, atol=1e-3)


def _as_pytorch_names_them(arrays: dict[str, Any]) -> dict[str, Any]:
    parts = {
        "expand": "_expand_conv", "expand_norm": "_bn0", "depthwise": "_depthwise_conv",
        "depthwise_norm": "_bn1", "project": "_project_conv", "project_norm": "_bn2",
    }  # fmt: skip
    ends = {"stem": "_conv_stem", "stem_norm": "_bn0", "top": "_conv_head", "top_norm": "_bn1"}
    fields = {
        "kernel": "weight", "depthwise_kernel": "weight", "gamma": "weight", "beta": "bias",
        "moving_mean": "running_mean", "moving_variance": "running_var",
    }  # fmt: skip
    named = {}
    for name, array in arrays.items():
        *place, field = name.split("/")
        source = ends[place[0]] if len(place) == 1 else f"_blocks.{place[0][5:]}.{parts[place[1]]}"
        axes = {"kernel": (3, 2, 0, 1), "depthwise_kernel": (2, 3, 0, 1)}.get(field)
        named[f"{source}.{fields[field]}"] = array.transpose(axes) if axes else array
    return named


@each
def test_imagenet_is_known_by_the_published_head(cache: Path, weights: PackedWeights) -> None:
    arrays = read_torch_weights(weights.path(), weights.sha256)
    logits = vectors(prepare_backbone(weights.name)) @ arrays["_fc.weight"].T + arrays["_fc.bias"]
    known = [ANSWERS[name]["top5_classes"] for name in ("cat.jpg", "coffee.jpg", "rocket.jpg")]
    top = logits.argmax(axis=1)
    assert list(top[1:]) == [classes[0] for classes in known[1:]]
    assert top[0] in (281, 282, 285)  # cats: tabby, tiger, Egyptian
    for seen, classes in zip(np.argsort(-logits, axis=1), known, strict=True):
        assert len(set(seen[:5]) & set(classes)) >= 3


@each
def test_it_is_made_whole_and_kept(cache: Path, weights: PackedWeights, monkeypatch) -> None:
    import tensorflow as tf

    from core.backbones.saved_model_screening import require_computing_only

    for done in ("core.backbones.inspected._inspect", f"{CONVERTED}._convert"):
        monkeypatch.setattr(done, lambda *_: pytest.fail("done again"))
    backbone = prepare_backbone(weights.name)
    assert backbone.info.name == backbone.info.handle == weights.name
    assert backbone.info.input_size == weights.architecture.input_size
    assert backbone.fingerprint == weights.fingerprint
    assert backbone.saved_model_dir.is_relative_to(cache_dir())
    require_computing_only(backbone.saved_model_dir, weights.name)
    saved = tf.saved_model.load(str(backbone.saved_model_dir))
    assert sum(int(tf.size(one)) for one in saved.variables) == backbone.info.parameters
    images = photos(backbone.info.input_size[0])
    expected = saved(tf.constant(images / np.float32(255))).numpy()
    assert np.abs(vectors(backbone) - expected).max() < 1e-4 * np.abs(expected).max()


@each
def test_its_graph_shows_the_stages_that_are_told(cache: Path, weights: PackedWeights) -> None:
    backbone = prepare_backbone(weights.name)
    assert backbone.litert_path is not None
    assert read_info(backbone.litert_path.parent).stages == backbone.info.stages != ()


def test_it_can_be_fine_tuned_from_any_depth(cache: Path) -> None:
    import tensorflow as tf

    from core.backbones.saved_model_training import load_trainable_backbone

    backbone = prepare_backbone(LITE1.name)
    trainable = load_trainable_backbone(backbone)
    names = [variable.name.partition(":")[0] for variable in trainable.trainable]
    assert names[0] == "stem/kernel"
    assert names.index("block3/project/kernel") < names.index("block18/expand/kernel")
    images = tf.constant(photos(backbone.info.input_size[0]) / np.float32(255))
    for call in (trainable.call, trainable.training_call):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(call(images)[0]))
        for gradient in tape.gradient(loss, trainable.trainable):
            assert np.isfinite(gradient).all()
    averages = [one.numpy() for one in trainable.others]
    trainable.training_call(images)
    assert not any(map(np.array_equal, averages, [one.numpy() for one in trainable.others]))


@pytest.mark.parametrize("damage", ["weights", "graph", "no seal", "no facts"])
def test_what_is_damaged_is_made_again(cache: Path, damage: str, monkeypatch) -> None:
    before = prepare_backbone(LITE1.name)
    folder = before.saved_model_dir.parent
    whole, made = shutil.copytree(folder, cache / "whole"), []

    def make(_weights, _info, target: Path) -> None:
        made.append(target)
        shutil.rmtree(target)
        shutil.copytree(whole, target)

    monkeypatch.setattr(f"{CONVERTED}._convert", make)
    match damage:
        case "weights":
            (path,) = folder.glob("saved_model/variables/*.data*")
            content = bytearray(path.read_bytes())
            content[len(content) // 2] ^= 1
            path.write_bytes(content)
        case "graph":
            (folder / "saved_model" / "saved_model.pb").write_bytes(b"")
        case "no seal":
            (folder / "complete.json").unlink()
        case "no facts":
            (folder / "backbone.json").write_text("{")
    assert prepare_backbone(LITE1.name) == before
    assert prepare_backbone(LITE1.name) == before
    assert made == [folder]


def test_a_cleared_cache_is_filled_again_with_the_same(cache: Path) -> None:
    before = prepare_backbone(LITE1.name)
    expected = vectors(before)
    clear_cache("backbones")
    configured = []
    again = prepare_backbone(LITE1.name, lambda: configured.append(True))
    assert configured
    assert (again.info, again.fingerprint) == (before.info, before.fingerprint)
    assert again.saved_model_dir == before.saved_model_dir
    np.testing.assert_allclose(vectors(again), expected, rtol=1e-5, atol=1e-6)


def test_it_can_be_imported_under_another_name(cache: Path) -> None:
    info = import_backbone(LITE1.name, "mine")
    assert info.input_size == (240, 240)
    expected = prepare_backbone(LITE1.name)
    np.testing.assert_allclose(vectors(prepare_backbone("mine")), vectors(expected), rtol=1e-4)


def test_a_cache_that_cant_be_written_is_one_clear_error(fieldguide_home: Path) -> None:
    cache_dir().mkdir()
    (cache_dir() / "backbones").write_bytes(b"")
    with pytest.raises(StorageError, match=r"Can't write .*efficientnet-lite1"):
        prepare_backbone(LITE1.name)


def test_a_training_with_it_offline_outlives_the_cache(
    cache: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setenv("FIELDGUIDE_OFFLINE", "1")
    images = tmp_path / "pictures"
    for label in ("brick", "grass"):
        (images / label).mkdir(parents=True)
        for path in sorted(resource_path("sample", label).iterdir())[:6]:
            shutil.copy(path, images / label)
    config = TrainConfig(
        backbone=LITE1.name, features=Features.LAST, epochs=2, batch_size=4,
        fine_tune=True, fine_tune_epochs=1, validation_split=0.3, test_split=0.0,
    )  # fmt: skip
    request = TrainRequest(sources=(ImageSource(images),), config=config, output=tmp_path / "run")
    *events, last = WorkerProcess().events(request)
    assert isinstance(last, TrainingFinished), last
    assert any(
        isinstance(event, PhaseStarted) and event.phase is Phase.PREPARING_BACKBONE
        for event in events
    )
    clear_cache("backbones")
    predictor = Predictor(trained_classifier(last.model_dir))
    for number, label in enumerate(("brick", "grass")):
        path = next((images / label).iterdir())
        assert predictor.classify_file(path).argmax() == number

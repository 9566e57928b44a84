"""Backbones of stages and of two backbones: made once, and the same in LiteRT and TensorFlow."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.backbones import joint
from core.backbones.backbone import Backbone, FeaturePart, read_info, write_info
from core.backbones.joint import join_backbones
from core.backbones.prepare import import_backbone, prepare_backbone
from core.backbones.saved_model_graph import load_frozen_backbone
from core.errors import BackboneError, StorageError
from core.features.extractors import make_extractors
from core.features.tensorflow_extractor import TensorFlowExtractor
from core.litert.extractor import LitertExtractor, read_litert_backbone
from tests.saved_models import SIDE, save_calling, save_pooling, save_scaled
from tests.small_disk import SmallDisk

# TensorFlow's loader on Python 3.11 and later.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

WIDTHS = {8: 5, 16: 6, 32: 7}  # channels, by how often the side is divided


def save_pyramid(folder: Path, side: int, seed: int = 0) -> Path:
    """Convolutions down to a 32nd of the side; the vector is the mean of the last."""
    random = np.random.default_rng(seed)

    def kernel(size: int, before: int, after: int) -> np.ndarray:
        return random.normal(0, 1 / (size * before**0.5), (size, size, before, after)).astype("f")

    kernels = [
        kernel(8, 3, WIDTHS[8]),
        kernel(3, WIDTHS[8], WIDTHS[16]),
        kernel(3, WIDTHS[16], WIDTHS[32]),
    ]

    def call(images):
        x = images
        for weights, stride in zip(kernels, (8, 2, 2), strict=True):
            x = tf.nn.relu(tf.nn.conv2d(x, weights, stride, "SAME"))
        return tf.reduce_mean(x, [1, 2])

    return save_calling(folder, call, side)


def means(folder: Path, pixels: np.ndarray) -> np.ndarray:
    """The vector of a pyramid, by its SavedModel."""
    return tf.saved_model.load(str(folder))(pixels / np.float32(255)).numpy()


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory) -> Path:
    return save_pyramid(tmp_path_factory.mktemp("pyramid") / "pyramid", 64)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    return save_pyramid(tmp_path_factory.mktemp("small") / "small", 32, seed=1)


@pytest.fixture(scope="module")
def unconvertible(tmp_path_factory) -> Path:
    """A backbone with an operation that LiteRT lacks."""

    def call(images):
        return tf.math.erfinv(tf.reduce_mean(images, [1, 2]) * 0.9)

    return save_calling(tmp_path_factory.mktemp("unconvertible") / "unconvertible", call)


@pytest.fixture(scope="module")
def prepared(pyramid, small, tmp_path_factory) -> Path:
    """A home in which what most tests need was made once."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDGUIDE_HOME", str(home))
        joined(pyramid)
        joined(pyramid, small)
    return home


@pytest.fixture(autouse=True)
def home(prepared, fieldguide_home) -> None:
    """A copy of it for each test."""
    shutil.copytree(prepared, fieldguide_home, dirs_exist_ok=True)


def pixels_for(backbone: Backbone, count: int = 2) -> np.ndarray:
    height, width = backbone.info.input_size
    return np.random.default_rng(5).integers(0, 256, (count, height, width, 3), np.uint8)


def by_litert(backbone: Backbone, pixels: np.ndarray) -> np.ndarray:
    assert backbone.litert_path is not None
    return LitertExtractor(read_litert_backbone(backbone.litert_path))(pixels)


def by_tensorflow(backbone: Backbone, pixels: np.ndarray) -> np.ndarray:
    return TensorFlowExtractor(backbone, mixed_precision=False)(pixels)


def joined(*folders: Path, with_stages: bool = True) -> Backbone:
    return join_backbones(
        [prepare_backbone(str(each)) for each in folders], with_stages=with_stages
    )


def refuse() -> None:
    raise AssertionError("it is made already")


def test_a_vector_is_followed_by_its_stages(pyramid):
    backbone = joined(pyramid)
    assert backbone.info.parts == (
        FeaturePart(WIDTHS[32]),
        FeaturePart(WIDTHS[8], is_stage=True),
        FeaturePart(WIDTHS[16], is_stage=True),
    )
    assert backbone.info.stages == (WIDTHS[8], WIDTHS[16])
    assert backbone.info.feature_dim == sum(WIDTHS.values())
    assert (backbone.info.name, backbone.info.input_size) == ("pyramid", (64, 64))
    pixels = pixels_for(backbone)
    vectors = by_litert(backbone, pixels)
    np.testing.assert_allclose(vectors[:, : WIDTHS[32]], means(pyramid, pixels), atol=1e-5)
    np.testing.assert_allclose(vectors, by_tensorflow(backbone, pixels), atol=1e-5)
    # Means of nothing would agree too.
    for part in np.split(vectors, np.cumsum([WIDTHS[32], WIDTHS[8]]), axis=1):
        assert (part.std(axis=0) > 0).any()


def test_a_backbone_without_stages_is_its_vector_alone(tmp_path):
    backbone = joined(save_pooling(tmp_path / "pooling"))
    assert backbone.info.parts == (FeaturePart(4),)
    assert backbone.info.stages == ()
    pixels = pixels_for(backbone)
    alone = by_litert(prepare_backbone(str(tmp_path / "pooling")), pixels)
    np.testing.assert_allclose(by_litert(backbone, pixels), alone, atol=1e-6)
    np.testing.assert_allclose(by_tensorflow(backbone, pixels), alone, atol=1e-6)


@pytest.mark.parametrize("with_stages", [True, False])
def test_two_backbones_stand_side_by_side(pyramid, small, with_stages):
    backbone = joined(small, pyramid, with_stages=with_stages)
    # Of 32 pixels a side the small one ends with one pixel.
    own = (WIDTHS[32], WIDTHS[8], WIDTHS[16]) if with_stages else (WIDTHS[32],)
    assert [part.width for part in backbone.info.parts] == [*own, *own]
    assert [part.is_stage for part in backbone.info.parts] == [i > 0 for i in range(len(own))] * 2
    assert backbone.info.input_size == (64, 64)
    assert backbone.info.name == "small + pyramid"
    pixels = pixels_for(backbone)
    received = by_litert(backbone, pixels)
    np.testing.assert_allclose(received, by_tensorflow(backbone, pixels), atol=1e-5)
    resized = tf.image.resize(pixels.astype(np.float32), (32, 32)).numpy()
    vectors = [means(small, resized), means(pyramid, pixels)]
    for start, vector in zip((0, sum(own)), vectors, strict=True):
        part = received[:, start : start + WIDTHS[32]]
        np.testing.assert_allclose(part, vector, atol=1e-5)


def test_a_member_has_its_own_range_of_values(pyramid, tmp_path):
    save_scaled(tmp_path / "scaled", (-1.0, 1.0))
    save_pooling(tmp_path / "pooling")
    import_backbone(str(tmp_path / "scaled"), "scaled", value_range=(-1.0, 1.0))
    backbone = join_backbones(
        [prepare_backbone("scaled"), prepare_backbone(str(pyramid))], with_stages=True
    )
    assert backbone.info.value_range == (0.0, 1.0)
    pixels = pixels_for(backbone)
    received = by_litert(backbone, pixels)
    np.testing.assert_allclose(received, by_tensorflow(backbone, pixels), atol=1e-5)
    resized = tf.image.resize(pixels.astype(np.float32), (SIDE, SIDE)).numpy()
    wanted = means(tmp_path / "pooling", resized)  # of images in [0, 1] both compute the same
    np.testing.assert_allclose(received[:, :4], wanted, atol=1e-5)


def test_a_member_without_a_litert_twin_leaves_all_to_tensorflow(pyramid, unconvertible):
    alone = prepare_backbone(str(unconvertible))
    assert alone.litert_path is None
    backbone = joined(pyramid, unconvertible)
    assert backbone.litert_path is None
    pixels = pixels_for(backbone)
    received = make_extractors(backbone, gpu=False)[0](pixels)
    resized = tf.image.resize(pixels.astype(np.float32), (SIDE, SIDE)).numpy()
    np.testing.assert_allclose(received[:, -3:], means(unconvertible, resized), atol=1e-5)
    assert joined(pyramid, unconvertible).litert_path is None


def test_each_combination_has_a_fingerprint_of_its_own(pyramid, small, monkeypatch):
    def make(members, folder, before_tensorflow, image_size, *, with_stages) -> None:
        write_info(folder, members[0].info)

    monkeypatch.setattr(joint, "_make", make)
    one, two = prepare_backbone(str(pyramid)), prepare_backbone(str(small))
    made = [
        join_backbones(members, with_stages=with_stages, image_size=image_size)
        for members in ([one], [two], [one, two], [two, one])
        for with_stages in (True, False)
        for image_size in (None, (96, 96))
    ]
    fingerprints = [one.fingerprint, two.fingerprint, *(each.fingerprint for each in made)]
    assert len(set(fingerprints)) == len(fingerprints)


def test_it_is_made_once(pyramid, monkeypatch):
    first = joined(pyramid)
    monkeypatch.setattr(joint, "_make", lambda *_arguments, **_options: refuse())
    assert joined(pyramid) == first


def test_it_is_named_as_its_members_are_named_now(pyramid, tmp_path):
    """Not as the first who needed it called them."""
    joined(pyramid)
    shutil.copytree(pyramid, tmp_path / "moved")
    import_backbone(str(tmp_path / "moved"), "mine")
    mine = join_backbones([prepare_backbone("mine")], refuse, with_stages=True)
    assert (mine.info.name, mine.info.handle, mine.info.title) == ("mine", "mine", "mine")
    moved = join_backbones([prepare_backbone(str(tmp_path / "moved"))], refuse, with_stages=True)
    assert (moved.info.name, moved.info.handle) == ("moved", str(tmp_path / "moved"))
    assert moved.fingerprint == mine.fingerprint


def no_facts(folder: Path) -> None:
    (folder / "backbone.json").unlink()


def no_seal(folder: Path) -> None:
    (folder / "complete.json").unlink()


def damaged_twin(folder: Path) -> None:
    content = bytearray((folder / "model.tflite").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.tflite").write_bytes(content)


def killed_in_the_middle(folder: Path) -> None:
    """What is there when the graph has been written and the rest has not."""
    for name in ("backbone.json", "complete.json", "model.tflite"):
        (folder / name).unlink()
    (folder / ".0123456789abcdef.partial").write_bytes(b"part")


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


@pytest.mark.parametrize(
    "harm", [no_facts, no_seal, damaged_twin, killed_in_the_middle, emptied, shutil.rmtree]
)
def test_a_damaged_folder_is_made_again(pyramid, small, harm: Callable[[Path], None]):
    first = joined(pyramid, small)
    assert first.litert_path is not None
    expected = first.litert_path.read_bytes()
    folder = first.litert_path.parent
    harm(folder)
    again = joined(pyramid, small)
    assert again == first
    assert again.litert_path is not None
    assert again.litert_path.read_bytes() == expected
    assert not list(folder.glob("*.partial"))


@pytest.mark.parametrize("harm", ["deleted", "damaged"])
def test_a_graph_that_is_lost_is_made_again_and_computes_the_same(pyramid, small, harm):
    backbone = joined(pyramid, small)
    pixels = pixels_for(backbone)
    expected = by_tensorflow(backbone, pixels)
    content = bytearray(backbone.frozen_graph_path.read_bytes())
    backbone.frozen_graph_path.unlink()
    if harm == "damaged":
        content[-100] ^= 1
        backbone.frozen_graph_path.write_bytes(content)
    parts = load_frozen_backbone(backbone)(tf.constant(pixels / np.float32(255)))
    np.testing.assert_allclose(np.concatenate(parts, axis=1), expected, atol=1e-6)
    assert backbone.frozen_graph_path.is_file()


def test_a_joint_without_stages_stays_one_when_its_graph_is_lost(pyramid, small):
    backbone = joined(pyramid, small, with_stages=False)
    backbone.frozen_graph_path.unlink()
    vectors = by_tensorflow(backbone, pixels_for(backbone))
    assert vectors.shape[1] == backbone.info.feature_dim == 2 * WIDTHS[32]


def test_facts_are_stored_and_read_again(pyramid, tmp_path):
    info = joined(pyramid).info
    write_info(tmp_path, info)
    assert read_info(tmp_path) == info
    alone = replace(info, parts=(), stages=None)
    write_info(tmp_path, alone)
    assert read_info(tmp_path) == alone


def test_facts_of_an_earlier_version_say_nothing_of_parts(pyramid, tmp_path):
    write_info(tmp_path, joined(pyramid).info)
    path = tmp_path / "backbone.json"
    content = json.loads(path.read_text())
    del content["parts"], content["stages"]
    path.write_text(json.dumps(content))
    info = read_info(tmp_path)
    assert (info.parts, info.stages) == ((), None)
    assert info.all_parts == (FeaturePart(info.feature_dim),)


def test_parts_that_are_none_are_a_damaged_file(pyramid, tmp_path):
    write_info(tmp_path, joined(pyramid).info)
    path = tmp_path / "backbone.json"
    content = json.loads(path.read_text())
    for parts in ([3], [{"height": 1}], "text", 5):
        path.write_text(json.dumps(content | {"parts": parts}))
        with pytest.raises(BackboneError, match=r"backbone\.json"):
            read_info(tmp_path)


def test_a_full_disk_is_named(pyramid, small_disk: SmallDisk, monkeypatch):
    members = [prepare_backbone(str(pyramid))]
    (small_disk.path / "cache/backbones").mkdir(parents=True)
    monkeypatch.setattr(joint, "cache_dir", lambda: small_disk.path / "cache")
    small_disk.fill()
    with pytest.raises(StorageError, match=r"disk/cache/backbones.*No space left"):
        join_backbones(members, with_stages=True)
    small_disk.make_room()
    assert join_backbones(members, with_stages=True).info.stages == (WIDTHS[8], WIDTHS[16])


def test_a_cache_that_cannot_be_a_folder_is_named(pyramid, tmp_path, monkeypatch):
    members = [prepare_backbone(str(pyramid))]
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setattr(joint, "cache_dir", lambda: tmp_path / "cache")
    with pytest.raises(StorageError, match=str(tmp_path / "cache")):
        join_backbones(members, with_stages=True)


def test_a_damaged_embedded_backbone_is_named(tmp_path):
    embedded = prepare_backbone("efficientnet-lite0")
    for content in (b"nothing", b"\x1c\0\0\0TFL3" + bytes(1000)):
        (tmp_path / "model.tflite").write_bytes(content)
        with pytest.raises(BackboneError, match=r"model\.tflite can't be used"):
            join_backbones(
                [replace(embedded, litert_path=tmp_path / "model.tflite")], with_stages=True
            )
    with pytest.raises(BackboneError, match=r"absent\.tflite can't be used"):
        join_backbones(
            [replace(embedded, litert_path=tmp_path / "absent.tflite")], with_stages=True
        )


def test_the_embedded_backbone_needs_no_tensorflow_for_its_stages():
    backbone = join_backbones([prepare_backbone("efficientnet-lite0")], refuse, with_stages=True)
    assert backbone.info.stages == (240, 672)
    assert backbone.info.feature_dim == 1280 + 240 + 672
    assert (backbone.info.name, backbone.info.handle) == ("efficientnet-lite0",) * 2


@pytest.mark.parametrize("with_stages", [True, False])
def test_an_image_size_is_given_to_all_members_as_it_is(pyramid, small, with_stages):
    members = [prepare_backbone(str(each)) for each in (pyramid, small)]
    backbone = join_backbones(members, with_stages=with_stages, image_size=(96, 96))
    assert backbone.info.input_size == (96, 96)
    assert backbone.fingerprint != joined(pyramid, small, with_stages=with_stages).fingerprint
    pixels = pixels_for(backbone)
    vectors = by_litert(backbone, pixels)
    np.testing.assert_allclose(vectors, by_tensorflow(backbone, pixels), atol=1e-5)
    starts = np.cumsum([0, *(part.width for part in backbone.info.parts)])
    second = int(starts[len(backbone.info.parts) // 2])
    # The same weights in a SavedModel that was made for this size.
    for start, folder, seed in ((0, "large", 0), (second, "large small", 1)):
        save_pyramid(backbone.frozen_graph_path.parent / folder, 96, seed)
        expected = means(backbone.frozen_graph_path.parent / folder, pixels)
        np.testing.assert_allclose(vectors[:, start : start + WIDTHS[32]], expected, atol=1e-5)


def test_the_image_size_that_all_have_changes_nothing(pyramid):
    same = join_backbones([prepare_backbone(str(pyramid))], with_stages=True, image_size=(64, 64))
    assert same == joined(pyramid)


def test_multiply_adds_grow_with_the_pixels(pyramid):
    info = replace(prepare_backbone(str(pyramid)).info, multiply_adds=1000)
    assert joint.joint_info([info], (), (128, 96)).multiply_adds == 3000
    assert joint.joint_info([info, info], ()).multiply_adds == 2000


@pytest.mark.parametrize("shape", ["flat", "rows"])
def test_an_image_size_that_a_backbone_cant_take_is_named(tmp_path, shape):
    """Vectors of all positions: of another length, or of more rows than images."""

    def call(images):
        pooled = tf.nn.avg_pool2d(images, 16, 16, "VALID")
        if shape == "rows":
            return tf.reshape(pooled, [-1, 12])
        return tf.reshape(pooled, [tf.shape(pooled)[0], -1])

    folder = save_calling(tmp_path / "positions", call, 32)
    with pytest.raises(BackboneError, match=r"positions can't take pictures of 64×64 pixels"):
        join_backbones([prepare_backbone(str(folder))], with_stages=False, image_size=(64, 64))
    assert join_backbones([prepare_backbone(str(folder))], with_stages=False).info.feature_dim == 12

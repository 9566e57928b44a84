"""Which activations of known architectures are stages, and that two ways to find them agree."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from core.backbones.backbone import Backbone
from core.backbones.joint import join_backbones
from core.backbones.litert_stages import stages_of_litert
from core.backbones.prepare import prepare_backbone
from core.backbones.saved_model_freezing import IMAGES, freeze
from core.backbones.saved_model_graph import write_joint
from core.backbones.saved_model_inspection import LoadedBackbone, load_saved_model
from core.backbones.saved_model_stages import stages_of_graph
from core.litert.extractor import LitertExtractor, read_litert_backbone
from core.litert.graph import LitertGraph
from core.storage.app_dirs import cache_dir
from tests.architectures import save_architecture
from tests.saved_models import save_calling, save_keras_application, save_pooling

# TensorFlow's loader on Python 3.11 and later.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@dataclass(frozen=True)
class Found:
    """Stages of a backbone.

    Attributes:
        shapes: `(height, width, channels)` of each.
    """

    names: list[str]
    shapes: list[tuple[int, ...]]
    means: np.ndarray


def stages_of(folder: Path) -> Found:
    return stages_of_loaded(load_saved_model(folder, "backbone", None, (0.0, 1.0)))


def application(name: str, side: int) -> LoadedBackbone:
    """An architecture of Keras, untrained, as if it had been saved and loaded."""
    network = getattr(tf_keras.applications, name)(
        weights=None, include_top=False, pooling="avg", input_shape=(side, side, 3)
    )
    function = tf.function(
        lambda images: network(images * 2.0 - 1.0, training=False),
        input_signature=[tf.TensorSpec([None, side, side, 3], tf.float32, name=IMAGES)],
        autograph=False,
    )
    return LoadedBackbone(network, function, (side, side), network.output_shape[1], 0)


def stages_of_loaded(loaded: LoadedBackbone) -> Found:
    graph = freeze(loaded, "backbone")
    names = stages_of_graph(graph, loaded.input_size)
    with tf.Graph().as_default() as imported:
        images = tf.compat.v1.placeholder(tf.float32, [None, *loaded.input_size, 3])
        ends = tf.graph_util.import_graph_def(
            graph, input_map={f"{IMAGES}:0": images}, return_elements=names, name=""
        )
        shapes = [tuple(end.shape.as_list()[1:]) for end in ends]
        pixels = np.random.default_rng(0).random((2, *loaded.input_size, 3), np.float32)
        with tf.compat.v1.Session(graph=imported) as session:
            means = session.run([tf.reduce_mean(end, [1, 2]) for end in ends], {images: pixels})
    joined = np.concatenate(means, axis=1) if means else np.zeros((2, 0))
    return Found([name.split("/")[-2] for name in names if "/" in name], shapes, joined)


@pytest.mark.slow
def test_a_small_network_shows_the_ends_of_its_stages(tmp_path):
    save_keras_application(tmp_path / "saved", "MobileNetV2", 64, alpha=0.35)
    found = stages_of(tmp_path / "saved")
    assert found.names == ["block_6_expand_relu", "block_13_expand_relu"]
    assert found.shapes == [(8, 8, 96), (4, 4, 192)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "side", "names", "shapes"),
    [
        # A convolution that widens comes before the one that halves the side.
        ("MobileNetV2", 96, ["block_6_expand_relu", "block_13_expand_relu"],
         [(12, 12, 192), (6, 6, 576)]),
        # At 299 pixels it has 35 and 17 a side.
        ("InceptionV3", 299, ["mixed2", "mixed7"], [(35, 35, 288), (17, 17, 768)]),
        # The last block of a stage halves the side inside.
        ("ResNet50V2", 96, ["conv3_block3_out", "conv4_block5_out"],
         [(12, 12, 512), (6, 6, 1024)]),
        ("EfficientNetV2B0", 96, ["block4a_expand_activation", "block6a_expand_activation"],
         [(12, 12, 192), (6, 6, 672)]),
    ],
)  # fmt: skip
def test_stages_of_well_known_architectures(name, side, names, shapes):
    found = stages_of_loaded(application(name, side))
    assert found.names == names
    assert found.shapes == shapes
    assert [side // size for size, _, _ in shapes] == [8, 16] or name == "InceptionV3"
    assert np.isfinite(found.means).all()


@pytest.mark.parametrize(
    "save",
    [
        lambda folder: save_architecture(folder, "transformer"),
        save_pooling,
        lambda folder: save_calling(folder, lambda images: images[:, 0, 0] * 2),
    ],
    ids=["transformer", "mean of the pixels", "a pixel"],
)
def test_what_has_no_stages_shows_none(tmp_path, save: Callable[[Path], Path]):
    assert stages_of(save(tmp_path / "saved")).shapes == []


def test_an_activation_that_is_padded_is_the_stage_and_not_what_was_added(tmp_path):
    kernels = [np.ones(shape, np.float32) for shape in ((8, 8, 3, 4), (3, 3, 4, 5), (1, 1, 5, 6))]

    def call(images):
        x = tf.nn.relu(tf.nn.conv2d(images, kernels[0], 8, "VALID"), name="end")
        x = tf.nn.conv2d(tf.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]]), kernels[1], 4, "VALID")
        return tf.reduce_mean(tf.nn.conv2d(x, kernels[2], 1, "VALID"), [1, 2])

    assert stages_of(save_calling(tmp_path / "saved", call, 64)).shapes == [(8, 8, 4)]


def two_ways(images):
    """An activation that is split; the halves go on alone and meet at half the side."""
    random = np.random.default_rng(0)

    def conv(x, size: int, channels: int, stride: int):
        shape = (size, size, x.shape[-1], channels)
        kernel = random.normal(0, 0.3, shape).astype(np.float32)
        return tf.nn.conv2d(x, kernel, stride, "SAME")

    left, right = tf.split(tf.nn.relu(conv(images, 8, 8, 8)), 2, axis=-1)
    left = tf.nn.relu(conv(left, 1, 3, 1))
    both = tf.nn.relu(conv(left, 3, 5, 2) + conv(right, 3, 5, 2))
    return tf.reduce_mean(tf.nn.relu(conv(both, 3, 6, 2)), [1, 2])


def test_an_operation_with_two_outputs_is_two_ways_in_file_and_graph(tmp_path):
    folder = save_calling(tmp_path / "saved", two_ways, 64)
    found = stages_of(folder)
    assert found.shapes == [(8, 8, 8), (4, 4, 5)]
    backbone = prepare_backbone(str(folder))
    graph = LitertGraph(backbone.litert_path.read_bytes())
    _, stages = stages_of_litert(graph, (64, 64))
    assert [graph.tensor_shape(stage)[1:] for stage in stages] == found.shapes


def by_both_ways(name: str, folder: Path) -> tuple[Backbone, np.ndarray, np.ndarray]:
    """Vectors of a built-in backbone, stages found in its LiteRT file and in its graph."""
    member = prepare_backbone(name)
    backbone = join_backbones([member], with_stages=True)
    parts = write_joint([member], folder / "graph", folder / "model.tflite", with_stages=True)
    assert parts == backbone.info.parts
    pixels = np.random.default_rng(1).integers(0, 256, (2, *backbone.info.input_size, 3), np.uint8)
    vectors = [
        LitertExtractor(read_litert_backbone(path))(pixels)
        for path in (backbone.litert_path, folder / "model.tflite")
    ]
    return backbone, *vectors


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "stages"),
    [
        ("efficientnet-lite0", (240, 672)),
        ("efficientnet-lite2", (288, 720)),
    ],
)
def test_file_and_graph_show_the_same_stages(packed_cache, tmp_path, name, stages):
    shutil.copytree(packed_cache, cache_dir())
    backbone, by_file, by_graph = by_both_ways(name, tmp_path)
    assert backbone.info.stages == stages
    np.testing.assert_allclose(by_file, by_graph, atol=1e-4 * np.abs(by_graph).max())

"""The stages that are known of a backbone before any training uses them."""

from dataclasses import replace

import pytest

from core.backbones.backbone import read_info, write_info
from core.backbones.litert_stages import stages_of_litert
from core.backbones.prepare import import_backbone, prepare_backbone
from core.backbones.store import embedded_folder, imported_dir
from core.litert.graph import LitertGraph
from tests.saved_models import save_calling, save_pooling

SIDE = 64


def test_the_built_in_file_shows_the_stages_that_are_told() -> None:
    folder = embedded_folder("efficientnet-lite0")
    graph = LitertGraph((folder / "model.tflite").read_bytes())
    info = read_info(folder)
    _, stages = stages_of_litert(graph, info.input_size)
    assert tuple(graph.tensor_shape(stage)[-1] for stage in stages) == info.stages
    assert info.stages == (240, 672)


def convolve(images):
    import tensorflow as tf

    for width in (2, 3, 4, 5, 6):  # to 1/32 of the side
        kernel = tf.fill([3, 3, images.shape[-1], width], 0.1)
        images = tf.nn.relu(tf.nn.conv2d(images, kernel, 2, "SAME"))
    return tf.reduce_mean(images, [1, 2])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
class TestFound:
    def test_preparing_finds_them(self, tmp_path) -> None:
        folder = save_calling(tmp_path / "net", convolve, SIDE)
        assert prepare_backbone(str(folder)).info.stages == (4, 5)
        assert import_backbone(str(folder), "mine").stages == (4, 5)

    def test_a_graph_without_any_is_known_to_have_none(self, tmp_path) -> None:
        folder = save_pooling(tmp_path / "pooling")
        assert prepare_backbone(str(folder)).info.stages == ()

    def test_what_an_earlier_version_stored_without_them_gets_them(self, tmp_path) -> None:
        folder = save_calling(tmp_path / "net", convolve, SIDE)
        import_backbone(str(folder), "mine")
        stored = imported_dir() / "mine"
        write_info(stored, replace(read_info(stored), stages=None))
        assert prepare_backbone("mine").info.stages == (4, 5)

"""Which of a backbone's weights are trained, and in which order they stand."""

from pathlib import Path

import pytest

from core.backbones.prepare import prepare_backbone
from core.backbones.saved_model_training import load_trainable_backbone
from core.errors import BackboneError
from tests.saved_models import save_calling
from tests.tunable_backbone import INFO, save_tunable, unprepared

pytestmark = pytest.mark.slow


def names(variables: object) -> list[str]:
    return [variable.name.partition(":")[0] for variable in variables]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = save_tunable(tmp_path_factory.mktemp("tiny") / "saved")
    return load_trainable_backbone(unprepared(folder, INFO))


def test_variables_stand_from_input_to_output(tiny):
    assert names(tiny.trainable)[0] == "first/kernel"
    assert names(tiny.trainable)[-1] == "second/kernel"
    assert set(names(tiny.trainable)[1:-1]) == {"norm/gamma", "norm/beta"}
    assert set(names(tiny.others)) == {"norm/moving_mean", "norm/moving_variance"}


def test_batch_normalisation_is_left_out_unless_asked_for(tiny):
    assert names(tiny.chosen(1.0, with_batch_norm=False)) == ["first/kernel", "second/kernel"]
    assert len(tiny.chosen(1.0, with_batch_norm=True)) == 4


def test_a_fraction_is_counted_from_the_output_and_is_never_empty(tiny):
    assert names(tiny.chosen(0.5, with_batch_norm=False)) == ["second/kernel"]
    assert names(tiny.chosen(0.01, with_batch_norm=False)) == ["second/kernel"]


def test_the_embedded_backbone_can_be_trained_from_any_depth():
    backbone = load_trainable_backbone(prepare_backbone("efficientnet-lite0"))
    ordered = names(backbone.trainable)
    assert ordered[0] == "stem/kernel"
    assert ordered.index("block2/project/kernel") < ordered.index("block10/expand/kernel")
    assert backbone.training_call is not None
    tail = names(backbone.chosen(0.1, with_batch_norm=False))
    assert tail[-1] == "top/kernel"
    assert len(tail) == 5


def test_a_backbone_without_trainable_weights_is_refused_by_name(tmp_path: Path):
    import tensorflow as tf

    folder = save_calling(tmp_path / "fixed", lambda images: tf.reduce_mean(images, [1, 2]))
    info = INFO.__class__(
        name="fixed", title="", handle="fixed", family="", input_size=(32, 32), feature_dim=3,
        parameters=0,
    )  # fmt: skip
    with pytest.raises(BackboneError, match=r"fixed can't be fine-tuned.*Turn off fine-tuning"):
        load_trainable_backbone(unprepared(folder, info))

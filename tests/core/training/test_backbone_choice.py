"""Which backbone a training gets: one, with its stages, or two; and what is said about it."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.backbones.backbone import Backbone
from core.backbones.saved_model_training import load_trainable_backbone
from core.errors import BackboneError
from core.messages.control import RunControl
from core.messages.events import Event, Warned
from core.messages.reporter import Reporter
from core.settings.choices import Device, Features, Optimizer
from core.settings.config import TrainConfig
from core.training import backbone_choice
from core.training.backbone_choice import choose_backbone
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.head import initial_weights
from core.training.pixel_batches import PixelBatch
from tests.saved_models import save_pooling
from tests.tunable_backbone import save_tunable_pyramid

# TensorFlow's loader on Python 3.11 and later.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@pytest.fixture(autouse=True)
def unconfigured(monkeypatch) -> None:
    """What it sets up would stay for all tests of this process."""
    monkeypatch.setattr(backbone_choice, "configure_tensorflow", lambda config: None)


def chosen(*backbones: Path, **settings) -> tuple[Backbone, list[str]]:
    """The backbone, and the warnings."""
    names = dict(zip(("backbone", "second_backbone"), map(str, backbones), strict=False))
    config = TrainConfig(device=Device.CPU, **names, **settings)
    events: list[Event] = []
    choice = choose_backbone(config, Reporter(events.append), RunControl())
    return choice.backbone, [str(each.message) for each in events if isinstance(each, Warned)]


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory) -> Path:
    return save_tunable_pyramid(tmp_path_factory.mktemp("pyramid") / "pyramid")


@pytest.fixture(scope="module")
def branched(tmp_path_factory) -> Path:
    """Convolutions down to a 16th of the side, around a branch that the images decide."""

    class Module(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            random = np.random.default_rng(0)
            shapes = {"first": (8, 8, 3, 4), "second": (3, 3, 4, 6)}
            self.kernels = [
                tf.Variable(random.normal(0, 0.1, shape).astype("f"), name=f"{name}/kernel")
                for name, shape in shapes.items()
            ]

        @tf.function
        def __call__(self, images):
            x = tf.nn.conv2d(images, self.kernels[0], 8, "SAME")
            is_bright = tf.reduce_mean(images) > 0.5
            x = tf.cond(is_bright, lambda: tf.nn.relu(x), lambda: tf.nn.elu(x))
            x = tf.nn.elu(tf.nn.conv2d(x, self.kernels[1], 2, "SAME"))
            return tf.reduce_mean(x, [1, 2])

    folder = tmp_path_factory.mktemp("branched") / "branched"
    module = Module()
    module.__call__.get_concrete_function(tf.TensorSpec([None, 64, 64, 3], name="images"))
    tf.saved_model.save(module, str(folder))
    return folder


def test_several_stages_are_the_default(pyramid):
    backbone, warnings = chosen(pyramid)
    assert len(backbone.info.parts) == 3
    assert warnings == []


def test_the_last_layer_alone_is_the_backbone_itself(pyramid):
    backbone, warnings = chosen(pyramid, features=Features.LAST)
    assert backbone.info.parts == ()
    assert backbone.members == ()
    assert warnings == []


def test_two_backbones_are_joined_with_and_without_stages(pyramid, tmp_path):
    pooling = save_pooling(tmp_path / "pooling")
    with_stages, _ = chosen(pyramid, pooling)
    without, _ = chosen(pyramid, pooling, features=Features.LAST)
    assert [part.is_stage for part in with_stages.info.parts] == [False, True, True, False]
    assert [part.is_stage for part in without.info.parts] == [False, False]


def test_a_second_backbone_that_is_the_first_counts_once(pyramid):
    assert chosen(pyramid, pyramid)[0] == chosen(pyramid)[0]


def test_a_backbone_with_branches_is_fine_tuned_with_its_last_layer_and_that_is_said(branched):
    backbone, warnings = chosen(branched, fine_tune=True)
    assert backbone.members == ()
    (warning,) = warnings
    assert warning.startswith("The backbone branched has branches or loops")
    config = TrainConfig(optimizer=Optimizer.ADAM, fine_tune=True)
    layers = initial_weights(backbone.info.feature_dim, 0, 2, seed=0)
    steps = make_fine_tuning_steps(backbone, layers, config, tf.distribute.get_strategy())
    images = np.random.default_rng(0).integers(0, 256, (4, *backbone.info.input_size, 3), np.uint8)
    targets = np.eye(2, dtype=np.float32)[[0, 1, 0, 1]]
    before = [variable.numpy() for variable in steps.trained]
    for step in range(2):
        steps.run(PixelBatch(images, targets, np.ones(4, np.float32)), 1e-2, step)
    for variable, old in zip(steps.trained, before, strict=True):
        assert np.any(variable.numpy() != old), variable.name


def test_a_backbone_with_branches_keeps_its_stages_where_it_is_frozen(branched):
    backbone, warnings = chosen(branched)
    assert backbone.members != ()
    assert warnings == []


def test_a_backbone_without_branches_is_fine_tuned_with_its_stages(pyramid):
    backbone, warnings = chosen(pyramid, fine_tune=True)
    assert backbone == chosen(pyramid)[0]
    assert warnings == []


def test_a_backbone_with_branches_beside_another_is_named_with_what_to_do(pyramid, branched):
    backbone, _ = chosen(pyramid, branched, fine_tune=True)
    with pytest.raises(BackboneError, match=r"^The backbone branched has branches.*turn off"):
        load_trainable_backbone(backbone)


def test_batch_normalisation_follows_the_batch_in_one_backbone_alone(pyramid):
    settings = {"fine_tune": True, "train_batch_norm": True}
    backbone, _ = chosen(pyramid, **settings)
    assert load_trainable_backbone(backbone).training_call is None
    alone, _ = chosen(pyramid, features=Features.LAST, **settings)
    assert load_trainable_backbone(alone).training_call is not None


def test_an_image_size_is_given_to_one_backbone_or_two(pyramid, branched):
    backbone, warnings = chosen(pyramid, branched, image_size=96)
    assert (backbone.info.input_size, backbone.image_size) == ((96, 96), (96, 96))
    alone, _ = chosen(pyramid, features=Features.LAST, image_size=96)
    assert (alone.info.input_size, len(alone.info.parts)) == ((96, 96), 1)
    assert warnings == []


def test_the_image_size_that_a_backbone_has_is_the_backbone_itself(pyramid):
    side, _ = chosen(pyramid)[0].info.input_size
    assert chosen(pyramid, image_size=side)[0] == chosen(pyramid)[0]
    assert chosen(pyramid, features=Features.LAST, image_size=side)[0].members == ()


def test_a_backbone_is_fine_tuned_at_another_image_size(pyramid):
    backbone, _ = chosen(pyramid, features=Features.LAST, fine_tune=True, image_size=96)
    images = np.random.default_rng(0).uniform(0, 1, (2, 96, 96, 3)).astype(np.float32)
    (vectors,) = load_trainable_backbone(backbone).call(tf.constant(images))
    assert vectors.shape == (2, backbone.info.feature_dim)


def test_a_backbone_with_branches_is_fine_tuned_at_its_own_image_size_only(branched):
    backbone, _ = chosen(branched, fine_tune=True, image_size=96)
    with pytest.raises(BackboneError, match=r"^The backbone branched has .* its own image size"):
        load_trainable_backbone(backbone)

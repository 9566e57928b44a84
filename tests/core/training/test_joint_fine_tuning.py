"""Steps that change a backbone through its stages, or two backbones together."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from core.backbones.backbone import Backbone
from core.backbones.joint import join_backbones
from core.backbones.prepare import prepare_backbone
from core.backbones.saved_model_freezing import frozen_function
from core.backbones.saved_model_graph import load_frozen_backbone
from core.backbones.saved_model_training import (
    TrainableBackbone,
    freeze_loaded,
    load_trainable_backbone,
)
from core.models.feature_scaling import FeatureScaling, learn_scaling
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.head import Head, initial_weights
from core.training.pixel_batches import PixelBatch
from tests.tunable_backbone import PYRAMID_SIDE, save_tunable_pyramid

# TensorFlow's loader on Python 3.11 and later.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")

NUM_CLASSES = 3
CONFIG = TrainConfig(optimizer=Optimizer.ADAM, dropout=0.0, l2=1e-3)
CHECKOUT = Path(__file__).resolve().parents[3]
KERNELS = ["first/kernel", "second/kernel", "third/kernel"]


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> Path:
    return save_tunable_pyramid(tmp_path_factory.mktemp("one") / "one")


@pytest.fixture(scope="module")
def two(tmp_path_factory) -> Path:
    return save_tunable_pyramid(tmp_path_factory.mktemp("two") / "two", PYRAMID_SIDE // 2, seed=4)


@pytest.fixture(scope="module")
def prepared(one, two, tmp_path_factory) -> dict[str, Backbone]:
    """One with its stages, and two side by side."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIELDGUIDE_HOME", str(tmp_path_factory.mktemp("prepared")))
        members = [prepare_backbone(str(folder)) for folder in (one, two)]
        return {
            "stages": join_backbones(members[:1], with_stages=True),
            "two": join_backbones(members, with_stages=False),
            "two with stages": join_backbones(members, with_stages=True),
        }


@pytest.fixture(params=["stages", "two", "two with stages"])
def backbone(prepared, request) -> Backbone:
    return prepared[request.param]


def batch(num_rows: int = 8, seed: int = 0) -> PixelBatch:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (num_rows, 8, 8, 3), np.uint8)
    images = coarse.repeat(PYRAMID_SIDE // 8, 1).repeat(PYRAMID_SIDE // 8, 2)
    targets = np.eye(NUM_CLASSES, dtype=np.float32)[random.integers(0, NUM_CLASSES, num_rows)]
    return PixelBatch(images, targets, np.ones(num_rows, np.float32))


def vectors_of(parts: list[tf.Tensor]) -> np.ndarray:
    return np.concatenate([part.numpy() for part in parts], axis=1)


def floats(images: np.ndarray) -> tf.Tensor:
    return tf.constant(images / np.float32(255))


def scaling_for(backbone: Backbone) -> FeatureScaling:
    vectors = vectors_of(load_frozen_backbone(backbone)(floats(batch(60, 9).images)))
    return learn_scaling(vectors, np.arange(len(vectors)), backbone.info.parts)


def make_steps(
    backbone: Backbone, config: TrainConfig = CONFIG, loaded: TrainableBackbone | None = None
) -> FineTuningSteps:
    return FineTuningSteps(
        loaded or load_trainable_backbone(backbone),
        Head(initial_weights(backbone.info.feature_dim, 0, NUM_CLASSES, seed=3)),
        config,
        NUM_CLASSES,
        tf.distribute.get_strategy(),
        scaling=scaling_for(backbone),
    )


def weights(steps: FineTuningSteps) -> list[np.ndarray]:
    return [variable.numpy() for variable in steps.trained]


def names(variables: object) -> list[str]:
    return [variable.name.partition(":")[0] for variable in variables]


def test_the_call_computes_what_the_frozen_graph_does(backbone):
    images = floats(batch().images)
    expected = vectors_of(load_frozen_backbone(backbone)(images))
    trainable = load_trainable_backbone(backbone)
    np.testing.assert_allclose(vectors_of(trainable.call(images)), expected, atol=1e-5)
    assert expected.shape[1] == backbone.info.feature_dim


def test_layers_of_all_networks_stand_from_input_to_output(prepared):
    assert [n for n in names(load_trainable_backbone(prepared["stages"]).trainable)
            if n in KERNELS] == KERNELS  # fmt: skip
    both = load_trainable_backbone(prepared["two"])
    kernels = names(both.chosen(1.0, with_batch_norm=False))
    assert kernels == [name for name in KERNELS for _ in range(2)]
    assert names(both.chosen(0.3, with_batch_norm=False)) == ["third/kernel"] * 2
    assert "unused/kernel" not in kernels


def test_every_load_has_the_same_order(prepared):
    """What is trained is put into another load of the backbone, and into checkpoints."""
    loads = [load_trainable_backbone(prepared["two with stages"]) for _ in range(2)]
    for kind in ("trainable", "others"):
        some, others = (getattr(each, kind) for each in loads)
        for a, b in zip(some, others, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_the_gradient_of_the_first_layer_is_that_of_small_changes(backbone):
    trainable = load_trainable_backbone(backbone)
    images = floats(batch().images)
    random = np.random.default_rng(2)
    weight = random.normal(0, 1, backbone.info.feature_dim).astype(np.float32)

    def total() -> tf.Tensor:
        return tf.reduce_sum(tf.concat(trainable.call(images), 1) * weight)

    for variable in trainable.chosen(1.0, with_batch_norm=False):
        with tf.GradientTape() as tape:
            value = total()
        gradient = tape.gradient(value, variable)
        assert gradient is not None, variable.name
        direction = gradient / tf.norm(gradient)
        variable.assign_add(1e-3 * direction)
        above = float(total())
        variable.assign_sub(2e-3 * direction)
        below = float(total())
        variable.assign_add(1e-3 * direction)
        assert (above - below) / 2e-3 == pytest.approx(float(tf.norm(gradient)), rel=0.03)


def test_the_loss_falls_and_every_weight_moves(backbone):
    steps = make_steps(backbone)
    before = weights(steps)
    fixed = [variable.numpy() for variable in steps.backbone.others]
    first, _ = steps.run(batch(), 1e-3, 0)
    for step in range(1, 30):
        last, correct = steps.run(batch(), 1e-3, step)
    assert last < 0.7 * first
    assert correct > 5
    for variable, old in zip(steps.trained, before, strict=True):
        assert np.any(variable.numpy() != old), variable.name
    for kept, old in zip(steps.backbone.others, fixed, strict=True):
        np.testing.assert_array_equal(kept.numpy(), old)


def test_batch_normalisations_weights_are_trained_when_asked(prepared):
    steps = make_steps(prepared["stages"], replace(CONFIG, train_batch_norm=True))
    gamma = next(each for each in steps.trained if each.name.startswith("norm/gamma"))
    before = gamma.numpy()
    for step in range(2):  # the first one goes through a head of zeros
        steps.run(batch(), 1e-3, step)
    assert np.any(gamma.numpy() != before)


def test_a_batch_in_parts_gives_the_same_step(prepared):
    whole, parts = (make_steps(prepared["two with stages"]) for _ in range(2))
    parts.rows_at_once = 3
    for step in range(3):
        whole.run(batch(seed=step), 1e-3, step)
        parts.run(batch(seed=step), 1e-3, step)
    for a, b in zip(weights(parts), weights(whole), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)


def test_what_is_frozen_after_training_computes_the_tuned_features(backbone):
    loaded = load_trainable_backbone(backbone)
    steps = make_steps(backbone, loaded=loaded)
    images = batch(seed=5).images
    untuned = vectors_of(loaded.call(floats(images)))
    for step in range(5):
        steps.run(batch(), 1e-2, step)
    graph = freeze_loaded(backbone, loaded.loaded)
    function = frozen_function(graph, backbone.info.input_size, backbone.info.all_parts)
    tuned = vectors_of(function(floats(images)))
    assert np.abs(tuned - untuned).max() > 1e-3
    scaling = scaling_for(backbone)
    scaling.apply(tuned)
    (layer,) = steps.head.read()
    logits = tuned @ layer.kernel + layer.bias
    np.testing.assert_allclose(logits, steps.logits(images), rtol=1e-3, atol=1e-3)


ON_TWO_DEVICES = """
import sys
import numpy as np
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from dataclasses import replace
from core.backbones.joint import join_backbones
from core.backbones.prepare import prepare_backbone
from core.training.devices import make_strategy
from core.training.fine_tuning_stage import make_fine_tuning_steps
from tests.core.training import test_joint_fine_tuning as joint

config = replace(joint.CONFIG, ema_decay=0.9, weight_decay=1e-3, clip_norm=1.0)
members = [prepare_backbone(path) for path in sys.argv[1:]]
backbone = join_backbones(members, with_stages=True)
scaling = joint.scaling_for(backbone)
layers = joint.initial_weights(backbone.info.feature_dim, 0, joint.NUM_CLASSES, seed=3)
alone, both = (
    make_fine_tuning_steps(backbone, layers, config, strategy, scaling=scaling)
    for strategy in (tf.distribute.get_strategy(), make_strategy(["CPU:0", "CPU:1"]))
)
for step, rows in enumerate((8, 7, 1, 8)):  # the odd ones leave devices with unequal shares
    if step == 3:
        both.rows_at_once = 4
    expected = alone.run(joint.batch(rows, step), 1e-3, step)
    received = both.run(joint.batch(rows, step), 1e-3, step)
    np.testing.assert_allclose(received, expected, rtol=1e-3)
for a, b in zip(joint.weights(both), joint.weights(alone), strict=True):
    np.testing.assert_allclose(a, b, atol=1e-3)
images = joint.batch().images
np.testing.assert_allclose(both.logits(images), alone.logits(images), atol=1e-2)
print("same")
"""


@pytest.mark.slow
def test_two_devices_do_what_one_does(one, two):
    done = subprocess.run(
        [sys.executable, "-c", ON_TWO_DEVICES, str(one), str(two)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("same"), done.stderr[-3000:]

"""Steps that change backbone and head together."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf

from core.backbones.saved_model_training import load_trainable_backbone
from core.errors import TrainingError
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig
from core.training.fine_tuning_stage import make_fine_tuning_steps
from core.training.fine_tuning_steps import FineTuningSteps
from core.training.head import Head, initial_weights
from core.training.loss_scale import LossScale
from core.training.pixel_batches import PixelBatch
from tests.tunable_backbone import FEATURES, INFO, SIDE, save_tunable, unprepared

NUM_CLASSES = 3
CONFIG = TrainConfig(dropout=0.3, hidden_units=5, l2=1e-3, label_smoothing=0.1)
CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return save_tunable(tmp_path_factory.mktemp("tiny") / "saved")


def batch(num_rows: int = 8, seed: int = 0) -> PixelBatch:
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (num_rows, SIDE, SIDE, 3), np.uint8)
    targets = np.eye(NUM_CLASSES, dtype=np.float32)[random.integers(0, NUM_CLASSES, num_rows)]
    return PixelBatch(images, targets, np.ones(num_rows, np.float32))


def make_steps(saved: Path, config: TrainConfig = CONFIG, **options) -> FineTuningSteps:
    backbone = load_trainable_backbone(unprepared(saved, INFO))
    head = Head(initial_weights(FEATURES, config.hidden_units, NUM_CLASSES, seed=3))
    return FineTuningSteps(
        backbone, head, config, NUM_CLASSES, tf.distribute.get_strategy(), **options
    )


def weights(steps: FineTuningSteps) -> list[np.ndarray]:
    return [variable.numpy() for variable in steps.trained]


def distance(some: list[np.ndarray], others: list[np.ndarray]) -> float:
    return max(float(np.abs(a - b).max()) for a, b in zip(some, others, strict=True))


def trained(steps: FineTuningSteps, num_steps: int = 3, rate: float = 1e-2) -> FineTuningSteps:
    for step in range(num_steps):
        steps.run(batch(seed=step), rate, step)
    return steps


def test_the_loss_falls(saved):
    steps = make_steps(saved, replace(CONFIG, dropout=0.0))
    first, _ = steps.run(batch(), 1e-2, 0)
    for step in range(1, 60):
        last, correct = steps.run(batch(), 1e-2, step)
    assert last < 0.7 * first
    assert correct > 5


def test_every_weight_moves_and_batch_normalisation_stays(saved):
    steps = make_steps(saved)
    before = weights(steps)
    trained(steps)
    assert all(np.any(old != new) for old, new in zip(before, weights(steps), strict=True))
    fresh = load_trainable_backbone(unprepared(saved, INFO))
    for kept, original in zip(steps.backbone.others, fresh.others, strict=True):
        np.testing.assert_array_equal(kept.numpy(), original.numpy())


def test_batch_normalisation_follows_the_images_when_asked(saved):
    steps = make_steps(saved, replace(CONFIG, train_batch_norm=True))
    before = [variable.numpy() for variable in steps.backbone.others]
    assert len(steps.trained) == 4 + 4
    trained(steps)
    after = [variable.numpy() for variable in steps.backbone.others]
    assert all(np.any(old != new) for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize("rows_at_once", [4, 3, 1])
@pytest.mark.parametrize("optimizer", [Optimizer.SGD, Optimizer.ADAM])
def test_a_batch_in_parts_gives_the_same_step(saved, rows_at_once, optimizer):
    config = replace(CONFIG, optimizer=optimizer, clip_norm=0.5)
    whole = make_steps(saved, config)
    losses = [whole.run(batch(seed=i), 1e-2, i)[0] for i in range(3)]
    parts = make_steps(saved, config)
    parts.rows_at_once = rows_at_once
    in_parts = [parts.run(batch(seed=i), 1e-2, i)[0] for i in range(3)]
    np.testing.assert_allclose(in_parts, losses, rtol=1e-4)
    assert distance(weights(parts), weights(whole)) < 1e-4


def test_out_of_memory_halves_the_rows(tmp_path):
    limited = save_tunable(tmp_path / "limited", largest_batch=4)
    told: list[int] = []
    steps = make_steps(limited, on_fewer_rows=told.append)
    steps.run(batch(), 1e-2, 0)
    assert told == [4]
    assert steps.rows_at_once == 4
    unlimited = make_steps(save_tunable(tmp_path / "unlimited"))
    unlimited.run(batch(), 1e-2, 0)
    assert distance(weights(steps), weights(unlimited)) < 1e-4
    assert steps.logits(batch().images).shape == (8, NUM_CLASSES)


def test_no_memory_for_one_image_is_told_with_what_to_do(saved):
    told: list[int] = []
    steps = make_steps(saved, on_fewer_rows=told.append)

    def run_out(*_arguments):
        raise tf.errors.ResourceExhaustedError(None, None, "OOM")

    steps._whole = steps._part = run_out
    with pytest.raises(TrainingError, match=r"one picture at a time.*smaller backbone"):
        steps.run(batch(), 1e-2, 0)
    assert told == [4, 2, 1]


def test_batch_normalisation_on_several_devices_is_refused_with_what_to_do():
    strategy = SimpleNamespace(num_replicas_in_sync=2)
    config = replace(CONFIG, train_batch_norm=True)
    with pytest.raises(TrainingError, match="choose one GPU"):
        make_fine_tuning_steps(SimpleNamespace(), [], config, strategy)


def test_a_fraction_leaves_the_first_layers_alone(saved):
    steps = make_steps(saved, replace(CONFIG, fine_tune_fraction=0.5))
    first = steps.backbone.trainable[0].numpy()
    trained(steps)
    np.testing.assert_array_equal(steps.backbone.trainable[0].numpy(), first)


def test_weight_decay_shrinks_kernels(saved):
    plain = weights(trained(make_steps(saved)))
    decayed = weights(trained(make_steps(saved, replace(CONFIG, weight_decay=1.0))))
    assert np.square(decayed[0]).sum() < np.square(plain[0]).sum()


def test_clipping_limits_a_step(saved):
    def moved(clip: float) -> float:
        config = replace(CONFIG, optimizer=Optimizer.SGD, clip_norm=clip)
        steps = make_steps(saved, config)
        before = weights(steps)
        steps.run(batch(), 1.0, 0)
        return distance(weights(steps), before)

    # Keras's momentum makes the first step (1 + momentum) times rate times gradient or less.
    assert 0 < moved(1e-3) <= 2e-3 < moved(0.0)


def test_averages_follow_the_weights(saved):
    steps = trained(make_steps(saved, replace(CONFIG, ema_decay=0.9)))
    assert steps.average is not None
    for average, variable in zip(steps.average.averages, steps.trained, strict=True):
        assert average.shape == variable.shape
    assert distance([a.numpy() for a in steps.average.averages], weights(steps)) > 0


def test_scaled_losses_change_nothing_but_the_rounding(saved):
    plain = weights(trained(make_steps(saved)))
    scaled = weights(trained(make_steps(saved, half_precision=True)))
    assert distance(plain, scaled) < 1e-4


def test_a_step_whose_gradients_overflow_is_left_out(saved):
    steps = make_steps(saved, half_precision=True)
    steps.loss_scale.scale.assign(np.float32(3e38))
    before = weights(steps)
    heavy = batch()
    steps.run(replace(heavy, row_weights=1000 * heavy.row_weights), 1e-2, 0)
    assert distance(weights(steps), before) == 0
    assert steps.loss_scale.scale.numpy() == pytest.approx(1.5e38)


def test_the_scale_doubles_after_many_good_steps():
    scale = LossScale()
    scale.good_steps.assign(1999.0)
    before = scale.scale.numpy()
    scale.update(tf.constant(True))
    assert scale.scale.numpy() == 2 * before
    assert scale.good_steps.numpy() == 0


ON_TWO_DEVICES = """
import sys
import numpy as np
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from dataclasses import replace
from pathlib import Path
from core.backbones.saved_model_training import spread_backbone
from core.training.devices import make_strategy
from core.training.fine_tuning_steps import FineTuningSteps
from tests.core.training import test_fine_tuning_steps as one

config = replace(one.CONFIG, dropout=0.0, ema_decay=0.9, weight_decay=1e-3, clip_norm=1.0)
saved = Path(sys.argv[1])
alone = one.make_steps(saved, config)
strategy = make_strategy(["CPU:0", "CPU:1"])
assert strategy.num_replicas_in_sync == 2
alone_too = one.load_trainable_backbone(one.unprepared(saved, one.INFO))
backbone = spread_backbone(alone_too, one.unprepared(saved, one.INFO), strategy)
with strategy.scope():
    head = one.Head(one.initial_weights(one.FEATURES, config.hidden_units, one.NUM_CLASSES, seed=3))
    both = FineTuningSteps(backbone, head, config, one.NUM_CLASSES, strategy)
for step, rows in enumerate((8, 7, 1, 8)):  # the odd ones leave devices with unequal shares
    if step == 3:
        both.rows_at_once = 4
    expected = alone.run(one.batch(rows, step), 1e-2, step)
    received = both.run(one.batch(rows, step), 1e-2, step)
    np.testing.assert_allclose(received, expected, rtol=1e-3)
gap = one.distance(one.weights(both), one.weights(alone))
assert gap < 1e-3, gap
averages = [one_of.numpy() for one_of in both.average.averages]
assert one.distance(averages, [a.numpy() for a in alone.average.averages]) < 1e-3
images = one.batch().images
np.testing.assert_allclose(both.logits(images), alone.logits(images), atol=1e-3)
print("same")
"""


def test_two_devices_do_what_one_does(saved):
    done = subprocess.run(
        [sys.executable, "-c", ON_TWO_DEVICES, str(saved)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip().endswith("same"), done.stderr[-3000:]

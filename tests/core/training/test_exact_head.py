"""An exact fit on made-up feature vectors, against what is known of its optimum."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import StorageError, TrainingError
from core.messages.control import Command, RunControl, StopRequestedError
from core.messages.events import EpochFinished
from core.settings.choices import ClassWeighting, Optimizer
from core.settings.config import TrainConfig
from core.training import exact_head, exact_objective, feature_space
from core.training.exact_head import ExactHead
from core.training.exact_objective import ExactObjective
from core.training.head_data import HeadData
from core.training.penalty_path import STRENGTHS

DIM = 12


def toy(
    num_classes: int = 3, per_class: int = 40, dim: int = DIM, spread: float = 0.6, seed: int = 0
) -> tuple[HeadData, HeadData]:
    """Training and validation split of classes that overlap a little."""
    random = np.random.default_rng(seed)
    classes = np.tile(np.arange(num_classes, dtype=np.int32), per_class)
    vectors = random.normal(scale=spread, size=(len(classes), dim)).astype(np.float32)
    vectors[np.arange(len(classes)), classes % dim] += 1
    rows = np.arange(len(classes))
    cut = len(rows) * 3 // 4
    return HeadData(vectors, classes, rows[:cut]), HeadData(vectors, classes, rows[cut:])


def config(**settings: object) -> TrainConfig:
    return TrainConfig(**({"optimizer": Optimizer.LBFGS, "epochs": 1000} | settings))


class Fitter:
    """A fit with its events."""

    def __init__(
        self,
        folder: Path,
        chosen: TrainConfig | None = None,
        splits: tuple[HeadData, HeadData] | None = None,
        on_epoch: Callable[[EpochFinished], None] = lambda event: None,
    ) -> None:
        self.control = RunControl()
        training, validation = splits or toy()
        num_classes = int(training.class_indices.max()) + 1
        self.head = ExactHead(
            chosen or config(), training, validation, num_classes, folder, self.control
        )
        self.epochs: list[EpochFinished] = []
        self._on_epoch = on_epoch

    def run(self) -> "Fitter":
        def no_batch(event: object) -> None:
            raise AssertionError(event)

        self.head.run(no_batch, self._note)
        return self

    def _note(self, event: EpochFinished) -> None:
        self.epochs.append(event)
        self._on_epoch(event)

    def weights(self) -> np.ndarray:
        (layer,) = self.head.best_layers
        return np.r_[layer.kernel.ravel(), layer.bias]

    def accuracy(self, data: HeadData) -> float:
        return float((self.head.logits(data).argmax(axis=1) == data.classes()).mean())


def reference_loss(
    layer: tuple[np.ndarray, np.ndarray], data: HeadData, chosen: TrainConfig
) -> float:
    """Mean cross-entropy as the settings define it, in double precision."""
    kernel, bias = layer
    classes = data.classes()
    num_classes = len(bias)
    logits = data.vectors[data.rows].astype(np.float64) @ kernel + bias
    logits -= logits.max(axis=1, keepdims=True)
    log_probabilities = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    targets = np.eye(num_classes)[classes] * (1 - chosen.label_smoothing)
    targets += chosen.label_smoothing / num_classes
    weights = np.ones(len(classes))
    if chosen.class_weights is ClassWeighting.BALANCED:
        weights = len(classes) / (num_classes * np.bincount(classes)[classes])
    return float(-(weights * (targets * log_probabilities).sum(axis=1)).mean())


SETTINGS = [
    {},
    {"label_smoothing": 0.2},
    {"class_weights": ClassWeighting.BALANCED},
    {"label_smoothing": 0.1, "class_weights": ClassWeighting.BALANCED},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("is_ready", [True, False], ids=["ready", "gathered"])
def test_loss_and_gradient_are_those_of_the_definition(monkeypatch, settings, is_ready):
    monkeypatch.setattr(feature_space, "_PORTION_ROWS", 32)
    if not is_ready:
        monkeypatch.setattr(exact_objective, "_MOST_READY_BYTES", 0)
    training, _ = toy()
    training = replace(training, rows=training.rows[training.class_indices[training.rows] < 2])
    training = replace(training, rows=np.r_[training.rows, [2, 5, 8]])
    chosen, strength = config(**settings), 0.01
    objective = ExactObjective(chosen, training, 3)
    point = np.random.default_rng(3).normal(size=objective.start().size)

    def expected(at: np.ndarray) -> float:
        kernel, bias = at[: DIM * 3].reshape(DIM, 3), at[DIM * 3 :]
        rows = training.vectors[training.rows].astype(np.float64)
        mean = rows.mean(axis=0)
        spread = np.sqrt(np.square(rows - mean).sum(axis=1).mean())
        layer = kernel / spread, bias - mean @ kernel / spread
        return reference_loss(layer, training, chosen) + strength * np.square(kernel).sum()

    evaluation = objective.evaluate(point, strength)
    assert evaluation.loss == pytest.approx(expected(point), rel=1e-5)
    for i in range(len(point)):
        step = np.zeros_like(point)
        step[i] = 1e-5
        slope = (expected(point + step) - expected(point - step)) / 2e-5
        assert evaluation.gradient[i] == pytest.approx(slope, abs=2e-5)
    layer = objective.layer(point)
    logits = training.vectors[training.rows] @ layer.kernel + layer.bias
    assert evaluation.num_correct == (logits.argmax(axis=1) == training.classes()).sum()


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_weights_that_are_kept_are_an_optimum(tmp_path, monkeypatch, settings):
    """No direction leads down: neither by the gradient there nor by a nearby point."""
    monkeypatch.setattr(exact_head, "_TOLERANCE", 1e-9)
    monkeypatch.setattr(exact_head, "STRENGTHS", (1e-2,))
    training, validation = toy()
    chosen = config(**settings)
    fitter = Fitter(tmp_path, chosen, (training, validation)).run()
    (layer,) = fitter.head.best_layers
    rows = training.vectors[training.rows].astype(np.float64)
    spread = np.sqrt(np.square(rows - rows.mean(axis=0)).sum(axis=1).mean())

    def value(kernel: np.ndarray, bias: np.ndarray) -> float:
        penalty = 1e-2 * np.square(kernel * spread).sum()
        return reference_loss((kernel, bias), training, chosen) + penalty

    kernel, bias = layer.kernel.astype(np.float64), layer.bias.astype(np.float64)
    assert fitter.epochs[-1].loss == pytest.approx(value(kernel, bias), rel=1e-5)
    for i in range(kernel.size):
        step = np.zeros(kernel.size)
        step[i] = 1e-4
        step = step.reshape(kernel.shape)
        slope = (value(kernel + step, bias) - value(kernel - step, bias)) / 2e-4
        assert abs(slope) < 1e-4
    for i in range(3):
        step = np.eye(3)[i] * 1e-4
        assert abs(value(kernel, bias + step) - value(kernel, bias - step)) / 2e-4 < 1e-4


def test_the_strength_with_the_lowest_validation_loss_is_kept(tmp_path):
    fitter = Fitter(tmp_path).run()
    best = [event for event in fitter.epochs if event.is_best]
    progress = fitter.head.progress
    assert progress.best_epoch == best[-1].epoch
    assert progress.best_val_loss == best[-1].val_loss
    assert [event.val_loss for event in best] == sorted(
        (event.val_loss for event in best), reverse=True
    )
    # Noise: a weaker penalty would learn it by heart, and isn't tried for long.
    assert 0 < progress.best_epoch < progress.epoch == len(fitter.epochs)
    assert fitter.epochs[-1].val_loss > progress.best_val_loss
    _, validation = toy()
    logits = fitter.head.logits(validation).astype(np.float64)
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    own = chances[np.arange(len(logits)), validation.classes()]
    assert -np.log(own).mean() == pytest.approx(progress.best_val_loss, rel=1e-6)
    assert best[-1].val_accuracy == fitter.accuracy(validation)


def test_events_tell_every_iteration_once(tmp_path):
    epochs = Fitter(tmp_path).run().epochs
    assert [event.epoch for event in epochs] == list(range(1, len(epochs) + 1))
    assert all(event.is_exact and not event.is_fine_tuning for event in epochs)
    assert {event.num_epochs for event in epochs} == {1000}
    assert {event.learning_rate for event in epochs} == {0.0}


def test_epochs_limit_all_iterations_together_and_the_best_so_far_is_kept(tmp_path):
    whole = Fitter(tmp_path / "whole").run()
    for limit in (1, 7, 12):
        fitter = Fitter(tmp_path / str(limit), config(epochs=limit)).run()
        assert len(fitter.epochs) == limit
        assert not fitter.head.progress.stopped_early
        assert 1 <= fitter.head.progress.best_epoch <= limit
        expected = [event.loss for event in whole.epochs[:limit]]
        assert [event.loss for event in fitter.epochs] == expected
    assert whole.head.progress.stopped_early


def test_equal_requests_give_equal_bits_in_other_processes(tmp_path):
    program = (
        "import sys, hashlib; from pathlib import Path\n"
        "from core.training.devices import configure_tensorflow\n"
        "from tests.core.training import test_exact_head as t\n"
        "configure_tensorflow(t.config())\n"
        "splits = t.toy(num_classes=20, per_class=60, dim=700)\n"
        "weights = t.Fitter(Path(sys.argv[1]), splits=splits).run().weights()\n"
        "print(hashlib.sha256(weights.tobytes()).hexdigest())\n"
    )
    hashes = [
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[-1]
        for name in "ab"
    ]
    assert len(hashes[0]) == len(hashlib.sha256().hexdigest())
    assert hashes[0] == hashes[1]


def test_a_finished_fit_is_restored(tmp_path):
    first = Fitter(tmp_path).run()
    again = Fitter(tmp_path)
    assert again.head.is_finished
    assert again.run().epochs == []
    assert again.head.progress == first.head.progress
    np.testing.assert_array_equal(first.weights(), again.weights())


@pytest.mark.parametrize("epoch", [1, 3, 20])
def test_a_stopped_fit_keeps_its_best_and_begins_anew(tmp_path, epoch):
    straight = Fitter(tmp_path / "straight").run()

    def stop(event: EpochFinished) -> None:
        if event.epoch == epoch:
            fitter.control.obey(Command.STOP)

    fitter = Fitter(tmp_path / "stopped", on_epoch=stop)
    with pytest.raises(StopRequestedError):
        fitter.run()
    assert epoch <= fitter.head.progress.epoch == len(fitter.epochs) <= epoch + 1
    assert any(event.is_best for event in fitter.epochs)
    assert fitter.head.progress.best_epoch > 0
    assert fitter.weights().any()
    assert not list(tmp_path.glob("stopped/*"))
    again = Fitter(tmp_path / "stopped")
    assert (again.head.is_finished, again.head.progress.epoch) == (False, 0)
    np.testing.assert_array_equal(again.run().weights(), straight.weights())
    assert [replace(event, seconds=0.0) for event in again.epochs] == [
        replace(event, seconds=0.0) for event in straight.epochs
    ]


def test_a_killed_fit_begins_anew(tmp_path):
    class KilledError(Exception):
        pass

    def kill(event: EpochFinished) -> None:
        if event.epoch == 9:
            raise KilledError

    straight = Fitter(tmp_path / "straight").run()
    with pytest.raises(KilledError):
        Fitter(tmp_path / "killed", on_epoch=kill).run()
    np.testing.assert_array_equal(Fitter(tmp_path / "killed").run().weights(), straight.weights())


def test_a_fit_waits_while_it_is_paused(tmp_path):
    told: list[str] = []
    control = RunControl(
        on_pause=lambda: (told.append("paused"), control.obey(Command.RESUME)),
        on_resume=lambda: told.append("resumed"),
    )

    def pause(event: EpochFinished) -> None:
        if event.epoch == 2:
            control.obey(Command.PAUSE)

    training, validation = toy()
    ExactHead(config(), training, validation, 3, tmp_path, control).run(lambda _: None, pause)
    assert told == ["paused", "resumed"]


def test_rare_classes_gain_by_balanced_weights(tmp_path):
    random = np.random.default_rng(0)
    classes = np.array([0] * 90 + [1] * 6 + [2] * 6, np.int32)
    vectors = random.normal(size=(len(classes), DIM)).astype(np.float32)
    vectors[np.arange(len(classes)), classes] += 1
    data = HeadData(vectors, classes, np.arange(len(classes)))

    def found(weighting: ClassWeighting) -> int:
        chosen = config(class_weights=weighting, epochs=8)
        fitter = Fitter(tmp_path / weighting, chosen, (data, data)).run()
        predicted = fitter.head.logits(data).argmax(axis=1)
        return int((predicted == classes)[classes > 0].sum())

    assert found(ClassWeighting.BALANCED) > found(ClassWeighting.NONE)


@pytest.mark.parametrize("num_classes", [2, 3, pytest.param(300, marks=pytest.mark.slow)])
def test_any_number_of_classes_is_learned(tmp_path, num_classes):
    per_class = 40 if num_classes < 10 else 4
    splits = toy(num_classes, per_class, dim=max(DIM, num_classes), spread=0.02)
    fitter = Fitter(tmp_path, config(epochs=20), splits).run()
    assert fitter.accuracy(splits[1]) > 0.95


def test_a_class_with_a_single_image_is_learned(tmp_path):
    training, validation = toy(spread=0.05)
    rows = training.rows[training.class_indices[training.rows] != 2]
    single = training.rows[training.class_indices[training.rows] == 2][:1]
    training = replace(training, rows=np.r_[rows, single])
    fitter = Fitter(tmp_path, splits=(training, validation)).run()
    assert fitter.head.logits(training)[-1].argmax() == 2


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6, 1e20])
@pytest.mark.parametrize("offset", [0.0, 100.0])
def test_size_and_place_of_features_change_nothing(tmp_path, factor, offset):
    plain = Fitter(tmp_path / "plain", splits=toy()).run()
    vectors = (toy()[0].vectors + np.float32(offset)) * np.float32(factor)
    splits = tuple(replace(data, vectors=vectors) for data in toy())
    moved = Fitter(tmp_path / "moved", splits=splits).run()
    assert moved.head.progress.best_val_loss == pytest.approx(
        plain.head.progress.best_val_loss, rel=1e-2
    )
    assert moved.accuracy(splits[1]) == pytest.approx(plain.accuracy(toy()[1]), abs=0.05)


def test_constant_features_change_nothing(tmp_path):
    plain = Fitter(tmp_path / "plain").run()
    vectors = np.pad(toy()[0].vectors, ((0, 0), (0, 5)), constant_values=7.0)
    splits = tuple(replace(data, vectors=vectors) for data in toy())
    padded = Fitter(tmp_path / "padded", splits=splits).run()
    expected = plain.head.progress.best_val_loss
    assert padded.head.progress.best_val_loss == pytest.approx(expected, rel=1e-4)
    assert not padded.head.best_layers[0].kernel[DIM:].any()


def test_equal_vectors_teach_how_frequent_the_classes_are(tmp_path):
    vectors = np.full_like(toy()[0].vectors, 3.0)
    classes = np.where(toy()[0].class_indices == 2, 1, toy()[0].class_indices)
    splits = tuple(HeadData(vectors, classes, data.rows) for data in toy())
    fitter = Fitter(tmp_path, splits=splits).run()
    logits = fitter.head.logits(splits[0])[0].astype(np.float64)
    chances = np.exp(logits) / np.exp(logits).sum()
    np.testing.assert_allclose(chances, [1 / 3, 2 / 3], atol=0.01)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_features_that_are_no_numbers_end_the_run_with_advice(tmp_path, wrong):
    training, validation = toy()
    training.vectors[training.rows[:2], 3] = wrong
    with pytest.raises(TrainingError, match=r"features of 2 pictures .* another backbone"):
        Fitter(tmp_path, splits=(training, validation)).run()


def test_validation_features_that_are_no_numbers_end_the_run_with_advice(tmp_path):
    training, validation = toy()
    validation.vectors[validation.rows[0], 3] = np.nan
    with pytest.raises(TrainingError, match=r"iteration 1: .* no longer a number"):
        Fitter(tmp_path, splits=(training, validation)).run()


def test_vectors_in_a_file_are_fitted_the_same(tmp_path):
    training, validation = toy()
    mapped = np.memmap(tmp_path / "v", np.float32, "w+", shape=training.vectors.shape)
    mapped[:] = training.vectors
    splits = replace(training, vectors=mapped), replace(validation, vectors=mapped)
    on_disk = Fitter(tmp_path / "a", splits=splits).run()
    np.testing.assert_array_equal(on_disk.weights(), Fitter(tmp_path / "b").run().weights())


def test_a_head_that_cannot_be_written_ends_the_run(tmp_path):
    fitter = Fitter(tmp_path / "checkpoint", config(epochs=1))
    (tmp_path / "checkpoint").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"Can't write .*exact-1.npz.*fieldguide resume"):
        fitter.run()


@pytest.mark.slow
def test_a_million_vectors_in_a_file_are_never_all_in_memory(tmp_path):
    """640 MB of them: the program's own memory stays below a quarter."""
    program = (
        "import sys, numpy as np; from pathlib import Path\n"
        "from tests.core.training import test_exact_head as t\n"
        "from core.training.head_data import HeadData\n"
        "def own():\n"
        "    lines = Path('/proc/self/status').read_text().splitlines()\n"
        "    return next(int(l.split()[1]) for l in lines if l.startswith('RssAnon')) * 1024\n"
        "vectors = np.memmap(sys.argv[1], np.float32, 'r', shape=(1_000_000, 160))\n"
        "classes = (np.arange(1_000_000) % 5).astype(np.int32)\n"
        "rows = np.arange(1_000_000)\n"
        "parts = rows[:990_000], rows[990_000:]\n"
        "splits = tuple(HeadData(vectors, classes, part) for part in parts)\n"
        "fitter = t.Fitter(Path(sys.argv[2]), t.config(epochs=3), splits)\n"
        "before, most = own(), []\n"
        "fitter._on_epoch = lambda event: most.append(own())\n"
        "fitter.run()\n"
        "print(max(most) - before)\n"
    )
    path = tmp_path / "vectors"
    mapped = np.memmap(path, np.float32, "w+", shape=(1_000_000, 160))
    random = np.random.default_rng(0)
    for start in range(0, 1_000_000, 100_000):
        mapped[start : start + 100_000] = random.random((100_000, 160), np.float32)
    mapped.flush()
    done = subprocess.run(
        [sys.executable, "-c", program, str(path), str(tmp_path / "head")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout.split()[-1]) < path.stat().st_size / 4


def test_strengths_go_from_strong_to_weak():
    assert list(STRENGTHS) == sorted(STRENGTHS, reverse=True)

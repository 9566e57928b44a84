"""Head training on made-up feature vectors: quick, and with known answers."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import StorageError, TrainingError
from core.messages.control import Command, RunControl, StopRequestedError
from core.messages.events import BatchFinished, EpochFinished
from core.settings.choices import ClassWeighting, Optimizer, Schedule
from core.settings.config import TrainConfig
from core.training import head_training
from core.training.head_data import HeadData
from core.training.head_training import HeadTraining

STEPPING = [each for each in Optimizer if each.takes_steps]

NUM_CLASSES, DIM, PER_CLASS = 3, 8, 30
RATES = {Optimizer.ADAM: 0.02, Optimizer.ADAMW: 0.02, Optimizer.SGD: 0.1, Optimizer.RMSPROP: 0.02}


def toy(seed: int = 0, spread: float = 0.3) -> tuple[HeadData, HeadData]:
    """Training and validation split of classes that lie apart."""
    random = np.random.default_rng(seed)
    classes = np.repeat(np.arange(NUM_CLASSES, dtype=np.int32), PER_CLASS)
    vectors = random.normal(scale=spread, size=(len(classes), DIM)).astype(np.float32)
    vectors[np.arange(len(classes)), classes] += 1
    rows = random.permutation(len(classes))
    return HeadData(vectors, classes, rows[:70]), HeadData(vectors, classes, rows[70:])


class Trainer:
    """A training with its events."""

    def __init__(
        self,
        folder: Path,
        config: TrainConfig,
        splits: tuple[HeadData, HeadData] | None = None,
        on_epoch: Callable[[EpochFinished], None] = lambda event: None,
    ) -> None:
        self.control = RunControl()
        training, validation = splits or toy()
        self.training = HeadTraining(
            config, training, validation, NUM_CLASSES, folder, self.control
        )
        self.epochs: list[EpochFinished] = []
        self.batches: list[BatchFinished] = []
        self._on_epoch = on_epoch

    def run(self) -> "Trainer":
        self.training.run(self.batches.append, self._note)
        return self

    def _note(self, event: EpochFinished) -> None:
        self.epochs.append(event)
        self._on_epoch(event)

    def weights(self) -> np.ndarray:
        layers = self.training.best_layers
        return np.concatenate([np.r_[layer.kernel.ravel(), layer.bias] for layer in layers])


def config(**settings: object) -> TrainConfig:
    values = {"epochs": 4, "batch_size": 8, "learning_rate": 0.02, "early_stopping_patience": 0}
    return TrainConfig(**(values | settings))


@pytest.mark.parametrize("optimizer", STEPPING)
@pytest.mark.parametrize("schedule", Schedule)
@pytest.mark.parametrize("hidden_units", [0, 16])
def test_every_optimizer_and_schedule_learns(tmp_path, optimizer, schedule, hidden_units):
    chosen = config(
        epochs=12,
        optimizer=optimizer,
        schedule=schedule,
        hidden_units=hidden_units,
        learning_rate=RATES[optimizer],
    )
    trainer = Trainer(tmp_path, chosen).run()
    best = max(event.val_accuracy for event in trainer.epochs)
    assert best >= 0.95
    assert trainer.epochs[-1].val_loss < trainer.epochs[0].val_loss


@pytest.mark.parametrize("weighting", ClassWeighting)
def test_equal_requests_give_equal_bits(tmp_path, weighting):
    chosen = config(class_weights=weighting, hidden_units=4, dropout=0.5)
    weights = [Trainer(tmp_path / name, chosen).run().weights() for name in "ab"]
    np.testing.assert_array_equal(*weights)
    other = Trainer(tmp_path / "c", replace(chosen, seed=1)).run().weights()
    assert (weights[0] != other).any()


def test_events_tell_every_epoch_once_and_number_its_steps(tmp_path):
    trainer = Trainer(tmp_path, config(schedule=Schedule.CONSTANT)).run()
    assert [event.epoch for event in trainer.epochs] == [1, 2, 3, 4]
    assert {event.num_epochs for event in trainer.epochs} == {4}
    assert [(batch.epoch, batch.step) for batch in trainer.batches] == [
        (epoch, 9) for epoch in (1, 2, 3, 4)
    ]
    last = trainer.epochs[-1]
    assert last.learning_rate == pytest.approx(0.02)
    assert 0 <= last.accuracy <= 1


def test_figures_of_an_epoch_are_those_of_its_weights(tmp_path):
    trainer = Trainer(tmp_path, config(epochs=1)).run()
    _, validation = toy()
    logits = trainer.training.logits(validation).astype(np.float64)
    powers = np.exp(logits)
    truth = validation.classes()
    true_fractions = (powers / powers.sum(axis=1, keepdims=True))[np.arange(len(truth)), truth]
    assert trainer.epochs[0].val_loss == pytest.approx(-np.log(true_fractions).mean(), rel=1e-5)
    assert trainer.epochs[0].val_accuracy == (logits.argmax(axis=1) == truth).mean()


def overfitting() -> tuple[HeadData, HeadData]:
    """Noise: what is learned from it makes the validation split worse."""
    random = np.random.default_rng(4)
    classes = random.integers(0, NUM_CLASSES, 60).astype(np.int32)
    classes[:NUM_CLASSES] = range(NUM_CLASSES)
    vectors = random.normal(size=(60, 40)).astype(np.float32)
    return HeadData(vectors, classes, np.arange(40)), HeadData(vectors, classes, np.arange(40, 60))


def test_early_stopping_ends_training_and_keeps_the_best_weights(tmp_path):
    splits = overfitting()
    chosen = config(
        epochs=100, early_stopping_patience=4, l2=0.0, dropout=0.0, schedule=Schedule.CONSTANT
    )
    trainer = Trainer(tmp_path, chosen, splits).run()
    losses = [event.val_loss for event in trainer.epochs]
    best = int(np.argmin(losses)) + 1
    assert len(losses) == best + 4 < 100
    assert trainer.training.progress.best_epoch == best
    assert [event.is_best for event in trainer.epochs][best - 1] is True
    assert not any(event.is_best for event in trainer.epochs[best:])
    short = Trainer(tmp_path / "short", replace(chosen, epochs=best), splits).run()
    np.testing.assert_array_equal(trainer.weights(), short.weights())


def test_without_patience_all_epochs_are_trained(tmp_path):
    trainer = Trainer(tmp_path, config(epochs=30, l2=0.0, dropout=0.0), overfitting()).run()
    assert len(trainer.epochs) == 30


def test_training_that_ended_early_stays_ended(tmp_path):
    chosen = config(epochs=100, early_stopping_patience=2, l2=0.0, schedule=Schedule.CONSTANT)
    first = Trainer(tmp_path, chosen, overfitting()).run()
    again = Trainer(tmp_path, chosen, overfitting())
    assert again.training.is_finished
    assert again.run().epochs == []
    np.testing.assert_array_equal(first.weights(), again.weights())


def test_rare_classes_gain_by_balanced_weights(tmp_path):
    random = np.random.default_rng(0)
    classes = np.array([0] * 90 + [1] * 6 + [2] * 6, np.int32)
    vectors = random.normal(size=(len(classes), DIM)).astype(np.float32)
    vectors[np.arange(len(classes)), classes] += 1
    data = HeadData(vectors, classes, np.arange(len(classes)))

    def found(weighting: ClassWeighting) -> int:
        chosen = config(epochs=15, class_weights=weighting)
        trainer = Trainer(tmp_path / weighting, chosen, (data, data)).run()
        predicted = trainer.training.logits(data).argmax(axis=1)
        return int((predicted == classes)[classes > 0].sum())

    assert found(ClassWeighting.BALANCED) > found(ClassWeighting.NONE)


def test_l2_keeps_weights_small(tmp_path):
    sizes = [
        np.abs(Trainer(tmp_path / str(l2), config(epochs=30, l2=l2)).run().weights()).sum()
        for l2 in (0.0, 0.3)
    ]
    assert sizes[1] < sizes[0] / 2


def test_a_batch_larger_than_the_split_is_the_whole_split(tmp_path):
    whole = Trainer(tmp_path / "a", config(batch_size=70)).run()
    larger = Trainer(tmp_path / "b", config(batch_size=10**6)).run()
    np.testing.assert_array_equal(whole.weights(), larger.weights())


def test_vectors_in_a_file_train_the_same(tmp_path):
    training, validation = toy()
    mapped = np.memmap(tmp_path / "v", np.float32, "w+", shape=training.vectors.shape)
    mapped[:] = training.vectors
    splits = replace(training, vectors=mapped), replace(validation, vectors=mapped)
    on_disk = Trainer(tmp_path / "a", config(), splits).run()
    np.testing.assert_array_equal(
        on_disk.weights(), Trainer(tmp_path / "b", config()).run().weights()
    )


@pytest.mark.parametrize("hidden_units", [0, 8])
def test_a_loss_that_is_no_number_ends_the_run_with_advice(tmp_path, hidden_units):
    chosen = config(learning_rate=1e30, optimizer=Optimizer.SGD, hidden_units=hidden_units)
    with pytest.raises(TrainingError, match=r"epoch 1: the loss is no longer.*10{30} .*a tenth"):
        Trainer(tmp_path, chosen).run()


def stopped_after(folder: Path, chosen: TrainConfig, epoch: int) -> Trainer:
    """A training that was asked to stop at the end of an epoch."""

    def stop(event: EpochFinished) -> None:
        if event.epoch == epoch:
            trainer.control.obey(Command.STOP)

    trainer = Trainer(folder, chosen, on_epoch=stop)
    with pytest.raises(StopRequestedError):
        trainer.run()
    return trainer


@pytest.mark.parametrize("optimizer", STEPPING)
def test_a_stopped_training_goes_on_to_the_same_bits(tmp_path, optimizer):
    chosen = config(epochs=6, optimizer=optimizer, hidden_units=4)
    straight = Trainer(tmp_path / "straight", chosen).run()
    stopped_after(tmp_path / "broken", chosen, 3)
    going_on = Trainer(tmp_path / "broken", chosen)
    assert going_on.training.progress.epoch == 3
    going_on.run()
    np.testing.assert_array_equal(straight.weights(), going_on.weights())
    last, expected = going_on.epochs[-1], straight.epochs[-1]
    assert replace(last, seconds=0.0) == replace(expected, seconds=0.0)


def with_copies() -> tuple[HeadData, HeadData]:
    """`toy` with two copies of each training image, which are noise."""
    training, validation = toy(spread=0.8)
    random = np.random.default_rng(9)
    noise = [random.normal(size=training.vectors.shape).astype(np.float32) for _ in range(2)]
    versions = tuple(training.vectors + part for part in noise)
    return replace(training, versions=versions), validation


@pytest.mark.parametrize("optimizer", STEPPING)
def test_a_killed_training_with_every_option_goes_on_to_the_same_bits(
    tmp_path, monkeypatch, optimizer
):
    """Kills in the first epochs and the last ones, when the rate has fallen."""
    monkeypatch.setattr(head_training, "_CHECKPOINT_INTERVAL_S", 0.0)
    chosen = config(
        epochs=14,
        optimizer=optimizer,
        schedule=Schedule.REDUCE_ON_PLATEAU,
        early_stopping_patience=6,
        learning_rate=0.5,
        hidden_units=4,
        dropout=0.3,
        label_smoothing=0.1,
        class_weights=ClassWeighting.BALANCED,
        clip_norm=0.5,
        ema_decay=0.7,
        mixup=0.4,
    )
    straight = Trainer(tmp_path / "straight", chosen, with_copies()).run()
    assert len({event.learning_rate for event in straight.epochs}) > 1

    class KilledError(Exception):
        pass

    num_epochs = len(straight.epochs)
    for kill_after in (1, num_epochs // 2, num_epochs - 2, num_epochs - 1):

        def kill(event: EpochFinished, epoch: int = kill_after) -> None:
            if event.epoch == epoch + 1:
                raise KilledError

        folder = tmp_path / f"killed {kill_after}"
        with pytest.raises(KilledError):
            Trainer(folder, chosen, with_copies(), kill).run()
        going_on = Trainer(folder, chosen, with_copies()).run()
        assert going_on.epochs[0].epoch == kill_after + 1
        np.testing.assert_array_equal(straight.weights(), going_on.weights())
        last, expected = going_on.epochs[-1], straight.epochs[-1]
        assert replace(last, seconds=0.0) == replace(expected, seconds=0.0)


def test_a_checkpoint_without_a_plateau_is_taken_over(tmp_path):
    stopped_after(tmp_path, config(), 2)
    (path,) = tmp_path.glob("epoch-2.npz")
    with np.load(path) as content:
        arrays = dict(content)
    arrays["progress"] = arrays["progress"][:4]
    np.savez(path, **arrays)
    going_on = Trainer(tmp_path, config())
    assert going_on.training.progress.epoch == 2
    straight = Trainer(tmp_path / "straight", config()).run()
    np.testing.assert_array_equal(straight.weights(), going_on.run().weights())


def test_the_rate_falls_when_the_validation_loss_stalls(tmp_path):
    chosen = config(epochs=30, schedule=Schedule.REDUCE_ON_PLATEAU, l2=0.0, dropout=0.0)
    epochs = Trainer(tmp_path, chosen, overfitting()).run().epochs
    rates = [event.learning_rate for event in epochs]
    best = int(np.argmin([event.val_loss for event in epochs[:8]]))
    # Five epochs after the best one, the sixth is the first with the lower rate.
    assert rates[: best + 6] == [pytest.approx(0.02)] * (best + 6)
    assert rates[best + 6] == pytest.approx(0.002)
    assert rates[-1] < 0.0021


@pytest.mark.parametrize("hidden_units", [0, 5])
def test_the_averages_are_what_is_judged_and_kept(tmp_path, hidden_units):
    chosen = config(epochs=6, ema_decay=0.9, hidden_units=hidden_units)
    trainer = Trainer(tmp_path, chosen, toy()).run()
    steps = trainer.training._steps
    averages = np.concatenate(
        [
            np.r_[kernel.numpy().ravel(), bias.numpy()]
            for kernel, bias in zip(
                steps.average.averages[: len(steps.head.kernels)],
                steps.average.averages[len(steps.head.kernels) :],
                strict=True,
            )
        ]
    )
    assert trainer.epochs[-1].is_best
    np.testing.assert_array_equal(trainer.weights(), averages)
    plain = Trainer(tmp_path / "plain", replace(chosen, ema_decay=0.0)).run()
    assert (plain.weights() != trainer.weights()).any()
    _, validation = toy()
    fraction = (trainer.training.logits(validation).argmax(1) == validation.classes()).mean()
    assert trainer.epochs[-1].val_accuracy == pytest.approx(fraction)


@pytest.mark.parametrize(
    "settings",
    [{"mixup": 0.3}, {"ema_decay": 0.8}, {"clip_norm": 0.1}],
    ids=lambda settings: next(iter(settings)),
)
@pytest.mark.parametrize("optimizer", STEPPING)
def test_each_option_learns(tmp_path, optimizer, settings):
    chosen = config(epochs=12, optimizer=optimizer, learning_rate=RATES[optimizer], **settings)
    events = Trainer(tmp_path, chosen).run().epochs
    assert max(event.val_accuracy for event in events) >= 0.95


def test_copies_teach_what_the_images_alone_do_not(tmp_path):
    """Classes differ in a number that only the copies have."""
    classes = np.arange(60, dtype=np.int32) % NUM_CLASSES
    plain = np.zeros((60, DIM), np.float32)
    known = np.eye(NUM_CLASSES, DIM, dtype=np.float32)[classes]
    rows = np.arange(60)
    validation = HeadData(known, classes, rows)
    for versions, expected in (((), 1 / 3), ((known,), 1.0)):
        folder = tmp_path / str(len(versions))
        training = HeadData(plain, classes, rows, versions)
        events = Trainer(folder, config(epochs=10), (training, validation)).run().epochs
        assert events[-1].val_accuracy == pytest.approx(expected)


def test_a_training_that_died_between_checkpoints_repeats_the_epochs_since(tmp_path, monkeypatch):
    class DiedError(Exception):
        pass

    def die(event: EpochFinished) -> None:
        if event.epoch == 4:
            raise DiedError
        if event.epoch == 2:
            monkeypatch.setattr(head_training, "_CHECKPOINT_INTERVAL_S", 1e9)

    chosen = config(epochs=6)
    straight = Trainer(tmp_path / "straight", chosen).run()
    monkeypatch.setattr(head_training, "_CHECKPOINT_INTERVAL_S", 0.0)
    with pytest.raises(DiedError):
        Trainer(tmp_path / "broken", chosen, on_epoch=die).run()
    going_on = Trainer(tmp_path / "broken", chosen).run()
    assert [event.epoch for event in going_on.epochs] == [2, 3, 4, 5, 6]
    np.testing.assert_array_equal(straight.weights(), going_on.weights())


def test_a_stop_within_an_epoch_drops_that_epoch(tmp_path, monkeypatch):
    monkeypatch.setattr("core.training.head_data._CHUNK_STEPS", 2)
    chosen = config()
    trainer = Trainer(tmp_path / "broken", chosen)

    def stop(event: BatchFinished) -> None:
        if (event.epoch, event.step) == (2, 4):
            trainer.control.obey(Command.STOP)

    with pytest.raises(StopRequestedError):
        trainer.training.run(stop, lambda _: None)
    assert trainer.training.progress.epoch == 1
    going_on = Trainer(tmp_path / "broken", chosen).run()
    straight = Trainer(tmp_path / "straight", chosen).run()
    np.testing.assert_array_equal(straight.weights(), going_on.weights())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, empty, Path.unlink])
@pytest.mark.parametrize("damaged", [(4,), (3, 4)], ids=["newest", "both"])
def test_a_damaged_checkpoint_is_passed_over(tmp_path, monkeypatch, damage, damaged):
    monkeypatch.setattr(head_training, "_CHECKPOINT_INTERVAL_S", 0.0)
    chosen = config(epochs=6)
    straight = Trainer(tmp_path / "straight", chosen).run()
    stopped_after(tmp_path / "broken", chosen, 4)
    for epoch in damaged:
        damage(tmp_path / "broken" / f"epoch-{epoch}.npz")
    going_on = Trainer(tmp_path / "broken", chosen)
    assert going_on.training.progress.epoch == (3 if damaged == (4,) else 0)
    np.testing.assert_array_equal(straight.weights(), going_on.run().weights())


def test_a_checkpoint_of_other_weights_is_passed_over(tmp_path):
    Trainer(tmp_path, config(hidden_units=4)).run()
    assert Trainer(tmp_path, config(hidden_units=5)).training.progress.epoch == 0
    assert Trainer(tmp_path, config()).training.progress.epoch == 0


@pytest.mark.parametrize("name", ["plain", "a [b] *? {c}", "né 名 %s", "-x", "byte \udce9"])
def test_two_checkpoints_are_kept_whatever_the_folder_is_called(tmp_path, monkeypatch, name):
    monkeypatch.setattr(head_training, "_CHECKPOINT_INTERVAL_S", 0.0)
    Trainer(tmp_path / name, config()).run()
    assert {path.stem for path in (tmp_path / name).iterdir()} == {"epoch-3", "epoch-4"}
    assert Trainer(tmp_path / name, config()).training.is_finished


def test_a_checkpoint_that_cannot_be_written_ends_the_run(tmp_path):
    trainer = Trainer(tmp_path / "checkpoint", config(epochs=1))
    (tmp_path / "checkpoint").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"Can't write .*epoch-1.npz.*fieldguide resume"):
        trainer.run()

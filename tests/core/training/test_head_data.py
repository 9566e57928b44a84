import numpy as np
import pytest

from core.settings.choices import ClassWeighting
from core.settings.config import TrainConfig
from core.training import head_data
from core.training.head_data import (
    HeadData,
    class_weights,
    drop_out,
    epoch_chunks,
    steps_per_epoch,
)


def data_of(num_images: int, *, rows: np.ndarray | None = None) -> HeadData:
    """Vector `i` is `[i, i]`, its class `i % 3`."""
    numbers = np.arange(num_images)
    vectors = np.repeat(numbers[:, np.newaxis], 2, axis=1).astype(np.float32)
    return HeadData(
        vectors, (numbers % 3).astype(np.int32), numbers if rows is None else np.asarray(rows)
    )


def order(data: HeadData, epoch: int, **settings: int) -> list[int]:
    """Images in the order of an epoch, without those that only fill up."""
    chunks = epoch_chunks(data, TrainConfig(dropout=0.0, **settings), epoch)
    return [
        int(vector[0])
        for chunk in chunks
        for vector, weight in zip(chunk.vectors, chunk.row_weights, strict=True)
        if weight
    ]


def test_an_epoch_holds_every_image_of_the_split_once():
    data = data_of(50, rows=np.arange(7, 43))
    assert sorted(order(data, 1, batch_size=5)) == list(range(7, 43))


def test_epochs_differ_and_follow_from_the_seed():
    data = data_of(40)
    assert order(data, 1) != order(data, 2)
    assert order(data, 1) == order(data, 1)
    assert order(data, 1, seed=1) != order(data, 1, seed=2)


def test_the_order_does_not_depend_on_the_batch_size():
    assert order(data_of(40), 3, batch_size=7) == order(data_of(40), 3, batch_size=40)


def test_the_last_batch_is_filled_with_rows_that_weigh_nothing():
    (chunk,) = epoch_chunks(data_of(10), TrainConfig(batch_size=4), 1)
    assert chunk.num_steps == steps_per_epoch(10, 4) == 3
    assert chunk.vectors.shape == (12, 2)
    assert chunk.row_weights.tolist() == [1.0] * 10 + [0.0] * 2
    assert chunk.num_rows == 10


def test_classes_go_with_their_vectors():
    (chunk,) = epoch_chunks(data_of(20), TrainConfig(batch_size=8, dropout=0.0), 1)
    np.testing.assert_array_equal(chunk.vectors[:, 0].astype(int) % 3, chunk.class_indices)


def test_a_long_epoch_comes_in_bounded_pieces_that_follow_each_other(monkeypatch):
    monkeypatch.setattr(head_data, "_CHUNK_STEPS", 4)
    data = data_of(100)
    chunks = list(epoch_chunks(data, TrainConfig(batch_size=8), 1))
    assert [chunk.first_step for chunk in chunks] == [0, 4, 8, 12]
    assert [chunk.num_steps for chunk in chunks] == [4, 4, 4, 1]
    assert sum(chunk.num_rows for chunk in chunks) == 100
    monkeypatch.setattr(head_data, "_CHUNK_STEPS", 512)
    whole = np.concatenate([chunk.class_indices for chunk in chunks])
    (chunk,) = epoch_chunks(data, TrainConfig(batch_size=8), 1)
    np.testing.assert_array_equal(whole, chunk.class_indices)


def test_portions_hold_the_split_in_order(monkeypatch):
    monkeypatch.setattr(head_data, "_CHUNK_ROWS", 4)
    data = data_of(20, rows=np.arange(3, 13))
    portions = list(data.portions())
    assert [len(vectors) for vectors, _ in portions] == [4, 4, 2]
    assert np.concatenate([v[:, 0] for v, _ in portions]).tolist() == list(range(3, 13))
    assert data.classes().tolist() == [number % 3 for number in range(3, 13)]


def test_vectors_may_lie_in_a_file(tmp_path):
    data = data_of(30)
    on_disk = np.memmap(tmp_path / "vectors", np.float32, "w+", shape=data.vectors.shape)
    on_disk[:] = data.vectors
    mapped = HeadData(on_disk, data.class_indices, data.rows)
    assert order(mapped, 2, batch_size=4) == order(data, 2, batch_size=4)


def weighted(counts: list[int]) -> np.ndarray:
    classes = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    data = HeadData(np.zeros((len(classes), 1), np.float32), classes, np.arange(len(classes)))
    return class_weights(data, TrainConfig(class_weights=ClassWeighting.BALANCED))


def test_balanced_weights_are_those_of_scikit_learn():
    # sklearn.utils.class_weight.compute_class_weight("balanced", ...): n / (k * n_c)
    assert weighted([10, 30, 60]).tolist() == pytest.approx([100 / 30, 100 / 90, 100 / 180])


def test_balanced_weights_have_a_mean_of_one_over_the_images():
    counts = [3, 5, 92]
    assert np.dot(weighted(counts), counts) / 100 == pytest.approx(1.0)


def test_only_the_training_split_decides_weights():
    classes = np.array([0, 0, 0, 1, 1, 1, 1, 1], np.int32)
    data = HeadData(np.zeros((8, 1), np.float32), classes, np.array([0, 1, 3, 4]))
    balanced = TrainConfig(class_weights=ClassWeighting.BALANCED)
    assert class_weights(data, balanced).tolist() == [1.0, 1.0]


def test_without_weighting_all_classes_count_alike():
    assert class_weights(data_of(7), TrainConfig()).tolist() == [1.0, 1.0, 1.0]


def test_dropout_leaves_out_its_fraction_and_keeps_the_mean():
    vectors = np.ones((200, 50), np.float32)
    drop_out(vectors, 0.25, np.random.default_rng(0))
    assert set(np.unique(vectors)) == {0.0, np.float32(1 / 0.75)}
    assert (vectors == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert vectors.mean() == pytest.approx(1.0, abs=0.03)


def test_no_dropout_leaves_all_as_it_is():
    vectors = np.ones((20, 5), np.float32)
    drop_out(vectors, 0.0, np.random.default_rng(0))
    assert (vectors == 1).all()


def test_dropout_of_nearly_all_keeps_numbers_finite():
    vectors = np.ones((200, 50), np.float32)
    drop_out(vectors, 0.999999, np.random.default_rng(0))
    assert np.isfinite(vectors).all()


def test_dropout_differs_by_epoch_and_repeats_itself_and_spares_the_vectors():
    vectors = np.ones((40, 50), np.float32)
    split = HeadData(vectors, np.zeros(40, np.int32), np.arange(40))
    config = TrainConfig(dropout=0.5)
    first, again, second = (next(epoch_chunks(split, config, epoch)).vectors for epoch in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != second).mean() > 0.3
    assert (vectors == 1).all()

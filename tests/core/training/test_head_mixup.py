import numpy as np
import pytest

from core.settings.choices import ClassWeighting
from core.settings.config import TrainConfig
from core.training import head_data
from core.training.head_data import Chunk, HeadData, epoch_chunks
from core.training.head_mixup import Mixup

CLASSES = 3


def one_hot_data(counts: tuple[int, ...] = (20, 10, 5)) -> HeadData:
    """Vectors that are the classes themselves, so that a blend tells what is in it."""
    classes = np.repeat(np.arange(len(counts)), counts).astype(np.int32)
    return HeadData(np.eye(CLASSES, dtype=np.float32)[classes], classes, np.arange(len(classes)))


def chunk_of(epoch: int = 1, **settings: object) -> Chunk:
    values = {"dropout": 0.0, "batch_size": 8, "mixup": 0.4} | settings
    (chunk,) = epoch_chunks(one_hot_data(), TrainConfig(**values), epoch)
    return chunk


def blended_targets(chunk: Chunk) -> np.ndarray:
    weights = chunk.blend.weights[:, np.newaxis]
    ones = np.eye(CLASSES, dtype=np.float32)
    return weights * ones[chunk.class_indices] + (1 - weights) * ones[chunk.blend.class_indices]


def test_vectors_and_targets_are_blended_alike():
    chunk = chunk_of()
    np.testing.assert_allclose(chunk.vectors, blended_targets(chunk), atol=1e-6)
    mixed = chunk.class_indices != chunk.blend.class_indices
    assert mixed[: chunk.num_rows].any()
    assert (chunk.blend.weights >= 0.5).all()
    np.testing.assert_array_equal(chunk.vectors.argmax(1)[mixed], chunk.class_indices[mixed])


def test_rows_that_only_fill_up_stay_and_weigh_nothing():
    chunk = chunk_of()
    assert chunk.num_rows == 35 < len(chunk.vectors) == 40
    assert (chunk.row_weights[35:] == 0).all()
    assert (chunk.row_weights[:35] == 1).all()
    assert (chunk.blend.weights[35:] == 1).all()


def test_each_part_of_a_blend_weighs_what_its_class_does():
    plain = chunk_of()
    chunk = chunk_of(class_weights=ClassWeighting.BALANCED)
    weights = np.array([35 / (3 * count) for count in (20, 10, 5)])
    drawn = plain.blend.weights
    own = weights[chunk.class_indices] * drawn
    other = weights[chunk.blend.class_indices] * (1 - drawn)
    rows = slice(chunk.num_rows)
    np.testing.assert_allclose(chunk.row_weights[rows], (own + other)[rows], rtol=1e-5)
    parts = (chunk.row_weights * chunk.blend.weights)[rows]
    np.testing.assert_allclose(parts, own[rows], rtol=1e-5)


def test_blends_follow_from_seed_and_epoch():
    first = chunk_of()
    np.testing.assert_array_equal(first.vectors, chunk_of().vectors)
    for other in (chunk_of(epoch=2), chunk_of(seed=1)):
        assert (first.blend.weights != other.blend.weights).any()


def test_without_mixup_nothing_is_blended():
    chunk = chunk_of(mixup=0.0)
    assert chunk.blend is None
    assert set(np.unique(chunk.vectors)) == {0.0, 1.0}
    # The order of images is the same with and without.
    np.testing.assert_array_equal(chunk.class_indices, chunk_of().class_indices)


@pytest.mark.parametrize(("alpha", "mean"), [(0.05, 0.97), (1.0, 0.75), (200.0, 0.52)])
def test_alpha_decides_how_much_is_blended(alpha, mean):
    mixup = Mixup(TrainConfig(mixup=alpha), 1)
    vectors, classes = np.zeros((4000, 1), np.float32), np.zeros(4000, np.int32)
    blend = mixup.apply(vectors, classes, np.ones(4000, np.float32), 4000)
    assert blend.weights.mean() == pytest.approx(mean, abs=0.02)


def copies_of(data: HeadData, count: int) -> HeadData:
    """Copy k of a vector is the vector plus 10 k."""
    versions = tuple(data.vectors + np.float32(10 * (k + 1)) for k in range(count))
    return HeadData(data.vectors, data.class_indices, data.rows, versions)


def numbered(num_images: int) -> HeadData:
    vectors = np.arange(num_images, dtype=np.float32)[:, np.newaxis] / 1000
    return HeadData(vectors, np.zeros(num_images, np.int32), np.arange(num_images))


def tables_of(data: HeadData, epoch: int, **settings: object) -> dict[int, int]:
    """For each image the table that an epoch took it from."""
    config = TrainConfig(**({"dropout": 0.0, "batch_size": 7} | settings))
    tables = {}
    for chunk in epoch_chunks(data, config, epoch):
        for (value,) in chunk.vectors[: chunk.num_rows]:
            tables[round(value % 10 * 1000)] = int(value // 10)
    return tables


def test_each_epoch_draws_one_of_all_copies_for_each_image():
    data = copies_of(numbered(300), 2)
    first = tables_of(data, 1)
    assert len(first) == 300
    counts = np.bincount(list(first.values()), minlength=3)
    assert (counts > 60).all()
    assert first == tables_of(data, 1)
    for other in (tables_of(data, 2), tables_of(data, 1, seed=3)):
        assert 0.4 < np.mean([first[i] != other[i] for i in range(300)]) < 0.9


def test_the_draw_depends_neither_on_batches_nor_on_pieces(monkeypatch):
    data = copies_of(numbered(100), 3)
    whole = tables_of(data, 1)
    assert tables_of(data, 1, batch_size=100) == whole
    monkeypatch.setattr(head_data, "_CHUNK_STEPS", 2)
    assert tables_of(data, 1) == whole


def test_copies_leave_order_and_weights_as_they_are():
    plain = one_hot_data()
    config = TrainConfig(class_weights=ClassWeighting.BALANCED, dropout=0.0)
    (before,) = epoch_chunks(plain, config, 1)
    (after,) = epoch_chunks(copies_of(plain, 2), config, 1)
    np.testing.assert_array_equal(before.class_indices, after.class_indices)
    np.testing.assert_array_equal(before.row_weights, after.row_weights)
    assert (before.vectors != after.vectors).any()


def test_only_rows_of_the_split_are_taken_from_copies():
    data = numbered(20)
    empty = np.full_like(data.vectors, np.nan)
    rows = np.arange(5, 12)
    empty[rows] = data.vectors[rows] + 10
    split = HeadData(data.vectors, data.class_indices, rows, (empty,))
    assert sorted(tables_of(split, 1)) == list(range(5, 12))

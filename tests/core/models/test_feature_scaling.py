"""Scaling feature vectors of several parts, as a formula in double precision says."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.backbones.backbone import FeaturePart
from core.models.feature_scaling import FeatureScaling, learn_scaling

PARTS = (FeaturePart(6), FeaturePart(3, is_stage=True), FeaturePart(5, is_stage=True))
NEGATIVE = 2  # a column of the vector

Vectors = NDArray[np.float32]


def made_up(count: int = 300, parts=PARTS, seed: int = 0) -> Vectors:
    """Positive numbers of very different sizes."""
    random = np.random.default_rng(seed)
    width = sum(part.width for part in parts)
    vectors = random.gamma(2, 1, (count, width)) * 10.0 ** random.integers(-3, 3, width)
    return vectors.astype(np.float32)


def all_rows(vectors: Vectors) -> NDArray[np.int64]:
    return np.arange(len(vectors))


def scaled(scaling: FeatureScaling, vectors: Vectors) -> Vectors:
    copy = vectors.copy()
    scaling.apply(copy)
    return copy


def expected(vectors: Vectors, rows: NDArray[np.int64], parts=PARTS) -> NDArray[np.float64]:
    """The formula, part by part: one backbone."""
    values = vectors.astype(np.float64)
    stage_width = sum(part.width for part in parts if part.is_stage)
    stage_length = 12 * len(rows) / (len(rows) + 150)
    done, start = [], 0
    for part in parts:
        columns = values[:, start : start + part.width]
        start += part.width
        if (columns[rows] >= 0).all():
            columns = np.sqrt(np.maximum(columns, 0))
        known = columns[rows]
        if part.is_stage:
            factor = stage_length / np.sqrt(stage_width) / known.std(axis=0)
        else:
            factor = 16 / np.sqrt((known**2).sum(axis=1).mean())
        done.append((columns - known.mean(axis=0)) * factor)
    return np.concatenate(done, axis=1)


@pytest.mark.parametrize("count", [2, 300, 9000], ids=["two", "some", "several portions"])
def test_equals_the_formula(count: int):
    vectors = made_up(count + 20)
    rows = np.sort(np.random.default_rng(1).permutation(len(vectors))[:count])
    received = scaled(learn_scaling(vectors, rows, PARTS), vectors)
    wanted = expected(vectors, rows)
    np.testing.assert_allclose(received, wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())


def test_a_root_is_taken_only_where_no_training_image_has_a_negative_value():
    vectors = made_up()
    vectors[7, NEGATIVE] = -0.5
    rows = all_rows(vectors)
    scaling = learn_scaling(vectors, rows, PARTS)
    assert scaling.roots == (False, True, True)
    np.testing.assert_allclose(scaled(scaling, vectors), expected(vectors, rows), atol=1e-3)
    assert learn_scaling(vectors, np.delete(rows, 7), PARTS).roots == (True, True, True)


def test_a_negative_value_of_another_image_counts_as_0_under_a_root():
    vectors = made_up()
    vectors[7, NEGATIVE] = -0.5
    scaling = learn_scaling(vectors, np.delete(all_rows(vectors), 7), PARTS)
    zero = vectors.copy()
    zero[7, NEGATIVE] = 0
    np.testing.assert_array_equal(scaled(scaling, vectors), scaled(scaling, zero))


def test_lengths_are_those_that_were_chosen():
    vectors = made_up(6000)
    received = scaled(learn_scaling(vectors, all_rows(vectors), PARTS), vectors).astype(np.float64)
    np.testing.assert_allclose(received.mean(axis=0), 0, atol=1e-3)
    stages = received[:, 6:]
    assert np.sqrt((stages**2).sum(axis=1).mean()) == pytest.approx(12 * 6000 / 6150, rel=1e-3)
    # Numbers of a stage count alike, whatever their scale was.
    np.testing.assert_allclose(stages.std(axis=0), stages.std(axis=0)[0], rtol=1e-3)


def test_stages_count_less_with_few_training_images():
    vectors = made_up()

    def factors(count: int) -> NDArray[np.float64]:
        # The same images again and again have the same moments.
        rows = np.tile(np.arange(10), count // 10)
        return learn_scaling(vectors, rows, PARTS).factors.astype(np.float64)

    few, half, many = factors(10), factors(150), factors(100_000)
    np.testing.assert_allclose(half[6:] / many[6:], 0.5, rtol=2e-3)
    np.testing.assert_allclose(few[6:] / many[6:], 10 / 160, rtol=2e-3)
    np.testing.assert_allclose(few[:6], many[:6], rtol=1e-4)


def test_two_backbones_count_alike_whatever_stages_they_have():
    parts = (FeaturePart(4), FeaturePart(2, is_stage=True), FeaturePart(9), *PARTS[1:])
    vectors = made_up(6000, parts)
    received = scaled(learn_scaling(vectors, all_rows(vectors), parts), vectors).astype(np.float64)
    lengths = np.sqrt((received**2).mean(axis=0))
    first, second = np.linalg.norm(lengths[4:6]), np.linalg.norm(lengths[15:])
    assert first == pytest.approx(second, rel=1e-3)
    assert first == pytest.approx(12, rel=0.03)


def test_a_stage_of_a_backbone_whose_vector_follows_is_another_ones():
    one = (FeaturePart(2), FeaturePart(8, is_stage=True), FeaturePart(2))
    vectors = made_up(100, one)
    received = scaled(learn_scaling(vectors, all_rows(vectors), one), vectors)
    assert np.isfinite(received).all()


@pytest.mark.parametrize("value", [0.0, 1e-12, 0.3, 7.1, 1e4])
def test_a_number_that_is_the_same_in_all_training_images_is_left_out(value: float):
    """Nothing can be learned from it, and in other images it must not outweigh all else."""
    vectors = made_up()
    for column in (1, 8, 12):
        vectors[:, column] = value
    scaling = learn_scaling(vectors, all_rows(vectors), PARTS)
    received = scaled(scaling, vectors)
    assert np.isfinite(received).all()
    np.testing.assert_array_equal(received[:, [8, 12]], 0)
    others = vectors.copy()
    others[:, 8] += 0.01
    assert np.abs(scaled(scaling, others)).max() < 1000


def test_a_part_of_nothing_but_zeros_stays_finite():
    vectors = made_up()
    vectors[:, :9] = 0
    received = scaled(learn_scaling(vectors, all_rows(vectors), PARTS), vectors)
    assert np.isfinite(received).all()
    np.testing.assert_array_equal(received[:, :9], 0)


def test_a_single_training_image_stays_finite():
    vectors = made_up(5)
    received = scaled(learn_scaling(vectors, np.array([2]), PARTS), vectors)
    assert np.isfinite(received).all()
    np.testing.assert_allclose(received[2], 0, atol=1e-5)
    assert np.abs(received).max() < 1000


def test_a_table_in_a_file_is_scaled_in_place(tmp_path: Path):
    plain = made_up(5000)
    table = np.memmap(tmp_path / "table", np.float32, "w+", shape=plain.shape)
    table[:] = plain
    rows = np.arange(0, 5000, 2)
    scaling = learn_scaling(table, rows, PARTS)
    np.testing.assert_array_equal(table, plain)  # finding it out changes nothing
    scaling.apply(table)
    table.flush()
    written = np.fromfile(tmp_path / "table", np.float32).reshape(plain.shape)
    np.testing.assert_array_equal(written, scaled(learn_scaling(plain, rows, PARTS), plain))


def test_the_same_images_give_the_same_bits_whatever_stands_between_them():
    vectors = made_up(6000)
    rows = np.arange(0, 6000, 3)
    alone = learn_scaling(vectors[rows], np.arange(len(rows)), PARTS)
    among = learn_scaling(vectors, rows, PARTS)
    assert alone.factors.tobytes() == among.factors.tobytes()
    assert alone.offsets.tobytes() == among.offsets.tobytes()

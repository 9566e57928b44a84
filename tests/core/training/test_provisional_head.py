"""Cross-validation of the cheap head."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from core.backbones.backbone import FeaturePart
from core.messages.control import StopRequestedError
from core.training import provisional_head
from core.training.provisional_head import (
    NUM_FOLDS,
    FeatureSample,
    assign_folds,
    cross_validate,
)

SOLVERS = {name: getattr(provisional_head, name) for name in ("_FoldsByImage", "_FoldsByFeature")}


def _blobs(counts: list[int], dim: int = 8, spread: float = 1.0, seed: int = 0) -> FeatureSample:
    random = np.random.default_rng(seed)
    classes = random.permutation(np.repeat(np.arange(len(counts)), counts))
    centres = 3 * random.standard_normal((len(counts), dim))
    vectors = centres[classes] + spread * random.standard_normal((len(classes), dim))
    return FeatureSample(vectors.astype(np.float32), classes, np.arange(len(classes)))


def test_folds_share_each_class_and_keep_groups_together() -> None:
    classes = np.repeat([0, 1, 2], [40, 40, 8])
    groups = np.arange(88) // 2
    folds, is_measured = assign_folds(classes, groups, 1)
    assert (folds[::2] == folds[1::2]).all()
    assert np.bincount(folds[classes == 0]).tolist() == [10] * NUM_FOLDS
    assert np.bincount(folds[classes == 2]).tolist() == [2] * NUM_FOLDS
    assert is_measured.all()
    assert not np.array_equal(folds, assign_folds(classes, groups, 2)[0])
    assert np.array_equal(folds, assign_folds(classes, groups, 1)[0])


def test_a_class_with_one_group_is_not_measured() -> None:
    classes, groups = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 2, 3, 3, 4])
    assert assign_folds(classes, groups, 1)[1].tolist() == [True] * 3 + [False] * 3
    sample = _blobs([60, 60, 1], spread=0.1)
    found = cross_validate(sample, (), 1)
    assert (found.num_correct, found.num_measured) == (120, 120)


def test_copies_on_both_sides_would_look_better_than_they_are() -> None:
    noise = np.random.default_rng(0).standard_normal((60, 64)).astype(np.float32)
    vectors, classes = np.repeat(noise, 2, axis=0), np.repeat(np.arange(60) % 2, 2)
    together = cross_validate(FeatureSample(vectors.copy(), classes, np.arange(120) // 2), (), 1)
    apart = cross_validate(FeatureSample(vectors.copy(), classes, np.arange(120)), (), 1)
    assert together.num_correct < 85 < 100 < apart.num_correct


@pytest.mark.parametrize("solver", ["_FoldsByImage", "_FoldsByFeature"])
@pytest.mark.parametrize("fewest_for_scipy", [1, 1000])
def test_it_is_ridge_regression_in_either_space(solver, fewest_for_scipy, monkeypatch) -> None:
    monkeypatch.setattr(provisional_head, "_FEWEST_FOR_SCIPY", fewest_for_scipy)
    sample = _blobs([50, 70, 30], 40, spread=6.0)
    vectors, targets = sample.vectors / 40, np.eye(3, dtype=np.float32)[sample.classes]
    folds, _ = assign_folds(sample.classes, sample.groups, 3)
    solve = getattr(provisional_head, solver)(vectors, targets)
    for fold in range(NUM_FOLDS):
        learned = folds != fold
        ridge = Ridge(alpha=provisional_head._STRENGTH, fit_intercept=False)
        ridge.fit(vectors[learned], targets[learned])
        expected = ridge.predict(vectors[~learned])
        np.testing.assert_allclose(solve.scores(~learned), expected, atol=1e-3)


@pytest.mark.parametrize("dim", [20, 500])
def test_both_spaces_have_nearly_the_same_answers(dim, monkeypatch) -> None:
    sample = _blobs([50, 70, 30], dim, spread=1.2 * dim**0.5)
    answers = []
    for solver in ("_FoldsByImage", "_FoldsByFeature"):
        for name in ("_FoldsByImage", "_FoldsByFeature"):
            monkeypatch.setattr(provisional_head, name, SOLVERS[solver])
        copy = FeatureSample(sample.vectors.copy(), sample.classes, sample.groups)
        answers.append(cross_validate(copy, (), 3).num_correct)
    assert 75 < answers[0] < 148
    assert abs(answers[0] - answers[1]) <= 1


def test_parts_are_scaled_as_the_training_does() -> None:
    """A stage whose numbers are tiny counts all the same."""
    sample = _blobs([80, 80], 16, spread=0.5)
    noise = 100 * np.random.default_rng(1).standard_normal((160, 16)).astype(np.float32)
    joined = np.hstack([noise, 1e-4 * sample.vectors])

    def accuracy(parts: tuple[FeaturePart, ...]) -> float:
        whole = FeatureSample(joined.copy(), sample.classes, sample.groups)
        found = cross_validate(whole, parts, 1)
        return found.num_correct / found.num_measured

    assert accuracy((FeaturePart(16, is_stage=False), FeaturePart(16, is_stage=True))) > 0.9
    assert accuracy(()) < 0.7


def test_it_ends_between_folds() -> None:
    calls = []

    def check() -> None:
        calls.append(1)
        if len(calls) == 2:
            raise StopRequestedError

    with pytest.raises(StopRequestedError):
        cross_validate(_blobs([20, 20]), (), 1, check)

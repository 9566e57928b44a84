"""How well a cheap head does on the feature vectors that there are so far.

A ridge regression on the classes is solved in closed form for each fold: in the space of the images
while there are fewer of them than features, in that of the features otherwise. From 2,000
images it is about a percentage point below the model that is trained on all of them
(docs/benchmarks.md).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import FeaturePart
from core.models.feature_scaling import learn_scaling

NUM_FOLDS = 4
# Of feature vectors whose mean square length is 1; of 0.003 to 3, 0.3 and 1 did best with 250 to
# 2,000 flowers photographs (splits of other seeds than those of docs/benchmarks.md).
_STRENGTH = 0.5
_FEWEST_FOR_SCIPY = 1000


@dataclass(frozen=True, slots=True)
class FeatureSample:
    """Feature vectors to cross-validate on.

    Attributes:
        vectors: float32 `(num_images, feature_dim)`, as the backbone returned them.
        classes: Class of each, shape `(num_images,)`.
        groups: Images of equal number stay in one fold.
    """

    vectors: NDArray[np.float32]
    classes: NDArray[np.int64]
    groups: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CrossValidation:
    """How many images were classified, and how many of them correctly."""

    num_correct: int
    num_measured: int


def cross_validate(
    sample: FeatureSample,
    parts: Sequence[FeaturePart],
    seed: int,
    check: Callable[[], None] = lambda: None,
) -> CrossValidation:
    """Classify each image by a head that learned from the other folds.

    Classes with a single group are not measured: nothing could be learned about them.

    Args:
        sample: The vectors are changed.
        parts: What the vectors consist of; empty if they are as the training takes them.
        seed: Decides which fold an image is in.
        check: Called between the folds; what it raises ends the work.
    """
    folds, is_measured = assign_folds(sample.classes, sample.groups, seed)
    vectors = _prepare(sample.vectors, parts)
    present, classes = np.unique(sample.classes, return_inverse=True)
    targets = np.eye(len(present), dtype=np.float32)[classes] - np.float32(1 / len(present))
    solve = _FoldsByImage if len(vectors) <= vectors.shape[1] else _FoldsByFeature
    solver = solve(vectors, targets)
    num_correct = 0
    for fold in range(NUM_FOLDS):
        check()
        held_out = folds == fold
        counted = is_measured[held_out]
        if not counted.any():
            continue
        predicted = solver.scores(held_out).argmax(axis=1)
        num_correct += int(np.sum((predicted == classes[held_out]) & counted))
    return CrossValidation(num_correct, int(is_measured.sum()))


def assign_folds(
    classes: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Deal the groups of each class out to the folds, in an order drawn by the seed.

    Returns:
        The fold of each image, and whether its class has a second group to learn from.
    """
    first_of = np.unique(groups, return_index=True)[1]
    random = np.random.default_rng(seed)
    shuffled = random.permutation(first_of)
    dealt = shuffled[np.argsort(classes[shuffled], kind="stable")]
    fold_of_group = {
        int(groups[first]): place % NUM_FOLDS for place, first in enumerate(dealt.tolist())
    }
    folds = np.array([fold_of_group[group] for group in groups.tolist()], np.int64)
    groups_of: defaultdict[int, set[int]] = defaultdict(set)
    for index, group in zip(classes.tolist(), groups.tolist(), strict=True):
        groups_of[index].add(group)
    return folds, np.array([len(groups_of[index]) > 1 for index in classes.tolist()], np.bool_)


def num_operations(num_images: int, feature_dim: int) -> float:
    """Return about how many multiplications a cross-validation takes, to compare two of them."""
    least = min(num_images, feature_dim)
    return least * num_images * feature_dim + NUM_FOLDS * least**3 / 6


def _prepare(vectors: NDArray[np.float32], parts: Sequence[FeaturePart]) -> NDArray[np.float32]:
    """Return vectors of mean 0 and mean square length 1, with a constant at the end."""
    if parts:
        learn_scaling(vectors, np.arange(len(vectors)), parts).apply(vectors)
    else:
        vectors -= vectors.mean(axis=0)
    length = np.sqrt(np.mean(np.einsum("ij,ij->i", vectors, vectors)))
    vectors /= max(float(length), 1e-12)
    return np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], axis=1)


class _FoldsByImage:
    """Heads as weights of the images: less work while there are fewer of them than features."""

    def __init__(self, vectors: NDArray[np.float32], targets: NDArray[np.float32]) -> None:
        self._products, self._targets = vectors @ vectors.T, targets

    def scores(self, held_out: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the scores of the classes for images that are held out."""
        learned = np.flatnonzero(~held_out)
        weights = _solve(self._products[np.ix_(learned, learned)], self._targets[learned])
        products: NDArray[np.float32] = self._products[np.ix_(np.flatnonzero(held_out), learned)]
        return products @ weights


class _FoldsByFeature:
    """Heads as weights of the features."""

    def __init__(self, vectors: NDArray[np.float32], targets: NDArray[np.float32]) -> None:
        self._vectors, self._targets = vectors, targets
        self._products, self._sums = vectors.T @ vectors, vectors.T @ targets

    def scores(self, held_out: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the scores of the classes for images that are held out."""
        vectors = self._vectors[held_out]
        products: NDArray[np.float32] = self._products - vectors.T @ vectors
        weights = _solve(products, self._sums - vectors.T @ self._targets[held_out])
        scores: NDArray[np.float32] = vectors @ weights
        return scores


def _solve(products: NDArray[np.float32], right_side: NDArray[np.float32]) -> NDArray[np.float32]:
    products[np.diag_indices_from(products)] += np.float32(_STRENGTH)
    if len(products) < _FEWEST_FOR_SCIPY:
        return np.asarray(np.linalg.solve(products, right_side))
    # Imported here: it takes longer than all that is solved before. Cholesky's method, which NumPy
    # lacks, needs half of the operations.
    from scipy.linalg import cho_factor, cho_solve

    factor = cho_factor(products, overwrite_a=True, check_finite=False)
    return np.asarray(cho_solve(factor, right_side, check_finite=False))

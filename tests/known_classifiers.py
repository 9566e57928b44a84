"""Classifiers of a problem that is known: what they would reach on endless images can be computed.

Images are points of a Gaussian for each class, all with the same spread, as feature vectors are to
a head. Many draws of the same experiment are trained at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SHRINKAGE = 0.2
_AT_ONCE = 200
_NUM_IN_BANK = 200_000

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class KnownProblem:
    """Classes whose means are drawn once.

    Attributes:
        num_classes: As many images of each.
        num_features: Length of an image's vector.
        distance: Of the means from their middle, in standard deviations, in each dimension.
        num_test: Test images of a class.
        num_train: Training images of a class where all take part.
    """

    num_classes: int
    num_features: int
    distance: float
    num_test: int
    num_train: int

    def means(self) -> Floats:
        """One row a class."""
        rng = np.random.default_rng(self.num_classes)
        return self.distance * rng.standard_normal((self.num_classes, self.num_features))

    def images(self, rng: np.random.Generator, num_draws: int, num_images: int) -> Floats:
        """Shape `(num_draws, num_classes, num_images, num_features)`."""
        shape = (num_draws, self.num_classes, num_images, self.num_features)
        return rng.standard_normal(shape) + self.means()[:, np.newaxis]


def resampled_accuracies(
    problem: KnownProblem, num_draws: int, num_seeds: int, sizes: Sequence[int], seed: int
) -> Floats:
    """Test accuracies of trainings on nested parts of the training images of random splits.

    Returns:
        Shape `(2, num_draws, num_seeds, len(sizes))`: of nearest means and of linear
        discriminants, each seed with its own split of the draw's images.
    """
    rng = np.random.default_rng(seed)
    parts = [
        _resampled(problem, rng, min(_AT_ONCE, num_draws - start), num_seeds, sizes)
        for start in range(0, num_draws, _AT_ONCE)
    ]
    return np.concatenate(parts, axis=1)


def true_accuracies(
    problem: KnownProblem, sizes: Sequence[int], *, num_draws: int = 1_000, seed: int = 0
) -> Floats:
    """Mean accuracy over nested training sets, on images of their own.

    Returns:
        Shape `(2, len(sizes))`; the sizes share images, so that differences are more exact still.
    """
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(0, num_draws, _AT_ONCE):
        training = problem.images(rng, _AT_ONCE, max(sizes))
        test = problem.images(rng, _AT_ONCE, 200)
        parts = [_accuracies(training[:, :, :size], test).mean(axis=1) for size in sizes]
        found.append(np.stack(parts, axis=1))
    return np.asarray(np.mean(found, axis=0))


def joint_probabilities(first_noise: float, second_noise: float) -> Floats:
    """Probabilities that both of two models are right, the first alone, the second alone, neither.

    Each sees the same image through noise of its own, and answers with the nearest mean: with equal
    noise they are equally good. The images of a large bank are all that there are, so that the
    probabilities are exact.
    """
    rng = np.random.default_rng(1)
    means = rng.standard_normal((5, 6))
    actual = rng.integers(0, 5, _NUM_IN_BANK)
    images = means[actual] + 0.6 * rng.standard_normal((_NUM_IN_BANK, 6))
    right = []
    noises = rng.standard_normal((2, _NUM_IN_BANK, 6))
    for scale, noise in zip((first_noise, second_noise), noises, strict=True):
        scores = (images + scale * noise) @ means.T - (means**2).sum(axis=1) / 2
        right.append(scores.argmax(axis=1) == actual)
    first, second = right
    cells = (first & second, first & ~second, ~first & second, ~first & ~second)
    probabilities = np.array([cell.mean() for cell in cells])
    if first_noise == second_noise:  # As they are but for the luck of the bank.
        probabilities[1:3] = probabilities[1:3].mean()
    return probabilities


def _resampled(
    problem: KnownProblem,
    rng: np.random.Generator,
    num_draws: int,
    num_seeds: int,
    sizes: Sequence[int],
) -> Floats:
    images = problem.images(rng, num_draws, problem.num_train + problem.num_test)
    found = np.empty((2, num_draws, num_seeds, len(sizes)))
    for number in range(num_seeds):
        # One order for all draws: their images are independent, whatever their places.
        shuffled = images[:, :, rng.permutation(images.shape[2])]
        test, training = shuffled[:, :, : problem.num_test], shuffled[:, :, problem.num_test :]
        for place, size in enumerate(sizes):
            found[:, :, number, place] = _accuracies(training[:, :, :size], test)
    return found


def _accuracies(training: Floats, test: Floats) -> Floats:
    """Accuracies of both classifiers, shape `(2, num_draws)`."""
    means = training.mean(axis=2)
    spread = training - means[:, :, np.newaxis]
    num_features = training.shape[-1]
    flat = spread.reshape(len(training), -1, num_features)
    covariance = flat.transpose(0, 2, 1) @ flat / flat.shape[1]
    shrunk = (1 - _SHRINKAGE) * covariance + _SHRINKAGE * np.eye(num_features)
    answers = (means, np.linalg.solve(shrunk, means.transpose(0, 2, 1)).transpose(0, 2, 1))
    return np.array([_accuracy(means, weights, test) for weights in answers])


def _accuracy(means: Floats, weights: Floats, test: Floats) -> Floats:
    offsets = (means * weights).sum(axis=2) / 2
    flat = test.reshape(len(test), -1, test.shape[-1])
    scores = flat @ weights.transpose(0, 2, 1) - offsets[:, np.newaxis]
    actual = np.repeat(np.arange(test.shape[1]), test.shape[2])
    return (scores.argmax(axis=2) == actual).mean(axis=1)

"""Feature vectors with their classes, and the order in which training sees them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.settings.choices import ClassWeighting
from core.settings.config import TrainConfig
from core.training.head_mixup import Blend, Mixup

# Rows that are gathered at once: 84 MB of 1,280-wide vectors, whatever the data set's size.
_CHUNK_ROWS = 16384
_CHUNK_STEPS = 512
_NUM_BITS = 1 << 16
_COPIES_STREAM = 1


@dataclass(frozen=True, slots=True)
class HeadData:
    """Images of one split as feature vectors.

    Attributes:
        vectors: float32 `(num_images, feature_dim)` of all splits; may be a memory map.
        class_indices: int32 `(num_images,)` of all splits.
        rows: The positions that belong to this split.
        versions: Vectors of changed copies of the images, each of `vectors`' shape; of each only
            the training split's rows hold anything. They may be memory maps.
    """

    vectors: NDArray[np.float32]
    class_indices: NDArray[np.int32]
    rows: NDArray[np.int64]
    versions: tuple[NDArray[np.float32], ...] = ()

    def classes(self) -> NDArray[np.int64]:
        """True classes of the split, in order."""
        return self.class_indices[self.rows].astype(np.int64)

    def portions(self) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
        """Yield all vectors and classes of the split in bounded portions, in order."""
        for start in range(0, len(self.rows), _CHUNK_ROWS):
            rows = self.rows[start : start + _CHUNK_ROWS]
            yield self.vectors[rows], self.class_indices[rows]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive steps of one epoch.

    Attributes:
        vectors: float32 `(steps * batch_size, feature_dim)`, blended and dropout applied.
        class_indices: int32, one a row; of a blend the class with the larger fraction.
        row_weights: float32, one a row; 0 where a row only fills the last batch.
        first_step: Position of the first step within the epoch, from 0.
        num_steps: Number of steps.
        num_rows: Number of rows that count.
        blend: What else went into the rows; None without mixup.
    """

    vectors: NDArray[np.float32]
    class_indices: NDArray[np.int32]
    row_weights: NDArray[np.float32]
    first_step: int
    num_steps: int
    num_rows: int
    blend: Blend | None = None


def steps_per_epoch(num_images: int, batch_size: int) -> int:
    """Return the steps of an epoch; the last one may be a part batch."""
    return -(-num_images // batch_size)


def epoch_chunks(data: HeadData, config: TrainConfig, epoch: int) -> Iterator[Chunk]:
    """Yield an epoch in its own random order, which seed and epoch alone decide.

    Args:
        epoch: From 1.
    """
    random = np.random.default_rng([config.seed, epoch])
    permutation = random.permutation(len(data.rows))
    order = data.rows[permutation]
    tables = _chosen_tables(data, config, epoch)
    if tables is not None:
        tables = tables[permutation]
    blender = Mixup(config, epoch) if config.mixup else None
    weights = class_weights(data, config)
    batch = config.batch_size
    chunk_steps = max(1, min(_CHUNK_STEPS, _CHUNK_ROWS // batch))
    for start in range(0, len(order), chunk_steps * batch):
        rows = order[start : start + chunk_steps * batch]
        num_steps = steps_per_epoch(len(rows), batch)
        padding = num_steps * batch - len(rows)
        padded = np.concatenate([rows, np.repeat(rows[:1], padding)])
        classes = data.class_indices[padded]
        row_weights = weights[classes]
        vectors = data.vectors[padded]
        if tables is not None:
            _take_versions(vectors, data, padded, tables[start : start + len(rows)])
        blend = None
        if blender is not None:
            blend = blender.apply(vectors, classes, row_weights, len(rows))
        row_weights[len(rows) :] = 0
        drop_out(vectors, config.dropout, random)
        yield Chunk(vectors, classes, row_weights, start // batch, num_steps, len(rows), blend)


def _chosen_tables(data: HeadData, config: TrainConfig, epoch: int) -> NDArray[np.int64] | None:
    """Choose each image's table in an epoch: 0 for itself, else a copy's."""
    if not data.versions:
        return None
    # A generator of its own: without copies all random numbers stay as they are.
    random = np.random.default_rng([config.seed, epoch, _COPIES_STREAM])
    return random.integers(0, len(data.versions) + 1, len(data.rows))


def _take_versions(
    vectors: NDArray[np.float32],
    data: HeadData,
    rows: NDArray[np.int64],
    tables: NDArray[np.int64],
) -> None:
    """Put copies in place of the vectors whose table isn't 0; rows that only fill up stay."""
    for number, version in enumerate(data.versions, start=1):
        (places,) = np.nonzero(tables == number)
        vectors[places] = version[rows[places]]


def drop_out(vectors: NDArray[np.float32], dropout: float, random: np.random.Generator) -> None:
    """Set a random fraction of the numbers to zero and scale the others to keep the mean.

    NumPy makes 16 random bits in 2 ns where TensorFlow takes 5 ns for a number: at batch 10
    the difference was a third of a whole step.

    Args:
        vectors: Changed in place.
        dropout: Share, in [0, 1); rounded to a 65,536th.
        random: Decides which.
    """
    num_kept = round((1 - dropout) * _NUM_BITS)
    if not dropout or num_kept == _NUM_BITS:
        return
    bits = np.frombuffer(random.bytes(2 * vectors.size), np.uint16).reshape(vectors.shape)
    vectors *= bits < max(num_kept, 1)
    vectors *= np.float32(_NUM_BITS / max(num_kept, 1))


def class_weights(data: HeadData, config: TrainConfig) -> NDArray[np.float32]:
    """Compute each class's weight in the loss, float32 `(num_classes,)`.

    `balanced` is n / (k * n_c), as scikit-learn's `compute_class_weight` does; the mean
    over the images is 1, so that the learning rate keeps its meaning.
    """
    counts = np.bincount(data.class_indices[data.rows], minlength=data.class_indices.max() + 1)
    if config.class_weights is ClassWeighting.NONE:
        return np.ones(len(counts), np.float32)
    return np.asarray(len(data.rows) / (len(counts) * np.maximum(counts, 1)), np.float32)

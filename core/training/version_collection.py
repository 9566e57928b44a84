"""The features of all augmented versions of a run's training images."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.data.examination.image_index import ImageIndex
from core.errors import DatasetError
from core.features.augmented_version import AugmentedVersion
from core.features.collect import FeatureCollection
from core.features.extract import Extractor
from core.features.extractors import make_extractors
from core.runs.run_images import RunImage
from core.settings.config import TrainConfig
from core.text import Text


class VersionCollection:
    """Loads cached feature vectors and computes the missing ones, copy by copy.

    Args:
        config: How images are changed, and how many copies there are.
        sample_bits: See `Decoding`.
        gpu: Whether TensorFlow computes on a GPU.
        check: Called often; what it raises ends the work, with all finished vectors stored.
        on_progress: Called with the number of copies done so far.
        on_unusable: Called with path and reason of an image that can't be read any more; must
            raise.
    """

    def __init__(
        self,
        backbone: Backbone,
        config: TrainConfig,
        sample_bits: int | None,
        *,
        gpu: bool,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
        on_unusable: Callable[[Path, str], None],
    ) -> None:
        self._backbone, self._config, self._gpu = backbone, config, gpu
        self._sample_bits = sample_bits
        self._check, self._on_progress, self._on_unusable = check, on_progress, on_unusable

    def collect(
        self, images: Sequence[RunImage], rows: Sequence[int]
    ) -> tuple[NDArray[np.float32], ...]:
        """Return a table a copy, float32 `(num_images, feature_dim)`, filled in these rows.

        Raises:
            DatasetError: If an image has changed since the run began.
            StorageError: If a cache can't be used.
            BackboneError: If the backbone can't be loaded.
        """
        # Made once and only if needed: TensorFlow's take seconds to load.
        extractors = cache(lambda: make_extractors(self._backbone, gpu=self._gpu))
        numbers = range(1, self._config.augmented_versions + 1)
        with ImageIndex() as index:
            return tuple(self._version(n, images, rows, extractors, index) for n in numbers)

    def _version(
        self,
        number: int,
        images: Sequence[RunImage],
        rows: Sequence[int],
        extractors: Callable[[], Sequence[Extractor]],
        index: ImageIndex,
    ) -> NDArray[np.float32]:
        num_done = (number - 1) * len(rows)
        collection = FeatureCollection(
            self._backbone,
            self._config.resize_mode,
            gpu=self._gpu,
            check=self._check,
            on_progress=lambda done: self._on_progress(num_done + done),
            on_unusable=lambda row, reason: self._on_unusable(images[row].path, reason),
            version=AugmentedVersion(self._config.augmentation(), number),
            sample_bits=self._sample_bits,
            make=extractors,
        )
        paths = [image.path for image in images]
        known = [image.sha256 for image in images]
        features = collection.collect(paths, index, known, rows)
        for row in rows:
            require_unchanged(images[row], features.sha256s[row])
        return features.vectors


def require_unchanged(image: RunImage, sha256: bytes | None) -> None:
    """Check that an image's features are of the content that the run began with.

    Raises:
        DatasetError: If they aren't.
    """
    if sha256 != image.sha256:
        raise DatasetError(
            Text(
                "%1 has changed since the run began, so the run can't be resumed. Restore the old "
                "picture, or start a new training.",
                str(image.path),
            )
        )

"""Load the feature vectors of all images of a run, and compute the missing ones."""

import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backbones.backbone import Backbone
from core.data.examination.image_index import ImageIndex
from core.data.pixels.decoder import ResizeMode
from core.errors import StorageError
from core.features.augmented_version import AugmentedVersion
from core.features.cache import FeatureCache, FeatureKey
from core.features.extract import Extracted, Extractor, FeatureExtraction
from core.features.extractors import make_extractors, precision_for
from core.storage.app_dirs import cache_dir
from core.storage.storage_message import storage_message

_LOOKED_UP_AT_ONCE = 1024
# About 400,000 vectors of 1,280 numbers.
_LARGEST_IN_MEMORY = 2 << 30


@dataclass(slots=True)
class FeatureSet:
    """Features of images, by position.

    Attributes:
        vectors: float32 `(num_images, feature_dim)`; zeros for unusable images.
        sha256s: Of each file's content; None where it couldn't be read.
        signatures: How each image looks; None for unusable images.
        num_cached: Images whose features were in the cache.
    """

    vectors: NDArray[np.float32]
    sha256s: list[bytes | None]
    signatures: list[bytes | None]
    num_cached: int = 0


class FeatureCollection:
    """Load cached feature vectors and compute the missing ones.

    Args:
        gpu: Whether TensorFlow computes on a GPU.
        check: Called often; what it raises ends the work, with all finished vectors stored.
        on_progress: Called with the number of images done so far.
        on_unusable: Called with position and reason of each unusable image.
        on_features: Called with the position of an image whose features are there, and with the
            set that they are in.
        version: Which augmented version of each image to take; None for the images themselves.
        sample_bits: See `Decoding`.
        make: Makes the extractors, or returns those of another collection, when they are first
            needed; by default this one makes its own.
    """

    def __init__(
        self,
        backbone: Backbone,
        resize_mode: ResizeMode,
        *,
        gpu: bool,
        check: Callable[[], None],
        on_progress: Callable[[int], None],
        on_unusable: Callable[[int, str], None],
        on_features: Callable[[int, FeatureSet], None] = lambda _position, _features: None,
        version: AugmentedVersion | None = None,
        sample_bits: int | None = None,
        make: Callable[[], Sequence[Extractor]] | None = None,
    ) -> None:
        key = FeatureKey(
            backbone=backbone.fingerprint,
            input_size=backbone.info.input_size,
            resize_mode=resize_mode,
            precision=precision_for(gpu=gpu),
            variant=version.variant() if version else "",
            sample_bits=sample_bits,
        )
        self._feature_dim = backbone.info.feature_dim
        self._cache = FeatureCache(cache_dir() / "features", key, self._feature_dim)
        self._extraction = FeatureExtraction(
            make or (lambda: make_extractors(backbone, gpu=gpu)),
            self._cache,
            backbone.info.input_size,
            resize_mode,
            check,
            version,
            sample_bits,
        )
        self._check = check
        self._on_progress, self._on_unusable = on_progress, on_unusable
        self._on_features = on_features
        self._num_done = 0

    def collect(
        self,
        paths: Sequence[Path],
        index: ImageIndex,
        known: Sequence[bytes] | None = None,
        wanted: Sequence[int] | None = None,
    ) -> FeatureSet:
        """Return the features of all images, or of some.

        Args:
            paths: Image files.
            index: Knows the content of files that haven't changed since they were last read.
            known: SHA-256 of each image where it is known already, from an earlier part of
                the run: the file itself is then read only if the cache has lost its features.
            wanted: Positions to fill, in the order in which they are computed; all by default.

        Raises:
            StorageError: If a cache can't be used.
            BackboneError: If the backbone can't be loaded.
        """
        result = FeatureSet(
            make_vector_table(len(paths), self._feature_dim, cache_dir() / "features"),
            [None] * len(paths),
            [None] * len(paths),
        )
        try:
            positions = range(len(paths)) if wanted is None else wanted
            missing = self._take_cached(paths, positions, index, known, result)
            self._compute_missing(paths, missing, index, result)
        finally:
            self._cache.close()
        return result

    def _take_cached(
        self,
        paths: Sequence[Path],
        wanted: Sequence[int],
        index: ImageIndex,
        known: Sequence[bytes] | None,
        result: FeatureSet,
    ) -> list[int]:
        """Fill in the cached features, and return the positions that are left."""
        missing: list[int] = []
        for start in range(0, len(wanted), _LOOKED_UP_AT_ONCE):
            self._check()
            positions = wanted[start : start + _LOOKED_UP_AT_ONCE]
            if known is None:
                hashes = index.known_hashes([paths[position] for position in positions])
                sha256s = [hashes.get(paths[position]) for position in positions]
            else:
                sha256s = [known[position] for position in positions]
            cached = self._cache.get({sha256 for sha256 in sha256s if sha256 is not None})
            for position, sha256 in zip(positions, sha256s, strict=True):
                features = cached.get(sha256) if sha256 is not None else None
                if features is None:
                    missing.append(position)
                else:
                    self._take(Extracted(position, sha256, features, from_cache=True), result)
            self._on_progress(self._num_done)
        return missing

    def _compute_missing(
        self, paths: Sequence[Path], missing: list[int], index: ImageIndex, result: FeatureSet
    ) -> None:
        read: list[tuple[Path, os.stat_result, bytes]] = []
        try:
            for outcome in self._extraction.run([(i, paths[i]) for i in missing]):
                if outcome.sha256 is not None and outcome.stat is not None:
                    read.append((paths[outcome.position], outcome.stat, outcome.sha256))
                self._take(outcome, result)
                self._on_progress(self._num_done)
        finally:
            index.record_hashes(read)

    def _take(self, outcome: Extracted, result: FeatureSet) -> None:
        self._num_done += 1
        position = outcome.position
        result.sha256s[position] = outcome.sha256
        if outcome.features is None:
            self._on_unusable(position, outcome.reason)
            return
        result.vectors[position] = outcome.features.vector
        result.signatures[position] = outcome.features.signature
        result.num_cached += outcome.from_cache
        self._on_features(position, result)


def make_vector_table(num_images: int, feature_dim: int, folder: Path) -> NDArray[np.float32]:
    """Make an array for vectors, float32 `(num_images, feature_dim)`.

    Above 2 GiB it is in a nameless file in `folder`, which the system frees with the array.

    Raises:
        StorageError: If there is not enough room for it.
    """
    size = 4 * num_images * feature_dim
    if size <= _LARGEST_IN_MEMORY:
        return np.zeros((num_images, feature_dim), np.float32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # memmap duplicates the file's handle, so the file lives exactly as long as the array.
        with tempfile.TemporaryFile(dir=folder) as file:
            _reserve(file.fileno(), size)
            return np.memmap(file, np.float32, "r+", shape=(num_images, feature_dim))
    except OSError as error:
        raise StorageError(storage_message("write to", folder, error)) from error


def _reserve(handle: int, size: int) -> None:
    """Reserve the room now: if a mapped page finds none later, the system ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(handle, 0, size)
    else:
        os.ftruncate(handle, size)

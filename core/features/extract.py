"""Turn images into feature vectors: from the cache where they are, else by computing them.

A thread per processor core reads, decodes and computes images of its own; the calling
thread collects, stores and reports. Reading, Pillow and LiteRT all release Python's lock.
"""

import hashlib
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.data.files.image_files import read_image_file_and_stat
from core.data.grouping.signature import image_signature
from core.data.pixels.decoder import ResizeMode, decode_image
from core.errors import ImageError
from core.features.augmented_version import AugmentedVersion
from core.features.cache import FeatureCache, Features
from core.polling import get_checked, put_until

_STORED_AT_ONCE = 64
_QUEUE_SIZE = 256


class Extractor(Protocol):
    """An engine that computes feature vectors.

    Attributes:
        batch_size: Images that it takes at a time.
    """

    batch_size: int

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """From RGB `(batch, height, width, 3)` to `(batch, feature_dim)`."""
        ...


@dataclass(frozen=True, slots=True)
class Extracted:
    """The result for one image.

    Attributes:
        position: Place of the image among those asked for.
        sha256: Of the file's content; None if it can't be read.
        stat: Of the file just before it was read; None if that failed or there was no need.
        features: None if it is no usable image.
        reason: Why not.
        from_cache: Whether nothing had to be computed.
    """

    position: int
    sha256: bytes | None = None
    features: Features | None = None
    reason: str = ""
    from_cache: bool = False
    stat: os.stat_result | None = None


@dataclass(slots=True)
class _Pending:
    """Decoded images on their way through an extractor."""

    outcomes: list[Extracted] = field(default_factory=list)
    pixels: list[NDArray[np.uint8]] = field(default_factory=list)


class FeatureExtraction:
    """Computes the features of images that the cache doesn't hold.

    Args:
        make_extractors: Returns an extractor for each thread; the same one may come more than
            once if it is safe with threads. Called when first needed.
        cache: Where results are looked up by content, and stored.
        input_size: `(height, width)` in pixels.
        resize_mode: How images are brought to that size.
        check: Called often by the collecting thread; what it raises ends the work, with all
            finished vectors stored.
        version: Which augmented version of each image to take; None for the images themselves.
        sample_bits: See `Decoding`.
    """

    def __init__(
        self,
        make_extractors: Callable[[], Sequence[Extractor]],
        cache: FeatureCache,
        input_size: tuple[int, int],
        resize_mode: ResizeMode,
        check: Callable[[], None],
        version: AugmentedVersion | None = None,
        sample_bits: int | None = None,
    ) -> None:
        self._make_extractors = make_extractors
        self._cache = cache
        self._cache_lock = threading.Lock()
        self._input_size = input_size
        self._resize_mode = resize_mode
        self._check = check
        self._version = version
        self._sample_bits = sample_bits

    def run(self, paths: Sequence[tuple[int, Path]]) -> Iterator[Extracted]:
        """Yield results in the order in which they are ready.

        Args:
            paths: Position and file of each image.

        Raises:
            StorageError: If the cache can't be used.
            BackboneError: If an extractor fails to load.
            Exception: What else an extractor raises.
        """
        if not paths:
            return
        extractors = self._make_extractors()
        work = _Work(paths)
        unstored: list[tuple[bytes, Features]] = []
        try:
            with ThreadPoolExecutor(len(extractors), "features") as pool:
                threads = [pool.submit(self._compute, extractor, work) for extractor in extractors]
                try:
                    for outcome in work.outcomes(threads, self._check):
                        unstored += _new_features(outcome)
                        if len(unstored) >= _STORED_AT_ONCE:
                            self._store(unstored)
                        yield outcome
                finally:
                    work.stop()
        finally:
            # Images that the threads were working on when they were stopped are finished by now.
            for outcome in work.left():
                unstored += _new_features(outcome)
            self._store(unstored)

    def _store(self, unstored: list[tuple[bytes, Features]]) -> None:
        if unstored:
            with self._cache_lock:
                self._cache.put(unstored)
            unstored.clear()

    def _compute(self, extractor: Extractor, work: "_Work") -> None:
        """Body of a thread."""
        pending = _Pending()
        for position, path in work.take():
            outcome = self._read(position, path, pending)
            if outcome is not None:
                work.put([outcome])
            if len(pending.pixels) >= extractor.batch_size:
                work.put(_computed(pending, extractor))
                pending = _Pending()
        if pending.pixels:
            work.put(_computed(pending, extractor))

    def _read(self, position: int, path: Path, pending: _Pending) -> Extracted | None:
        """Read and decode into `pending`, or return the result if there is nothing to compute."""
        outcome = Extracted(position)
        try:
            content, stat = read_image_file_and_stat(path)
            sha256 = hashlib.sha256(content).digest()
            outcome = Extracted(position, sha256, stat=stat)
            with self._cache_lock:
                known = self._cache.get([sha256]).get(sha256)
            if known is not None:
                return replace(outcome, features=known, from_cache=True)
            pixels = self._decode(content, sha256)
        except ImageError as error:
            return replace(outcome, reason=str(error))
        pending.outcomes.append(outcome)
        pending.pixels.append(pixels)
        return None

    def _decode(self, content: bytes, sha256: bytes) -> NDArray[np.uint8]:
        decode = decode_image if self._version is None else partial(self._version.decode, sha256)
        return decode(
            content,
            size=self._input_size,
            resize_mode=self._resize_mode,
            sample_bits=self._sample_bits,
        )


def _new_features(outcome: Extracted) -> list[tuple[bytes, Features]]:
    """Return the features that the cache doesn't hold yet, by the image's SHA-256."""
    if outcome.features is None or outcome.from_cache:
        return []
    assert outcome.sha256 is not None
    return [(outcome.sha256, outcome.features)]


def _computed(pending: _Pending, extractor: Extractor) -> list[Extracted]:
    vectors = extractor(np.stack(pending.pixels))
    return [
        replace(outcome, features=Features(vector, image_signature(pixels)))
        for outcome, pixels, vector in zip(pending.outcomes, pending.pixels, vectors, strict=True)
    ]


class _Work:
    """Images to do and outcomes, shared by the threads of one `run`."""

    def __init__(self, paths: Sequence[tuple[int, Path]]) -> None:
        self._todo = iter(paths)
        self._lock = threading.Lock()
        self._outcomes: queue.Queue[Extracted] = queue.Queue(_QUEUE_SIZE)
        self._num_left = len(paths)
        self._stopped = threading.Event()
        self._late: queue.SimpleQueue[Extracted] = queue.SimpleQueue()

    def take(self) -> Iterator[tuple[int, Path]]:
        """Yield the next images for the calling thread, until none is left or work stops."""
        while not self._stopped.is_set():
            with self._lock:
                item = next(self._todo, None)
            if item is None:
                return
            yield item

    def put(self, outcomes: Sequence[Extracted]) -> None:
        """Hand results over; wait while the collecting thread is behind, until work stops."""
        for outcome in outcomes:
            if not put_until(self._outcomes, outcome, self._stopped):
                self._late.put(outcome)

    def outcomes(
        self, threads: Sequence[Future[None]], check: Callable[[], None]
    ) -> Iterator[Extracted]:
        """Yield all results as they come; an error in a thread is raised here."""

        def check_all() -> None:
            check()
            for thread in threads:
                if thread.done():
                    thread.result()

        while self._num_left:
            outcome = get_checked(self._outcomes, check_all)
            self._num_left -= 1
            yield outcome

    def left(self) -> Iterator[Extracted]:
        """Yield results that were not collected; call it when all threads have ended."""
        for outcomes in (self._outcomes, self._late):
            while not outcomes.empty():
                yield outcomes.get_nowait()

    def stop(self) -> None:
        """Let all threads end after their current images."""
        self._stopped.set()

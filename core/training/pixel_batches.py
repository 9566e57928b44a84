"""Images as pixels, decoded and changed at random while the step before is computed."""

import hashlib
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.computer.processor import num_cores
from core.data.files.image_files import read_image_file
from core.data.pixels.augmentation import Augmentation, decode_augmented, random_for
from core.errors import DatasetError, ImageError
from core.polling import get_checked, put_until
from core.runs.run_images import RunImage
from core.settings.config import TrainConfig
from core.text import Text

_BATCHES_AHEAD = 2
_EVALUATED_AT_ONCE = 32
_NO_CHANGES = Augmentation()
# Keep the random numbers of order and mixup apart from those of the head's training.
_ORDER, _MIXUP = 1, 2

_Queue: TypeAlias = "queue.Queue[NDArray[np.uint8] | Exception]"


@dataclass(frozen=True, slots=True)
class PixelBatch:
    """What one step is computed from.

    Attributes:
        images: uint8 `(batch, height, width, 3)`.
        targets: float32 `(batch, num_classes)`, the fractions of the classes before smoothing.
        row_weights: float32 `(batch,)`, the classes' weights in the loss.
    """

    images: NDArray[np.uint8]
    targets: NDArray[np.float32]
    row_weights: NDArray[np.float32]


class PixelBatches:
    """The images of one split, in batches.

    Args:
        images: Of the split; the position among them decides nothing but the order.
        config: Batch size, fit, augmentation, mixup and seed.
        input_size: `(height, width)` in pixels.
        class_weights: float32 `(num_classes,)`.
        check: Called often while waiting; what it raises ends the wait.
        sample_bits: See `Decoding`.
    """

    def __init__(
        self,
        images: Sequence[RunImage],
        config: TrainConfig,
        input_size: tuple[int, int],
        class_weights: NDArray[np.float32],
        check: Callable[[], None] = lambda: None,
        sample_bits: int | None = None,
    ) -> None:
        self._images = images
        self._sample_bits = sample_bits
        self._config = config
        self._input_size = input_size
        self.class_weights = class_weights
        self._check = check
        self._is_known = np.zeros(len(images), bool)
        self.batch_size = min(config.batch_size, max(1, len(images)))

    def __len__(self) -> int:
        """Number of images."""
        return len(self._images)

    @property
    def steps_per_epoch(self) -> int:
        """Steps of an epoch; the last one may be a part batch."""
        return -(-len(self._images) // self.batch_size)

    def epoch(self, epoch: int, first_step: int = 0) -> Iterator[PixelBatch]:
        """Yield one epoch in its own random order, which seed, epoch and images alone decide.

        Args:
            epoch: From 1.
            first_step: Steps to leave out, for a run resumed in the middle of an epoch.

        Raises:
            DatasetError: If an image is missing or another than before.
        """
        random = np.random.default_rng([self._config.seed, epoch, _ORDER])
        order = random.permutation(len(self._images))
        steps = range(first_step, self.steps_per_epoch)
        batches = [order[step * self.batch_size :][: self.batch_size] for step in steps]
        augmentation = self._config.augmentation()
        for step, pixels, positions in self._decoded(batches, epoch, augmentation, first_step):
            targets = np.zeros((len(positions), len(self.class_weights)), np.float32)
            classes = [self._images[position].class_index for position in positions]
            targets[np.arange(len(positions)), classes] = 1.0
            if self._config.mixup:
                pixels, targets = self._mixed(pixels, targets, epoch, step)
            yield PixelBatch(pixels, targets, targets @ self.class_weights)

    def in_order(self) -> Iterator[NDArray[np.uint8]]:
        """Yield all images unchanged, in order: uint8 `(rows, height, width, 3)` a portion.

        Raises:
            DatasetError: If an image is missing or another than before.
        """
        positions = np.arange(len(self._images))
        batches = [
            positions[start : start + _EVALUATED_AT_ONCE]
            for start in range(0, len(positions), _EVALUATED_AT_ONCE)
        ]
        for _, pixels, _ in self._decoded(batches, 0, _NO_CHANGES, 0):
            yield pixels

    def _mixed(
        self, pixels: NDArray[np.uint8], targets: NDArray[np.float32], epoch: int, step: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Blend every image with another of its batch (Zhang et al., "mixup", 2018)."""
        random = np.random.default_rng([self._config.seed, epoch, step, _MIXUP])
        fraction = np.float32(random.beta(self._config.mixup, self._config.mixup))
        partners = random.permutation(len(pixels))
        blended = fraction * pixels + (1 - fraction) * pixels[partners]
        return np.rint(blended).astype(np.uint8), fraction * targets + (1 - fraction) * targets[
            partners
        ]

    def _decoded(
        self,
        batches: Sequence[NDArray[np.int64]],
        epoch: int,
        augmentation: Augmentation,
        first_step: int,
    ) -> Iterator[tuple[int, NDArray[np.uint8], NDArray[np.int64]]]:
        """Yield step, pixels and positions of each batch, decoded ahead by other threads."""
        ready: _Queue = queue.Queue(_BATCHES_AHEAD)
        ended = threading.Event()
        feeder = threading.Thread(
            target=self._feed, args=(batches, epoch, augmentation, ready, ended), daemon=True
        )
        feeder.start()
        try:
            for step, positions in enumerate(batches, first_step):
                pixels = self._next(ready, feeder)
                yield step, pixels, positions
        finally:
            ended.set()
            feeder.join()

    def _next(self, ready: _Queue, feeder: threading.Thread) -> NDArray[np.uint8]:
        def check() -> None:
            self._check()
            assert feeder.is_alive() or not ready.empty(), "pictures ended without a word"

        pixels = get_checked(ready, check)
        if isinstance(pixels, Exception):
            raise pixels
        return pixels

    def _feed(
        self,
        batches: Sequence[NDArray[np.int64]],
        epoch: int,
        augmentation: Augmentation,
        ready: _Queue,
        ended: threading.Event,
    ) -> None:
        with ThreadPoolExecutor(num_cores(), "pixels") as pool:
            ahead: list[list[Future[NDArray[np.uint8]]]] = []
            waiting = iter(batches)
            try:
                while not ended.is_set():
                    for positions in waiting:
                        ahead.append(
                            [pool.submit(self._decode, i, epoch, augmentation) for i in positions]
                        )
                        if len(ahead) > _BATCHES_AHEAD:
                            break
                    if not ahead:
                        return
                    pixels = np.stack([future.result() for future in ahead.pop(0)])
                    put_until(ready, pixels, ended)
            except (DatasetError, MemoryError, RuntimeError, ValueError) as error:
                put_until(ready, error, ended)
            finally:
                pool.shutdown(cancel_futures=True)

    def _decode(self, position: int, epoch: int, augmentation: Augmentation) -> NDArray[np.uint8]:
        image = self._images[position]
        try:
            content = read_image_file(image.path)
            # Once is enough: a later change is caught when the run is resumed.
            if not self._is_known[position]:
                self._require_unchanged(image.path, content, image.sha256)
                self._is_known[position] = True
            return decode_augmented(
                content,
                size=self._input_size,
                resize_mode=self._config.resize_mode,
                augmentation=augmentation,
                random=random_for(self._config.seed, epoch, image.sha256),
                sample_bits=self._sample_bits,
            )
        except ImageError as error:
            raise DatasetError(
                Text(
                    "%1, a picture of this run, %2. Restore it and resume with `fieldguide "
                    "resume`, or start a new training without it.",
                    str(image.path),
                    str(error),
                )
            ) from error

    def _require_unchanged(self, path: Path, content: bytes, sha256: bytes) -> None:
        if hashlib.sha256(content).digest() != sha256:
            raise DatasetError(
                Text(
                    "%1 has changed since the run began, so the run can't be resumed. Restore the "
                    "old picture, or start a new training.",
                    str(path),
                )
            )

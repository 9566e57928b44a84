"""Decode images for artifacts to classify."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.computer.processor import num_cores
from core.data.files.image_files import read_image_file
from core.data.pixels.decoder import decode_image
from core.errors import ExportError, ImageError
from core.messages.control import RunControl
from core.models.model_info import ModelInfo
from core.runs.run_images import RunImage
from core.text import Text, count_text

_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedImages:
    """Decoded images.

    Attributes:
        pixels: uint8 `(n, height, width, 3)`.
        classes: int64 `(n,)`, class index of each.
        paths: Their files.
        skipped: Files that could not be used, with the reason.
    """

    pixels: NDArray[np.uint8]
    classes: NDArray[np.int64]
    paths: tuple[Path, ...]
    skipped: tuple[tuple[Path, str], ...]


def load_images(
    images: Sequence[RunImage],
    info: ModelInfo,
    most: int,
    control: RunControl,
    on_progress: Callable[[int], None],
) -> LoadedImages:
    """Decode a sample of images as for the model.

    Args:
        most: Largest number; of more images, a sample, the same each time.

    Raises:
        ExportError: If none of them can be used.
        StopRequestedError: If a stop was asked for.
    """
    chosen = _sample(images, most)
    found: list[tuple[RunImage, NDArray[np.uint8]]] = []
    skipped: list[tuple[Path, str]] = []
    for done, (image, outcome) in enumerate(_decoded(chosen, info), 1):
        control.checkpoint()
        if isinstance(outcome, str):
            skipped.append((image.path, outcome))
        else:
            found.append((image, outcome))
        on_progress(done)
    if not found:
        path, reason = skipped[0]
        raise ExportError(
            count_text(
                "None of %n picture(s) to verify with can be used: %1 %2. Put them back, or name "
                "others with --images.",
                "",
                len(chosen),
                str(path),
                reason,
            )
        )
    return LoadedImages(
        pixels=np.stack([pixels for _, pixels in found]),
        classes=np.array([image.class_index for image, _ in found], np.int64),
        paths=tuple(image.path for image, _ in found),
        skipped=tuple(skipped),
    )


def _sample(images: Sequence[RunImage], most: int) -> list[RunImage]:
    if len(images) <= most:
        return list(images)
    order = np.random.default_rng(_SEED).permutation(len(images))[:most]
    return [images[index] for index in sorted(order)]


def _decoded(
    images: Sequence[RunImage], info: ModelInfo
) -> Iterator[tuple[RunImage, NDArray[np.uint8] | str]]:
    def decode(image: RunImage) -> NDArray[np.uint8] | str:
        try:
            content = read_image_file(image.path)
            if image.sha256 and hashlib.sha256(content).digest() != image.sha256:
                return Text("has changed since the training")
            return decode_image(
                content,
                size=info.input_size,
                resize_mode=info.resize_mode,
                sample_bits=info.decoding.sample_bits,
            )
        except ImageError as error:
            return str(error)

    with ThreadPoolExecutor(num_cores(), "decode") as pool:
        try:
            yield from zip(images, pool.map(decode, images), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)

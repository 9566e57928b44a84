"""Some images with augmented versions, computed in a background thread."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.data.files.image_files import read_image_file
from core.data.pixels.augmentation import decode_augmented, random_for
from core.data.pixels.decoder import decode_image
from core.errors import ImageError
from core.settings.config import TrainConfig

# Files that are tried for each row before unusable ones are given up on.
_TRIES = 10


@dataclass(frozen=True, slots=True)
class AugmentedRow:
    """One image and its augmented versions.

    Attributes:
        name: File name.
        tiles: RGB `(side, side, 3)` each: the original, then the augmented versions.
    """

    name: str
    tiles: tuple[NDArray[np.uint8], ...]


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """A request for rows.

    Attributes:
        paths: Image files to choose from.
        config: Its augmentation, fit and mixup count.
        choice: Another number selects other images and other changes.
        side: Pixels of a tile.
        sample_bits: See `Decoding`.
    """

    paths: Sequence[Path]
    config: TrainConfig
    choice: int
    side: int
    num_rows: int
    num_changed: int
    sample_bits: int | None = None


def make_rows(wanted: RowsWanted, check: Callable[[], None]) -> list[AugmentedRow]:
    """Return the rows, fewer if there are not enough usable images.

    A change of one setting keeps images and all other changes.

    Args:
        check: Called between images; what it raises ends the work.
    """
    images: list[tuple[str, bytes, NDArray[np.uint8]]] = []
    for path in _chosen(wanted):
        check()
        try:
            content = read_image_file(path)
            size = (wanted.side, wanted.side)
            images.append(
                (
                    path.name,
                    content,
                    decode_image(
                        content,
                        size=size,
                        resize_mode=wanted.config.resize_mode,
                        sample_bits=wanted.sample_bits,
                    ),
                )
            )
        except ImageError:
            continue
        if len(images) == wanted.num_rows:
            break
    changed = [_changed(content, wanted, check) for _, content, _ in images]
    if wanted.config.mixup and len(changed) > 1:
        changed = _blended(changed, wanted)
    return [
        AugmentedRow(name, (original, *tiles))
        for (name, _, original), tiles in zip(images, changed, strict=True)
    ]


def _chosen(wanted: RowsWanted) -> Iterator[Path]:
    count = len(wanted.paths)
    order = np.random.default_rng(wanted.choice).choice(
        count, min(count, _TRIES * wanted.num_rows), replace=False, shuffle=True
    )
    return (wanted.paths[place] for place in order.tolist())


def _changed(
    content: bytes, wanted: RowsWanted, check: Callable[[], None]
) -> list[NDArray[np.uint8]]:
    sha256 = hashlib.sha256(content).digest()
    tiles = []
    for number in range(wanted.num_changed):
        check()
        tiles.append(
            decode_augmented(
                content,
                size=(wanted.side, wanted.side),
                resize_mode=wanted.config.resize_mode,
                augmentation=wanted.config.augmentation(),
                random=random_for(wanted.choice, number, sha256),
                sample_bits=wanted.sample_bits,
            )
        )
    return tiles


def _blended(
    changed: list[list[NDArray[np.uint8]]], wanted: RowsWanted
) -> list[list[NDArray[np.uint8]]]:
    """Blend each tile with the one below it, as mixup blends two images of a batch."""
    alpha = wanted.config.mixup
    random = np.random.default_rng(wanted.choice)
    below = changed[1:] + changed[:1]
    return [
        [_blend(one, other, random.beta(alpha, alpha)) for one, other in zip(*rows, strict=True)]
        for rows in zip(changed, below, strict=True)
    ]


def _blend(one: NDArray[np.uint8], other: NDArray[np.uint8], fraction: float) -> NDArray[np.uint8]:
    return np.rint(fraction * one + (1 - fraction) * other).astype(np.uint8)

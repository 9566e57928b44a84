"""Decode every image once, and remember the facts about it."""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.data.examination.image_index import ImageFacts, ImageIndex
from core.data.files.image_files import read_image_file_and_stat
from core.data.grouping.signature import image_signature
from core.data.pixels.decoder import ResizeMode
from core.data.pixels.image_opening import open_image_and_facts
from core.errors import ImageError
from core.image_reading.resizing import resized, scaled_size

EXAMINATION_SIZE = (224, 224)
"""`(height, width)` at which signatures are computed: that of most backbones."""

_BATCH = 512
# Lossy formats don't give back one color as one.
_FLAT = 2


@dataclass(frozen=True, slots=True)
class Examined:
    """An examined image file.

    Attributes:
        sha256: Of its content; `None` if the file could not be read.
        facts: About its content; their error says why it can't be used.
    """

    sha256: bytes | None
    facts: ImageFacts


def examine_files(
    paths: Sequence[Path],
    index: ImageIndex,
    *,
    on_progress: Callable[[int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> list[Examined]:
    """Read, hash and decode images, except those that the index knows.

    Args:
        paths: The files.
        index: The known facts; new ones are added.
        on_progress: Called on this thread with the number of images done.
        should_stop: Asked every few hundred images.
        threads: How many decode at a time; by default one a processor core.

    Returns:
        One entry a path, in order; fewer if it was stopped.

    Raises:
        StorageError: If the index can't be written.
    """
    examined: list[Examined] = []
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for start in range(0, len(paths), _BATCH):
            if should_stop and should_stop():
                break
            examined.extend(_examine_batch(paths[start : start + _BATCH], index, pool))
            if on_progress:
                on_progress(len(examined))
    return examined


def examine_content(content: bytes, resize_mode: ResizeMode = ResizeMode.SQUASH) -> ImageFacts:
    """Decode an image file's bytes; damage is part of the result, not an exception."""
    upright: list[tuple[int, int]] = []

    def decode_size(width: int, height: int) -> tuple[int, int]:
        upright.append((width, height))
        scaled = scaled_size((height, width), EXAMINATION_SIZE, resize_mode)
        return 2 * scaled[1], 2 * scaled[0]

    try:
        opened = open_image_and_facts(content, decode_size)
        image = opened.image
        pixels = np.asarray(resized(image, EXAMINATION_SIZE, resize_mode))
    except ImageError as error:
        return ImageFacts(0, 0, None, str(error), error.fault)
    width, height = upright[0] if upright else image.size
    return ImageFacts(
        width,
        height,
        image_signature(pixels),
        None,
        num_pages=opened.num_pages,
        undeclared_largest=opened.undeclared_largest,
        is_flat=bool(np.ptp(pixels, axis=(0, 1)).max() <= _FLAT),
    )


def _examine_batch(
    paths: Sequence[Path], index: ImageIndex, pool: ThreadPoolExecutor
) -> list[Examined]:
    hashes = index.known_hashes(paths)
    facts = index.known_facts(set(hashes.values()))
    known = {p: Examined(h, facts[h]) for p, h in hashes.items() if h in facts}
    unknown = [path for path in dict.fromkeys(paths) if path not in known]
    looked_at = dict(zip(unknown, pool.map(_examine_file, unknown), strict=True))
    index.record_hashes(
        (path, stat, examined.sha256)
        for path, (stat, examined) in looked_at.items()
        if stat and examined.sha256
    )
    index.record_facts({e.sha256: e.facts for _, e in looked_at.values() if e.sha256})
    known.update((path, examined) for path, (_, examined) in looked_at.items())
    return [known[path] for path in paths]


def _examine_file(path: Path) -> tuple[os.stat_result | None, Examined]:
    try:
        content, stat = read_image_file_and_stat(path)
    except ImageError as error:
        return None, Examined(None, ImageFacts(0, 0, None, str(error), error.fault))
    return stat, Examined(hashlib.sha256(content).digest(), examine_content(content))

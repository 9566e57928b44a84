"""Cache feature vectors ("bottlenecks") on disk, so that each is computed only once."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.data.pixels.decoder import DECODER_VERSION, ResizeMode
from core.storage.cache_database import CacheDatabase

# With 8 KiB, a 1,280-wide vector and its signature leave the least of a page unused.
_PAGE_SIZE = 8192
_LOOKUP_SIZE = 500  # below SQLite's oldest limit of 999 parameters
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    sha256 BLOB PRIMARY KEY, crc INTEGER, signature BLOB, vector BLOB
);
"""

_Row: TypeAlias = tuple[bytes, int | None, bytes | None, bytes | None]


@dataclass(frozen=True, slots=True)
class Features:
    """The features of one image.

    Attributes:
        vector: float32 `(feature_dim,)`.
        signature: How the image looks, to find its near copies; see `image_signature`.
    """

    vector: NDArray[np.float32]
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureKey:
    """Everything that a feature vector depends on besides the image.

    Attributes:
        backbone: Fingerprint of the backbone's weights and graph.
        input_size: `(height, width)` in pixels.
        precision: `float32`, or `mixed` for a GPU's mixed precision.
        variant: How images are changed before that; "" if they aren't.
        sample_bits: See `Decoding`.
    """

    backbone: str
    input_size: tuple[int, int]
    resize_mode: ResizeMode
    precision: str = "float32"
    variant: str = ""
    sample_bits: int | None = None

    def digest(self) -> str:
        """Return a short hexadecimal name of the key, decoder version included."""
        # Spelled as when the first caches were made, so that they stay valid.
        values = {
            "backbone": repr(self.backbone),
            "fit": f"<Fit.{self.resize_mode.name}: {self.resize_mode.value!r}>",
            "input_size": repr(self.input_size),
            "precision": repr(self.precision),
        }
        if self.variant:
            values["variant"] = repr(self.variant)
        if self.sample_bits is not None:
            values["sample_bits"] = repr(self.sample_bits)
        items = ", ".join(f"({name!r}, {value})" for name, value in values.items())
        content = f"([{items}], {DECODER_VERSION!r})"
        return hashlib.sha256(content.encode()).hexdigest()[:24]


class FeatureCache:
    """Features of one `FeatureKey`, by the SHA-256 of the image file's content.

    Every entry has a checksum; a damaged one counts as missing and is stored again.

    Args:
        folder: Folder of all feature caches.
        feature_dim: Length of a vector.

    Raises:
        StorageError: If the cache file can't be used.
    """

    def __init__(self, folder: Path, key: FeatureKey, feature_dim: int) -> None:
        self._feature_dim = feature_dim
        path = folder / f"{key.digest()}.sqlite"
        self._database = CacheDatabase(path, _SCHEMA, page_size=_PAGE_SIZE)

    def get(self, sha256s: Iterable[bytes]) -> dict[bytes, Features]:
        """Return the stored features of those contents that have some."""
        found: dict[bytes, Features] = {}
        for keys in _portions(sha256s):
            for sha256, crc, signature, vector in self._select(keys):
                if signature is None or vector is None:
                    continue
                if self._is_sound(sha256, crc, signature, vector):
                    values = np.frombuffer(vector, "<f4").astype(np.float32, copy=False)
                    found[sha256] = Features(values, signature)
        return found

    def put(self, entries: Sequence[tuple[bytes, Features]]) -> None:
        """Store features in one transaction.

        Raises:
            StorageError: If the disk is full; earlier entries stay.
        """
        rows = [_row(sha256, features) for sha256, features in entries]

        def insert(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)

        self._database.run(insert, None)

    def close(self) -> None:
        """Close the cache file."""
        self._database.close()

    def _select(self, keys: Sequence[bytes]) -> list[_Row]:
        marks = ",".join("?" * len(keys))
        # In a damaged row any value may be of any type, text that is no UTF-8 included.
        query = (
            "SELECT CAST(sha256 AS BLOB), CAST(crc AS INTEGER), CAST(signature AS BLOB), "
            "CAST(vector AS BLOB) "
            f"FROM vectors WHERE sha256 IN ({marks})"
        )

        def select(connection: sqlite3.Connection) -> list[_Row]:
            return connection.execute(query, keys).fetchall()

        return self._database.run(select, [])

    def _is_sound(self, sha256: bytes, crc: int | None, signature: bytes, vector: bytes) -> bool:
        is_whole = len(vector) == 4 * self._feature_dim
        return is_whole and _checksum(sha256, signature, vector) == crc


def _row(sha256: bytes, features: Features) -> tuple[bytes, int, bytes, bytes]:
    vector = features.vector.astype("<f4", copy=False).tobytes()
    crc = _checksum(sha256, features.signature, vector)
    return sha256, crc, features.signature, vector


def _checksum(sha256: bytes, signature: bytes, vector: bytes) -> int:
    # The key is part of it: a damaged index can lead to another image's row.
    return zlib.crc32(vector, zlib.crc32(signature, zlib.crc32(sha256)))


def _portions(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(keys)
    while portion := list(islice(rest, _LOOKUP_SIZE)):
        yield portion

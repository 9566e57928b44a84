"""Stored feature vectors are the right ones, or are computed again."""

import hashlib
import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.data.pixels.decoder import ResizeMode
from core.errors import StorageError
from core.features import cache as cache_module
from core.features.cache import FeatureCache, FeatureKey, Features

KEY = FeatureKey(backbone="f00d", input_size=(8, 8), resize_mode=ResizeMode.SQUASH)
FEATURE_DIM = 40
ENTRIES = [
    (bytes([number]) * 32, Features(np.arange(FEATURE_DIM, dtype=np.float32) + number, bytes(288)))
    for number in range(60)
]
SHA256S = [sha256 for sha256, _ in ENTRIES]


@pytest.fixture
def open_cache(tmp_path: Path):
    opened = []

    def make(key: FeatureKey = KEY) -> FeatureCache:
        opened.append(FeatureCache(tmp_path, key, FEATURE_DIM))
        return opened[-1]

    yield make
    for cache in opened:
        cache.close()


@pytest.fixture
def cache_file(open_cache, tmp_path: Path) -> Path:
    """The file of a cache that holds all entries."""
    cache = open_cache()
    cache.put(ENTRIES)
    cache.close()
    (path,) = tmp_path.glob("*.sqlite")
    return path


def all_as_stored(found: dict[bytes, Features]) -> bool:
    expected = dict(ENTRIES)
    return all(
        np.array_equal(features.vector, expected[sha256].vector)
        and features.vector.dtype == np.float32
        and features.signature == expected[sha256].signature
        for sha256, features in found.items()
    )


def change(path: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


def test_gives_what_was_put(open_cache, cache_file: Path) -> None:
    found = open_cache().get([*SHA256S, bytes(31) + b"x"])
    assert set(found) == set(SHA256S)
    assert all_as_stored(found)


def test_more_keys_than_one_query_takes(open_cache) -> None:
    cache = open_cache()
    keys = [number.to_bytes(32, "big") for number in range(1300)]
    cache.put([(key, ENTRIES[0][1]) for key in keys])
    assert set(cache.get(keys)) == set(keys)


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, backbone="beef"),
        replace(KEY, resize_mode=ResizeMode.CROP),
        replace(KEY, input_size=(8, 9)),
        replace(KEY, precision="mixed"),
    ],
    ids=["backbone", "fit", "input size", "precision"],
)
def test_whatever_vectors_depend_on_keeps_them_apart(open_cache, cache_file, other) -> None:
    assert other.digest() != KEY.digest()
    assert open_cache(other).get(SHA256S) == {}


def test_another_decoder_keeps_them_apart(open_cache, cache_file: Path, monkeypatch) -> None:
    monkeypatch.setattr(cache_module, "DECODER_VERSION", 10_000)
    assert open_cache().get(SHA256S) == {}


@pytest.mark.parametrize("column", ["vector", "signature"])
def test_flipped_byte_makes_its_row_absent_until_stored_anew(
    open_cache, cache_file: Path, column: str
) -> None:
    content = bytearray(ENTRIES[7][1].vector.tobytes() if column == "vector" else bytes(288))
    content[100] ^= 1
    change(cache_file, f"UPDATE vectors SET {column} = ? WHERE sha256 = ?", content, SHA256S[7])
    cache = open_cache()
    assert set(cache.get(SHA256S)) == set(SHA256S) - {SHA256S[7]}
    cache.put(ENTRIES)
    assert set(cache.get(SHA256S)) == set(SHA256S)


@pytest.mark.parametrize("column", ["crc", "signature", "vector"])
@pytest.mark.parametrize("value", ["NULL", "5", "x'ff'", "CAST(x'ff' AS TEXT)", "0.5"])
def test_value_of_another_type_makes_its_row_absent(
    open_cache, cache_file: Path, column: str, value: str
) -> None:
    change(cache_file, f"UPDATE vectors SET {column} = {value} WHERE sha256 = ?", SHA256S[7])
    assert set(open_cache().get(SHA256S)) == set(SHA256S) - {SHA256S[7]}


def test_row_of_another_image_is_not_taken(open_cache, cache_file: Path) -> None:
    """As when a damaged index leads to the wrong row."""
    query = "UPDATE vectors SET (crc, signature, vector) = "
    query += "(SELECT crc, signature, vector FROM vectors WHERE sha256 = ?) WHERE sha256 = ?"
    change(cache_file, query, SHA256S[8], SHA256S[7])
    assert set(open_cache().get(SHA256S)) == set(SHA256S) - {SHA256S[7]}


def test_vector_of_another_length_is_absent(open_cache, cache_file: Path, tmp_path: Path) -> None:
    wider = FeatureCache(tmp_path, KEY, FEATURE_DIM + 1)
    assert wider.get(SHA256S) == {}
    wider.close()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["flip", "cut", "zero"])
def test_damaged_file_gives_sound_vectors_or_none(
    tmp_path: Path, cache_file: Path, kind: str, seed: int
) -> None:
    sound = cache_file.read_bytes()
    dice = random.Random(seed)
    for _ in range(25):
        cache_file.write_bytes(damaged(sound, kind, dice))
        cache = FeatureCache(tmp_path, KEY, FEATURE_DIM)
        found = cache.get(SHA256S)
        assert all_as_stored(found)
        cache.put(ENTRIES)
        assert all_as_stored(cache.get(SHA256S))
        cache.close()
        for path in tmp_path.glob("*.sqlite-*"):
            path.unlink()


def damaged(content: bytes, kind: str, dice: random.Random) -> bytes:
    place = dice.randrange(len(content))
    if kind == "cut":
        return content[:place]
    if kind == "zero":
        return content[:place] + bytes(4096) + content[place + 4096 :]
    changed = bytearray(content)
    for _ in range(20):
        # Not the header's first page of fixed fields: there a flip can say "read-only".
        changed[dice.randrange(100, len(content))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def test_full_disk_is_one_clear_message_and_keeps_what_was_stored(
    open_cache, tmp_path: Path
) -> None:
    cache = open_cache()
    cache.put(ENTRIES[:1])
    limit = "PRAGMA max_page_count=4"
    cache._database.run(lambda connection: connection.execute(limit), None)
    with pytest.raises(StorageError) as caught:
        cache.put(ENTRIES)
    assert str(tmp_path) in str(caught.value)
    assert "full" in str(caught.value)
    assert set(cache.get(SHA256S)) == set(SHA256S[:1])


def test_a_variant_has_a_cache_of_its_own_and_plain_features_keep_theirs() -> None:
    plain = FeatureKey(backbone="b", input_size=(224, 224), resize_mode=ResizeMode.SQUASH)
    content = (
        "([('backbone', 'b'), ('fit', <Fit.SQUASH: 'squash'>), ('input_size', (224, 224)), "
        "('precision', 'float32')], 2)"
    )
    assert plain.digest() == hashlib.sha256(content.encode()).hexdigest()[:24]
    digests = {replace(plain, variant=variant).digest() for variant in ("", "1", "2")}
    assert len(digests) == 3
    assert len({replace(plain, sample_bits=bits).digest() for bits in (None, 10, 12)}) == 3

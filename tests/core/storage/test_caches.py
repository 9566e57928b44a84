"""What can be made again: listed with sizes, cleared by name."""

import pytest

from core.storage.app_dirs import cache_dir
from core.storage.caches import clear_cache, list_caches


@pytest.fixture
def filled() -> None:
    for name in ("features/a.bin", "hub/one/saved_model.pb", "backbone-archives/x", "archives/y"):
        path = cache_dir() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(100))
    (cache_dir() / "thumbnails.sqlite").write_bytes(bytes(10))
    (cache_dir() / "thumbnails.sqlite-wal").write_bytes(bytes(5))


def sizes() -> dict[str, int]:
    return {cache.name: cache.size_bytes for cache in list_caches()}


def test_sizes_of_all_caches(filled) -> None:
    assert sizes() == {
        "features": 100,
        "thumbnails": 15,
        "archives": 200,
        "backbones": 0,
        "downloads": 100,
    }


@pytest.mark.parametrize("name", ["features", "thumbnails", "archives", "backbones", "downloads"])
def test_clearing_one_leaves_the_others(filled, name: str) -> None:
    before = sizes()
    clear_cache(name)
    assert sizes() == before | {name: 0}


def test_nothing_there_is_nothing_to_clear() -> None:
    assert set(sizes().values()) == {0}
    clear_cache("features")

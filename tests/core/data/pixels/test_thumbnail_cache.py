import os

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.thumbnail import make_thumbnail
from core.data.pixels.thumbnail_cache import ThumbnailCache
from core.errors import ImageError


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "picture.png"
    Image.fromarray(np.full((100, 200, 3), 90, np.uint8)).save(path)
    return path


@pytest.fixture
def cache(tmp_path):
    cache = ThumbnailCache(tmp_path / "thumbnails.sqlite")
    yield cache
    cache.close()


def test_a_thumbnail_keeps_proportions_and_is_never_enlarged(image):
    small = make_thumbnail(image, 50)
    assert (small.width, small.height, len(small.rgb)) == (50, 25, 50 * 25 * 3)
    assert make_thumbnail(image, 500).width == 200


def test_what_is_no_image_says_why(tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    with pytest.raises(ImageError):
        make_thumbnail(tmp_path / "bad.jpg", 50)


def test_a_thumbnail_is_kept_until_its_file_changes(image, cache):
    thumbnail = make_thumbnail(image, 50)
    cache.put(image, image.stat(), 50, thumbnail)
    found = cache.get(image, image.stat(), 50)
    assert (found.width, found.height) == (50, 25)
    assert abs(found.rgb[0] - 90) <= 2
    assert cache.get(image, image.stat(), 100) is None
    os.utime(image, ns=(1, 1))
    assert cache.get(image, image.stat(), 50) is None


def test_the_oldest_go_when_there_are_too_many(tmp_path, image):
    thumbnail = make_thumbnail(image, 50)
    path = tmp_path / "small.sqlite"
    names = [tmp_path / f"{number}.png" for number in range(10)]
    for name in names:
        # Each new cache prunes with the first that is added.
        cache = ThumbnailCache(path, most_bytes=3000)
        cache.put(name, image.stat(), 50, thumbnail)
        kept = [cache.get(other, image.stat(), 50) is not None for other in names]
        cache.close()
    assert not kept[0]
    assert kept[-1]


def test_a_damaged_file_is_made_anew(tmp_path, image):
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(b"rubbish" * 1000)
    cache = ThumbnailCache(path)
    cache.put(image, image.stat(), 50, make_thumbnail(image, 50))
    assert cache.get(image, image.stat(), 50) is not None
    cache.close()


def test_without_a_place_for_it_nothing_is_kept_and_nothing_fails(tmp_path, image):
    (tmp_path / "file").write_bytes(b"")
    cache = ThumbnailCache(tmp_path / "file" / "thumbnails.sqlite")
    cache.put(image, image.stat(), 50, make_thumbnail(image, 50))
    assert cache.get(image, image.stat(), 50) is None
    cache.close()


def test_released_file_can_be_removed_and_is_made_anew(tmp_path, image, cache):
    thumbnail = make_thumbnail(image, 50)
    cache.put(image, image.stat(), 50, thumbnail)
    cache.release()
    for file in tmp_path.glob("thumbnails.sqlite*"):
        file.unlink()
    assert cache.get(image, image.stat(), 50) is None
    cache.put(image, image.stat(), 50, thumbnail)
    cache.release()
    assert cache.get(image, image.stat(), 50) is not None
    assert (tmp_path / "thumbnails.sqlite").is_file()

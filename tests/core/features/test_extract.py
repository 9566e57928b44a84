"""Every image comes out once, whatever becomes of its neighbours."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image
from core.errors import BackboneError, StorageError
from core.features.cache import FeatureCache, FeatureKey
from core.features.extract import Extracted, FeatureExtraction
from tests.odd_images import make_odd_images

SIZE = (8, 8)


class MeanColor:
    """Features are the mean of each channel; remembers how it was called."""

    def __init__(self, batch_size: int = 1) -> None:
        self.batch_size = batch_size
        self.batches: list[int] = []

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        assert pixels.dtype == np.uint8
        assert pixels.shape[1:] == (*SIZE, 3)
        self.batches.append(len(pixels))
        return pixels.mean(axis=(1, 2)).astype(np.float32)


@pytest.fixture
def cache(tmp_path: Path):
    key = FeatureKey(backbone="mean", input_size=SIZE, resize_mode=ResizeMode.SQUASH)
    cache = FeatureCache(tmp_path / "cache", key, 3)
    yield cache
    cache.close()


@pytest.fixture
def images(tmp_path: Path) -> list[tuple[int, Path]]:
    """Forty images of different colours, at positions that aren't their place in the list."""
    paths = []
    for number in range(40):
        path = tmp_path / f"{number}.png"
        Image.new("RGB", (9, 5), (6 * number, 0, 255 - number)).save(path)
        paths.append((100 + number, path))
    return paths


def extraction(extractors, cache, check=lambda: None) -> FeatureExtraction:
    return FeatureExtraction(lambda: extractors, cache, SIZE, ResizeMode.SQUASH, check)


def colours(outcomes: list[Extracted]) -> dict[int, list[float]]:
    return {outcome.position: outcome.features.vector.tolist() for outcome in outcomes}


def no_threads_left() -> bool:
    return not [thread for thread in threading.enumerate() if "features" in thread.name]


@pytest.mark.parametrize("batch_size", [1, 7, 64])
@pytest.mark.parametrize("num_threads", [1, 3])
def test_every_image_comes_once_with_its_own_vector(
    cache, images, num_threads: int, batch_size: int
) -> None:
    extractors = [MeanColor(batch_size) for _ in range(num_threads)]
    outcomes = list(extraction(extractors, cache).run(images))
    assert colours(outcomes) == {100 + n: [6 * n, 0, 255 - n] for n in range(40)}
    assert not any(outcome.from_cache or outcome.reason for outcome in outcomes)
    assert max(size for extractor in extractors for size in extractor.batches) <= batch_size
    assert sum(size for extractor in extractors for size in extractor.batches) == 40
    assert no_threads_left()


def test_second_look_takes_all_from_the_cache(cache, images) -> None:
    list(extraction([MeanColor()], cache).run(images))
    again = MeanColor()
    outcomes = list(extraction([again], cache).run(images))
    assert again.batches == []
    assert all(outcome.from_cache for outcome in outcomes)
    assert len(colours(outcomes)) == 40


def test_same_content_elsewhere_is_not_computed_again(cache, images, tmp_path) -> None:
    list(extraction([MeanColor()], cache).run(images))
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(images[3][1].read_bytes())
    again = MeanColor()
    (outcome,) = extraction([again], cache).run([(0, copy)])
    assert outcome.from_cache
    assert again.batches == []
    assert outcome.features.vector.tolist() == [18, 0, 252]


def test_unusable_images_come_with_the_reason_and_disturb_no_others(cache, tmp_path) -> None:
    expected = make_odd_images(tmp_path / "odd")
    paths = [tmp_path / "odd" / name for name in expected] + [tmp_path / "gone.jpg", tmp_path]
    reasons = [*expected.values(), "not there", "not a regular file"]
    extractor = MeanColor(4)
    outcomes = sorted(
        extraction([extractor], cache).run(list(enumerate(paths))),
        key=lambda outcome: outcome.position,
    )
    for path, reason, outcome in zip(paths, reasons, outcomes, strict=True):
        if reason is None:
            pixels = decode_image(path.read_bytes(), size=SIZE)
            expected_vector = pixels.mean(axis=(0, 1)).astype(np.float32)
            assert np.array_equal(outcome.features.vector, expected_vector), path
        else:
            assert outcome.features is None
            assert reason in outcome.reason


def test_error_of_an_extractor_comes_out_at_the_caller(cache, images) -> None:
    class Failing(MeanColor):
        def __call__(self, pixels: np.ndarray) -> np.ndarray:
            if len(self.batches) == 5:
                raise RuntimeError("out of memory")
            return super().__call__(pixels)

    with pytest.raises(RuntimeError, match="out of memory"):
        list(extraction([Failing(), MeanColor()], cache).run(images))
    assert no_threads_left()


def test_extractor_that_cant_be_made_is_told_before_any_work(cache, images) -> None:
    def fail() -> list[MeanColor]:
        raise BackboneError("no such backbone")

    failing = FeatureExtraction(fail, cache, SIZE, ResizeMode.SQUASH, lambda: None)
    with pytest.raises(BackboneError):
        list(failing.run(images))
    assert list(failing.run([])) == []  # nothing to do needs no extractor


def test_check_that_raises_ends_the_work_with_finished_vectors_kept(cache, images) -> None:
    done = []

    def check() -> None:
        if len(done) == 11:
            raise KeyboardInterrupt

    stopping = extraction([MeanColor(), MeanColor()], cache, check)

    def consume() -> None:
        for outcome in stopping.run(images):
            done.append(outcome)  # noqa: PERF402 - `check` looks at each

    with pytest.raises(KeyboardInterrupt):
        consume()
    assert no_threads_left()
    assert set(cache.get([outcome.sha256 for outcome in done])) == {o.sha256 for o in done}


def test_check_is_heard_while_an_extractor_takes_long(cache, images) -> None:
    release = threading.Event()

    class Slow(MeanColor):
        def __call__(self, pixels: np.ndarray) -> np.ndarray:
            assert release.wait(60)
            return super().__call__(pixels)

    num_checks = 0

    def check() -> None:
        nonlocal num_checks
        num_checks += 1
        if num_checks == 3:
            release.set()  # checks come although no image is done
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(extraction([Slow()], cache, check).run(images))


def test_caller_that_stops_early_keeps_what_is_finished(cache, images) -> None:
    outcomes = extraction([MeanColor()], cache).run(images)
    taken = [next(outcomes) for _ in range(5)]
    outcomes.close()
    assert no_threads_left()
    assert len(cache.get([outcome.sha256 for outcome in taken])) == 5


def test_full_disk_is_told_and_no_image_is_blamed(cache, images) -> None:
    limit = "PRAGMA max_page_count=3"
    cache._database.run(lambda connection: connection.execute(limit), None)
    with pytest.raises(StorageError, match="full"):
        list(extraction([MeanColor()], cache).run(images))
    assert no_threads_left()


def test_cache_that_cant_be_read_is_told_and_no_image_is_blamed(cache, images, monkeypatch) -> None:
    def fail(keys: object) -> None:
        raise StorageError("Can't use the cache file: disk I/O error")

    monkeypatch.setattr(cache, "get", fail)
    with pytest.raises(StorageError, match="disk I/O error"):
        list(extraction([MeanColor()], cache).run(images))


def test_damaged_row_is_computed_and_stored_again(cache, images) -> None:
    list(extraction([MeanColor()], cache).run(images))
    damage = "UPDATE vectors SET vector = zeroblob(12) WHERE rowid = 7"
    cache._database.run(lambda connection: connection.execute(damage), None)
    again = MeanColor()
    outcomes = list(extraction([again], cache).run(images))
    assert again.batches == [1]
    assert colours(outcomes) == {100 + n: [6 * n, 0, 255 - n] for n in range(40)}
    third = MeanColor()
    list(extraction([third], cache).run(images))
    assert third.batches == []

"""The accuracy that is shown while features are computed."""

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from core.data.grouping.signature import SIGNATURE_BYTES
from core.features.collect import FeatureSet
from core.messages.events import ProvisionalAccuracy
from core.training import provisional_accuracy
from core.training.provisional_accuracy import ProvisionalAccuracies
from core.training.provisional_head import CrossValidation

NUM_IMAGES = 1200


class Run:
    """Images of two classes, a third of which can't be told apart."""

    def __init__(self, will_train: Callable[[int, bytes], bool] = lambda *_: True) -> None:
        random = np.random.default_rng(0)
        self.classes = random.integers(0, 2, NUM_IMAGES)
        vectors = random.standard_normal((NUM_IMAGES, 16)).astype(np.float32)
        vectors[:, 0] += np.where(random.random(NUM_IMAGES) < 2 / 3, 40 * self.classes - 20, 0)
        signatures = [random.bytes(SIGNATURE_BYTES) for _ in range(NUM_IMAGES)]
        sha256s = [random.bytes(32) for _ in range(NUM_IMAGES)]
        self.features = FeatureSet(vectors, sha256s, signatures)
        self.events: list[ProvisionalAccuracy] = []
        self.early = ProvisionalAccuracies(
            self.classes.tolist(), will_train, (), 1, self.events.append
        )

    def note(self, first: int, end: int) -> None:
        """Note images one by one, with each thread at its end before the next image."""
        for position in range(first, end):
            self.early.note(position, self.features)
            settle()


def settle() -> None:
    for thread in threading.enumerate():
        if thread.name == "provisional accuracy":
            thread.join()


@pytest.fixture(autouse=True)
def settled_at_the_end() -> Iterator[None]:
    yield
    settle()


@pytest.fixture
def unbounded(monkeypatch) -> None:
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)


@pytest.mark.usefixtures("unbounded")
def test_it_is_told_at_doubling_numbers() -> None:
    run = Run()
    run.note(0, 250)
    assert run.events == []
    run.note(250, NUM_IMAGES)
    assert [event.num_images for event in run.events] == [250, 500, 1000]
    for event in run.events:
        low, high = event.interval
        assert low < event.accuracy < high
        assert 0.75 < event.accuracy < 0.9  # 2/3 can be told apart, and half of the rest guessed
    widths = [high - low for low, high in (event.interval for event in run.events)]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.usefixtures("unbounded")
def test_images_of_other_splits_take_no_part() -> None:
    run = Run(lambda position, _name: position % 2 == 0)
    run.features.vectors[1::2] = np.nan  # with one of them nothing would be told
    run.note(0, NUM_IMAGES)
    assert [event.num_images for event in run.events] == [250, 500]


@pytest.mark.usefixtures("unbounded")
def test_near_duplicates_of_images_that_are_held_out_take_no_part() -> None:
    run = Run(lambda position, _name: position >= 20)
    signatures = run.features.signatures
    for position in range(20):
        signatures[20 + position] = signatures[position]
        run.features.vectors[20 + position] = np.nan
    run.note(0, 300)
    assert [event.num_images for event in run.events] == [233]


@pytest.mark.usefixtures("unbounded")
def test_a_group_is_known_by_its_smallest_content() -> None:
    run = Run(lambda _position, name: name != bytes(32))
    run.features.sha256s[3], run.features.signatures[7] = bytes(32), run.features.signatures[3]
    run.features.vectors[[3, 7]] = np.nan
    run.note(0, 300)
    assert len(run.events) == 1


@pytest.mark.usefixtures("unbounded")
def test_content_in_two_classes_takes_no_part() -> None:
    run = Run()
    one, other = np.flatnonzero(run.classes == 0)[0], np.flatnonzero(run.classes == 1)[0]
    run.features.sha256s[other] = run.features.sha256s[one]
    run.features.vectors[[one, other]] = np.nan
    run.note(0, 300)
    assert len(run.events) == 1


@pytest.mark.usefixtures("unbounded")
def test_unusable_images_and_a_single_class_are_nothing_to_measure() -> None:
    run = Run()
    run.features.signatures[:] = [None] * NUM_IMAGES
    run.note(0, NUM_IMAGES)
    single = Run()
    single.early._class_indices[:] = 0
    single.note(0, NUM_IMAGES)
    assert run.events == single.events == []


@pytest.mark.usefixtures("unbounded")
def test_features_that_are_no_numbers_have_no_accuracy(caplog) -> None:
    run = Run()
    run.features.vectors[7, 3] = np.inf
    run.note(0, NUM_IMAGES)
    assert run.events == []
    assert not caplog.records  # the training says what is wrong


def test_it_takes_no_more_time_than_it_may(monkeypatch) -> None:
    run = Run()
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 0.0)
    run.note(0, 400)
    assert run.events == []
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)
    run.note(400, 401)
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 0.0)
    run.note(401, NUM_IMAGES)
    assert [event.num_images for event in run.events] == [250]
    monkeypatch.setattr(provisional_accuracy, "_LARGEST_FRACTION", 1e9)
    run.early.note(0, run.features)
    settle()
    run.early.note(1, run.features)
    assert [event.num_images for event in run.events] == [250, 500]  # late, but of as many images


@pytest.mark.usefixtures("unbounded")
def test_a_failure_is_logged_and_ends_nothing_else(monkeypatch, caplog) -> None:
    def fail(*_arguments: object) -> CrossValidation:
        raise MemoryError

    monkeypatch.setattr(provisional_accuracy, "cross_validate", fail)
    run = Run()
    run.note(0, NUM_IMAGES)
    assert run.events == []
    assert [record.message for record in caplog.records] == [
        "No provisional accuracy with 250 images"
    ]


@pytest.mark.usefixtures("unbounded")
def test_a_system_without_another_thread_trains_all_the_same(monkeypatch, caplog) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    run = Run()
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        run.note(0, NUM_IMAGES)
    assert run.events == []
    assert len(caplog.records) == 1


@pytest.mark.usefixtures("unbounded")
def test_closed_it_tells_nothing_more(monkeypatch) -> None:
    is_entered, is_closed = threading.Event(), threading.Event()

    def wait(_sample: object, _parts: object, _seed: int, check: Callable[[], None]) -> None:
        is_entered.set()
        is_closed.wait()
        check()

    monkeypatch.setattr(provisional_accuracy, "cross_validate", wait)
    run = Run()
    for position in range(300):
        run.early.note(position, run.features)
    assert is_entered.wait(60)
    run.early.close()
    is_closed.set()
    settle()
    run.note(300, NUM_IMAGES)
    assert run.events == []


@pytest.mark.usefixtures("unbounded")
def test_closed_it_begins_nothing(monkeypatch) -> None:
    run = Run()
    monkeypatch.setattr(run.early, "_start", lambda *_: pytest.fail("began"))
    run.early.close()
    run.note(0, NUM_IMAGES)

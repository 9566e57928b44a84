import numpy as np
import pytest

from core.comparison.learning_curve import LearningPoint, learning_curve_of
from core.comparison.learning_curve_words import gain_sentence

SIZES = (5, 10, 20, 50, 100)


def points(a: float, b: float, c: float, sizes=SIZES, num_test=20_000, seeds=(0, 1, 2)):
    """Points exactly on a curve."""
    return [
        LearningPoint(size, 1 - a - b * size**-c, num_test, seed)
        for size in sizes
        for seed in seeds
    ]


def noisy_points(a: float, b: float, c: float, num_test: int, num_seeds: int, sizes=SIZES):
    rng = np.random.default_rng(1)
    return [
        LearningPoint(size, 1 - rng.binomial(num_test, a + b * size**-c) / num_test, num_test, seed)
        for seed in range(num_seeds)
        for size in sizes
    ]


@pytest.mark.parametrize(("a", "b", "c"), [(0.05, 0.6, 0.5), (0, 0.8, 0.4), (0.1, 0.5, 1.0)])
def test_a_curve_is_found_again(a, b, c):
    curve = learning_curve_of(points(a, b, c), num_train=10**9)
    now, later = a + b * 100**-c, a + b * 200**-c
    assert curve.gain().value == pytest.approx(now - later, abs=5e-4)
    assert curve.gain().low <= now - later <= curve.gain().high
    assert curve.accuracy_at(200).value == pytest.approx(1 - later, abs=5e-4)
    assert curve.accuracy_at(20).value == pytest.approx(1 - a - b * 20**-c, abs=5e-4)


def test_more_test_images_and_seeds_make_the_interval_narrower():
    def width(num_test: int, num_seeds: int) -> float:
        gain = learning_curve_of(
            noisy_points(0.05, 0.6, 0.5, num_test, num_seeds), num_train=10**9
        ).gain()
        return gain.high - gain.low

    assert width(4_000, 5) < width(400, 5)
    assert width(400, 5) < width(400, 2)


def test_the_same_test_images_for_all_seeds_leave_the_level_less_certain():
    def width(is_same_test: bool) -> float:
        found = learning_curve_of(
            points(0.05, 0.6, 0.5, num_test=400), num_train=4_000, is_same_test=is_same_test
        ).accuracy_at(50)
        return found.high - found.low

    assert width(True) > 1.3 * width(False)


@pytest.mark.parametrize("accuracy", [0.0, 0.25, 1.0])
def test_a_flat_curve_has_no_gain(accuracy):
    flat = [LearningPoint(size, accuracy, 200, seed) for size in SIZES for seed in range(3)]
    curve = learning_curve_of(flat, num_train=800)
    gain = curve.gain()
    assert gain.value == pytest.approx(0, abs=1e-6)
    assert 0 <= gain.low <= gain.value <= gain.high < 0.06
    level = curve.accuracy_at(200)
    assert 0 <= level.low <= level.value + 1e-9
    assert level.value <= level.high + 1e-9 <= 1 + 2e-9


def test_accuracy_that_falls_is_taken_for_flat():
    falling = [
        LearningPoint(size, 0.9 - 0.05 * place, 400, seed)
        for place, size in enumerate(SIZES)
        for seed in range(3)
    ]
    gain = learning_curve_of(falling, num_train=800).gain()
    assert gain.value == pytest.approx(0, abs=1e-6)
    assert gain.low == pytest.approx(0, abs=1e-6)


def test_values_lie_in_their_intervals_and_intervals_in_what_can_be():
    curve = learning_curve_of(noisy_points(0.02, 0.7, 0.6, 50, 2), num_train=500)
    for number in (1, 3, 5, 30, 100, 200, 10_000):
        found = curve.accuracy_at(number)
        assert 0 <= found.low <= found.value <= found.high <= 1


def test_seeds_may_lack_sizes_and_test_splits_differ():
    some = noisy_points(0.05, 0.6, 0.5, 400, 5)
    del some[3], some[7], some[11:13]
    some[0] = LearningPoint(5, 0.6, 380, 0)
    gain = learning_curve_of(some, num_train=2_000).gain()
    assert gain.low < 0.0176 < gain.high


def test_one_seed_makes_a_curve_too():
    gain = learning_curve_of(noisy_points(0.05, 0.6, 0.5, 400, 1), num_train=2_000).gain()
    assert gain.low < 0.0176 < gain.high


def test_points_that_no_curve_comes_near_make_the_interval_wider():
    smooth = points(0.05, 0.6, 0.5, num_test=2_000)
    rough = [
        LearningPoint(p.num_images, p.accuracy + (0.04 if p.num_images == 20 else 0), 2_000, p.seed)
        for p in smooth
    ]
    widths = [
        gain.high - gain.low
        for gain in (learning_curve_of(each, num_train=10**9).gain() for each in (smooth, rough))
    ]
    assert widths[1] > widths[0]


def test_twice_as_many_images_are_told_in_a_sentence():
    curve = learning_curve_of(points(0.05, 0.6, 0.5, num_test=20_000), num_train=10**9)
    assert gain_sentence(curve) == (
        "Twice as many pictures would bring about +1.8 points (1.6 to 1.9)."
    )


@pytest.mark.parametrize("sizes", [(), (5,), (5, 10)])
def test_too_few_sizes_are_no_curve(sizes):
    curve = learning_curve_of(points(0.05, 0.6, 0.5, sizes=sizes), num_train=800)
    assert curve is None
    assert gain_sentence(curve).startswith("Too few points to say what more pictures would bring")


def test_points_that_decide_nothing_are_said_to_be_too_few():
    curve = learning_curve_of(points(0, 0.9, 0.3, sizes=(3, 4, 5), num_test=12), num_train=60)
    assert gain_sentence(curve).startswith("Too few points to say what more pictures would bring: ")
    assert "twice as many may bring 0.0 to" in gain_sentence(curve)

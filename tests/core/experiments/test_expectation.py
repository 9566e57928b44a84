"""Expected times count features once."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.experiments.expectation import expected, remaining_seconds, run_seconds
from core.experiments.experiment import make_experiment
from core.experiments.tries import parse_try
from core.runs.speed_record import Speed, record_speed, speed_key
from core.settings.choices import Optimizer
from core.settings.config import DEFAULT_BACKBONE, TrainConfig

CONFIG = TrainConfig(optimizer=Optimizer.ADAM)


@pytest.fixture(autouse=True)
def known_speed():
    record_speed(speed_key((DEFAULT_BACKBONE,)), Speed(10.0, 1e-4, 5.0))


def made(*tries, num_seeds=2):
    return make_experiment(
        name="e",
        sources=[ImageSource(Path("p"))],
        config=CONFIG,
        tries=[parse_try(text) for text in tries],
        num_seeds=num_seeds,
        num_trials=10,
    )


def test_features_are_computed_by_the_first_run_alone():
    first, second = run_seconds([CONFIG, replace(CONFIG, seed=1)], 1000, 5)
    assert first - second == pytest.approx(100)
    (cached,) = run_seconds([CONFIG], 1000, 5, is_cached=True)
    assert cached == second


def test_other_features_are_computed_too():
    other = replace(CONFIG, image_size=300)
    times = run_seconds([CONFIG, other, CONFIG, other], 1000, 5)
    assert times[1] > times[0] > times[2]
    assert times[3] < times[1]


def test_all_runs_are_counted():
    found = expected(made("batch-size=4,32"), 1000, 5)
    assert found.num_runs == 4
    assert found.seconds - found.cached_seconds == pytest.approx(100)


def test_fewer_training_images_take_less():
    few, all_of_them = (
        run_seconds([replace(CONFIG, images_per_class=limit)], 10_000, 5, is_cached=True)
        for limit in (5, 0)
    )
    assert few < all_of_them


def test_a_search_is_expected_to_try_all_it_may():
    assert expected(made("learning-rate=log:0.001..1"), 1000, 5).num_runs == 20


def test_what_is_left_follows_from_what_is_done():
    assert remaining_seconds(30, 3, 4) == 40
    assert remaining_seconds(0, 0, 4) == 0

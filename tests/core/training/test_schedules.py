import math

import numpy as np
import pytest

from core.settings.choices import Schedule
from core.settings.config import TrainConfig
from core.training.schedules import learning_rates, rate_text


def rates(schedule: Schedule, num_steps: int, peak: float = 0.5) -> np.ndarray:
    config = TrainConfig(schedule=schedule, learning_rate=peak)
    return learning_rates(config, np.arange(num_steps), num_steps)


def test_rate_is_written_without_an_exponent():
    assert [rate_text(rate) for rate in (1e-7, 0.001, 0.5, 20.0)] == [
        "0.0000001",
        "0.001",
        "0.5",
        "20",
    ]


def test_constant_stays_at_the_peak():
    assert rates(Schedule.CONSTANT, 7).tolist() == [0.5] * 7


def test_exponential_falls_by_the_same_factor_towards_a_hundredth():
    values = rates(Schedule.EXPONENTIAL, 100)
    assert values[0] == pytest.approx(0.5)
    np.testing.assert_allclose(values[1:] / values[:-1], 0.01 ** (1 / 100), rtol=1e-5)
    assert values[50] == pytest.approx(0.05)


def test_cosine_warms_up_over_a_twentieth_and_falls_to_nearly_nothing():
    values = rates(Schedule.COSINE, 100)
    np.testing.assert_allclose(values[:6], [0.5 * k / 6 for k in (1, 2, 3, 4, 5, 6)], rtol=1e-6)
    assert values.argmax() == 5
    half_way = 5 + 95 * 2 // 5
    fraction = 0.5 * (1 + math.cos(math.pi * 0.4))
    assert values[half_way] == pytest.approx(0.5 * fraction)
    assert 0 < values[-1] < 0.001 * 0.5 * 2
    assert (np.diff(values[5:]) < 0).all()


@pytest.mark.parametrize("schedule", Schedule)
@pytest.mark.parametrize("num_steps", [1, 2, 19, 20, 21])
def test_every_step_of_a_short_run_moves_the_weights(schedule, num_steps):
    values = rates(schedule, num_steps)
    assert (values > 0).all()
    assert (values <= 0.5).all()
    assert values.dtype == np.float32


@pytest.mark.parametrize("schedule", Schedule)
def test_a_part_of_a_run_has_the_rates_of_the_whole(schedule):
    config = TrainConfig(schedule=schedule)
    part = learning_rates(config, np.arange(30, 50), 100)
    np.testing.assert_array_equal(part, rates(schedule, 100, config.learning_rate)[30:50])


def test_step_divides_by_ten_after_each_third():
    values = rates(Schedule.STEP, 300)
    np.testing.assert_allclose(values[:100], 0.5)
    np.testing.assert_allclose(values[100:200], 0.05)
    np.testing.assert_allclose(values[200:], 0.005)


def test_one_cycle_rises_and_falls_as_cosines_from_a_25th_to_nothing():
    values = rates(Schedule.ONE_CYCLE, 101)
    assert values[0] == pytest.approx(0.5 / 25)
    assert values[15] == pytest.approx(0.5 * (1 + 1 / 25) / 2)
    assert values.argmax() == 30
    assert values[30] == pytest.approx(0.5)
    assert values[65] == pytest.approx(0.5 * (1 + 1e-5) / 2)
    assert values[100] == pytest.approx(0.5e-5)


def test_waiting_for_a_plateau_is_constant_by_itself():
    assert rates(Schedule.REDUCE_ON_PLATEAU, 7).tolist() == [0.5] * 7

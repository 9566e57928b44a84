from dataclasses import astuple

import pytest

from core.settings.choices import Schedule
from core.settings.config import TrainConfig
from core.training.plateau import Plateau


def factors(plateau: Plateau, losses: list[float]) -> list[float]:
    """The factor after each epoch."""
    values = []
    for loss in losses:
        plateau.note(loss)
        values.append(plateau.factor)
    return values


def test_the_rate_falls_to_a_tenth_after_as_many_epochs_without_a_better_loss():
    losses = [1.0, 0.9, 0.9, 0.95, 0.91, 0.8, 0.85]
    expected = [1.0, 1.0, 1.0, 1.0, 0.1, 0.1, 0.1]
    assert factors(Plateau(patience=3), losses) == pytest.approx(expected)


def test_each_further_stall_divides_again_until_nothing_would_move():
    values = factors(Plateau(patience=2), [1.0] * 15)
    assert values[:7] == pytest.approx([1, 1, 0.1, 0.1, 0.01, 0.01, 0.001])
    assert values[-1] == pytest.approx(1e-4)


def test_a_hardly_better_loss_is_none():
    assert factors(Plateau(patience=2), [1.0, 0.99995, 0.9999001])[-1] == pytest.approx(0.1)
    assert factors(Plateau(patience=2), [1.0, 0.9998, 0.9996])[-1] == 1.0


def test_it_acts_before_training_would_stop_early():
    chosen = TrainConfig(schedule=Schedule.REDUCE_ON_PLATEAU, early_stopping_patience=10)
    assert Plateau.for_config(chosen).patience == 5
    values = factors(Plateau.for_config(chosen), [1.0] * 11)
    assert values.index(min(values)) == 10
    assert values[5] == pytest.approx(0.1)


@pytest.mark.parametrize(("stopping", "patience"), [(0, 5), (1, 1), (2, 1), (3, 1), (7, 3)])
def test_patience_follows_that_of_early_stopping(stopping, patience):
    chosen = TrainConfig(schedule=Schedule.REDUCE_ON_PLATEAU, early_stopping_patience=stopping)
    assert Plateau.for_config(chosen).patience == patience


@pytest.mark.parametrize("schedule", [s for s in Schedule if s is not Schedule.REDUCE_ON_PLATEAU])
def test_other_schedules_are_left_alone(schedule):
    plateau = Plateau.for_config(TrainConfig(schedule=schedule))
    assert factors(plateau, [1.0] * 50)[-1] == 1.0


def test_its_numbers_make_it_anew():
    plateau = Plateau(patience=3)
    factors(plateau, [1.0, 0.5, 0.7, 0.6, 0.8, 0.9])
    again = Plateau(*(float(value) for value in astuple(plateau)))
    assert again == plateau
    assert factors(again, [0.5] * 4) == factors(plateau, [0.5] * 4)

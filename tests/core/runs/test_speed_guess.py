from dataclasses import replace

import pytest

from core.backbones.catalogue import catalogue
from core.backbones.store import list_backbones
from core.runs.speed_guess import relative_cost, speed_of
from core.runs.speed_record import Speed, default_speed, record_speed
from core.settings.config import DEFAULT_BACKBONE

SPEED = Speed(100.0, 0.001, 2.0, 20.0)


@pytest.fixture
def large(monkeypatch):
    """A backbone with twice the weights for pictures of twice the sides."""
    [found] = list_backbones()
    embedded = replace(found, multiply_adds=None)
    height, width = embedded.input_size
    info = replace(
        embedded,
        name="large",
        handle="https://hub.example/large",
        input_size=(2 * height, 2 * width),
        parameters=2 * embedded.parameters,
    )
    monkeypatch.setattr("core.runs.speed_guess.find_entry", lambda _name: None)
    monkeypatch.setattr("core.runs.speed_guess.list_backbones", lambda: [embedded, info])
    return info


def test_a_backbone_that_never_ran_here_is_as_much_slower_as_it_is_larger(large):
    record_speed(DEFAULT_BACKBONE, SPEED)
    guess = Speed(100.0 / 8, 0.001, 2.0, 20.0 / 8)
    assert speed_of("large") == speed_of(large.handle) == guess


def test_what_was_measured_counts_for_more_than_any_guess(large):
    record_speed("large", replace(SPEED, pictures_per_s=3.0))
    assert speed_of("large").pictures_per_s == 3.0


def test_nothing_is_guessed_about_the_unknown():
    assert relative_cost("/somewhere") == 1.0
    assert relative_cost(DEFAULT_BACKBONE) == 1.0
    assert speed_of("/somewhere") == default_speed()


def test_the_catalogue_tells_the_work_of_backbones_that_are_not_here_yet():
    known = {entry.name: entry for entry in catalogue() if entry.multiply_adds}
    embedded = known[DEFAULT_BACKBONE]
    other = max(known.values(), key=lambda entry: entry.multiply_adds)
    expected = other.multiply_adds / embedded.multiply_adds
    assert relative_cost(other.name) == relative_cost(other.handle) == pytest.approx(expected)
    assert expected > 1

"""Rules hold what their words say, and errors carry them."""

import math
import pickle

import pytest

from core.settings.setting import RangeRule, SettingError


def test_an_error_survives_the_way_between_processes() -> None:
    error = SettingError("epochs", RangeRule(1, 10), 0)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error) == "`epochs` must be from 1 to 10. Received: epochs=0"
    assert again.rule == error.rule


@pytest.mark.parametrize(
    ("rule", "words", "inside", "outside"),
    [
        (RangeRule(0), "must be at least 0", 0, -1),
        (RangeRule(0, excludes_low=True), "must be above 0", 0.1, 0),
        (RangeRule(0, 180), "must be from 0 to 180", 180, 181),
        (RangeRule(1, 2000), "must be from 1 to 2,000", 1, 0),
        (RangeRule(0, 1, excludes_high=True), "must be from 0 to below 1", 0, 1),
        (RangeRule(0, 1, excludes_low=True), "must be above 0 and at most 1", 1, 0),
        (RangeRule(0, 1, True, True), "must be above 0 and below 1", 0.5, 1),
        (RangeRule(0), "must be at least 0", 3, math.inf),
    ],
)
def test_ranges_hold_what_their_words_say(
    rule: RangeRule, words: str, inside: float, outside: float
) -> None:
    assert SettingError("epochs", rule, outside).fault(str) == f"epochs {words}."
    assert rule.holds(inside)
    assert not rule.holds(outside)
    assert not rule.holds(math.nan)

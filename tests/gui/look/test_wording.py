from datetime import UTC, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from gui.look.wording import duration_range, moment


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.4, 1.5, "1 to 2 s"),
        (3.8, 8.5, "3 to 9 s"),
        (41.0, 89.0, "40 to 90 s"),
        (53.0, 120.0, "50 to 120 s"),
        (57.0, 121.0, "55 s to 3 min"),
        (60.0, 130.0, "1 to 3 min"),
        (1_900.0, 4_300.0, "31 to 72 min"),
        (3_500.0, 7_300.0, "55 min to 3 h"),
        (8_000.0, 18_000.0, "2 to 5 h"),
    ],
)
def test_a_rough_time_is_rounded_outwards(low, high, expected):
    assert duration_range(low, high) == expected


@pytest.fixture
def british():
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2026, 11, 28, 8, 5, tzinfo=UTC), "today, 08:05"),
        (datetime(2026, 11, 27, 23, 59, tzinfo=UTC), "yesterday, 23:59"),
        (datetime(2026, 11, 26, 23, 59, tzinfo=UTC), "26/11/2026"),
        (datetime(2027, 1, 1, tzinfo=UTC), "01/01/2027"),
    ],
)
def test_a_moment_is_told_by_its_distance(british, when, expected):
    assert moment(when, NOW) == expected


def test_a_moment_of_another_time_zone_is_told_in_that_of_now(british):
    zone = timezone(timedelta(hours=9))
    assert moment(datetime(2026, 11, 28, 1, 0, tzinfo=zone), NOW) == "yesterday, 16:00"
    assert moment(NOW, NOW.astimezone(zone)) == "today, 18:30"

import pytest

from gui.look.wording import duration_range


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

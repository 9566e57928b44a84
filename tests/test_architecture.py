"""The house stays in order: no circles, few loose files, subjects that keep to themselves."""

import pytest

from tests.architecture import layout_of


@pytest.mark.parametrize("top", ["core", "gui"])
def test_nothing_imports_in_a_circle(top: str):
    layout = layout_of(top)
    assert layout.circle_of_rooms() == []
    assert layout.circle_of_modules() == []


def test_few_files_of_the_window_lie_in_no_room():
    assert len(layout_of("gui").loose_files()) <= 8


def test_imports_of_the_window_mostly_stay_in_their_room():
    assert layout_of("gui").fraction_at_home() >= 0.5

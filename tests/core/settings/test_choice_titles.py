from enum import StrEnum

import pytest

from core.settings.choice_titles import choice_title
from core.settings.config import SETTINGS, Optimizer
from core.settings.presets import Preset
from core.text import Text

ENUMERATIONS = [each.kind for each in SETTINGS.values() if issubclass(each.kind, StrEnum)]


@pytest.mark.parametrize("enumeration", [*ENUMERATIONS, Preset])
def test_every_choice_has_a_title_of_its_own(enumeration):
    titles = [choice_title(choice) for choice in enumeration]
    assert len(set(titles)) == len(titles)
    assert enumeration is Optimizer or all(isinstance(title, Text) for title in titles)

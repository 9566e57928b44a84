import pytest

from core.choice import Choice
from core.settings.choices import Optimizer
from core.settings.config import SETTINGS
from core.settings.presets import Preset
from core.text import Text

ENUMERATIONS = [each.kind for each in SETTINGS.values() if issubclass(each.kind, Choice)]


@pytest.mark.parametrize("enumeration", [*ENUMERATIONS, Preset])
def test_every_choice_has_a_text_of_its_own(enumeration):
    texts = [choice.text for choice in enumeration]
    assert len(set(texts)) == len(texts)
    assert enumeration is Optimizer or all(isinstance(text, Text) for text in texts)

import pytest

from core.settings.choices import Optimizer
from core.settings.config import SETTINGS
from core.settings.setting_words import option_name, option_of, value_text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("learning_rate", 0.001, "0.001"),
        ("learning_rate", 0.00001, "0.00001"),
        ("batch_size", 32, "32"),
        ("mixed_precision", True, "on"),
        ("mixed_precision", False, "off"),
        ("fine_tune", True, "Fine-tuned"),
        ("fine_tune", False, "Fast"),
        ("dropout", 0.2, "0.2"),
        ("fine_tune_fraction", 0.1, "10%"),
        ("second_backbone", "", "none"),
        ("image_size", 0, "the backbone's own"),
        ("image_size", 300, "300"),
        ("images_per_class", 0, "all"),
        ("optimizer", Optimizer.SGD, Optimizer.SGD.text),
        ("optimizer", "sgd", Optimizer.SGD.text),
        ("optimizer", "of another version", "of another version"),
        ("seed", ["of", "an enemy"], "['of', 'an enemy']"),
    ],
)
def test_values_in_words(name, value, text):
    assert value_text(SETTINGS[name], value) == text


def test_a_setting_of_another_version_is_as_it_is_stored():
    assert value_text(None, 0.25) == "0.25"
    assert value_text(None, "x") == "x"


def test_options_are_named_after_fields():
    assert option_of("batch_size") == "batch-size"
    assert option_name("batch_size") == "--batch-size"

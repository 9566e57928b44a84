import pytest

from core.settings.choices import Device
from core.settings.config import SETTINGS, setting_errors
from core.settings.setting import ChoiceRule, KindRule, SettingError
from gui.train_settings.setting_faults import fault_text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"crop": 1.0}, "Crop must be from 0 to below 1."),
        ({"rotation": 200.0}, "Rotation must be from 0 to 180."),
        ({"fine_tune_fraction": 0.0}, "Layers must be above 0% and at most 100%."),
        ({"validation_split": 0.0}, "Validation must be above 0 and below 1."),
        ({"learning_rate": -1.0}, "Learning rate must be above 0."),
        ({"l2": -1.0}, "L2 must be at least 0."),
        ({"epochs": 0}, "Epochs must be from 1 to 1,000,000."),
        ({"backbone": " "}, "Backbone must not be empty."),
        (
            {"validation_split": 0.5, "test_split": 0.5},
            "Validation and Test must leave pictures to train on.",
        ),
    ],
)
def test_broken_rules_are_in_plain_words(values, expected):
    [error] = setting_errors(values)
    assert fault_text(error) == expected


@pytest.mark.parametrize(
    ("name", "rule", "expected"),
    [
        ("learning_rate", KindRule(float), "Learning rate must be a number."),
        ("seed", KindRule(int), "Seed must be a whole number."),
        ("device", KindRule(Device), "Device must be one of the values offered."),
        ("flip", ChoiceRule(("none", "both")), "Flip must be one of none, both."),
    ],
)
def test_values_of_another_kind_are_told_by_label(name, rule, expected):
    assert fault_text(SettingError(name, rule, "x")) == expected


def test_every_setting_that_can_be_typed_has_its_sentence():
    for name, setting in SETTINGS.items():
        if setting.kind is float:
            text = fault_text(SettingError(name, setting.rule, -1.0))
            assert text.startswith(f"{setting.label} must be ")
            assert "%1" not in text

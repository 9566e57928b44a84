import pytest

from core.settings.config import SETTINGS
from core.settings.setting import Group
from gui.train_settings.setting_texts import number_text, read_number, settings_by_group


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("fine_tune_learning_rate", 1e-5, "0.00001"),
        ("learning_rate", 0.001, "0.001"),
        ("l2", 1e-9, "0.000000001"),
        ("learning_rate", 1, "1"),
        ("rotation", 180.0, "180"),
        ("mixup", 0.1234567, "0.1234567"),
        ("mixup", 1e22, "10000000000000000000000"),
        ("dropout", 0.0, "0"),
        ("fine_tune_fraction", 1.0, "100"),
        ("fine_tune_fraction", 0.07, "7"),
        ("fine_tune_fraction", 0.333, "33.3"),
    ],
)
def test_numbers_are_written_in_full_and_read_back_as_they_were(name, number, text):
    assert number_text(SETTINGS[name], number) == text
    assert read_number(SETTINGS[name], text) == number


def test_whole_numbers_are_grouped():
    assert number_text(SETTINGS["epochs"], 12_345) == "12,345"


@pytest.mark.parametrize("text", ["", "fast", "1..2", "1e", "snan"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is no number"):
        read_number(SETTINGS["fine_tune_fraction"], text)


def test_every_setting_stands_in_one_group():
    groups = settings_by_group()
    assert list(groups) == list(Group)
    names = [name for group in groups.values() for name in group]
    assert sorted(names) == sorted(SETTINGS)
    assert groups[Group.MODE] == [
        "backbone",
        "second_backbone",
        "features",
        "image_size",
        "fine_tune",
    ]
    assert groups[Group.OPTIMIZER] == ["optimizer"]
    assert groups[Group.BASICS] == ["epochs", "batch_size", "learning_rate"]

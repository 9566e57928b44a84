import pytest

from gui.train_settings.config_errors import config_errors, fault_text


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"crop": 1.0}, {"crop": "Must be from 0 to below 1."}),
        ({"rotation": 200.0}, {"rotation": "Must be from 0 to 180."}),
        ({"fine_tune_share": 0.0}, {"fine_tune_share": "Must be above 0 and at most 1."}),
        ({"validation_split": 0.0}, {"validation_split": "Must be above 0 and below 1."}),
        ({"learning_rate": -1.0}, {"learning_rate": "Must be above 0."}),
        ({"crop": 0.5}, {}),
    ],
)
def test_ranges_are_in_plain_words(values, expected):
    assert config_errors(values) == expected


def test_what_has_to_be_mended_is_named():
    faults = {"Crop": "Must be from 0 to below 1.", "Seed": "Type a number."}
    assert fault_text(faults) == "Mend “Crop”: must be from 0 to below 1."
    assert fault_text({}) == ""

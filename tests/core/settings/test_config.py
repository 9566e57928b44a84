"""A run's settings can't be invalid, and come back from JSON as they were."""

import hashlib
import json
import math
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from core.data.pixels.augmentation import Augmentation, Flip
from core.data.pixels.decoder import ResizeMode
from core.settings.choices import ClassWeighting, Device, Features, Optimizer, Schedule
from core.settings.config import (
    CONFIG_SCHEMA,
    SETTINGS,
    TrainConfig,
    inexact_reason,
    rateless_reason,
    setting_errors,
)
from core.settings.setting import (
    PERCENT,
    Group,
    KindRule,
    Need,
    NonBlankRule,
    RangeRule,
    Stage,
    SumRule,
)
from core.text import Text

OTHERS = {
    "backbone": "my-backbone",
    "second_backbone": "other-backbone",
    "resize_mode": ResizeMode.PAD,
    "features": Features.LAST,
    "image_size": 260,
    "epochs": 7,
    "batch_size": 10,
    "learning_rate": 0.5,
    "optimizer": Optimizer.SGD,
    "schedule": Schedule.EXPONENTIAL,
    "dropout": 0.0,
    "l2": 0.0,
    "label_smoothing": 0.1,
    "hidden_units": 64,
    "class_weights": ClassWeighting.BALANCED,
    "clip_norm": 1.0,
    "ema_decay": 0.99,
    "fine_tune": True,
    "fine_tune_epochs": 3,
    "fine_tune_learning_rate": 1e-4,
    "fine_tune_fraction": 0.5,
    "train_batch_norm": True,
    "weight_decay": 1e-4,
    "mixed_precision": False,
    "flip": Flip.HORIZONTAL,
    "rotation": 10.0,
    "zoom": 0.1,
    "shift": 0.1,
    "crop": 0.2,
    "brightness": 0.1,
    "contrast": 0.1,
    "saturation": 0.1,
    "cutout": 0.2,
    "mixup": 0.2,
    "augmented_versions": 2,
    "validation_split": 0.3,
    "test_split": 0.0,
    "images_per_class": 20,
    "early_stopping_patience": 0,
    "device": Device.CPU,
    "seed": 2**31 - 1,
}
NOT_A_NUMBER = math.nan
WRONG = [
    ("backbone", [" ", "", 3, None]),
    ("second_backbone", [3, None]),
    ("resize_mode", ["squash", "stretch", None]),
    ("features", ["stages", "all", None]),
    ("image_size", [-1, 2049, 2.5, "224", True, None]),
    ("epochs", [0, -1, 2.5, "50", True, None]),
    ("batch_size", [0, -1, 2.5, "32", True]),
    ("learning_rate", [0, -1e-3, math.inf, NOT_A_NUMBER, "0.1", True]),
    ("optimizer", ["adam", "no such"]),
    ("schedule", ["cosine", "linear"]),
    ("dropout", [-0.1, 1.0, NOT_A_NUMBER, "0.2"]),
    ("l2", [-1e-9, math.inf, NOT_A_NUMBER, "0"]),
    ("label_smoothing", [-0.1, 1.0, NOT_A_NUMBER]),
    ("hidden_units", [-1, 0.5, "0"]),
    ("class_weights", ["none", "rare"]),
    ("clip_norm", [-1.0, math.inf, NOT_A_NUMBER, "1"]),
    ("ema_decay", [-0.1, 1.0, NOT_A_NUMBER]),
    ("fine_tune", [0, 1, "yes", None]),
    ("fine_tune_epochs", [0, 1.5]),
    ("fine_tune_learning_rate", [0.0, -1e-5, math.inf, NOT_A_NUMBER]),
    ("fine_tune_fraction", [0.0, 1.1, NOT_A_NUMBER]),
    ("train_batch_norm", [0, 1, "no"]),
    ("weight_decay", [-1e-9, math.inf, NOT_A_NUMBER]),
    ("mixed_precision", [1, "fp16"]),
    ("flip", ["none", "diagonal"]),
    ("rotation", [-1.0, 181.0, NOT_A_NUMBER]),
    *((name, [-0.1, 1.0, NOT_A_NUMBER]) for name in ("zoom", "shift", "crop")),
    *((name, [-0.1, 1.0, "0"]) for name in ("brightness", "contrast", "saturation", "cutout")),
    ("mixup", [-0.1, math.inf, NOT_A_NUMBER]),
    ("augmented_versions", [-1, 0.5]),
    ("validation_split", [0.0, 1.0, -0.1, 0.95, NOT_A_NUMBER]),
    ("test_split", [-0.1, 1.0, 0.95, NOT_A_NUMBER]),
    ("images_per_class", [-1, 0.5, "0"]),
    ("early_stopping_patience", [-1, 1.5]),
    ("device", ["cpu", "tpu"]),
    ("seed", [-1, 2**31, 0.5]),
]


def test_every_setting_is_tried_here() -> None:
    names = [field.name for field in fields(TrainConfig)]
    assert list(OTHERS) == names
    assert [name for name, _ in WRONG] == names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param(name, value, id=f"{name}={value!r}")
        for name, values in WRONG
        for value in values
    ],
)
def test_wrong_value_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match="`") as caught:
        TrainConfig(**{name: value})
    assert f"`{name}`" in str(caught.value) or "`validation_split`" in str(caught.value)
    assert "Received: " in str(caught.value)


def test_every_setting_has_its_record_with_words() -> None:
    assert list(SETTINGS) == [field.name for field in fields(TrainConfig)]
    for name, setting in SETTINGS.items():
        assert setting.default == getattr(TrainConfig(), name)
        for text in (setting.label, setting.explanation, setting.option_help):
            assert text.strip(), name
        assert setting.explanation.endswith("."), name
        assert isinstance(setting.label, Text), name
        assert isinstance(setting.explanation, Text), name
        assert isinstance(setting.unit, Text) or setting.unit in ("", PERCENT), name
        assert "%" not in setting.option_help, "argparse would fill it in"


def test_every_number_has_its_range() -> None:
    for name, setting in SETTINGS.items():
        if setting.kind in (int, float):
            assert isinstance(setting.rule, RangeRule), name
        if setting.kind is int:
            assert setting.rule.high is not None, f"{name}'s spin box has no end"


def test_what_only_fine_tuning_follows_is_hidden_with_it() -> None:
    followed = {name for name, each in SETTINGS.items() if each.stage is Stage.FINE_TUNING}
    assert followed == {name for name, each in SETTINGS.items() if each.group is Group.FINE_TUNING}
    assert "mixed_precision" in followed


def test_changes_to_images_are_off_by_default_and_need_something_that_sees_them() -> None:
    augmentation = Augmentation()
    assert TrainConfig().augmentation() == augmentation
    changes = {name for name, each in SETTINGS.items() if each.need is Need.AUGMENTED_VERSIONS}
    assert changes == {field.name for field in fields(augmentation)}


def test_all_errors_are_told_with_setting_rule_and_value() -> None:
    values = {"epochs": 2.5, "rotation": 200.0, "backbone": " ", "crop": 0.5, "device": "cpu"}
    assert [(error.name, error.rule, error.value) for error in setting_errors(values)] == [
        ("epochs", KindRule(int), 2.5),
        ("rotation", RangeRule(0, 180), 200.0),
        ("backbone", NonBlankRule(), " "),
        ("device", KindRule(Device), "cpu"),
    ]


def test_splits_are_judged_together_once_each_can_be_used() -> None:
    def broken(validation_split: float, test_split: float) -> list[tuple[str, object]]:
        values = {"validation_split": validation_split, "test_split": test_split}
        return [(error.name, error.rule) for error in setting_errors(values)]

    assert broken(0.5, 0.5) == [("validation_split", SumRule("test_split"))]
    assert broken(0.5, 1.5) == [("test_split", SETTINGS["test_split"].rule)]
    assert broken(0.5, 0.4) == []


def test_splits_must_leave_something_to_train_on() -> None:
    TrainConfig(validation_split=0.4, test_split=0.5)
    with pytest.raises(ValueError, match="to train on"):
        TrainConfig(validation_split=0.5, test_split=0.5)


def test_whole_numbers_do_for_fractions() -> None:
    assert TrainConfig(dropout=0, learning_rate=1).learning_rate == 1


def test_cant_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        TrainConfig().epochs = 3  # type: ignore[misc]


@pytest.mark.parametrize("values", [{}, OTHERS], ids=["defaults", "all others"])
def test_json_brings_everything_back(values: dict[str, object]) -> None:
    config = TrainConfig(**values)
    content = json.loads(json.dumps(config.to_json_dict()))
    assert content["schema"] == CONFIG_SCHEMA
    again = TrainConfig.from_json_dict(content)
    assert again == config
    assert all(type(getattr(again, name)) is type(getattr(config, name)) for name in OTHERS)


# What was done before there were these settings; they are not stored then.
BEFORE_THEM = {
    "second_backbone": "",
    "features": Features.LAST,
    "image_size": 0,
    "images_per_class": 0,
}
# Other defaults than today's.
FORMER_DEFAULTS = {"epochs": 50, "optimizer": Optimizer.ADAM}

# As run folders, projects and models have held them since schema 1.
STORED_DEFAULTS = (
    '{"schema": 1, "backbone": "efficientnet-lite0", "fit": "squash", "epochs": 50, '
    '"batch_size": 32, "learning_rate": 0.001, "optimizer": "adam", "schedule": "exponential", '
    '"dropout": 0.2, "l2": 0.002, "label_smoothing": 0.0, "hidden_units": 0, '
    '"class_weights": "none", "gradient_clip": 0.0, "ema": 0.0, "fine_tune": false, '
    '"fine_tune_epochs": 5, "fine_tune_learning_rate": 1e-05, "fine_tune_share": 1.0, '
    '"train_batch_norm": false, "weight_decay": 0.0, "mixed_precision": true, "flip": "none", '
    '"rotation": 0.0, "zoom": 0.0, "shift": 0.0, "crop": 0.0, "brightness": 0.0, "contrast": 0.0, '
    '"color": 0.0, "cutout": 0.0, "mixup": 0.0, "augmented_copies": 4, "validation_split": 0.1, '
    '"test_split": 0.1, "early_stopping_patience": 10, "device": "auto", "seed": 0}'
)
STORED_OTHERS = (
    '{"schema": 1, "backbone": "my-backbone", "fit": "pad", "epochs": 7, "batch_size": 10, '
    '"learning_rate": 0.5, "optimizer": "sgd", "schedule": "exponential", "dropout": 0.0, '
    '"l2": 0.0, "label_smoothing": 0.1, "hidden_units": 64, "class_weights": "balanced", '
    '"gradient_clip": 1.0, "ema": 0.99, "fine_tune": true, "fine_tune_epochs": 3, '
    '"fine_tune_learning_rate": 0.0001, "fine_tune_share": 0.5, "train_batch_norm": true, '
    '"weight_decay": 0.0001, "mixed_precision": false, "flip": "horizontal", "rotation": 10.0, '
    '"zoom": 0.1, "shift": 0.1, "crop": 0.2, "brightness": 0.1, "contrast": 0.1, "color": 0.1, '
    '"cutout": 0.2, "mixup": 0.2, "augmented_copies": 2, "validation_split": 0.3, '
    '"test_split": 0.0, "early_stopping_patience": 0, "device": "cpu", "seed": 2147483647}'
)


@pytest.mark.parametrize(
    ("values", "stored", "sha256"),
    [
        (
            FORMER_DEFAULTS,
            STORED_DEFAULTS,
            "410a2d69deb1ab61190da205dcd1102b711526ba494bdbbb8cedf2b622c5b0df",
        ),
        (OTHERS, STORED_OTHERS, "6f3309a70bf22ae05a7f7b821582edab5eac67b422f9ac3b8ed2b65d426626d9"),
    ],
    ids=["defaults", "all others"],
)
def test_stored_settings_stay_byte_for_byte(
    values: dict[str, object], stored: str, sha256: str
) -> None:
    config = replace(TrainConfig(**values), **BEFORE_THEM)
    text = json.dumps(config.to_json_dict())
    assert text == stored
    assert hashlib.sha256(text.encode()).hexdigest() == sha256
    assert TrainConfig.from_json_dict(json.loads(stored)) == config


def test_missing_keys_take_their_defaults() -> None:
    assert TrainConfig.from_json_dict({}) == TrainConfig(features=Features.LAST)
    only_epochs = TrainConfig.from_json_dict({"epochs": 3})
    assert only_epochs == TrainConfig(epochs=3, features=Features.LAST)


def test_unknown_key_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="epoch_count"):
        TrainConfig.from_json_dict({"epoch_count": 3})


@pytest.mark.parametrize("schema", [0, CONFIG_SCHEMA + 1, "1", None])
def test_other_schema_is_refused(schema: object) -> None:
    with pytest.raises(ValueError, match="schema"):
        TrainConfig.from_json_dict({"schema": schema})


@pytest.mark.parametrize("value", ["no such", 3, None, ["adam"]], ids=repr)
def test_unknown_choice_is_refused_with_those_there_are(value: object) -> None:
    with pytest.raises(ValueError, match="`optimizer` must be one of adam, adamw, sgd, rmsprop"):
        TrainConfig.from_json_dict({"optimizer": value})


def test_reading_leaves_the_content_as_it_is() -> None:
    content = {"schema": CONFIG_SCHEMA, "resize_mode": "crop"}
    TrainConfig.from_json_dict(content)
    assert content == {"schema": CONFIG_SCHEMA, "resize_mode": "crop"}


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"hidden_units": 4}, "hidden units"),
        ({"mixup": 0.2}, "mixup"),
        ({"flip": Flip.BOTH, "augmented_versions": 1}, "augmented versions"),
    ],
)
def test_what_an_exact_fit_cannot_do_is_done_by_adam_and_told(settings, word) -> None:
    config = TrainConfig(optimizer=Optimizer.LBFGS, **settings)
    assert not config.is_exact
    assert config.step_optimizer is Optimizer.ADAM
    assert word in str(inexact_reason(config))
    assert rateless_reason(config) is None
    assert inexact_reason(TrainConfig(optimizer=Optimizer.SGD, **settings)) is None


def test_an_exact_fit_is_one_of_the_head_alone() -> None:
    for settings in ({}, {"flip": Flip.BOTH, "augmented_versions": 0}):
        config = TrainConfig(optimizer=Optimizer.LBFGS, **settings)
        assert config.is_exact
        assert inexact_reason(config) is None
        assert "no learning rate" in str(rateless_reason(config))
    tuned = TrainConfig(optimizer=Optimizer.LBFGS, fine_tune=True)
    assert tuned.is_exact
    assert tuned.step_optimizer is Optimizer.ADAM
    assert rateless_reason(tuned) is None
    assert TrainConfig().is_exact
    assert not TrainConfig(optimizer=Optimizer.ADAM).is_exact

"""Values to try come from the records of settings, and what is wrong with them is said."""

import pytest

from core.errors import ExperimentError
from core.experiments.tries import (
    ValueList,
    ValueRange,
    parse_try,
    try_from_json_dict,
    try_to_json_dict,
)
from core.settings.choices import Optimizer
from core.settings.config import SETTINGS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch-size=4,32", ValueList("batch_size", (4, 32))),
        ("batch_size=4", ValueList("batch_size", (4,))),
        ("--batch-size= 4 , 32 ,4", ValueList("batch_size", (4, 32))),
        ("learning-rate=1e-3,1", ValueList("learning_rate", (0.001, 1.0))),
        ("optimizer=adam,sgd", ValueList("optimizer", (Optimizer.ADAM, Optimizer.SGD))),
        ("fine-tune=off,on", ValueList("fine_tune", (False, True))),
        ("backbone=a,../b", ValueList("backbone", ("a", "../b"))),
        ("second-backbone=none,b", ValueList("second_backbone", ("", "b"))),
        ("gradient-clip=0,1", ValueList("clip_norm", (0.0, 1.0))),
        ("batch-size=4..64", ValueRange("batch_size", 4, 64)),
        ("learning-rate=log:0.0001..1", ValueRange("learning_rate", 0.0001, 1.0, is_log=True)),
        ("dropout=0..0.5", ValueRange("dropout", 0.0, 0.5)),
    ],
)
def test_lists_and_ranges_are_read_in_the_type_of_the_setting(text, expected):
    tried = parse_try(text)
    assert tried == expected
    values = tried.values if isinstance(tried, ValueList) else (tried.low, tried.high)
    assert {type(value) for value in values} == {SETTINGS[tried.name].kind}
    assert try_from_json_dict(try_to_json_dict(tried)) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("batch-size", "has no values"),
        ("no-such=1", "There is no setting “no-such”"),
        ("=1", "There is no setting"),
        ("seed=1,2", "--seeds"),
        ("batch-size=", "A value is missing"),
        ("batch-size=4,,8", "A value is missing"),
        ("batch-size=four", "“four” is no value of “batch-size”"),
        ("batch-size=4.5", "“4.5” is no value"),
        ("batch-size=0", "“batch-size” must be from 1 to 1,000,000. Received: 0"),
        ("dropout=nan", "“nan” is no value"),
        ("dropout=0.1,1", "“dropout” must be from 0 to below 1. Received: 1.0"),
        ("optimizer=magic", "must be one of adam"),
        ("fine-tune=maybe", "“maybe” is no value"),
        ("batch-size=8..4", "from a smaller value to a larger one"),
        ("batch-size=4..", "is no range"),
        ("batch-size=1..2..3", "is no range"),
        ("dropout=0..1", "must be from 0 to below 1"),
        ("learning-rate=log:0.1,1", "is no range"),
        ("l2=log:0..1", "begin above 0"),
        ("optimizer=log:adam..sgd", "has no range"),
        ("batch-size=999999999999999999999..4", "must be from 1"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(text, fault):
    with pytest.raises(ExperimentError) as caught:
        parse_try(text)
    assert fault in str(caught.value)

"""Ready-made experiments try what answers their question."""

from dataclasses import replace

import pytest

from core.errors import ExperimentError
from core.experiments.experiment import make_experiment
from core.experiments.ready_made import ReadyMade, plan
from core.settings.choices import Optimizer
from core.settings.config import TrainConfig

CONFIG = TrainConfig(seed=3)
SIZES = (700, 800, 1000)


def values(ready, config=CONFIG, sizes=SIZES):
    planned = plan(ready, config, sizes)
    (tried,) = planned.tries
    return planned.config, tried.name, tried.values


@pytest.mark.parametrize("ready", ReadyMade)
def test_each_can_be_planned_and_has_words(ready):
    planned = plan(ready, CONFIG, SIZES)
    experiment = make_experiment(
        name="e",
        sources=[],
        config=planned.config,
        tries=planned.tries,
        num_seeds=2,
        ready=ready,
    )
    assert experiment.num_runs >= 4
    assert ready.text
    assert ready.question.endswith("?")


@pytest.mark.parametrize("ready", [ReadyMade.BATCH_SIZE, ReadyMade.LEARNING_RATE])
def test_settings_of_steps_are_tried_with_steps(ready):
    assert values(ready)[0] == replace(CONFIG, optimizer=Optimizer.ADAM)
    sgd = replace(CONFIG, optimizer=Optimizer.SGD)
    assert values(ready, sgd)[0] == sgd


def test_the_questions_of_a_course_are_among_the_values():
    assert {4, 32} <= set(values(ReadyMade.BATCH_SIZE)[2])
    assert {0.001, 1.0} <= set(values(ReadyMade.LEARNING_RATE)[2])
    assert values(ReadyMade.FAST_OR_FINE_TUNED)[1:] == ("fine_tune", (False, True))


def test_backbones_are_those_on_this_computer():
    config, name, names = values(ReadyMade.BACKBONES, replace(CONFIG, second_backbone="other"))
    assert name == "backbone"
    assert "efficientnet-lite0" in names
    assert config.second_backbone == ""
    with pytest.raises(ExperimentError, match="one backbone"):
        plan(ReadyMade.BACKBONES, CONFIG, SIZES, list)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((100, 100), (5, 10, 20, 50, 0)),
        ((79, 79), (5, 10, 20, 50, 0)),
        ((77, 77), (5, 10, 20, 0)),
        ((7, 1000, 1000), (5, 10, 20, 50, 100, 200, 500, 0)),
        ((9, 9), (5, 0)),
    ],
)
def test_the_curve_goes_from_five_a_class_to_all_in_steps(sizes, expected):
    assert values(ReadyMade.LEARNING_CURVE, sizes=sizes)[1:] == ("images_per_class", expected)


@pytest.mark.parametrize("sizes", [(), (5, 5)])
def test_too_few_images_for_a_curve_are_told(sizes):
    with pytest.raises(ExperimentError, match="more than 5 training pictures"):
        plan(ReadyMade.LEARNING_CURVE, CONFIG, sizes)

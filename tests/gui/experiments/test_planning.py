"""From the dialog's texts to an experiment."""

from dataclasses import replace

import pytest

from core.backbones.store import list_backbones
from core.data.dataset import ImageSource
from core.errors import BackboneError, ExperimentError
from core.experiments.experiment import Kind
from core.experiments.ready_made import ReadyMade
from core.experiments.tries import ValueList, ValueRange
from core.settings.choices import Optimizer
from core.settings.config import SETTINGS, TrainConfig
from gui.experiments.planning import (
    Material,
    Wish,
    expectation_text,
    offered_values,
    plan_experiment,
    read_values,
)
from tests.program import SAMPLE

MATERIAL = Material(
    sources=(ImageSource(SAMPLE),),
    class_sizes=(40, 40, 40),
    backbones=("one", "two"),
)


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("batch_size", "4, 32", ValueList("batch_size", (4, 32))),
        ("batch_size", " 4..64 ", ValueRange("batch_size", 4, 64)),
        ("learning_rate", "log:0.001..1", ValueRange("learning_rate", 0.001, 1.0, is_log=True)),
        ("fine_tune", "off, on", ValueList("fine_tune", (False, True))),
        ("optimizer", "adam, sgd", ValueList("optimizer", (Optimizer.ADAM, Optimizer.SGD))),
        ("second_backbone", "none, two", ValueList("second_backbone", ("", "two"))),
    ],
)
def test_values_are_read_as_on_the_command_line(name, text, found):
    assert read_values(name, text) == found


@pytest.mark.parametrize("text", ["10, 20", "10..20"])
def test_fractions_are_in_percent_as_in_the_form(text):
    name = "fine_tune_fraction"
    expected = ValueRange(name, 0.1, 0.2) if ".." in text else ValueList(name, (0.1, 0.2))
    assert read_values(name, text) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Type values for “Batch size”"),
        ("0, 8", "“Batch size” must be from 1"),
        ("four", "“four” is no value of “Batch size”"),
        ("8..4", "The range of “Batch size” must go from"),
    ],
)
def test_faults_name_the_setting_as_the_form_does(text, fault):
    with pytest.raises(ExperimentError, match=fault):
        read_values("batch_size", text)


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "seed"])
def test_what_is_offered_can_be_tried(name):
    tried = read_values(name, offered_values(name, MATERIAL))
    assert isinstance(tried, ValueList)
    assert len(tried.values) > 1


def test_an_exact_fit_gives_way_to_steps_where_they_matter():
    planned = plan_experiment(MATERIAL, Wish(values=(("batch_size", "4, 32"),)))
    assert planned.experiment.config.optimizer is Optimizer.ADAM
    assert planned.note.endswith("so all runs use Adam.")
    planned = plan_experiment(MATERIAL, Wish(values=(("label_smoothing", "0, 0.1"),)))
    assert planned.experiment.config.optimizer is Optimizer.LBFGS
    assert planned.note == ""


def test_the_note_about_steps_comes_with_ready_made_ones_too():
    assert plan_experiment(MATERIAL, Wish(ReadyMade.BATCH_SIZE)).note
    assert not plan_experiment(MATERIAL, Wish(ReadyMade.FAST_OR_FINE_TUNED)).note
    with_steps = replace(MATERIAL, config=TrainConfig(optimizer=Optimizer.SGD))
    assert not plan_experiment(with_steps, Wish(ReadyMade.BATCH_SIZE)).note


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ((("fine_tune_epochs", "1, 2"),), "no effect in the mode Fast"),
        ((("augmented_versions", "1, 2"),), "no effect while augmentation is off"),
        ((("batch_size", "4"), ("batch_size", "8")), "there twice"),
    ],
)
def test_what_makes_no_difference_is_refused(values, fault):
    with pytest.raises(ExperimentError, match=fault):
        plan_experiment(MATERIAL, Wish(values=values))


def test_three_repeats_unless_it_is_a_search_or_others_are_chosen():
    grid = (("label_smoothing", "0, 0.1"),)
    assert plan_experiment(MATERIAL, Wish(values=grid)).experiment.seeds == (0, 1, 2)
    assert len(plan_experiment(MATERIAL, Wish(values=grid, num_seeds=5)).experiment.runs) == 10
    search = Wish(values=(("label_smoothing", "0..0.1"),), num_trials=7)
    experiment = plan_experiment(MATERIAL, search).experiment
    assert (experiment.kind, experiment.seeds, experiment.num_runs) == (Kind.SEARCH, (0,), 7)


@pytest.mark.parametrize("ready", list(ReadyMade))
def test_ready_made_ones_have_a_name_that_a_folder_can_have(ready, monkeypatch):
    if ready is ReadyMade.BACKBONES and len(list_backbones()) < 2:
        pytest.skip("one backbone")
    planned = plan_experiment(MATERIAL, Wish(ready))
    assert planned.experiment.ready == ready.value
    assert planned.experiment.name == ready.text.rstrip("?")
    assert f"{planned.experiment.num_runs} runs" in expectation_text(planned)


def test_no_backbone_comes_from_an_address_that_only_the_project_names():
    config = TrainConfig(backbone="https://example.org/model.tar.gz")
    with pytest.raises(BackboneError, match=r"example\.org"):
        plan_experiment(replace(MATERIAL, config=config), Wish(ReadyMade.BATCH_SIZE))

"""The dialog turns what is chosen into a wish, and starts only what was planned for it."""

import pytest

from core.experiments.ready_made import ReadyMade
from gui.experiments.planning import Material, Wish, plan_experiment
from gui.experiments.try_dialog import TryDialog
from tests.gui.experiments.conftest import STEPS

MATERIAL = Material(class_sizes=(40, 40), config=STEPS)


@pytest.fixture
def make(qtbot):
    def make_dialog(setting=""):
        dialog = TryDialog(MATERIAL, setting)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make_dialog


def test_it_begins_with_a_ready_made_experiment(make):
    assert make().wish() == Wish(ReadyMade.BATCH_SIZE)


def test_at_a_setting_it_begins_with_values_around_the_present_one(make):
    wish = make("learning_rate").wish()
    assert wish.ready is None
    assert wish.values == (("learning_rate", "0.0001, 0.001, 0.01"),)


def test_settings_are_added_and_removed(qtbot, make):
    dialog = make("batch_size")
    wishes = []
    dialog.wish_changed.connect(wishes.append)
    dialog._add.click()
    assert [name for name, _ in wishes[-1].values] == ["batch_size", "learning_rate"]
    dialog.rows[0]._remove.click()
    assert [name for name, _ in wishes[-1].values] == ["learning_rate"]
    assert dialog.rows[0]._remove.isHidden(), "the last one stays"


def test_another_setting_brings_its_own_values_in_one_step(make):
    dialog = make("batch_size")
    wishes = []
    dialog.wish_changed.connect(wishes.append)
    row = dialog.rows[0]
    row.settings.setCurrentIndex(row.settings.findData("optimizer"))
    (wish,) = wishes
    assert wish.values[0][0] == "optimizer"
    assert "adam" in wish.values[0][1]


def test_only_what_was_planned_can_be_started(qtbot, make):
    dialog = make("batch_size")
    started = []
    dialog.start_requested.connect(started.append)
    dialog.start.click()
    assert started == []
    planned = plan_experiment(MATERIAL, dialog.wish())
    dialog.show_planned(planned)
    assert dialog.expected().startswith("9 runs: 3 × 3, ")
    dialog.rows[0].values.setText("4")
    assert not dialog.start.isEnabled(), "the plan is not for these values"
    dialog.show_planned(planned)
    dialog.start.click()
    assert started == [planned]


def test_a_problem_is_shown_and_nothing_can_be_started(make):
    dialog = make()
    dialog.show_planned(plan_experiment(MATERIAL, dialog.wish()))
    dialog.show_problem("“Batch size” must be from 1.")
    assert dialog.expected() == "“Batch size” must be from 1."
    assert not dialog.start.isEnabled()


def test_a_search_has_its_own_number_of_repeats_and_combinations(make):
    dialog = make("batch_size")
    assert dialog.trials.isHidden()
    dialog.rows[0].values.setText("4..64")
    dialog.show_planned(plan_experiment(MATERIAL, dialog.wish()))
    assert not dialog.trials.isHidden()
    assert dialog.seeds.value() == 1
    assert dialog.expected().startswith("Search: up to 30 runs")
    dialog.trials.setValue(7)
    assert dialog.wish().num_trials == 7
    dialog.rows[0].values.setText("4, 64")
    dialog.show_planned(plan_experiment(MATERIAL, dialog.wish()))
    assert dialog.seeds.value() == 3
    assert dialog.trials.isHidden()


def test_repeats_that_the_user_chose_stay(make):
    dialog = make("batch_size")
    dialog.seeds.setValue(5)
    dialog.rows[0].values.setText("4..64")
    assert dialog.wish().num_seeds == 5
    dialog.show_planned(plan_experiment(MATERIAL, dialog.wish()))
    assert dialog.seeds.value() == 5

from dataclasses import fields

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox

from core.backbones.store import list_backbones
from core.config import ClassWeighting, Fit, Optimizer, TrainConfig
from gui.widgets.config_form import ConfigForm


@pytest.fixture
def form(qtbot):
    form = ConfigForm()
    qtbot.addWidget(form)
    form.set_backbones(list_backbones())
    form.show()
    return form


def test_every_setting_has_a_row_with_words_and_its_default(form):
    assert set(form.rows) == {field.name for field in fields(TrainConfig)}
    for row in form.rows.values():
        assert row.editor.accessibleName()
        assert row.editor.accessibleDescription()
        assert not row.is_marked
    assert form.config() == TrainConfig()


def test_settings_are_shown_and_come_back(form):
    config = TrainConfig(
        epochs=7,
        batch_size=10,
        learning_rate=0.05,
        optimizer=Optimizer.SGD,
        fit=Fit.PAD,
        class_weights=ClassWeighting.BALANCED,
        dropout=0.0,
        seed=12,
    )
    form.set_config(config)
    assert form.rows["epochs"].editor.value() == 7
    assert form.rows["learning_rate"].editor.text() == "0.05"
    assert form.config() == config


def test_a_change_is_sent_marked_and_taken_back(qtbot, form):
    with qtbot.waitSignal(form.config_changed) as changed:
        form.rows["epochs"].editor.setValue(12)
    assert changed.args[0] == TrainConfig(epochs=12)
    assert form.rows["epochs"].is_marked
    assert "50" in form.rows["epochs"].reset_button().toolTip()
    form.rows["epochs"].reset_button().click()
    assert form.config() == TrainConfig()
    assert not form.rows["epochs"].is_marked


@pytest.mark.parametrize("text", ["0.01", "1e-2", "0,01", " .01 "])
def test_numbers_may_be_typed_in_any_usual_way(form, text):
    form.rows["learning_rate"].editor.setText(text)
    assert form.config().learning_rate == 0.01


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("learning_rate", "fast"),
        ("learning_rate", ""),
        ("learning_rate", "-1"),
        ("dropout", "1"),
        ("validation_split", "0"),
        ("l2", "nan"),
    ],
)
def test_what_is_invalid_is_said_at_its_place_while_typing(qtbot, form, name, text):
    with qtbot.waitSignal(form.validity_changed) as validity:
        form.rows[name].editor.setText(text)
    assert validity.args == [False]
    assert form.rows[name].error()
    assert form.rows[name].editor.property("invalid") is True
    assert not any(row.error() for other, row in form.rows.items() if other != name)
    assert form.config() == TrainConfig()
    with qtbot.waitSignal(form.validity_changed):
        form.rows[name].editor.setText("0.1")
    assert not form.rows[name].error()


def test_shares_that_leave_nothing_to_train_on_are_named(form):
    form.rows["validation_split"].editor.setText("0.6")
    form.rows["test_split"].editor.setText("0.5")
    assert not form.is_valid
    assert form.rows["validation_split"].error()


def test_locked_form_takes_no_input(form):
    form.set_read_only(True)
    assert not any(row.editor.isEnabled() for row in form.rows.values())
    form.set_read_only(False)
    assert all(row.editor.isEnabled() for row in form.rows.values())


def test_backbones_are_offered_with_what_they_are_and_any_handle_can_be_typed(form):
    box = form.rows["backbone"].editor
    assert isinstance(box, QComboBox)
    assert box.itemText(0) == "efficientnet-lite0"
    box.setCurrentText("/somewhere/saved_model")
    assert form.config().backbone == "/somewhere/saved_model"


def test_editors_fit_their_settings(form):
    kinds = {int: QSpinBox, float: QLineEdit, bool: QCheckBox}
    for field in fields(TrainConfig):
        expected = kinds.get(type(field.default), QComboBox)
        assert isinstance(form.rows[field.name].editor, expected), field.name

from dataclasses import fields, replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTranslator
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from core.backbones.catalogue import catalogue
from core.backbones.store import embedded_folder, list_backbones
from core.data.pixels.augmentation import Flip
from core.settings.choices import ClassWeighting, Device, Optimizer, Schedule
from core.settings.config import SETTINGS, ResizeMode, TrainConfig
from core.settings.presets import Preset, apply_preset
from core.settings.setting import Group
from gui.train_settings.augmentation_preview import AugmentationPreview
from gui.train_settings.config_form import ConfigForm
from gui.widgets.segmented_choice import SegmentedChoice
from tests.program import SAMPLE

BY_STEPS = TrainConfig(optimizer=Optimizer.ADAM)


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


RECORD_TEXTS = {
    *(text for each in SETTINGS.values() for text in (each.label, each.unit, each.explanation)),
    *(group.heading for group in Group),
}


class Marking(QTranslator):
    """Translates the texts of settings' records, and nothing else."""

    def translate(self, _context, text, _disambiguation=None, _n=-1):
        return f"«{text}»" if text in RECORD_TEXTS else None


def test_texts_of_records_are_translated(qtbot, qapp):
    translator = Marking()
    qapp.installTranslator(translator)
    try:
        form = ConfigForm()
        qtbot.addWidget(form)
        form.rows["crop"].editor.setText("1")
    finally:
        qapp.removeTranslator(translator)
    for name, row in form.rows.items():
        assert row.editor.accessibleName() == f"«{SETTINGS[name].label}»"
    assert form.rows["features"].help() == f"«{SETTINGS['features'].explanation}»"
    assert form.fault == "«Crop» must be from 0 to below 1."
    titles = [each.text() for each in form.findChildren(QToolButton) if each.isCheckable()]
    assert any("«Augmentation»" in title for title in titles)


def test_settings_are_shown_and_come_back(form):
    config = TrainConfig(
        epochs=7,
        batch_size=10,
        learning_rate=0.05,
        optimizer=Optimizer.SGD,
        resize_mode=ResizeMode.PAD,
        class_weights=ClassWeighting.BALANCED,
        dropout=0.0,
        seed=12,
    )
    form.set_config(config)
    assert form.rows["epochs"].editor.value() == 7
    assert form.rows["learning_rate"].editor.text() == "0.05"
    assert form.config() == config


def test_a_change_is_sent_marked_and_taken_back(qtbot, form):
    sent = []
    form.config_changed.connect(sent.append)
    with qtbot.waitSignal(form.config_changed) as changed:
        form.rows["epochs"].editor.setValue(12)
    assert changed.args[0] == TrainConfig(epochs=12)
    assert form.rows["epochs"].is_marked
    assert "500" in form.rows["epochs"].reset_button().toolTip()
    form.rows["epochs"].reset_button().click()
    assert form.config() == TrainConfig()
    assert not form.rows["epochs"].is_marked
    assert sent == [TrainConfig(epochs=12), TrainConfig()]


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
    form.set_config(BY_STEPS)
    with qtbot.waitSignal(form.validity_changed) as validity:
        form.rows[name].editor.setText(text)
    assert validity.args == [False]
    assert form.rows[name].error()
    assert form.rows[name].editor.property("invalid") is True
    assert not any(row.error() for other, row in form.rows.items() if other != name)
    assert form.config() == BY_STEPS
    with qtbot.waitSignal(form.validity_changed):
        form.rows[name].editor.setText("0.1")
    assert not form.rows[name].error()


def test_fractions_that_leave_nothing_to_train_on_are_named(form):
    form.rows["validation_split"].editor.setText("0.6")
    form.rows["test_split"].editor.setText("0.5")
    assert not form.is_valid
    assert form.rows["validation_split"].error()


def test_locked_form_takes_no_input(form):
    form.set_config(TrainConfig(flip=Flip.BOTH))
    form.set_read_only(True)
    assert not any(row.editor.isEnabled() for row in form.rows.values())
    assert not form.presets.isEnabled()
    form.set_read_only(False)
    assert all(row.editor.isEnabled() for row in form.rows.values())
    assert form.presets.isEnabled()


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
        if field.name == "fine_tune":
            expected = SegmentedChoice
        assert isinstance(form.rows[field.name].editor, expected), field.name


def press(form, name):
    [button] = form.findChildren(QPushButton, name)
    button.click()


def test_a_preset_fills_the_form_and_own_settings_are_custom(form):
    sent = []
    form.config_changed.connect(sent.append)
    form.rows["seed"].editor.setValue(5)
    assert form.presets.preset() is Preset.BALANCED
    press(form, "Thorough")
    assert sent[-1] == form.config() == apply_preset(Preset.THOROUGH, TrainConfig(seed=5))
    form.rows["epochs"].editor.setValue(3)
    assert form.presets.preset() is None
    assert form.presets.is_custom
    press(form, "Quick")
    assert form.config() == apply_preset(Preset.QUICK, TrainConfig(seed=5))
    assert not form.presets.is_custom


def test_presets_say_how_long_they_take(form):
    form.set_times({Preset.QUICK: "about 9 s", Preset.THOROUGH: "about 4 min 0 s"})
    assert form.presets.choice.note(Preset.QUICK) == "about 9 s"
    assert form.presets.choice.note(Preset.BALANCED) == ""
    button = form.presets.choice.button(Preset.THOROUGH)
    assert button.accessibleDescription() == "about 4 min 0 s"


def test_settings_of_fine_tuning_show_when_it_is_on(form):
    epochs = form.rows["fine_tune_epochs"]
    assert not epochs.isVisible()
    press(form, "Fine-tune")
    assert form.config() == TrainConfig(fine_tune=True)
    assert epochs.isVisible()
    press(form, "Fast")
    assert form.config() == TrainConfig()
    assert not epochs.isVisible()


def test_the_mode_can_be_reset(form):
    press(form, "Fine-tune")
    form.rows["fine_tune"].reset_button().click()
    assert form.config() == TrainConfig()
    assert form.rows["fine_tune"].editor.value() is False


def test_nothing_out_of_sight_keeps_a_training_from_beginning(form):
    press(form, "Fine-tune")
    form.rows["fine_tune_learning_rate"].editor.setText("fast")
    assert not form.is_valid
    press(form, "Fast")
    assert form.is_valid
    assert form.config() == TrainConfig()
    assert form.rows["fine_tune_learning_rate"].editor.text() == "0.00001"


def test_an_exact_fit_hides_what_only_steps_follow(form):
    for group in form._groups.values():
        group.set_open(True)
    steps = ("batch_size", "learning_rate", "schedule", "dropout", "early_stopping_patience")
    assert not any(form.rows[name].isVisible() for name in steps)
    assert "iterations" in form.rows["epochs"].help()
    choose(form, "optimizer", Optimizer.ADAM)
    assert all(form.rows[name].isVisible() for name in steps)
    assert "passes over all" in form.rows["epochs"].help()
    form.rows["learning_rate"].editor.setText("0.5")
    form.rows["dropout"].editor.setText("much")
    assert not form.is_valid
    choose(form, "optimizer", Optimizer.LBFGS)
    assert form.is_valid
    assert form.config() == TrainConfig(learning_rate=0.5)
    assert not form._groups[Group.OVERFITTING].is_marked
    form.rows["hidden_units"].editor.setValue(8)
    assert all(form.rows[name].isVisible() for name in steps)
    assert "Adam" in form.rows["optimizer"].note()


def test_a_hidden_fault_goes_whatever_else_is_invalid(form):
    form.set_config(BY_STEPS)
    form.rows["learning_rate"].editor.setText("fast")
    form.rows["validation_split"].editor.setText("0.6")
    form.rows["test_split"].editor.setText("0.95")
    choose(form, "optimizer", Optimizer.LBFGS)
    assert form.rows["learning_rate"].editor.text() == "0.001"
    assert not form.rows["learning_rate"].error()
    assert form.rows["validation_split"].error()


def choose(form, name, value):
    editor = form.rows[name].editor
    editor.setCurrentIndex(editor.findData(value))


def test_a_second_backbone_is_offered_like_the_first_and_may_be_none(form):
    first, second = (form.rows[name].editor for name in ("backbone", "second_backbone"))
    names = [first.itemText(row) for row in range(first.count())]
    assert [second.itemText(row) for row in range(second.count())] == ["None", *names]
    tips = [first.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(first.count())]
    assert all(tips)
    offered = [second.itemData(row, Qt.ItemDataRole.ToolTipRole) for row in range(1, 1 + len(tips))]
    assert offered == tips
    assert second.currentText() == "None"
    second.setCurrentText("efficientnet-lite2")
    assert form.config() == TrainConfig(second_backbone="efficientnet-lite2")
    assert form.rows["second_backbone"].help().startswith("EfficientNet-Lite2")
    second.setCurrentText("/somewhere/saved_model")
    assert form.config().second_backbone == "/somewhere/saved_model"
    assert "SavedModel folder" in form.rows["second_backbone"].help()
    form.set_backbones(list_backbones())
    assert second.currentText() == "/somewhere/saved_model"
    second.setCurrentText("")
    assert form.config() == TrainConfig()
    form.choose_backbone("efficientnet-lite1", "second_backbone")
    assert form.config() == TrainConfig(second_backbone="efficientnet-lite1")
    assert form.rows["second_backbone"].reset_button().toolTip().endswith("None")
    form.rows["second_backbone"].reset_button().click()
    assert form.config() == TrainConfig()
    assert second.currentText() == "None"


def test_the_same_backbone_twice_is_noted(form):
    row = form.rows["second_backbone"]
    row.editor.setCurrentText(TrainConfig().backbone)
    assert "first backbone" in row.note()
    row.editor.setCurrentIndex(0)
    assert row.note() == ""


def test_settings_without_effect_say_why_and_take_no_input(form):
    copies = form.rows["augmented_versions"]
    assert not copies.editor.isEnabled()
    assert "augmentation is off" in copies.help()
    form.rows["rotation"].editor.setText("5")
    assert copies.editor.isEnabled()
    assert "No effect" not in copies.help()


def test_devices_that_are_not_there_stay_in_sight_but_cannot_be_chosen(form):
    form.set_num_gpus(0)
    box = form.rows["device"].editor
    model = box.model()
    assert [box.itemText(row) for row in range(4)] == ["Auto", "CPU", "GPU", "All GPUs"]
    assert [model.item(row).isEnabled() for row in range(4)] == [True, True, False, False]
    tip = box.itemData(2, Qt.ItemDataRole.ToolTipRole)
    assert tip == "No GPU was found on this computer"
    assert not form.rows["mixed_precision"].editor.isEnabled()
    form.set_config(TrainConfig(device=Device.GPU))
    assert "the CPU will be used" in form.rows["device"].note()
    form.set_num_gpus(1)
    assert [model.item(row).isEnabled() for row in range(4)] == [True, True, True, False]
    assert form.rows["mixed_precision"].editor.isEnabled()
    assert form.rows["device"].note() == ""
    form.set_num_gpus(2)
    assert model.item(3).isEnabled()


def test_choices_are_in_words(form):
    box = form.rows["schedule"].editor
    texts = {box.itemData(row): box.itemText(row) for row in range(box.count())}
    assert texts[Schedule.ONE_CYCLE] == "One cycle"
    assert texts[Schedule.REDUCE_ON_PLATEAU] == "Reduce on plateau"


def test_another_backbones_input_size_is_said_in_place(form):
    embedded, *_ = list_backbones()
    large = replace(embedded, name="large", title="Large", input_size=(299, 299))
    form.set_backbones([embedded, large])
    row = form.rows["backbone"]
    assert "on this computer" in row.help()
    form.choose_backbone("large")
    assert form.config().backbone == "large"
    assert "Large" in row.help()
    height, width = embedded.input_size
    assert row.note() == f"Input size is now 299×299 (was {width}×{height})."
    form.set_config(TrainConfig())
    assert row.note() == ""


def test_buttons_ask_for_backbones_and_learning_rates(qtbot, form):
    for button, setting in (("backbone", "backbone"), ("second backbone", "second_backbone")):
        with qtbot.waitSignal(form.backbone_choice_requested) as requested:
            press(form, f"Choose {button}…")
        assert requested.args == [setting]
    form.set_config(BY_STEPS)
    asked = []
    form.learning_rate_search_requested.connect(asked.append)
    press(form, "Find learning rate…")
    press(form, "Find fine-tuning rate…")
    assert asked == [False, True]
    form.set_learning_rate(0.0123456, is_fine_tuning=False)
    form.set_learning_rate(3e-5, is_fine_tuning=True)
    rates = {"learning_rate": 0.0123, "fine_tune_learning_rate": 3e-5}
    assert form.config() == replace(BY_STEPS, **rates)


def turn_wheel(widget):
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_scrolling_the_form_changes_no_setting(qtbot, form):
    editor = form.rows["epochs"].editor
    form.rows["features"].editor.setFocus()
    turn_wheel(editor)
    assert form.config() == TrainConfig()
    editor.setFocus()
    qtbot.waitUntil(editor.hasFocus, timeout=5_000)
    turn_wheel(editor)
    assert form.config() == TrainConfig(epochs=501)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"download_bytes": 14_200_000, "is_tf1": False}, "14.2 MB to download"),
        ({"download_bytes": None, "is_tf1": False}, "not downloaded yet"),
        ({"is_tf1": True}, "only in the old TF1 format, which is not supported"),
    ],
)
def test_a_backbone_of_the_catalogue_says_whether_it_can_be_fetched(
    form, monkeypatch, facts, expected
):
    entry = next(entry for entry in catalogue() if embedded_folder(entry.name) is None)
    sized = replace(entry, **facts)
    monkeypatch.setattr("gui.train_settings.config_form.find_entry", lambda _name: sized)
    form.choose_backbone(entry.name)
    assert form.rows["backbone"].help().startswith(entry.title)
    assert form.rows["backbone"].help().endswith(f" · {expected}")


def test_augmentation_is_shown_on_the_projects_images(qtbot, form):
    preview = form.findChild(AugmentationPreview)
    assert "Add pictures" in preview.message
    form.set_sample_images([SAMPLE / "brick" / "brick_01.jpg"])
    assert "Augmentation is off" in preview.message
    form._groups[Group.AUGMENTATION].set_open(True)
    form.rows["rotation"].editor.setText("20")
    qtbot.waitUntil(lambda: preview.message == "", timeout=20_000)


def test_a_fault_in_a_closed_group_comes_into_sight(form):
    group = form._groups[Group.AUGMENTATION]
    row = form.rows["crop"]
    assert not group.is_open
    row.editor.setText("1")
    assert group.is_open
    assert row.isVisible()
    assert form.fault == "Crop must be from 0 to below 1."
    group.set_open(False)
    form.rows["epochs"].editor.setValue(3)
    assert not group.is_open  # the person has seen it
    assert group.has_fault
    row.editor.setText("0.5")
    assert not group.has_fault
    assert form.fault == ""


def test_the_next_fault_is_told_when_one_is_mended(form):
    form.set_config(BY_STEPS)
    form.rows["crop"].editor.setText("1")
    form.rows["dropout"].editor.setText("much")
    faults = []
    form.validity_changed.connect(lambda is_valid: faults.append((is_valid, form.fault)))
    form.rows["dropout"].editor.setText("0.1")
    form.rows["crop"].editor.setText("0.1")
    assert faults == [(False, "Crop must be from 0 to below 1."), (True, "")]


def test_a_preset_puts_right_what_is_invalid_also_if_it_was_chosen_already(form):
    assert form.presets.preset() is Preset.BALANCED
    form.rows["crop"].editor.setText("1")
    assert form.presets.is_custom
    press(form, "Balanced")
    assert form.is_valid
    assert form.rows["crop"].editor.text() == "0"
    assert form.presets.preset() is Preset.BALANCED


def test_what_is_invalid_can_be_reset(form):
    form.rows["crop"].editor.setText("1")
    form.rows["crop"].reset_button().click()
    assert form.is_valid
    assert form.rows["crop"].editor.text() == "0"
    assert not form.rows["crop"].is_marked


def test_changes_that_no_training_would_see_say_so_and_can_still_be_made(form):
    form.set_config(TrainConfig(rotation=5.0, augmented_versions=0))
    rotation, preview = form.rows["rotation"], form.findChild(AugmentationPreview)
    assert rotation.help().startswith("No effect: Augmented versions is 0.")
    assert preview.legend == rotation.help()
    assert rotation.editor.isEnabled()
    assert "No effect" not in form.rows["crop"].help()
    form.rows["augmented_versions"].editor.setValue(1)
    assert "No effect" not in rotation.help()
    assert preview.legend.startswith("Left")


def test_a_closed_group_says_that_something_in_it_was_changed(form):
    group = form._groups[Group.AUGMENTATION]
    [heading] = [each for each in group.findChildren(QToolButton) if each.isCheckable()]
    assert not group.is_marked
    form.set_config(TrainConfig(crop=0.2))
    assert not group.is_open
    assert group.is_marked
    assert heading.text() == " Augmentation •"
    assert heading.accessibleName() == "Augmentation"
    assert "differ from the default" in heading.accessibleDescription()
    assert [group for group, each in form._groups.items() if each.is_marked] == [Group.AUGMENTATION]
    form.rows["crop"].editor.setText("0")
    assert heading.text() == " Augmentation"
    assert heading.accessibleDescription() == ""


def test_the_simple_view_says_what_differs_from_the_preset(form):
    form.show_all(False)
    assert form.presets.explanation() == Preset.BALANCED.explanation
    assert form.presets.differences() == ""
    form.set_config(TrainConfig(epochs=9))
    assert form.presets.differences() == "Like “Balanced”, except for Epochs: 9."
    form.show_all(True)  # where each is marked
    assert form.presets.differences() == ""


def test_an_invalid_setting_shows_all_of_them(form):
    form.show_all(False)
    told = []
    form.all_shown_changed.connect(told.append)
    form.rows["epochs"].editor.setValue(0)
    assert form.shows_all
    assert told == [True]
    assert form._all.has_fault
    form.show_all(False)  # may be closed all the same
    assert not form.shows_all
    form.presets.choice.button(Preset.QUICK).click()
    assert not form._all.has_fault

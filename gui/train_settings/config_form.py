"""The form of training settings."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.settings.config import SETTINGS, TrainConfig
from core.settings.presets import Preset, apply_preset, preset_of
from core.settings.setting import Group, SettingError
from gui.look.icons import icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.train_settings.augmentation_preview import AugmentationPreview
from gui.train_settings.backbone_words import backbone_facts, size_change
from gui.train_settings.preset_choice import PresetChoice
from gui.train_settings.preset_words import differences, preset_explanation
from gui.train_settings.setting_editor import (
    make_editor,
    offer_backbones,
    offer_devices,
    show_value,
    value_text,
)
from gui.train_settings.setting_faults import fault_text
from gui.train_settings.setting_relevance import (
    batch_norm_note,
    device_note,
    epochs_explanation,
    hidden_settings,
    idle_reasons,
    optimizer_note,
    second_backbone_note,
    unseen_changes,
)
from gui.train_settings.setting_texts import settings_by_group
from gui.train_settings.typed_settings import read_rows
from gui.widgets.setting_group import SettingGroup
from gui.widgets.setting_row import SettingRow

_DEFAULTS = TrainConfig()
_BACKBONES = ("backbone", "second_backbone")


class ConfigForm(QWidget):
    """Show and edit a `TrainConfig`; invalid values are reported while typing.

    Signals:
        config_changed: The new `TrainConfig`, whenever all values are valid.
        validity_changed: Whether all values are valid; also when another fault comes first.
        backbone_choice_requested: The user wants to see all backbones, to choose one for the
            setting of this name; answer with `choose_backbone`.
        all_shown_changed: Whether all settings are shown, or only presets.
        learning_rate_search_requested: Whether it is for fine-tuning; answer with
            `set_learning_rate`.
        values_requested: Try several values of the setting of this name; "" to choose it later.
    """

    config_changed = Signal(object)
    validity_changed = Signal(bool)
    backbone_choice_requested = Signal(str)
    learning_rate_search_requested = Signal(bool)
    all_shown_changed = Signal(bool)
    values_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = _DEFAULTS
        self._fault = ""
        self._is_filling = False
        self._num_gpus: int | None = None
        self._backbones: dict[str, BackboneInfo] = {}
        self._input_size: tuple[int, int] | None = None
        self.rows: dict[str, SettingRow] = {}
        self._groups: dict[Group, SettingGroup] = {}
        self.presets = PresetChoice()
        self.presets.preset_chosen.connect(self._on_preset_chosen)
        self._all = SettingGroup(tr("All settings"))
        self._all.set_open(True)
        self._all.open_changed.connect(self._on_all_opened)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, GRID, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.presets)
        self._try = QPushButton(icon("flask-conical"), tr("Try several values…"))
        self._try.setProperty("kind", "flat")
        self._try.clicked.connect(self._on_try_clicked)
        layout.addWidget(self._try, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._all)
        layout.addStretch(1)
        for group, names in settings_by_group().items():
            self._add_group(group, names)
        self._preview = AugmentationPreview()
        self._groups[Group.AUGMENTATION].add_first(self._preview)
        self._add_buttons()
        self._reset_all = QPushButton(icon("rotate-ccw"), tr("All defaults"))
        self._reset_all.setProperty("kind", "flat")
        self._reset_all.clicked.connect(self._on_reset_all_clicked)
        self._all.add(self._reset_all)
        self._fill(_DEFAULTS)

    def config(self) -> TrainConfig:
        """Return the last valid settings."""
        return self._config

    @property
    def is_valid(self) -> bool:
        """Whether all values in the form are valid."""
        return not self._fault

    @property
    def fault(self) -> str:
        """The fault of the first invalid setting; "" if all are valid."""
        return self._fault

    @property
    def shows_all(self) -> bool:
        """Whether all settings are shown, or only presets."""
        return self._all.is_open

    def show_all(self, shows_all: bool) -> None:
        """Show all settings, or only presets."""
        self._all.set_open(shows_all)

    def set_config(self, config: TrainConfig) -> None:
        """Show other settings; no signal is emitted."""
        self._config = config
        self._input_size = self._known_size(config.backbone)
        self.rows["backbone"].set_note("")
        self._fill(config)

    def set_backbones(self, infos: list[BackboneInfo]) -> None:
        """Offer backbones; others can be typed."""
        self._backbones = {info.name: info for info in infos}
        facts = [(name, backbone_facts(info)) for name, info in self._backbones.items()]
        self._is_filling = True
        for name in _BACKBONES:
            editor = self.rows[name].editor
            offer_backbones(editor, SETTINGS[name], facts)
            show_value(editor, SETTINGS[name], getattr(self._config, name))
        self._is_filling = False
        if self._input_size is None:
            self._input_size = self._known_size(self._config.backbone)
        self._show_states()

    def choose_backbone(self, name: str, setting: str = "backbone") -> None:
        """Set the backbone, or the second one, as if the user had typed its name."""
        show_value(self.rows[setting].editor, SETTINGS[setting], name)

    def set_learning_rate(self, learning_rate: float, *, is_fine_tuning: bool) -> None:
        """Set a learning rate, as if the user had typed it."""
        name = "fine_tune_learning_rate" if is_fine_tuning else "learning_rate"
        show_value(self.rows[name].editor, SETTINGS[name], float(f"{learning_rate:.3g}"))

    def set_num_gpus(self, count: int) -> None:
        """Offer the available devices; until this is called, all are offered."""
        self._num_gpus = count
        offer_devices(self.rows["device"].editor, count)
        self._show_states()

    def set_times(self, times: Mapping[Preset, str]) -> None:
        """Show how long training with each preset will take."""
        self.presets.set_times(times)

    def set_read_only(self, is_read_only: bool) -> None:
        """Lock the settings while training is in progress."""
        for row in self.rows.values():
            row.set_locked(is_read_only)
        self.presets.setEnabled(not is_read_only)
        self._reset_all.setEnabled(not is_read_only)
        self._try.setEnabled(not is_read_only)

    def set_sample_images(self, paths: Sequence[Path]) -> None:
        """Preview augmentation on these images."""
        self._preview.set_images(paths)

    def set_sample_bits(self, sample_bits: int | None) -> None:
        """Read images for previews as the training will; for `sample_bits` see `Decoding`."""
        self._preview.set_sample_bits(sample_bits)

    def _add_group(self, group: Group, names: Sequence[str]) -> None:
        """Add the rows of a group, under its heading if it has one."""
        if not group.heading:
            for name in names:
                self._all.add(self._make_row(name))
            return
        self._groups[group] = SettingGroup(shown(group.heading))
        self._all.add(self._groups[group])
        for name in names:
            self._groups[group].add(self._make_row(name))

    def _make_row(self, name: str) -> SettingRow:
        setting = SETTINGS[name]
        row = SettingRow(
            shown(setting.label),
            make_editor(name),
            shown(setting.unit) if setting.unit else "",
            shown(setting.explanation),
            is_stacked=name in _BACKBONES,
        )
        row.changed.connect(self._on_row_changed)
        row.reset_requested.connect(partial(self._on_reset_requested, name))
        if name != "seed":
            row.offer_try()
            row.try_requested.connect(partial(self._on_try_requested, name))
        self.rows[name] = row
        return row

    def _add_buttons(self) -> None:
        choose = _button(tr("Choose…"), tr("Choose backbone…"))
        choose.clicked.connect(self._on_choose_clicked)
        self.rows["backbone"].add_button(choose)
        choose_second = _button(tr("Choose…"), tr("Choose second backbone…"))
        choose_second.clicked.connect(self._on_choose_second_clicked)
        self.rows["second_backbone"].add_button(choose_second)
        find = _button(tr("Find…"), tr("Find learning rate…"))
        find.clicked.connect(self._on_find_clicked)
        self.rows["learning_rate"].add_button(find)
        find_tuning = _button(tr("Find…"), tr("Find fine-tuning rate…"))
        find_tuning.clicked.connect(self._on_find_tuning_clicked)
        self.rows["fine_tune_learning_rate"].add_button(find_tuning)

    def _known(self, backbone: str) -> BackboneInfo | CatalogueEntry | None:
        return self._backbones.get(backbone) or find_entry(backbone)

    def _known_size(self, backbone: str) -> tuple[int, int] | None:
        known = self._known(backbone)
        return None if known is None else known.input_size

    def _fill(self, config: TrainConfig) -> None:
        self._is_filling = True
        for name, row in self.rows.items():
            show_value(row.editor, SETTINGS[name], getattr(config, name))
        self._is_filling = False
        self._show_errors({})
        self._show_states()

    def _show_states(self) -> None:
        self._explain()
        hidden = hidden_settings(self._config)
        reasons = idle_reasons(self._config, self._num_gpus)
        unseen = unseen_changes(self._config)
        for name, row in self.rows.items():
            setting = SETTINGS[name]
            is_changed = bool(row.error()) or getattr(self._config, name) != setting.default
            row.set_state(is_changed=is_changed, default=value_text(setting, setting.default))
            # They have no effect now, but can still be edited here.
            reason = reasons.get(name) or unseen.get(name, "")
            row.set_idle(reason, takes_input=name in unseen)
            row.setVisible(name not in hidden)
        marked = {name for name, row in self.rows.items() if row.is_marked}
        changed = {SETTINGS[name].group for name in marked - hidden}
        for group, widget in self._groups.items():
            widget.mark_changed(group in changed)
        self._preview.set_config(self._config)
        tuning = self._groups[Group.FINE_TUNING]
        if tuning.isHidden() and self._config.fine_tune:
            tuning.set_open(True)
        tuning.setVisible(self._config.fine_tune)
        # Invalid settings match no preset, so that choosing any corrects them.
        self.presets.show_preset(preset_of(self._config) if self.is_valid else None)
        self._describe_preset()
        self._reset_all.setVisible(not self.is_valid or self._config != _DEFAULTS)

    def _describe_preset(self) -> None:
        # With all settings, each that is changed is marked.
        text = "" if self.shows_all or not self.is_valid else differences(self._config)
        self.presets.explain(preset_explanation(self._config), text)

    def _on_all_opened(self, shows_all: bool) -> None:
        self._describe_preset()
        self.all_shown_changed.emit(shows_all)

    def _explain(self) -> None:
        """Show what can only be said of these settings."""
        config, rows = self._config, self.rows
        other = tr("A SavedModel folder, its .tar.gz, or an address on TensorFlow Hub or Kaggle.")
        known = self._known(config.backbone)
        rows["backbone"].set_explanation(backbone_facts(known) if known else other)
        second = config.second_backbone.strip()
        known = self._known(second)
        text = (backbone_facts(known) if known else other) if second else ""
        rows["second_backbone"].set_explanation(
            text or shown(SETTINGS["second_backbone"].explanation)
        )
        rows["second_backbone"].set_note(second_backbone_note(config))
        rows["epochs"].set_explanation(epochs_explanation(config))
        rows["train_batch_norm"].set_note(batch_norm_note(config))
        rows["device"].set_note(device_note(config, self._num_gpus))
        rows["optimizer"].set_note(optimizer_note(config))

    def _show_size(self) -> None:
        """Show when another backbone takes images of another size."""
        size = self._known_size(self._config.backbone)
        if size is None or size == self._input_size:
            return
        if self._input_size is not None:
            self.rows["backbone"].set_note(size_change(self._input_size, size))
        self._input_size = size

    def _on_row_changed(self) -> None:
        if self._is_filling:
            return
        self._is_filling = True
        values, errors = read_rows(self.rows, self._config)
        self._is_filling = False
        if not errors:
            self._config = TrainConfig(**values)
            self._show_size()
        self._show_errors(errors)
        self._show_states()
        if not errors:
            self.config_changed.emit(self._config)

    def _change(self, config: TrainConfig) -> None:
        """Apply other settings on the user's behalf."""
        self.set_config(config)
        self.config_changed.emit(config)

    def _on_reset_requested(self, name: str) -> None:
        self._is_filling = True
        show_value(self.rows[name].editor, SETTINGS[name], SETTINGS[name].default)
        self._is_filling = False
        self._on_row_changed()

    def _on_preset_chosen(self, preset: Preset) -> None:
        self._change(apply_preset(preset, self._config))

    def _on_reset_all_clicked(self) -> None:
        self._change(_DEFAULTS)

    def _on_choose_clicked(self) -> None:
        self.backbone_choice_requested.emit("backbone")

    def _on_choose_second_clicked(self) -> None:
        self.backbone_choice_requested.emit("second_backbone")

    def _on_try_clicked(self) -> None:
        self.values_requested.emit("")

    def _on_try_requested(self, name: str) -> None:
        self.values_requested.emit(name)

    def _on_find_clicked(self) -> None:
        self.learning_rate_search_requested.emit(False)

    def _on_find_tuning_clicked(self) -> None:
        self.learning_rate_search_requested.emit(True)

    def _show_errors(self, errors: Mapping[str, SettingError]) -> None:
        """Show each error at its setting and bring it into view."""
        texts = {name: fault_text(errors[name]) for name in self.rows if name in errors}
        new = {name for name in errors if not self.rows[name].error()}
        for name, row in self.rows.items():
            row.set_error(texts.get(name, ""))
        for group, widget in self._groups.items():
            widget.mark_fault(any(SETTINGS[name].group is group for name in errors))
            if any(SETTINGS[name].group is group for name in new):
                widget.set_open(True)
        self._all.mark_fault(bool(errors))
        if new:
            self.show_all(True)
        fault = next(iter(texts.values()), "")
        if fault != self._fault:
            self._fault = fault
            self.validity_changed.emit(not fault)


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(name)
    return button

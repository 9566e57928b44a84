"""The form for the settings of a training."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.backbones.backbone import BackboneInfo
from core.config import TrainConfig
from gui.icons import icon
from gui.setting_texts import SettingText, setting_texts
from gui.theme import GRID
from gui.widgets.setting_row import Editor, SettingRow

_DEFAULTS = TrainConfig()
_LARGEST = {"epochs": 100_000, "batch_size": 65_536, "hidden_units": 65_536, "seed": 2**31 - 1}
_LARGEST_OTHER = 1_000_000
_TINY_SHARE = 1e-9


class ConfigForm(QWidget):
    """Shows a `TrainConfig` and lets it be changed; what is invalid is said while typing.

    Signals:
        config_changed: The new `TrainConfig`, whenever all values are valid.
        validity_changed: Whether they are.
    """

    config_changed = Signal(object)
    validity_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = _DEFAULTS
        self._is_valid = True
        self._is_filling = False
        self._backbones: dict[str, str] = {}
        self.rows: dict[str, SettingRow] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, GRID, 0)
        self._layout.setSpacing(GRID // 2)
        self._bodies: dict[str, QWidget] = {}
        for name, text in setting_texts().items():
            self._add_row(name, text)
        self._reset_all = QPushButton(icon("rotate-ccw"), self.tr("All defaults"))
        self._reset_all.setProperty("kind", "flat")
        self._reset_all.clicked.connect(self._on_reset_all_clicked)
        self._layout.addWidget(self._reset_all)
        self._layout.addStretch(1)
        self._fill(_DEFAULTS)

    def config(self) -> TrainConfig:
        """The settings that were valid last."""
        return self._config

    @property
    def is_valid(self) -> bool:
        """Whether all values that are shown can be used."""
        return self._is_valid

    def set_config(self, config: TrainConfig) -> None:
        """Show other settings; no signal is sent."""
        self._config = config
        self._fill(config)
        self._show_states()

    def set_backbones(self, infos: list[BackboneInfo]) -> None:
        """Offer backbones; one may be typed as well."""
        box = self.rows["backbone"].editor
        assert isinstance(box, QComboBox)
        self._is_filling = True
        box.clear()
        self._backbones = {info.name: self._describe(info) for info in infos}
        for name, description in self._backbones.items():
            box.addItem(name)
            box.setItemData(box.count() - 1, description, Qt.ItemDataRole.ToolTipRole)
        self._is_filling = False
        self._fill(self._config)

    def set_read_only(self, is_read_only: bool) -> None:
        """Keep the settings as they are while a training goes on."""
        for row in self.rows.values():
            row.editor.setEnabled(not is_read_only)
            row.reset_button().setEnabled(not is_read_only)
        self._reset_all.setEnabled(not is_read_only)

    def _describe(self, info: BackboneInfo) -> str:
        height, width = info.input_size
        text = self.tr("%1: %2×%3 pixels, %4 features, %5 million parameters, on this computer")
        million = QLocale().toString(info.parameters / 1e6, "f", 1)
        for mark, value in enumerate((info.title, width, height, info.feature_dim, million), 1):
            text = text.replace(f"%{mark}", str(value))
        return text

    def _add_row(self, name: str, text: SettingText) -> None:
        row = SettingRow(text.name, _make_editor(name), text.unit, text.explanation)
        row.changed.connect(self._on_row_changed)
        row.reset_requested.connect(self._on_reset_requested)
        self.rows[name] = row
        if text.group and text.group not in self._bodies:
            self._add_group(text.group)
        if text.group:
            body_layout = self._bodies[text.group].layout()
            assert body_layout is not None
            body_layout.addWidget(row)
        else:
            self._layout.addWidget(row)

    def _add_group(self, title: str) -> None:
        toggle = QToolButton()
        toggle.setText(f" {title}")
        toggle.setCheckable(True)
        toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        toggle.setIcon(icon("chevron-right"))
        toggle.setAccessibleName(title)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, GRID, 0, 0)
        inner.setSpacing(GRID // 2)
        body.hide()
        toggle.toggled.connect(body.setVisible)
        toggle.toggled.connect(
            lambda is_open: toggle.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        )
        self._bodies[title] = body
        self._layout.addWidget(toggle)
        self._layout.addWidget(body)

    def _fill(self, config: TrainConfig) -> None:
        self._is_filling = True
        for name, row in self.rows.items():
            _show_value(row.editor, getattr(config, name))
            row.set_error("")
        self._is_filling = False
        self._set_valid(True)
        self._show_states()

    def _show_states(self) -> None:
        named = self._backbones.get(self._config.backbone)
        other = self.tr("A SavedModel folder, a .tar.gz of one, or a hub address.")
        self.rows["backbone"].set_explanation(named or other)
        for name, row in self.rows.items():
            default = getattr(_DEFAULTS, name)
            is_changed = getattr(self._config, name) != default
            row.set_state(is_changed=is_changed, default=_text(default))
        self._reset_all.setVisible(self._config != _DEFAULTS)

    def _on_row_changed(self) -> None:
        if self._is_filling:
            return
        values: dict[str, Any] = {}
        errors: dict[str, str] = {}
        for name, row in self.rows.items():
            try:
                values[name] = _value(row.editor, getattr(_DEFAULTS, name))
            except ValueError:
                errors[name] = self.tr("Type a number.")
        errors |= _config_errors(values)
        for name, row in self.rows.items():
            row.set_error(errors.get(name, ""))
        self._set_valid(not errors)
        if not errors:
            self._config = TrainConfig(**values)
            self._show_states()
            self.config_changed.emit(self._config)

    def _on_reset_requested(self) -> None:
        sender = self.sender()
        for name, row in self.rows.items():
            if row is sender:
                _show_value(row.editor, getattr(_DEFAULTS, name))

    def _on_reset_all_clicked(self) -> None:
        self.set_config(_DEFAULTS)
        self.config_changed.emit(self._config)

    def _set_valid(self, is_valid: bool) -> None:
        if is_valid != self._is_valid:
            self._is_valid = is_valid
            self.validity_changed.emit(is_valid)


def _make_editor(name: str) -> Editor:
    default = getattr(_DEFAULTS, name)
    if isinstance(default, bool):
        return QCheckBox()
    if name == "backbone":
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setMinimumContentsLength(14)
        return box
    if isinstance(default, StrEnum):
        box = QComboBox()
        for choice in type(default):
            box.addItem(str(choice).capitalize(), choice)
        return box
    if isinstance(default, int):
        spin = QSpinBox()
        spin.setRange(0, _LARGEST.get(name, _LARGEST_OTHER))
        spin.setGroupSeparatorShown(True)
        return spin
    return QLineEdit()


def _show_value(editor: Editor, value: object) -> None:
    if isinstance(editor, QCheckBox):
        editor.setChecked(bool(value))
    elif isinstance(editor, QSpinBox):
        assert isinstance(value, int)
        editor.setValue(value)
    elif isinstance(editor, QLineEdit):
        editor.setText(_text(value))
    elif editor.isEditable():
        editor.setCurrentText(str(value))
    else:
        editor.setCurrentIndex(editor.findData(value))


def _value(editor: Editor, default: object) -> object:
    """The value shown; raises ValueError if it is no number where one is wanted."""
    if isinstance(editor, QCheckBox):
        return editor.isChecked()
    if isinstance(editor, QSpinBox):
        return editor.value()
    if isinstance(editor, QLineEdit):
        return float(editor.text().strip().replace(",", "."))
    if editor.isEditable():
        return editor.currentText()
    return type(default)(editor.currentData())  # type: ignore[call-arg]


def _config_errors(values: dict[str, Any]) -> dict[str, str]:
    """What `TrainConfig` says about each value, tried one by one so that all are named."""
    errors = {}
    for name in values:
        candidate = {name: values[name]}
        # What the two shares leave over is judged once, with the first of them.
        if name == "validation_split" and "test_split" in values:
            candidate["test_split"] = values["test_split"]
        elif name == "test_split":
            candidate["validation_split"] = _TINY_SHARE
        try:
            replace(_DEFAULTS, **candidate)
        except ValueError as error:
            errors[name] = _plain(str(error))
    return errors


def _plain(message: str) -> str:
    """`TrainConfig`'s message without the field's name and the value, which are in sight."""
    rule = message.partition("` ")[2].partition(". Received")[0]
    return f"{rule[:1].upper()}{rule[1:]}.".replace("`", "")


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)

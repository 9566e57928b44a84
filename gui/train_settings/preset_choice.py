"""The choice of a preset, each with its expected time."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.settings.presets import Preset
from gui.look.language import tr
from gui.look.theme import GRID
from gui.train_settings.choice_texts import choice_text
from gui.widgets.plain_text import PlainLabel
from gui.widgets.segmented_choice import SegmentedChoice


class PresetChoice(QWidget):
    """Choose a preset; shows when the settings match no preset.

    Signals:
        preset_chosen: The `Preset` that the user chose.
    """

    preset_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel(tr("Preset"))
        self._own = PlainLabel(tr("Custom"))
        self._own.setToolTip(tr("The settings match no preset."))
        self._own.setProperty("role", "help")
        self._own.setObjectName("Custom settings")
        keeps_place = self._own.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._own.setSizePolicy(keeps_place)
        self.choice = SegmentedChoice([(preset, choice_text(preset)) for preset in Preset])
        self.choice.setAccessibleName(tr("Preset"))
        self.choice.value_changed.connect(self.preset_chosen)
        self._explanation = PlainLabel()
        self._explanation.setObjectName("Preset explanation")
        self._explanation.setProperty("role", "help")
        self._explanation.setWordWrap(True)
        self._differences = PlainLabel()
        self._differences.setObjectName("Differences from the preset")
        self._differences.setProperty("role", "note")
        self._differences.setWordWrap(True)
        self._differences.hide()
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self._own)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(top)
        layout.addWidget(self.choice)
        layout.addWidget(self._explanation)
        layout.addWidget(self._differences)
        self.show_preset(Preset.BALANCED)

    def show_preset(self, preset: Preset | None) -> None:
        """Show which preset the settings match; None for custom settings."""
        self.choice.set_value(preset)
        self._own.setVisible(preset is None)

    def explain(self, explanation: str, differences: str) -> None:
        """Show what the preset does, and in what the settings differ from it; "" for nothing."""
        self._explanation.setText(explanation)
        self._differences.setText(differences)
        self._differences.setVisible(bool(differences))

    def explanation(self) -> str:
        """Return what is said about the preset."""
        return self._explanation.text()

    def differences(self) -> str:
        """Return in what the settings are said to differ from it."""
        return self._differences.text()

    def preset(self) -> Preset | None:
        """Return the preset shown; None for custom settings."""
        value = self.choice.value()
        return value if isinstance(value, Preset) else None

    @property
    def is_custom(self) -> bool:
        """Whether the settings are shown as custom."""
        return not self._own.isHidden()

    def set_times(self, times: Mapping[Preset, str]) -> None:
        """Show how long each preset will take; nothing for a missing one."""
        for preset in Preset:
            self.choice.set_note(preset, times.get(preset, ""))

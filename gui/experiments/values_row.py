"""A setting and the values to try of it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QToolButton, QWidget

from core.settings.config import SETTINGS
from gui.experiments.planning import Material, offered_values, values_help
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

_SETTING_WIDTH = 26 * GRID


class ValuesRow(QWidget):
    """Choose a setting and type its values.

    Args:
        setting: The setting at first.
        material: Settings and backbones, of which values are offered.

    Signals:
        changed: Another setting or other values.
        remove_requested: Remove this row, which is sent.
    """

    changed = Signal()
    remove_requested = Signal(object)

    def __init__(self, setting: str, material: Material, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._material = material
        self.settings = QComboBox()
        self.settings.setAccessibleName(tr("Setting"))
        self.settings.setFixedWidth(_SETTING_WIDTH)
        for name, each in SETTINGS.items():
            if name != "seed":
                self.settings.addItem(shown(each.label), name)
        self.settings.setCurrentIndex(self.settings.findData(setting))
        self.values = QLineEdit()
        self.values.setAccessibleName(tr("Values"))
        self._remove = QToolButton()
        self._remove.setIcon(icon("x", IconColor.MUTED))
        self._remove.setToolTip(tr("Remove this setting"))
        self._remove.setAccessibleName(tr("Remove this setting"))
        self._help = PlainLabel()
        self._help.setProperty("role", "help")
        self._help.setWordWrap(True)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self.settings, 0, 0)
        layout.addWidget(self.values, 0, 1)
        layout.addWidget(self._remove, 0, 2)
        layout.addWidget(self._help, 1, 1, 1, 2)
        layout.setColumnStretch(1, 1)
        self._offer()
        self.settings.currentIndexChanged.connect(self._on_setting_changed)
        self.values.textChanged.connect(self._on_values_changed)
        self._remove.clicked.connect(self._on_remove_clicked)

    @property
    def setting(self) -> str:
        """Name of the setting."""
        name: str = self.settings.currentData()
        return name

    def set_removable(self, is_removable: bool) -> None:
        """Show or hide the button that removes the row."""
        self._remove.setVisible(is_removable)

    def _offer(self) -> None:
        self.values.setText(offered_values(self.setting, self._material))
        self.values.setCursorPosition(0)
        self._help.setText(values_help(self.setting))

    def _on_setting_changed(self) -> None:
        # One signal for both.
        self.values.blockSignals(True)
        self._offer()
        self.values.blockSignals(False)
        self.changed.emit()

    def _on_values_changed(self, _text: str) -> None:
        self.changed.emit()

    def _on_remove_clicked(self) -> None:
        self.remove_requested.emit(self)

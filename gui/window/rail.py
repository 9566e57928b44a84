"""The rail at the left: a button a page, icon with its name under it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.theme import GRID
from gui.widgets.plain_text import plain_tooltip

_ICON = QSize(22, 22)


class Rail(QFrame):
    """Chooses the page.

    Signals:
        page_chosen: Position of the page.
    """

    page_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        # Not `idClicked`: assistive technology toggles a button without a click.
        self._group.idToggled.connect(self._on_toggled)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(GRID // 2, GRID, GRID // 2, GRID)
        self._layout.setSpacing(GRID // 2)
        self._layout.addStretch(1)

    def add_page(self, name: str, icon_name: str) -> None:
        """Add a button below the others; Ctrl and its number choose it."""
        position = len(self._group.buttons())
        button = QToolButton()
        button.setProperty("role", "page")
        button.setCheckable(True)
        button.setText(name)
        button.setIcon(icon(icon_name))
        button.setIconSize(_ICON)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setAccessibleName(name)
        button.setObjectName(f"Page {name}")
        button.setToolTip(plain_tooltip(f"{name} (Ctrl+{position + 1})"))
        self._group.addButton(button, position)
        self._layout.insertWidget(position, button)

    def set_page(self, position: int) -> None:
        """Show which page is there."""
        self._group.blockSignals(True)
        self._group.button(position).setChecked(True)
        self._group.blockSignals(False)

    def _on_toggled(self, position: int, is_checked: bool) -> None:
        if is_checked:
            self.page_chosen.emit(position)

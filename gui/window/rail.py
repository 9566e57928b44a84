"""The rail at the left: a button per page, an icon with a name below it."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import plain_tooltip

_ICON = QSize(22, 22)
_LEAST_WIDTH, _MOST_WIDTH = 11 * GRID, 13 * GRID
_AROUND_NAME = 19  # margins of the rail, and of a button
_FONT_SIZE = 12  # pixels, as in the style sheet


class Rail(QFrame):
    """Show a button for each page.

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

    def add_page(self, name: str, icon_name: str, digit: int) -> None:
        """Add a button below the others; `digit` is that of its shortcut."""
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
        button.setToolTip(plain_tooltip(tr("%1 (Ctrl+%2)", name, digit)))
        self._group.addButton(button, position)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._layout.insertWidget(position, button)
        # For the bold name of the page that is shown: layouts ask before there is a style sheet.
        font = QFont(self.font())
        font.setPixelSize(_FONT_SIZE)
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        # The pages need the room more than the whole of a long name, which the tooltip has.
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _MOST_WIDTH - _AROUND_NAME)
        button.setText(shown)
        width = metrics.horizontalAdvance(shown) + _AROUND_NAME
        self.setFixedWidth(max(self.minimumWidth(), _LEAST_WIDTH, width))

    def set_page(self, position: int) -> None:
        """Check the button of a page."""
        self._group.blockSignals(True)
        self._group.button(position).setChecked(True)
        self._group.blockSignals(False)

    def _on_toggled(self, position: int, is_checked: bool) -> None:
        if is_checked:
            self.page_chosen.emit(position)

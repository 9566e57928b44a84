"""A message on a page: what happened, and what to do."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

_ICON_SIZE = 20


class Severity(StrEnum):
    """The severity of a message; shown by icon and colour."""

    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


_ICONS = {
    Severity.INFO: ("info", IconColor.INFO),
    Severity.WARNING: ("triangle-alert", IconColor.WARNING),
    Severity.DANGER: ("circle-alert", IconColor.DANGER),
}


class Banner(QFrame):
    """Show a message, with buttons; hidden without one, and the user can close it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._details = ""
        self._buttons: list[QPushButton] = []
        self._icon = PlainLabel()
        self._icon.setFixedWidth(_ICON_SIZE + GRID)
        self._text = PlainLabel()
        self._text.setObjectName("Banner text")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = QPushButton(icon("copy"), tr("Copy details"))
        self._copy.setProperty("kind", "flat")
        self._copy.clicked.connect(self._on_copy_clicked)
        close = QToolButton()
        close.setIcon(icon("x", IconColor.MUTED))
        close.setAccessibleName(tr("Close the message"))
        close.setToolTip(tr("Close"))
        close.clicked.connect(self.clear)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        self._layout.setSpacing(GRID)
        self._layout.addWidget(self._icon)
        self._layout.addWidget(self._text, 1)
        self._layout.addWidget(self._copy)
        self._layout.addWidget(close)
        self.hide()

    def show_message(
        self,
        severity: Severity,
        text: str,
        *,
        details: str = "",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show a message in place of the one before.

        Args:
            severity: Its severity.
            text: A sentence or two, translated or a `core.text.Text`.
            details: Details for a report; can be copied.
            actions: Texts of buttons with their actions.
        """
        self.clear()
        text = shown(text)
        self._details = details
        name, color = _ICONS[severity]
        self._icon.setPixmap(icon(name, color).pixmap(_ICON_SIZE, _ICON_SIZE))
        self._text.setText(text)
        self._copy.setVisible(bool(details))
        for label, action in actions:
            self._add_button(label, action)
        self.setProperty("severity", severity.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleDescription(text)
        self.show()

    def clear(self) -> None:
        """Hide the message."""
        self.hide()
        self._text.clear()
        self._details = ""
        for button in self._buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self._buttons.clear()

    def text(self) -> str:
        """Return the message; "" for none."""
        return self._text.text()

    def buttons(self) -> dict[str, QPushButton]:
        """Return the action buttons by text."""
        return {button.text(): button for button in self._buttons}

    def _add_button(self, label: str, action: Callable[[], object]) -> None:
        button = QPushButton(label)
        button.clicked.connect(lambda _checked=False: action())
        self._layout.insertWidget(2 + len(self._buttons), button)
        self._buttons.append(button)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")

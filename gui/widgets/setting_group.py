"""A group of settings that opens and closes under its heading."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import plain_tooltip


class SettingGroup(QWidget):
    """Show settings under a heading; closed at first.

    Args:
        title: The heading.

    Signals:
        open_changed: Whether the group is open.
    """

    open_changed = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._is_changed = title, False
        self._toggle = QToolButton()
        self._toggle.setText(f" {title}")
        self._toggle.setCheckable(True)
        self._toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._toggle.setIcon(icon("chevron-right"))
        self._toggle.setAccessibleName(title)
        self._toggle.toggled.connect(self._on_toggled)
        self._body = QWidget()
        self._inner = QVBoxLayout(self._body)
        self._inner.setContentsMargins(0, GRID, 0, 0)
        self._inner.setSpacing(GRID // 2)
        self._body.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._body)

    def add(self, widget: QWidget) -> None:
        """Add a widget at the end."""
        self._inner.addWidget(widget)

    def add_first(self, widget: QWidget) -> None:
        """Add a widget right under the heading."""
        self._inner.insertWidget(0, widget)

    def set_open(self, is_open: bool) -> None:
        """Open or close the group."""
        self._toggle.setChecked(is_open)

    @property
    def is_open(self) -> bool:
        """Whether the group is open."""
        return self._toggle.isChecked()

    def mark_fault(self, has_fault: bool) -> None:
        """Mark the heading while the group has an invalid setting, also when it is closed."""
        if has_fault == self.has_fault:
            return
        self._toggle.setProperty("invalid", has_fault)
        self._toggle.style().unpolish(self._toggle)
        self._toggle.style().polish(self._toggle)
        self._describe()

    def mark_changed(self, is_changed: bool) -> None:
        """Mark the heading while the group has a setting other than its default."""
        self._is_changed = is_changed
        self._toggle.setText(f" {self._title} •" if is_changed else f" {self._title}")
        self._describe()

    @property
    def is_marked(self) -> bool:
        """Whether the heading is marked as changed."""
        return self._is_changed

    @property
    def has_fault(self) -> bool:
        """Whether the group has an invalid setting."""
        return self._toggle.property("invalid") is True

    def _describe(self) -> None:
        text = (
            tr("This group has settings that differ from the default.") if self._is_changed else ""
        )
        if self.has_fault:
            text = tr("This group has an invalid setting.")
        self._toggle.setAccessibleDescription(text)
        self._toggle.setToolTip(plain_tooltip(text))

    def _on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._toggle.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        self.open_changed.emit(is_open)

"""A heading of the form that opens and closes what stands under it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import plain_tooltip


class SettingGroup(QWidget):
    """Closed at first.

    Args:
        title: The heading.
    """

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
        """Put something under the heading, after what is there."""
        self._inner.addWidget(widget)

    def add_first(self, widget: QWidget) -> None:
        """Put something right under the heading."""
        self._inner.insertWidget(0, widget)

    def set_open(self, is_open: bool) -> None:
        """Open or close it."""
        self._toggle.setChecked(is_open)

    @property
    def is_open(self) -> bool:
        """Whether what stands under the heading is shown."""
        return self._toggle.isChecked()

    def mark_fault(self, has_fault: bool) -> None:
        """Mark the heading while something under it has to be mended, also when it is closed."""
        if has_fault == self.has_fault:
            return
        self._toggle.setProperty("invalid", has_fault)
        self._toggle.style().unpolish(self._toggle)
        self._toggle.style().polish(self._toggle)
        self._describe()

    def mark_changed(self, is_changed: bool) -> None:
        """Mark the heading while something under it isn't the default."""
        self._is_changed = is_changed
        self._toggle.setText(f" {self._title} •" if is_changed else f" {self._title}")
        self._describe()

    @property
    def is_marked(self) -> bool:
        """Whether something under the heading is shown as changed."""
        return self._is_changed

    @property
    def has_fault(self) -> bool:
        """Whether something under the heading has to be mended."""
        return self._toggle.property("invalid") is True

    def _describe(self) -> None:
        text = tr("Something in here differs from the default.") if self._is_changed else ""
        if self.has_fault:
            text = tr("Something in here has to be mended.")
        self._toggle.setAccessibleDescription(text)
        self._toggle.setToolTip(plain_tooltip(text))

    def _on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._toggle.setIcon(icon("chevron-down" if is_open else "chevron-right"))

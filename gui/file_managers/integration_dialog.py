"""The window that puts "Classify with Fieldguide" into the system's file managers."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.file_managers.entry import EntryState
from gui.file_managers.integration_rows import IntegrationRow
from gui.look.icons import IconColor, icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.banner import Banner, Severity
from gui.widgets.plain_text import PlainLabel, plain_tooltip

_WIDTH = 72 * GRID
_ICON_SIZE = 16


class IntegrationDialog(QDialog):
    """Emits what the user wants changed; a controller changes it. Not modal.

    Signals:
        install_requested: Name of an entry.
        remove_requested: Name of an entry.
    """

    install_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Integration dialog")
        self.setWindowTitle(tr("Right-click in the file manager"))
        self.setMinimumWidth(_WIDTH)
        self.banner = Banner()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(2, 1)
        self._buttons: dict[str, QPushButton] = {}
        self._labels: dict[str, QLabel] = {}
        self._rows: Sequence[IntegrationRow] = ()
        self._close = QPushButton(tr("Close"))
        self._close.clicked.connect(self.reject)
        self._close.setDefault(True)
        self._lay_out()

    def present(self) -> None:
        """Show the window in front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def set_rows(self, rows: Sequence[IntegrationRow]) -> None:
        """Show the state of the file managers, which are the same each time."""
        self._rows = rows
        for number, row in enumerate(rows):
            if row.name not in self._buttons:
                self._add_row(number, row)
            self._show_row(row)

    def set_busy(self, is_busy: bool) -> None:
        """Set whether something is being changed."""
        for row in self._rows:
            self._buttons[row.name].setEnabled(not is_busy and self._can_change(row))

    def show_hint(self, text: str) -> None:
        """Show what to do next."""
        self.banner.show_message(Severity.INFO, text)

    def show_failure(self, message: str, details: str) -> None:
        """Show why something failed; see `Banner.show_message`."""
        self.banner.show_message(Severity.DANGER, message, details=details)

    def clear_message(self) -> None:
        """Remove the message above the list."""
        self.banner.clear()

    def button(self, name: str) -> QPushButton:
        """Return the button that installs or removes an entry."""
        return self._buttons[name]

    def state_text(self, name: str) -> str:
        """Return the text about the state of an entry."""
        return self._labels[name].text()

    def _lay_out(self) -> None:
        purpose = PlainLabel(
            tr(
                "Adds “Classify with Fieldguide” to the right-click menu of pictures and folders, "
                "for your user account only. Removing it restores everything as it was."
            )
        )
        purpose.setProperty("role", "help")
        purpose.setWordWrap(True)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(purpose)
        layout.addWidget(self.banner)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        layout.addLayout(bottom)

    def _add_row(self, number: int, row: IntegrationRow) -> None:
        sign, title, state = PlainLabel(), PlainLabel(shown(row.title)), PlainLabel()
        sign.setObjectName(f"{row.name} sign")
        sign.setFixedWidth(_ICON_SIZE)
        title.setToolTip(plain_tooltip(row.files))
        state.setWordWrap(True)
        state.setProperty("role", "help")
        button = QPushButton()
        button.setAutoDefault(False)
        button.clicked.connect(partial(self._on_button_clicked, row.name))
        self._buttons[row.name], self._labels[row.name] = button, state
        for column, part in enumerate((sign, title, state, button)):
            self._grid.addWidget(part, number, column, Qt.AlignmentFlag.AlignVCenter)

    def _show_row(self, row: IntegrationRow) -> None:
        self._labels[row.name].setText(self._state_text(row))
        self._labels[row.name].setToolTip(plain_tooltip(shown(row.problem)))
        sign = self.findChild(QLabel, f"{row.name} sign")
        assert isinstance(sign, QLabel)
        name, color = "circle-check", IconColor.ACCENT
        if row.state in (EntryState.EDITED, EntryState.BLOCKED, EntryState.OUTDATED):
            name, color = "triangle-alert", IconColor.WARNING
        if row.state is EntryState.ABSENT:
            sign.clear()
        else:
            sign.setPixmap(icon(name, color).pixmap(_ICON_SIZE, _ICON_SIZE))
        button = self._buttons[row.name]
        is_installed = row.state is EntryState.INSTALLED
        button.setText(tr("Remove") if is_installed else tr("Install"))
        remove, install = tr("Remove from %1", row.title), tr("Install in %1", row.title)
        button.setAccessibleName(remove if is_installed else install)
        button.setEnabled(self._can_change(row))

    def _state_text(self, row: IntegrationRow) -> str:
        if row.state is EntryState.ABSENT and not row.is_present:
            return tr("Not on this computer")
        return {
            EntryState.ABSENT: tr("Not installed"),
            EntryState.INSTALLED: tr("Installed"),
            EntryState.OUTDATED: tr("Fieldguide has moved: install again"),
            EntryState.EDITED: tr("Modified outside Fieldguide"),
            EntryState.BLOCKED: tr("Blocked by another file"),
        }[row.state]

    def _can_change(self, row: IntegrationRow) -> bool:
        # If another file is in the way, pressing the button tells which.
        return row.is_present or row.state is not EntryState.ABSENT

    def _on_button_clicked(self, name: str, _checked: bool = False) -> None:
        row = next(row for row in self._rows if row.name == name)
        if row.state is EntryState.INSTALLED:
            self.remove_requested.emit(name)
        else:
            self.install_requested.emit(name)

"""Installs and removes the file managers' entries for the window."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.file_managers.entry import EntryState
from gui.file_managers.integration_rows import (
    IntegrationRow,
    install_entry,
    list_rows,
    remove_entry,
)
from gui.look.language import shown, tr
from gui.work.background import Task

if TYPE_CHECKING:
    from gui.file_managers.integration_dialog import IntegrationDialog


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationSource:
    """Functions of `core` that the controller calls in a thread; tests replace them."""

    list_rows: Callable[[], Sequence[IntegrationRow]] = list_rows
    install: Callable[[str], None] = install_entry
    remove: Callable[[str], None] = remove_entry


class IntegrationController(QObject):
    """Opens the list of file managers, and installs or removes entries from there.

    Args:
        window: Parent of the dialog.
        source: Functions of `core`.
    """

    def __init__(
        self,
        window: QWidget,
        source: IntegrationSource | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._window, self._source = window, source or IntegrationSource()
        self._dialog: IntegrationDialog | None = None
        self._task: Task | None = None

    @property
    def dialog(self) -> "IntegrationDialog":
        """The list, created on first use."""
        if self._dialog is None:
            # Imported late so that the window opens sooner.
            from gui.file_managers.integration_dialog import IntegrationDialog

            self._dialog = IntegrationDialog(self._window)
            self._dialog.install_requested.connect(self._on_install_requested)
            self._dialog.remove_requested.connect(self._on_remove_requested)
        return self._dialog

    def open(self) -> None:
        """Show the list."""
        self.dialog.clear_message()
        self.dialog.present()
        if self._task is None:
            self._begin(Task(lambda _context: self._source.list_rows(), self))

    def shutdown(self) -> None:
        """Ignore the result of what is in progress, and close the list."""
        if self._task is not None:
            self._task.cancel()
        if self._dialog is not None:
            self._dialog.close()

    def _on_install_requested(self, name: str) -> None:
        self._change(name, self._source.install, EntryState.INSTALLED)

    def _on_remove_requested(self, name: str) -> None:
        self._change(name, self._source.remove, EntryState.ABSENT)

    def _change(self, name: str, change: Callable[[str], None], wanted: EntryState) -> None:
        if self._task is not None:
            return
        self.dialog.clear_message()

        def work(_context: object) -> Sequence[IntegrationRow]:
            change(name)
            return self._source.list_rows()

        task = Task(work, self)

        def on_succeeded(rows: Sequence[IntegrationRow]) -> None:
            self._show_hint(next(row for row in rows if row.name == name), wanted)

        task.succeeded.connect(on_succeeded)
        self._begin(task)

    def _begin(self, task: Task) -> None:
        self._task = task
        task.succeeded.connect(self.dialog.set_rows)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        self.dialog.set_busy(True)
        task.start()

    def _show_hint(self, row: IntegrationRow, wanted: EntryState) -> None:
        if row.hint and row.state is wanted:
            self.dialog.show_hint(tr("%1: %2", row.title, row.hint))

    def _on_failed(self, message: str, details: str) -> None:
        self.dialog.show_failure(shown(message), details)

    def _on_ended(self) -> None:
        # It goes with this controller: `deleteLater` in a slot of its own `ended` crashed.
        self._task = None
        self.dialog.set_busy(False)

"""Shows how much disk space Fieldguide uses, and frees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.look.language import shown, tr
from gui.storage.storage_model import StorageKind, StorageRow
from gui.work.background import Task

if TYPE_CHECKING:
    from gui.storage.storage_dialog import StorageDialog

_IMAGES = ("archives", "thumbnails")


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageSource:
    """Functions of `core` that the controller calls in a thread; tests replace them.

    Attributes:
        list_rows: Returns all that takes room with its size.
        clear: Removes the contents of a row.
    """

    list_rows: Callable[[], Sequence[StorageRow]]
    clear: Callable[[StorageRow], None]


class StorageController(QObject):
    """Opens the list of caches and backbones, and removes what the user asks for there.

    Args:
        window: Parent of the dialog.
        source: Functions of `core`.

    Signals:
        backbones_changed: A backbone was removed.
        images_cleared: Unpacked images or thumbnails were removed.
        status_changed: The current activity, "" for none.
    """

    backbones_changed = Signal()
    images_cleared = Signal()
    status_changed = Signal(str)

    def __init__(
        self, window: QWidget, source: StorageSource, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._window, self._source = window, source
        self._dialog: StorageDialog | None = None
        self._task: Task | None = None
        self._cleared: StorageRow | None = None
        self._blocked = ""

    @property
    def dialog(self) -> "StorageDialog":
        """The list, created on first use."""
        if self._dialog is None:
            # Imported late so that the window opens sooner.
            from gui.storage.storage_dialog import StorageDialog

            self._dialog = StorageDialog(self._window)
            self._dialog.clear_requested.connect(self.clear)
            self._dialog.refresh_requested.connect(self.look_again)
        return self._dialog

    def open(self) -> None:
        """Show the list."""
        self.dialog.set_blocked(self._blocked)
        self.dialog.present()
        self.look_again()

    def set_blocked(self, reason: str) -> None:
        """Show why nothing can be removed now, such as during training; "" if something can."""
        self._blocked = reason
        if self._dialog is not None:
            self._dialog.set_blocked(reason)

    def look_again(self) -> None:
        """Calculate the sizes, unless something is in progress."""
        if self._task is None:
            self._begin(Task(lambda _context: self._source.list_rows(), self), "")

    def clear(self, row: StorageRow) -> None:
        """Remove the contents of a row, unless something is in progress."""
        if self._task is not None or self._blocked:
            return
        self._cleared = row
        self.dialog.clear_message()
        task = Task(lambda _context: self._clear_and_list(row), self)
        self._begin(task, tr("Removing %1", row.title))

    def shutdown(self) -> None:
        """Ignore the result of what is in progress, and close the list."""
        if self._task is not None:
            self._task.cancel()
        if self._dialog is not None:
            self._dialog.close()

    def _clear_and_list(self, row: StorageRow) -> Sequence[StorageRow]:
        self._source.clear(row)
        return self._source.list_rows()

    def _begin(self, task: Task, status: str) -> None:
        self._task = task
        task.succeeded.connect(self.dialog.set_rows)
        task.failed.connect(self._on_failed)
        task.ended.connect(self._on_ended)
        self.dialog.set_busy(True)
        self.status_changed.emit(status)
        task.start()

    def _on_failed(self, message: str, details: str) -> None:
        self.dialog.show_failure(shown(message), details)

    def _on_ended(self) -> None:
        # It goes with this controller: `deleteLater` in a slot of its own `ended` crashed.
        self._task = None
        cleared, self._cleared = self._cleared, None
        self.dialog.set_busy(False)
        self.status_changed.emit("")
        # Also after a failure: a part of it may be gone.
        if cleared is None:
            return
        if cleared.kind is StorageKind.BACKBONE:
            self.backbones_changed.emit()
        elif cleared.name in _IMAGES:
            self.images_cleared.emit()

"""Shows files in the system's file manager."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
from PySide6.QtGui import QDesktopServices

_NAME = "org.freedesktop.FileManager1"
_OBJECT = "/org/freedesktop/FileManager1"
_TIMEOUT_MS = 5_000


class FileManager(QObject):
    """Open folders with files selected, or just the folders if that fails."""

    def show_files(self, paths: Sequence[Path]) -> None:
        """Show files; they must exist."""
        files = list(paths)
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            self._open_folders(files)
            return
        message = QDBusMessage.createMethodCall(_NAME, _OBJECT, _NAME, "ShowItems")
        urls = [bytes(QUrl.fromLocalFile(str(path)).toEncoded().data()) for path in files]
        message.setArguments([[url.decode("ascii") for url in urls], ""])
        watcher = QDBusPendingCallWatcher(bus.asyncCall(message, _TIMEOUT_MS), self)
        watcher.finished.connect(partial(self._on_watcher_finished, files))

    def _on_watcher_finished(self, files: list[Path], watcher: QDBusPendingCallWatcher) -> None:
        if watcher.isError():
            self._open_folders(files)
        watcher.deleteLater()

    def _open_folders(self, files: Sequence[Path]) -> None:
        for folder in dict.fromkeys(path.parent for path in files):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

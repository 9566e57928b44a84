"""Detects changes in folders of images while the window is open."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from core.data.dataset import ImageSource
from gui.work.background import Task, TaskContext

# The system limits watches per user; with more folders, rescan by hand.
_MOST_FOLDERS = 500
_SETTLE_MS = 1_500
_DEPTH = 2


class DiskWatch(QObject):
    """Watch the folders of sources and their subfolders.

    Signals:
        changed: Something was added, removed or renamed in a folder; once for many changes.
    """

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_directory_changed)
        self._folder = ""
        self._task: Task | None = None
        self._timer = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._timer.timeout.connect(self._on_settled)

    def watch(self, sources: Sequence[ImageSource]) -> None:
        """Watch the folders of these sources only."""
        if self._task is not None:
            self._task.cancel()
        paths = [source.path for source in sources]

        def find(_context: TaskContext) -> list[str]:
            return list(_folders_below(paths))

        self._task = Task(find, self)
        self._task.succeeded.connect(self._on_folders_found)
        self._task.start()

    @property
    def folders(self) -> list[str]:
        """The folders that are watched."""
        return self._watcher.directories()

    def _on_folders_found(self, folders: list[str]) -> None:
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)
        if folders:
            self._watcher.addPaths(folders)
        self._timer.stop()

    def _on_directory_changed(self, folder: str) -> None:
        self._folder = folder
        self._timer.start()

    def _on_settled(self) -> None:
        self.changed.emit(self._folder)


def _folders_below(paths: Iterable[Path]) -> Iterable[str]:
    """Return the folders and their subfolders, breadth first, as many as may be watched."""
    level = [str(path) for path in paths if path.is_dir()]
    count = 0
    for _ in range(_DEPTH + 1):
        following: list[str] = []
        for folder in level:
            if count == _MOST_FOLDERS:
                return
            count += 1
            yield folder
            following.extend(_sub_folders(folder))
        level = following


def _sub_folders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []

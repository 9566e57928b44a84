"""The open project: changed through here, with undo, and kept in the library by itself."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.data.dataset import ImageSource
from core.data.edits.edits import Edits
from core.errors import FieldguideError
from core.library.entry import Entry
from core.library.library import create_entry, entry_of_file, valid_name
from core.project.project import Project
from core.project.project_file import PROJECT_SUFFIX, read_project, write_project
from core.settings.config import TrainConfig
from core.storage.app_dirs import data_dir
from gui.look.language import shown, tr
from gui.project.settings import Settings
from gui.work.background import Task, TaskContext

logger = logging.getLogger(__name__)

_SAVE_DELAY_MS = 400


class ProjectController(QObject):
    """Hold the project with undo and redo of changes to its images, and save it automatically.

    A project is part of the library from its first images on. Before, it is a draft, of which
    only the settings are kept.

    Attributes:
        entry: The project's place in the library; None for a draft.
        path: The file that it is saved to; None for a draft.

    Args:
        settings: Remembers which project was open.

    Signals:
        opened: Another project was opened; everything is to be shown anew.
        images_changed: Sources or edits changed, by an edit, undo or redo.
        title_changed: The name to show for the project.
        failed: A message to show: the project can't be read or saved.
    """

    opened = Signal()
    images_changed = Signal()
    title_changed = Signal(str)
    failed = Signal(str)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.project = Project()
        self.entry: Entry | None = None
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self._saving: Task | None = None
        # Of its own, to wait for: what is saved last must not be written first.
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._is_dirty = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._timer.timeout.connect(self._save)

    @property
    def title(self) -> str:
        """The project's name, that of its file for one without, or a text for a draft."""
        if self.path is None:
            return tr("New project")
        return self.project.name or self.path.stem

    @property
    def is_dirty(self) -> bool:
        """Whether there are unsaved changes."""
        return self._is_dirty or self._saving is not None

    def reopen(self) -> None:
        """Open the last project; an empty one if there is none or it is missing."""
        path = self._settings.last_project
        if path is not None and not path.is_file():
            self.failed.emit(tr("The project %1 no longer exists.", str(path)))
            path = None
        if path is not None:
            self.open(path)
        elif unnamed_file().is_file():
            self._read(unnamed_file(), None)
        else:
            self._show(Project(), None)

    def new(self) -> None:
        """Start an empty project; the one before stays in the library."""
        self.save_now()
        self._show(Project(), None)
        self._touch()

    def open(self, path: Path) -> None:
        """Open a project file; `failed` is emitted if that can't be done."""
        self.save_now()
        self._read(path.absolute(), path.absolute())

    def save_as(self, path: Path) -> None:
        """Save the project to a file of the user's from now on."""
        if path.suffix != PROJECT_SUFFIX:
            path = path.with_name(path.name + PROJECT_SUFFIX)
        path = path.absolute()
        self.save_now()
        before = self.path
        try:
            write_project(path, replace(self.project, name=path.stem))
            if self.entry is None:
                self.entry = entry_of_file(path)
            else:
                self.entry.refer_to_project(path)
                self.entry.own_project_file.unlink(missing_ok=True)
        except FieldguideError as error:
            self.failed.emit(shown(str(error)))
            return
        self.path = path
        self.rename(path.stem)
        if before is not None and not before.exists():
            self._settings.forget_recent_project(before)
        self._remember()

    def rename(self, name: str) -> None:
        """Give the project another name; a blank one is ignored."""
        if not name.strip() or self.path is None:
            return
        self.project = replace(self.project, name=valid_name(name))
        self._touch()
        self.title_changed.emit(self.title)

    def keep(self, name: str = "") -> bool:
        """Give a draft its place in the library; `failed` is emitted if that can't be done.

        Args:
            name: For a draft without images; by default one made of those.

        Returns:
            Whether the project has a place.
        """
        if self.entry is not None:
            return True
        try:
            self.entry = create_entry(replace(self.project, name=self.project.name or name))
            project = read_project(self.entry.project_file)
        except FieldguideError as error:
            self.failed.emit(shown(str(error)))
            return False
        self.path = self.entry.project_file
        self.project = replace(self.project, name=project.name)
        unnamed_file().unlink(missing_ok=True)
        self._remember()
        self.title_changed.emit(self.title)
        return True

    def set_images(self, sources: tuple[ImageSource, ...], edits: Edits, text: str) -> None:
        """Change sources and edits as one undo step, named `text`."""
        before = (self.project.sources, self.project.edits)
        self.undo_stack.push(_ImagesCommand(self, before, (sources, edits), text))

    def edit(self, edits: Edits, text: str) -> None:
        """Change the edits as one undo step."""
        self.set_images(self.project.sources, edits, text)

    def put_images(self, sources: tuple[ImageSource, ...], edits: Edits) -> None:
        """Set sources and edits; called by the commands of the undo stack."""
        self.project = replace(self.project, sources=sources, edits=edits)
        if sources:
            self.keep()
        self._touch()
        self.images_changed.emit()

    def set_config(self, config: TrainConfig) -> None:
        """Set the training settings."""
        if config != self.project.config:
            self.project = replace(self.project, config=config)
            self._touch()

    def set_last_run(self, run_dir: Path | None) -> None:
        """Set the run that belongs to the project."""
        if run_dir != self.project.last_run:
            self.project = replace(self.project, last_run=run_dir)
            self._touch()

    def star_run(self, run_dir: Path | None) -> None:
        """Choose the run whose model is the project's; None for the latest one."""
        if run_dir != self.project.starred_run:
            self.project = replace(self.project, starred_run=run_dir)
            self._touch()

    def forget_recent(self, path: Path) -> None:
        """Remove a project that was deleted from the recent ones."""
        self._settings.forget_recent_project(path)
        self.title_changed.emit(self.title)

    def save_now(self) -> None:
        """Save changes now, before the project is left."""
        self._timer.stop()
        self._pool.waitForDone()
        if self._is_dirty:
            self._is_dirty = False
            try:
                write_project(self.path or unnamed_file(), self.project)
            except FieldguideError as error:
                self.failed.emit(shown(str(error)))

    def _touch(self) -> None:
        self._is_dirty = True
        self._timer.start()

    def _save(self) -> None:
        if self._saving is not None:
            self._timer.start()
            return
        path, project = self.path or unnamed_file(), self.project
        self._is_dirty = False

        def write(_context: TaskContext) -> None:
            write_project(path, project)

        self._saving = Task(write, self)
        self._saving.failed.connect(self._on_save_failed)
        self._saving.ended.connect(self._on_save_ended)
        self._saving.start(self._pool)

    def _on_save_failed(self, message: str, _details: str) -> None:
        self._is_dirty = True
        self.failed.emit(message)

    def _on_save_ended(self) -> None:
        self._saving = None

    def _read(self, file: Path, path: Path | None) -> None:
        try:
            project = read_project(file)
        except FieldguideError as error:
            self.failed.emit(shown(str(error)))
            if path is None:
                self._show(Project(), None)
            return
        self._show(project, path)

    def _show(self, project: Project, path: Path | None) -> None:
        self.project, self.path = project, path
        self.entry = None if path is None else self._entry_of(path)
        self._is_dirty = False
        self.undo_stack.clear()
        if path is None and project.sources:  # of an earlier version, which had no library
            self.keep()
        self._remember()
        self.opened.emit()
        self.title_changed.emit(self.title)

    def _entry_of(self, path: Path) -> Entry | None:
        try:
            return entry_of_file(path)
        except FieldguideError as error:
            self.failed.emit(shown(str(error)))
            return None

    def _remember(self) -> None:
        self._settings.last_project = self.path
        if self.path is not None:
            self._settings.add_recent_project(self.path)


class _ImagesCommand(QUndoCommand):
    """One change to sources and edits, which are immutable and kept whole."""

    def __init__(
        self,
        controller: ProjectController,
        before: tuple[tuple[ImageSource, ...], Edits],
        after: tuple[tuple[ImageSource, ...], Edits],
        text: str,
    ) -> None:
        super().__init__(text)
        self._controller, self._before, self._after = controller, before, after

    def undo(self) -> None:
        self._controller.put_images(*self._before)

    def redo(self) -> None:
        self._controller.put_images(*self._after)


def unnamed_file() -> Path:
    """Return the file of a draft; in earlier versions, of a project without a name."""
    return data_dir() / f"untitled{PROJECT_SUFFIX}"

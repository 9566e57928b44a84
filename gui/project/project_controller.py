"""The open project: changed through here, with undo, and saved after every change."""

import logging
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.data.dataset import ImageSource
from core.data.edits.edits import Edits
from core.errors import FieldguideError
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
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self._saving: Task | None = None
        self._is_dirty = False
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_DELAY_MS)
        self._timer.timeout.connect(self._save)

    @property
    def title(self) -> str:
        """The name of the project's file, or a text for one without a name."""
        return self.path.stem if self.path else tr("Untitled project")

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
        """Start an empty project without a name."""
        self.save_now()
        self._show(Project(), None)
        self._touch()

    def open(self, path: Path) -> None:
        """Open a project file; `failed` is emitted if that can't be done."""
        self.save_now()
        self._read(path.absolute(), path.absolute())

    def save_as(self, path: Path) -> None:
        """Save the project to a file from now on."""
        if path.suffix != PROJECT_SUFFIX:
            path = path.with_name(path.name + PROJECT_SUFFIX)
        self.save_now()
        self.path = path.absolute()
        self._remember()
        self._touch()
        self.title_changed.emit(self.title)

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

    def save_now(self) -> None:
        """Save changes now, before the project is left."""
        self._timer.stop()
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
        self._saving.start()

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
        self._is_dirty = False
        self.undo_stack.clear()
        self._remember()
        self.opened.emit()
        self.title_changed.emit(self.title)

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
    """Return the file of a project without a name."""
    return data_dir() / f"untitled{PROJECT_SUFFIX}"

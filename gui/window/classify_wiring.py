"""Keeps the table of the page Classify with its project."""

from PySide6.QtCore import QObject, QThreadPool

from core.batch.kept_table import KeptTable, read_kept_table, write_kept_table
from core.library.entry import Entry
from gui.classify.classify_page import ClassifyPage
from gui.project.project_controller import ProjectController
from gui.work.background import Task, TaskContext


class ClassifyWiring(QObject):
    """Show the table of the open project, and no other.

    That of a draft is kept from the moment on at which the project has its place.

    Args:
        page: The page.
        project: The open project.
    """

    def __init__(self, page: ClassifyPage, project: ProjectController) -> None:
        super().__init__(page)
        self._page, self._project = page, project
        self._entry: Entry | None = None
        self._has_changed = False
        self._reading: Task | None = None
        # One after another: what is written last must not be read first.
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        page.table_changed.connect(self._on_table_changed)
        project.title_changed.connect(self._on_title_changed)
        project.opened.connect(self._on_project_opened)

    def shutdown(self) -> None:
        """Keep the table; returns when it is written."""
        if self._reading is not None:
            self._reading.cancel()
        self._has_changed |= self._page.is_classifying
        self._keep(self._page.kept_table())
        self._pool.waitForDone()

    def _on_table_changed(self) -> None:
        self._has_changed = True
        self._keep(self._page.kept_table())

    def _on_title_changed(self) -> None:
        """Keep the table of a draft that has just got its place."""
        if self._entry is None and self._project.entry is not None:
            self._entry = self._project.entry
            self._keep(self._page.kept_table())

    def _on_project_opened(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        self._has_changed |= self._page.is_classifying
        self._keep(self._page.leave_project())
        self._has_changed = False
        self._entry = self._project.entry
        if self._entry is None:
            return
        file = self._entry.classified_file

        def read(_context: TaskContext) -> KeptTable:
            return read_kept_table(file)

        self._reading = Task(read, self)
        self._reading.succeeded.connect(self._on_table_read)
        self._reading.start(self._pool)

    def _on_table_read(self, kept: KeptTable) -> None:
        self._reading = None
        self._page.show_kept_table(kept)
        if self._page.model.rowCount() != len(kept.images):  # others were classified meanwhile
            self._on_table_changed()

    def _keep(self, table: KeptTable) -> None:
        """Write a table, if it is another one than the file's."""
        if self._entry is None or not self._has_changed:
            return
        self._has_changed = False
        file = self._entry.classified_file

        def write(_context: TaskContext) -> None:
            write_kept_table(file, table)

        task = Task(write, self)
        task.failed.connect(self._page.show_failure)
        task.start(self._pool)

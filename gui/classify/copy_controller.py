"""Copies classified images into class folders, for the page Classify."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.batch.class_folders import (
    CopyPlan,
    CopySummary,
    copy_into_class_folders,
    plan_copies,
)
from core.models.named_image import NamedImage
from gui.classify.copy_dialog import CopyDialog
from gui.look.language import shown
from gui.work.background import Task, TaskContext

_REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Copyable:
    """The images that can be copied.

    Attributes:
        images: All classified images.
        shown: Those that the table shows.
        labels: All classes of the model.
        threshold: Probability below which an image is unknown.
    """

    images: Sequence[NamedImage]
    shown: Sequence[NamedImage]
    labels: tuple[str, ...]
    threshold: float


class CopyController(QObject):
    """Owns the dialog, and plans and copies in the background.

    Args:
        window: Parent of the dialog.

    Signals:
        finished: A `CopySummary`, and the folder.
    """

    finished = Signal(object, Path)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: CopyDialog | None = None
        self._copyable = Copyable((), (), (), 0.0)
        self._plan: CopyPlan | None = None
        self._last_folder: Path | None = None
        self._planning: Task | None = None
        self._copying: Task | None = None

    @property
    def dialog(self) -> CopyDialog | None:
        """The dialog, while it is open."""
        return self._dialog

    def open(self, copyable: Copyable) -> None:
        """Ask where to copy to."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        self._copyable = copyable
        dialog = CopyDialog(len(copyable.images), len(copyable.shown), self._window)
        dialog.plan_requested.connect(self._begin_plan)
        dialog.copy_requested.connect(self._begin_copy)
        dialog.cancel_requested.connect(self._on_cancel_requested)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        if self._last_folder is not None:
            dialog.set_folder(self._last_folder)
        self._begin_plan()
        dialog.open()

    def close(self) -> None:
        """Cancel what is in progress."""
        for task in (self._planning, self._copying):
            if task is not None:
                task.cancel()

    def _begin_plan(self) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if self._planning is not None:
            self._planning.cancel()
        dialog.clear_message()
        wanted = self._copyable.shown if dialog.shown_only else self._copyable.images
        make = partial(
            plan_copies,
            list(wanted),
            self._copyable.labels,
            dialog.folder or Path.home(),
            threshold=self._copyable.threshold,
            with_unknown=dialog.with_unknown,
        )
        self._planning = self._task(lambda _context: make(), self._on_planned)
        self._planning.start()

    def _begin_copy(self) -> None:
        dialog, plan = self._dialog, self._plan
        if dialog is None or plan is None or dialog.folder is None:
            return
        folder = self._last_folder = dialog.folder
        dialog.clear_message()
        dialog.set_busy(True)
        dialog.show_progress(0, plan.num_images)

        def copy(context: TaskContext) -> CopySummary:
            return copy_into_class_folders(plan, folder, _reporting(context, plan.num_images))

        self._copying = self._task(copy, partial(self._on_copied, folder))
        self._copying.progressed.connect(self._on_progressed)
        self._copying.ended.connect(self._on_copying_ended)
        self._copying.start()

    def _task(
        self, function: Callable[[TaskContext], object], on_done: Callable[..., None]
    ) -> Task:
        # They live as long as this controller: a task must not be deleted while it emits `ended`.
        task = Task(function, self)
        task.succeeded.connect(on_done)
        task.failed.connect(self._on_failed)
        return task

    def _on_planned(self, plan: CopyPlan) -> None:
        self._plan = plan
        if self._dialog is not None:
            self._dialog.show_plan(plan)

    def _on_progressed(self, done: int) -> None:
        if self._dialog is not None and self._plan is not None:
            self._dialog.show_progress(done, self._plan.num_images)

    def _on_copied(self, folder: Path, summary: CopySummary) -> None:
        if self._dialog is not None:
            self._dialog.set_busy(False)
            self._dialog.accept()
        self.finished.emit(summary, folder)

    def _on_cancel_requested(self) -> None:
        if self._copying is not None:
            self._copying.cancel()

    def _on_copying_ended(self) -> None:
        self._copying = None
        if self._dialog is not None:  # cancelled or failed
            self._dialog.set_busy(False)

    def _on_failed(self, message: str, details: str) -> None:
        if self._dialog is not None:
            self._dialog.show_failure(shown(message), details)

    def _on_dialog_finished(self, _result: int) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()


def _reporting(context: TaskContext, total: int) -> Callable[[int], None]:
    """Return a progress callback that stops after a cancel and reports ten times a second."""
    reported_at = 0.0

    def on_progress(done: int) -> None:
        nonlocal reported_at
        context.check()
        now = time.monotonic()
        if now - reported_at >= _REPORT_SECONDS or done == total:
            reported_at = now
            context.report(done)

    return on_progress

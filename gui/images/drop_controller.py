"""Drag and drop onto the window: says what a drop will do, and does it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from core.messages.events import Event, ImagesCounted
from core.messages.requests import CountImagesRequest
from core.worker.image_worker import run_image_worker
from core.worker.process import WorkerProcess
from gui.image_views.dropped import Dropped
from gui.images.class_question import ClassQuestion
from gui.images.images_page import ImagesPage
from gui.look.language import tr, tr_count
from gui.look.wording import counted_images
from gui.widgets.drop_overlay import DropOverlay
from gui.work.worker_task import WorkerTask

_COUNT_DELAY_MS = 150
"""A quick drop, or a drag across the window, needs no process."""


class DropController(QObject):
    """Handle drops for the whole window.

    Args:
        window: Accepts the drops.
        page: Knows the class at a point.
        labels: Returns the class names to choose from.

    Signals:
        sources_dropped: `ImageSource`s to add.
        project_dropped: A project file to open.
    """

    sources_dropped = Signal(list)
    project_dropped = Signal(Path)

    def __init__(
        self, window: QWidget, page: ImagesPage, labels: Callable[[], tuple[str, ...]]
    ) -> None:
        super().__init__(window)
        self._window, self._page, self._labels = window, page, labels
        self._overlay = DropOverlay(window)
        self._dropped = Dropped()
        self._counted = ""
        # In a process: a scan holds Python's lock, and a long one would make the window stutter.
        self._count = WorkerTask(partial(WorkerProcess, run_image_worker), self)
        self._count.event_received.connect(self._on_count_event)
        self._count_timer = QTimer(self, singleShot=True, interval=_COUNT_DELAY_MS)
        self._count_timer.timeout.connect(self._count_now)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def take(self, dropped: Dropped, label: str = "") -> None:
        """Handle dropped paths, asking for the class of loose images."""
        if dropped.project is not None:
            self.project_dropped.emit(dropped.project)
            return
        if dropped.images and not label:
            self._ask_for_class(dropped)
            return
        sources = dropped.sources(label)
        if sources:
            self.sources_dropped.emit(list(sources))

    def _ask_for_class(self, dropped: Dropped) -> None:
        if len(dropped.images) == 1:
            question = tr("Which class does “%1” show?", dropped.images[0].name)
        else:
            count = len(dropped.images)
            question = tr_count("Which class (does|do) the %n picture(s) show?", "", count)
        dialog = ClassQuestion(tr("Add pictures"), question, self._labels(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def add(label: str) -> None:
            folders = Dropped(dropped.folders, dropped.files).sources("")
            images = Dropped(images=dropped.images).sources(label)
            self.sources_dropped.emit([*folders, *images])

        dialog.answered.connect(add)
        dialog.open()

    @property
    def is_counting(self) -> bool:
        """Whether dragged images are being counted."""
        return self._count_timer.isActive() or self._count.is_busy

    def shutdown(self) -> None:
        """End the process that counts, and a drag; call before the window or application ends."""
        self._count_timer.stop()
        self._count.shutdown()
        if self._overlay.isVisible():
            # Qt would go on to tell a window of the drag that isn't there any more.
            QApplication.sendEvent(self._window, QDragLeaveEvent())

    def _start_counting(self) -> None:
        """Count classes and images for the text of the overlay."""
        self._stop_counting()
        if self._dropped.folders:
            self._count_timer.start()

    def _count_now(self) -> None:
        # Archives and lists are left alone: nothing is unpacked before it is dropped.
        sources = Dropped(folders=self._dropped.folders).sources("")
        self._count.begin(CountImagesRequest(sources=sources))

    def _stop_counting(self) -> None:
        self._counted = ""
        self._count_timer.stop()
        self._count.drop()

    @Slot(object)
    def _on_count_event(self, event: Event) -> None:
        # Without counts the text names the folder; the scan after the drop reports errors.
        if isinstance(event, ImagesCounted):
            self._show_counted(event.num_classes, event.num_images)

    def _show_counted(self, classes: int, images: int) -> None:
        self._counted = tr_count("Add %n class(es), %1", "", classes, counted_images(images))
        if self._overlay.isVisible():
            self._overlay.show_text(self._counted)

    def _show(self, point: QPoint) -> None:
        label = self._page.drop_label(self._window.mapToGlobal(point)) if self._can_label else ""
        self._page.light_up_class(label)
        text = self._counted if self._counted and not label else self._dropped.describe(label)
        self._overlay.show_text(text, self._page.class_list_area(self._window) if label else None)

    @property
    def _can_label(self) -> bool:
        return self._dropped.project is None and self._page.isVisible()

    def _hide(self) -> None:
        self._overlay.hide()
        self._page.light_up_class("")

    # Qt's own methods.

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):
            self._dropped = Dropped.from_mime(event.mimeData())
            self._start_counting()
        if isinstance(event, QDropEvent):  # moves and enters are drops to Qt
            self._on_drag_event(event)
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._stop_counting()
            self._hide()
            return True
        return super().eventFilter(watched, event)

    def _on_drag_event(self, event: QDropEvent) -> None:
        is_drop = not isinstance(event, QDragMoveEvent)
        if not self._dropped.is_usable:
            event.ignore()
            return
        # Never a move: the folder's owner would delete it after one.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        point = event.position().toPoint()
        if not is_drop:
            self._show(point)
            return
        self._stop_counting()
        self._hide()
        label = self._page.drop_label(self._window.mapToGlobal(point)) if self._can_label else ""
        self.take(Dropped.from_mime(event.mimeData()), label)

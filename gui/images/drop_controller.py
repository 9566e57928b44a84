"""Drag and drop onto the window: what it will do while dragging, and doing it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from core.data.scan import scan_images
from gui.images.class_question import ClassQuestion
from gui.images.images_page import ImagesPage
from gui.look.wording import pictures
from gui.pictures.dropped import Dropped
from gui.widgets.drop_overlay import DropOverlay
from gui.work.background import Task, TaskContext


class DropController(QObject):
    """Takes drops for the whole window.

    Args:
        window: Accepts the drops.
        page: Says onto which class a drop would go.
        labels: Gives the class names to choose from.

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
        self._count: Task | None = None
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def take(self, dropped: Dropped, label: str = "") -> None:
        """Do what a drop would do, asking for the class of loose pictures."""
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
        question = self.tr("Which class do the %1 show?")
        question = question.replace("%1", pictures(len(dropped.images)))
        if len(dropped.images) == 1:
            question = self.tr("Which class does “%1” show?").replace("%1", dropped.images[0].name)
        dialog = ClassQuestion(self.tr("Add pictures"), question, self._labels(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def add(label: str) -> None:
            folders = Dropped(dropped.folders, dropped.files).sources("")
            images = Dropped(images=dropped.images).sources(label)
            self.sources_dropped.emit([*folders, *images])

        dialog.answered.connect(add)
        dialog.open()

    def _start_counting(self) -> None:
        """Count classes and pictures in the background, for the text of the overlay."""
        self._stop_counting()
        sources = self._dropped.sources("")
        if not self._dropped.folders:
            return

        def count(context: TaskContext) -> tuple[int, int]:
            def go_on(_found: int) -> None:
                context.check()

            folders = [source for source in sources if source.path.is_dir()]
            dataset = scan_images(folders, on_progress=go_on)
            return len(dataset.labels), len(dataset.images)

        self._count = Task(count, self)
        self._count.succeeded.connect(self._on_counted)
        self._count.start()

    def _stop_counting(self) -> None:
        self._counted = ""
        if self._count is not None:
            self._count.cancel()
            self._count = None

    def _on_counted(self, counts: tuple[int, int]) -> None:
        classes, images = counts
        text = self.tr("Add 1 class, %2") if classes == 1 else self.tr("Add %1 classes, %2")
        self._counted = text.replace("%1", str(classes)).replace("%2", pictures(images))
        if self._overlay.isVisible():
            self._overlay.show_text(self._counted)

    def _show(self, point: QPoint) -> None:
        label = self._page.drop_label(self._window.mapToGlobal(point)) if self._can_label else ""
        self._page.class_list.light_up(label)
        text = self._counted if self._counted and not label else self._dropped.describe(label)
        self._overlay.show_text(text, self._class_list_area() if label else None)

    @property
    def _can_label(self) -> bool:
        return self._dropped.project is None and self._page.isVisible()

    def _class_list_area(self) -> QRect:
        widget = self._page.class_list
        return QRect(widget.mapTo(self._window, QPoint(0, 0)), widget.size())

    def _hide(self) -> None:
        self._overlay.hide()
        self._page.class_list.light_up("")

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

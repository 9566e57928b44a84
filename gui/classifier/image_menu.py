"""The menu of images, the same wherever they are shown."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QWidget

from gui.classifier.answer_popup import AnswerPopup
from gui.classifier.classifier_service import ClassifierService
from gui.image_views.file_manager import FileManager
from gui.look.icons import icon
from gui.look.language import tr, tr_count
from gui.widgets.plain_text import show_plainly
from gui.work.background import Task, TaskContext


class ImageMenu(QObject):
    """Opens the menu; does what doesn't change the project, and emits requests for the rest.

    Args:
        classifier: Classifies images.
        parent_widget: Owns the menus and dialogs.

    Signals:
        move_requested: Images, and their new class.
        exclude_requested: Images to exclude from training.
        include_requested: Images to include in training again.
        open_in_classify_requested: Images to show on the page Classify.
    """

    move_requested = Signal(list, str)
    exclude_requested = Signal(list)
    include_requested = Signal(list)
    open_in_classify_requested = Signal(list)

    def __init__(self, classifier: ClassifierService, parent_widget: QWidget) -> None:
        super().__init__(parent_widget)
        self._classifier, self._window = classifier, parent_widget
        self._file_manager = FileManager(self)
        self._paths: list[Path] = []
        self._point = QPoint()
        self._look: Task | None = None

    def popup(
        self,
        paths: Sequence[Path],
        global_pos: QPoint,
        labels: tuple[str, ...] = (),
        editable: bool = False,
        excluded: bool = False,
    ) -> None:
        """Open the menu for images; does nothing without any.

        Args:
            labels: Classes to which they can be moved.
            editable: Whether they belong to the project.
            excluded: Whether they are excluded from training now.
        """
        if not paths:
            return
        self._paths, self._point = list(paths), global_pos
        menu = QMenu(self._window)
        menu.setObjectName("Picture menu")
        self._add_classify(menu)
        if editable:
            menu.addSeparator()
            self._add_classes(menu, labels)
            self._add_exclude(menu, excluded=excluded)
        menu.addSeparator()
        self._add(menu, "folder", tr("&Show in file manager"), self._on_show_triggered)
        copy = tr_count("Copy &path(s)", "", len(paths))
        self._add(menu, "copy", copy, self._on_copy_triggered)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(global_pos)

    def _add_classify(self, menu: QMenu) -> None:
        text = tr("&Classify")
        if len(self._paths) > 1:
            text = tr_count("&Classify %n picture(s)", "", len(self._paths))
        self._add(menu, "sparkles", text, self._on_classify_triggered)

    def _add_classes(self, menu: QMenu, labels: tuple[str, ...]) -> None:
        classes = menu.addMenu(icon("tag"), tr("&Move to class"))
        for label in labels:
            action = classes.addAction(label.replace("&", "&&"))
            action.triggered.connect(partial(self._on_class_triggered, label))
        classes.addSeparator()
        self._add(classes, "plus", tr("&New class…"), self._on_new_class_triggered)

    def _add_exclude(self, menu: QMenu, *, excluded: bool) -> None:
        if excluded:
            self._add(menu, "eye", tr("&Include in training"), self._on_include_triggered)
        else:
            self._add(menu, "eye-off", tr("&Exclude from training"), self._on_exclude_triggered)

    def _add(self, menu: QMenu, icon_name: str, text: str, slot: object) -> None:
        action = menu.addAction(icon(icon_name), text)
        action.triggered.connect(slot)

    def _on_classify_triggered(self) -> None:
        if len(self._paths) > 1:
            self.open_in_classify_requested.emit(list(self._paths))
            return
        popup = AnswerPopup(self._classifier, self._paths[0], self._window)
        popup.open_in_classify_requested.connect(self._on_open_in_classify_requested)
        popup.ask(self._point)

    def _on_open_in_classify_requested(self, path: Path) -> None:
        self.open_in_classify_requested.emit([path])

    def _on_class_triggered(self, label: str, _is_checked: bool = False) -> None:
        self.move_requested.emit(list(self._paths), label)

    def _on_new_class_triggered(self) -> None:
        dialog = QInputDialog(self._window)
        paths = list(self._paths)
        dialog.setWindowTitle(tr("New class"))
        dialog.setLabelText(tr_count("Name of the new class for %n picture(s):", "", len(paths)))
        dialog.setOkButtonText(tr("Move to the new class"))

        def move(label: str) -> None:
            if label.strip():
                self.move_requested.emit(paths, label.strip())

        dialog.textValueSelected.connect(move)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_exclude_triggered(self) -> None:
        self.exclude_requested.emit(list(self._paths))

    def _on_include_triggered(self) -> None:
        self.include_requested.emit(list(self._paths))

    def _on_copy_triggered(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(map(str, self._paths)))

    def _on_show_triggered(self) -> None:
        paths = list(self._paths)

        def existing(_context: TaskContext) -> list[Path]:
            return [path for path in paths if path.exists()]

        self._look = Task(existing)
        self._look.succeeded.connect(self._show_existing)
        self._look.start()

    def _show_existing(self, existing: list[Path]) -> None:
        if existing:
            self._file_manager.show_files(existing)
            return
        text = tr("%1 no longer exists.", str(self._paths[0]))
        if len(self._paths) > 1:
            text = tr("These pictures no longer exist.")
        box = QMessageBox(QMessageBox.Icon.Warning, tr("Show in file manager"), text)
        box.setParent(self._window, box.windowFlags())
        box.setInformativeText(tr("Rescan the folders (F5) to see what has changed."))
        box.finished.connect(box.deleteLater)
        show_plainly(box)
        box.open()

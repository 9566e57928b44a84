"""Asks where to copy images to, and shows the plan and the progress."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.batch.class_folders import CopyPlan
from gui.look.language import tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.widgets.banner import Banner, Severity
from gui.widgets.plain_text import PlainLabel

_WIDTH = 68 * GRID


class CopyDialog(QDialog):
    """Destination, options, plan and progress; a controller does the work.

    Args:
        num_all: Number of classified images.
        num_shown: How many of them pass the filters.

    Signals:
        plan_requested: An option has changed.
        copy_requested: Copy according to the plan.
        cancel_requested: Cancel copying.
    """

    plan_requested = Signal()
    copy_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, num_all: int, num_shown: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Copy into class folders"))
        self.setMinimumWidth(_WIDTH)
        self._is_busy = False
        self._plan: CopyPlan | None = None
        self.banner = Banner()
        self._place = QLineEdit()
        self._place.setObjectName("Destination")
        self._place.setAccessibleName(tr("Destination"))
        self._place.setPlaceholderText(tr("New or existing folder"))
        self._choose = QPushButton(tr("Choose…"))
        self._shown_only = QCheckBox(
            tr_count("Only the %n picture(s) shown in the table", "", num_shown)
        )
        self._shown_only.setVisible(num_shown < num_all)
        self._with_unknown = QCheckBox(tr("Include unknown pictures, in a separate folder"))
        self._with_unknown.setChecked(True)
        self._folders = QListWidget()
        self._folders.setAccessibleName(tr("Pictures to copy"))
        self._folders.setObjectName("Copy plan")
        self._folders.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self._sum = PlainLabel()
        self._sum.setObjectName("Copy sum")
        self._sum.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(tr("Copied"))
        self._copy = QPushButton(tr("Copy"))
        self._copy.setObjectName("Copy pictures")
        self._copy.setProperty("kind", "primary")
        self._cancel = QPushButton(tr("Cancel"))
        self._lay_out()
        self._connect()
        self._show_state()

    @property
    def folder(self) -> Path | None:
        """The folder for the class folders; None before one is named."""
        text = self._place.text().strip()
        return Path(text).expanduser() if text else None

    @property
    def shown_only(self) -> bool:
        """Whether to copy only the images that the table shows."""
        return self._shown_only.isChecked()

    @property
    def with_unknown(self) -> bool:
        """Whether to copy unknown images too."""
        return self._with_unknown.isChecked()

    def set_folder(self, folder: Path) -> None:
        """Set the destination."""
        self._place.setText(str(folder))

    def show_plan(self, plan: CopyPlan) -> None:
        """Show what will be copied."""
        self._plan = plan
        self._folders.clear()
        for name, paths in plan.targets:
            self._folders.addItem(tr_count("%1 – %n picture(s)", "", len(paths), name))
        self._sum.setText(_plan_text(plan))
        self._show_state()

    def show_failure(self, message: str, details: str) -> None:
        """Show why something failed; see `Banner.show_message`."""
        self.banner.show_message(Severity.DANGER, message, details=details)

    def clear_message(self) -> None:
        """Remove the message above the buttons."""
        self.banner.clear()

    def show_progress(self, done: int, total: int) -> None:
        """Show how many images are copied."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def set_busy(self, is_busy: bool) -> None:
        """Set whether copying is in progress."""
        self._is_busy = is_busy
        self._show_state()

    def _lay_out(self) -> None:
        self._sum.setProperty("role", "help")
        place = QHBoxLayout()
        place.setSpacing(GRID)
        place.addWidget(self._place, 1)
        place.addWidget(self._choose)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addWidget(self._bar, 1)
        bottom.addStretch(1)
        bottom.addWidget(self._cancel)
        bottom.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(PlainLabel(tr("Create class folders in")))
        layout.addLayout(place)
        layout.addWidget(self._shown_only)
        layout.addWidget(self._with_unknown)
        layout.addSpacing(GRID)
        layout.addWidget(self._folders, 1)
        layout.addWidget(self._sum)
        layout.addWidget(self.banner)
        layout.addSpacing(GRID)
        layout.addLayout(bottom)

    def _connect(self) -> None:
        self._choose.clicked.connect(self._on_choose_clicked)
        self._place.textChanged.connect(self.plan_requested)
        self._shown_only.toggled.connect(self.plan_requested)
        self._with_unknown.toggled.connect(self.plan_requested)
        self._copy.clicked.connect(self.copy_requested)
        self._cancel.clicked.connect(self.reject)

    def _show_state(self) -> None:
        for part in (self._place, self._choose, self._shown_only, self._with_unknown):
            part.setEnabled(not self._is_busy)
        is_ready = self._plan is not None and self._plan.num_images > 0 and self._plan.has_room
        self._copy.setEnabled(not self._is_busy and is_ready and self.folder is not None)
        self._copy.setDefault(True)
        self._bar.setVisible(self._is_busy)

    def _on_choose_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Create class folders in"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._place.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # Qt's own methods.

    def reject(self) -> None:
        """Cancel copying if it is in progress, else close."""
        if self._is_busy:
            self.cancel_requested.emit()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_busy:
            self.cancel_requested.emit()
            event.ignore()
        else:
            super().closeEvent(event)


def _plan_text(plan: CopyPlan) -> str:
    needed, free = data_size(plan.num_bytes), data_size(plan.free_bytes)
    if not plan.has_room:
        return tr("Not enough disk space: %1 needed, %2 free.", needed, free)
    texts = [
        tr_count("%n picture(s), %1; %2 free there.", "", plan.num_images, needed, free),
        tr("The originals stay where they are."),
    ]
    if plan.num_unusable:
        texts.append(tr_count("%n unusable picture(s) will be skipped.", "", plan.num_unusable))
    return " ".join(texts)

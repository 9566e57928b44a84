"""Asks where to copy pictures to, says what will be copied, and shows how far that is."""

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
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import data_size, pictures
from gui.widgets.banner import Banner
from gui.widgets.plain_text import PlainLabel

_WIDTH = 68 * GRID


class CopyDialog(QDialog):
    """Destination, choices, plan, progress; a controller does the work.

    Args:
        num_all: Pictures that were classified.
        num_shown: Of these, how many the filters let through.

    Signals:
        plan_requested: A choice has changed.
        copy_requested: The plan is to be carried out.
        cancel_requested: Copying is to end.
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
        self._shown_only = QCheckBox(tr("Only the %1 that the table shows", num_shown))
        self._shown_only.setVisible(num_shown < num_all)
        self._with_unknown = QCheckBox(tr("Unknown pictures too, in a folder of their own"))
        self._with_unknown.setChecked(True)
        self._folders = QListWidget()
        self._folders.setAccessibleName(tr("What will be copied"))
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
        """Where the class folders are to be; None before a place is named."""
        text = self._place.text().strip()
        return Path(text).expanduser() if text else None

    @property
    def shown_only(self) -> bool:
        """Whether only what the table shows is wanted."""
        return self._shown_only.isChecked()

    @property
    def with_unknown(self) -> bool:
        """Whether pictures of no class are copied, too."""
        return self._with_unknown.isChecked()

    def set_folder(self, folder: Path) -> None:
        """Name a destination."""
        self._place.setText(str(folder))

    def show_plan(self, plan: CopyPlan) -> None:
        """Say what will be copied."""
        self._plan = plan
        self._folders.clear()
        for name, paths in plan.targets:
            self._folders.addItem(f"{name} – {pictures(len(paths))}")
        text = tr("%1, %2; %3 are free there. They are copied: the pictures stay as they are.")
        text = text.replace("%1", pictures(plan.num_pictures))
        text = text.replace("%2", data_size(plan.num_bytes))
        text = text.replace("%3", data_size(plan.free_bytes))
        if plan.num_unusable:
            left_out = tr("%1 can’t be used and will be left out.")
            text += " " + left_out.replace("%1", pictures(plan.num_unusable))
        if not plan.has_room:
            text = tr("There is not enough room: %1 are needed and %2 are free.")
            text = text.replace("%1", data_size(plan.num_bytes))
            text = text.replace("%2", data_size(plan.free_bytes))
        self._sum.setText(text)
        self._show_state()

    def show_progress(self, done: int, total: int) -> None:
        """Say how many pictures are copied."""
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def set_busy(self, is_busy: bool) -> None:
        """Whether copying is under way."""
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
        is_ready = self._plan is not None and self._plan.num_pictures > 0 and self._plan.has_room
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
        """Cancel copying first, and close when there is none."""
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

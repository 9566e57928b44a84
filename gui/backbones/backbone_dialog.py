"""The window for choosing, downloading and importing backbones."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.backbones.backbone_buttons import BackboneButtons
from gui.backbones.backbone_details import BackboneDetails
from gui.backbones.backbone_filter import BackboneFilter
from gui.backbones.backbone_filters import BackboneFilters
from gui.backbones.backbone_import_dialog import BackboneImportDialog, is_importable
from gui.backbones.backbone_row import BackboneRow
from gui.backbones.backbone_table_model import BackboneTableModel
from gui.backbones.backbone_view import BackboneView
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import data_size
from gui.widgets.banner import Banner, Severity
from gui.widgets.confirmation import ask_to_confirm
from gui.widgets.drop_overlay import DropOverlay
from gui.widgets.progress_row import ProgressRow
from gui.widgets.term_label import TermLabel

_SIZE = (138 * GRID, 82 * GRID)
_SMALLEST = (112 * GRID, 60 * GRID)


class BackboneDialog(QDialog):
    """Emits what the user asks for; a controller carries it out. Not modal.

    Signals:
        use_requested: The name of a backbone that is on this computer.
        download_requested: A name of the catalogue, and whether to use it afterwards.
        import_requested: An `ImportBackboneRequest`.
        remove_requested: A name; the user has confirmed.
        cancel_requested: Cancel the download or import.
        offline_toggled: Whether to work offline.
    """

    use_requested = Signal(str)
    download_requested = Signal(str, bool)
    import_requested = Signal(object)
    remove_requested = Signal(str)
    cancel_requested = Signal()
    offline_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Backbones dialog")
        self.setWindowTitle(tr("Backbones"))
        # A window manager may leave a window that is larger than the screen as it is.
        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height()))
        self.setMinimumSize(*_SMALLEST)
        self.setAcceptDrops(True)
        self._model = BackboneTableModel(self)
        self._shown = BackboneFilter(self)
        self._shown.setSourceModel(self._model)
        self._chosen = ""
        self._has_rows = self._is_busy = False
        self.banner = Banner()
        self.filters = BackboneFilters(self._shown)
        self.view = BackboneView(self._shown)
        self.details = BackboneDetails()
        self.progress = ProgressRow()
        self.buttons = BackboneButtons()
        self._lay_out()
        self._overlay = DropOverlay(self)
        self._connect()
        # Enter presses Use, unless another button has the focus.
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)
        self.buttons.use.setDefault(True)

    def present(self, chosen: str) -> None:
        """Show the window in front, with the backbone of the settings selected."""
        self._chosen = chosen
        self._model.set_chosen(chosen)
        if self._has_rows:
            self.view.select(chosen)
        self.show()
        self.raise_()
        self.activateWindow()
        self.view.focus_table()

    def set_rows(self, rows: Sequence[BackboneRow]) -> None:
        """Show other backbones; the selected one stays selected."""
        current = self.view.current()
        name = current.name if current is not None else self._chosen
        is_first, self._has_rows = not self._has_rows, True
        self._model.set_rows(rows)
        self.filters.set_rows(rows)
        self.view.select(name)
        self.view.show_matches()
        if is_first:  # the table could not take the focus before
            self.view.focus_table()

    def set_busy(self, is_busy: bool) -> None:
        """Set whether a download or an import is in progress."""
        self._is_busy = is_busy
        self.buttons.set_busy(is_busy)

    def set_offline(self, is_offline: bool) -> None:
        """Disable downloads, or enable them again."""
        self.buttons.set_offline(is_offline)

    def set_no_choice(self, reason: str) -> None:
        """Show why no backbone can be chosen now; "" if one can."""
        self.buttons.set_no_choice(reason)

    def show_progress(self, text: str, fraction: float | None) -> None:
        """Show an activity; see `ProgressRow.show_progress`."""
        self.progress.show_progress(text, fraction)

    def show_stopping(self, text: str) -> None:
        """Show that the download or import is being cancelled."""
        self.progress.show_stopping(text)

    def show_idle(self, text: str = "") -> None:
        """Hide the progress bar; `text` tells the outcome."""
        self.progress.show_idle(text)

    def show_message(
        self,
        severity: Severity,
        text: str,
        *,
        details: str = "",
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Show a message above the list; see `Banner.show_message`."""
        self.banner.show_message(severity, text, details=details, actions=actions)

    def clear_message(self) -> None:
        """Remove the message above the list."""
        self.banner.clear()

    def title_of(self, name: str) -> str:
        """Return the title of a backbone in the list."""
        number = self._model.row_of(name)
        return name if number is None else self._model.rows[number].title

    def ask_to_import(self, path: Path) -> None:
        """Ask for the details of an import."""
        # One of the catalogue may be brought from a browser's downloads.
        taken = frozenset(row.name for row in self._model.rows if row.is_here)
        dialog = BackboneImportDialog(path, taken, self)
        dialog.answered.connect(self.import_requested)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        intro = TermLabel(
            tr(
                "A backbone turns pictures into features, from which training learns. Larger ones "
                "are usually more accurate and slower."
            )
        )
        intro.setProperty("role", "help")
        intro.setWordWrap(True)
        middle = QHBoxLayout()
        middle.setSpacing(GRID)
        middle.addWidget(self.view, 1)
        middle.addWidget(self.details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(intro)
        layout.addWidget(self.banner)
        layout.addWidget(self.filters)
        layout.addLayout(middle, 1)
        layout.addWidget(self.progress)
        layout.addWidget(self.buttons)

    def _connect(self) -> None:
        self.filters.changed.connect(self.view.show_matches)
        self.view.clear_requested.connect(self.filters.clear)
        self.view.current_changed.connect(self._on_current_changed)
        self.view.row_double_clicked.connect(self._on_use_requested)
        self.progress.cancel_requested.connect(self.cancel_requested)
        buttons = self.buttons
        buttons.use_requested.connect(self._on_use_requested)
        buttons.download_requested.connect(self._on_download_requested)
        buttons.remove_requested.connect(self._on_remove_requested)
        buttons.import_folder_requested.connect(self._on_import_folder_requested)
        buttons.import_archive_requested.connect(self._on_import_archive_requested)
        buttons.offline_toggled.connect(self.offline_toggled)
        buttons.close_requested.connect(self.reject)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.filters.focus_search)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.filters.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.view.focus_table)

    def _on_current_changed(self, row: BackboneRow | None) -> None:
        self.details.show_row(row, self._model.relative_work(row) if row is not None else None)
        self.buttons.set_row(row)

    def _on_use_requested(self, _row: BackboneRow | None = None) -> None:
        row = self.view.current()
        if row is None or not self.buttons.can_use:
            return
        if row.is_here:
            self.use_requested.emit(row.name)
        else:
            self.download_requested.emit(row.name, True)

    def _on_download_requested(self) -> None:
        row = self.view.current()
        if row is not None:
            self.download_requested.emit(row.name, False)

    def _on_remove_requested(self) -> None:
        row = self.view.current()
        if row is None:
            return
        ask_to_confirm(
            self,
            name="Remove backbone",
            title=tr("Remove backbone"),
            question=tr("Remove “%1” from this computer?", row.title),
            explanation=self._removal_text(row),
            confirm=tr("Remove"),
            refuse=tr("Keep"),
            on_confirmed=partial(self.remove_requested.emit, row.name),
        )

    def _removal_text(self, row: BackboneRow) -> str:
        parts = [tr("This frees %1.", data_size(row.size_bytes or 0))]
        if row.is_in_catalogue:
            parts.append(tr("You can download it again."))
        else:
            parts.append(tr("To use it again, you have to import it."))
        parts.append(tr("Trained models keep working."))
        if row.name == self._chosen:
            parts.append(tr("The settings of this project use it: choose another one."))
        return " ".join(parts)

    def _on_import_folder_requested(self) -> None:
        dialog = self._file_dialog(tr("Import a SavedModel folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def _on_import_archive_requested(self) -> None:
        dialog = self._file_dialog(tr("Import a SavedModel archive"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("SavedModel archives (*.tar.gz *.tgz)"))
        dialog.open()

    def _file_dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(self._on_file_selected)
        return dialog

    def _on_file_selected(self, file: str) -> None:
        self.ask_to_import(Path(file))

    # Qt's own methods.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        path = None if self._is_busy else _dragged(event.mimeData())
        if path is None:
            event.ignore()
            return
        event.acceptProposedAction()
        self._overlay.show_text(tr("Import “%1” as a backbone", path.name))

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._overlay.hide()
        path = _dragged(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.ask_to_import(path)


def _dragged(data: QMimeData) -> Path | None:
    """Return the folder or archive that is dragged; None if there isn't exactly one."""
    if len(data.urls()) != 1 or not data.urls()[0].isLocalFile():
        return None
    path = Path(data.urls()[0].toLocalFile())
    return path if is_importable(path) else None

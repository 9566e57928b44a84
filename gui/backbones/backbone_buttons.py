"""The buttons below the list of backbones, and the reason if one is disabled."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QWidget

from gui.backbones.backbone_row import BackboneRow
from gui.look.icons import icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.buttons import push_button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import plain_tooltip


class BackboneButtons(QWidget):
    """Enabled according to the selected backbone and to downloads in progress.

    Signals:
        import_folder_requested, import_archive_requested, remove_requested, download_requested,
            use_requested, close_requested: A button was pressed.
        offline_toggled: Whether to work offline.
    """

    import_folder_requested = Signal()
    import_archive_requested = Signal()
    remove_requested = Signal()
    download_requested = Signal()
    use_requested = Signal()
    close_requested = Signal()
    offline_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: BackboneRow | None = None
        self._is_busy = self._is_offline = False
        self._no_choice = ""
        self.imports = QPushButton(icon("folder-plus"), tr("Import…"))
        menu = QMenu(self.imports)
        menu.addAction(tr("From a SavedModel &folder…"), self.import_folder_requested.emit)
        menu.addAction(tr("From a .tar.gz &archive…"), self.import_archive_requested.emit)
        self.imports.setMenu(menu)
        self.remove = push_button(tr("Remove…"), self.remove_requested, "trash-2")
        self.offline = QCheckBox(tr("Work offline"))
        self.offline.setToolTip(tr("Download nothing, not even for training."))
        self.offline.toggled.connect(self.offline_toggled)
        self._reason = ElidedLabel()
        self._reason.setObjectName("Reason")
        self._reason.setProperty("role", "help")
        # Next to the buttons that it explains.
        self._reason.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.download = push_button(tr("Download"), self.download_requested, "download")
        self.use = push_button(tr("Use"), self.use_requested)
        self.use.setProperty("kind", "primary")
        self.close_button = push_button(tr("Close"), self.close_requested)
        self._keep_widest()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for part in (self.imports, self.remove, self.offline):
            layout.addWidget(part)
        layout.addSpacing(2 * GRID)
        layout.addWidget(self._reason, 1)
        for part in (self.download, self.use, self.close_button):
            layout.addWidget(part)
        self._show()

    def set_row(self, row: BackboneRow | None) -> None:
        """Enable the buttons that apply to a backbone."""
        self._row = row
        self._show()

    def set_busy(self, is_busy: bool) -> None:
        """Disable downloads and imports while one is in progress."""
        self._is_busy = is_busy
        self._show()

    def set_offline(self, is_offline: bool) -> None:
        """Disable downloads, or enable them again."""
        self._is_offline = is_offline
        self.offline.blockSignals(True)
        self.offline.setChecked(is_offline)
        self.offline.blockSignals(False)
        self._show()

    def set_no_choice(self, reason: str) -> None:
        """Show why no backbone can be chosen now; "" if one can."""
        self._no_choice = reason
        self._show()

    def why_no_download(self) -> str:
        """Return why the selected backbone can't be downloaded now, to show; "" if it can."""
        if self._row is None or self._row.is_here:
            return ""
        if self._row.is_tf1:
            return tr("Published in the old TF1 format only.")
        if not self._row.is_in_catalogue:
            return tr("Not available for download.")
        if self._is_offline:
            return tr("Working offline: downloads are off.")
        if self._is_busy:
            return tr("Wait until the current download or import ends.")
        return ""

    @property
    def can_use(self) -> bool:
        """Whether the selected backbone can be used, after a download if need be."""
        return self.use.isEnabled()

    def reason(self) -> str:
        """Return the reason that is shown; "" if none is."""
        return self._reason.text()

    def _show(self) -> None:
        row, blocked = self._row, self.why_no_download()
        is_here = row is not None and row.is_here
        can_fetch = row is not None and not is_here and not blocked
        self.use.setText(tr("Use") if is_here or row is None else tr("Download and use"))
        self.use.setEnabled((is_here or can_fetch) and not self._no_choice)
        self.use.setToolTip(plain_tooltip(self._no_choice or blocked))
        self.download.setEnabled(can_fetch)
        self.download.setToolTip(
            plain_tooltip(blocked or (tr("Already on this computer.") if is_here else ""))
        )
        can_remove = is_here and row is not None and not row.is_embedded
        self.remove.setEnabled(can_remove and not self._is_busy)
        is_embedded = row is not None and row.is_embedded
        text = tr("It is part of Fieldguide and can’t be removed.") if is_embedded else ""
        self.remove.setToolTip(plain_tooltip(text))
        self.imports.setEnabled(not self._is_busy)
        self._reason.setText(self._no_choice or blocked)

    def _keep_widest(self) -> None:
        # Its text changes with the row; the buttons next to it must not move.
        self.use.setText(tr("Download and use"))
        self.use.ensurePolished()
        self.use.setMinimumWidth(self.use.sizeHint().width())

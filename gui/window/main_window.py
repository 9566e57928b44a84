"""The main window: rail, pages, menus, status bar. The controllers decide what happens."""

from functools import partial

from PySide6.QtCore import QByteArray, QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QWhatsThisClickedEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QStackedWidget,
    QWidget,
)

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel, plain_tooltip
from gui.window.actions import Actions
from gui.window.rail import Rail

_DEFAULT_SIZE = (1280, 800)
_SMALLEST_SIZE = (900, 560)
# Names of processors can be long; the whole is in the tooltip.
_LARGEST_DEVICE_WIDTH = 56 * GRID


class MainWindow(QMainWindow):
    """Hold the pages; asks before it closes.

    Signals:
        page_shown: The page now in front.
        close_requested: The user wants to close; answer with `close_now`.
        term_requested: Key of a term whose entry in the glossary the user wants to read.
    """

    page_shown = Signal(QWidget)
    close_requested = Signal()
    term_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Fieldguide")
        self.resize(*_DEFAULT_SIZE)
        self.setMinimumSize(*_SMALLEST_SIZE)
        self._may_close = False
        self._activities: dict[str, str] = {}
        self.rail = Rail()
        self._stack = QStackedWidget()
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.rail)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(centre)
        self._device = PlainLabel()
        self._device.setObjectName("Device in use")
        self._device.setMaximumWidth(_LARGEST_DEVICE_WIDTH)
        self._activity = PlainLabel()
        self._activity.setObjectName("Activity")
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("In progress"))
        self._progress.setFixedWidth(12 * GRID)
        self._progress.setMaximum(0)
        self._progress.hide()
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self._activity, 1)
        bar.addPermanentWidget(self._progress)
        bar.addPermanentWidget(self._device)
        self.rail.page_chosen.connect(self._on_page_chosen)

    def add_page(
        self, actions: Actions, name: str, icon_name: str, page: QWidget, digit: int
    ) -> None:
        """Add a page after the others, with a button on the rail and an action.

        Args:
            digit: The page's shortcut is Ctrl and this.
        """
        position = self._stack.addWidget(page)
        self.rail.add_page(name, icon_name, digit)
        actions.add_page(name, digit).triggered.connect(partial(self._on_page_triggered, page))
        if position == 0:
            self.rail.set_page(0)

    def show_page(self, page: QWidget) -> None:
        """Bring a page to the front."""
        self._stack.setCurrentWidget(page)
        self.rail.set_page(self._stack.indexOf(page))
        self.page_shown.emit(page)

    @property
    def page(self) -> QWidget | None:
        """The page in front; None without pages."""
        return self._stack.currentWidget()

    def set_project_title(self, title: str) -> None:
        """Show the project's name in the title bar."""
        self.setWindowTitle(tr("%1 – Fieldguide", title))

    def set_activity(self, who: str, text: str) -> None:
        """Show in the status bar what `who` is doing, "" for nothing; several may be busy."""
        self._activities[who] = text
        shown = " · ".join(text for text in self._activities.values() if text)
        self._activity.setText(shown)
        self._progress.setVisible(bool(shown))

    def set_device(self, text: str) -> None:
        """Show the device in use in the status bar."""
        self._device.setText(text)
        self._device.setToolTip(plain_tooltip(text))

    def device(self) -> str:
        """Return the device shown."""
        return self._device.text()

    def restore_place(self, geometry: QByteArray) -> None:
        """Restore position and size; Qt corrects a position that is off the screens."""
        if not geometry.isEmpty():
            self.restoreGeometry(geometry)

    def come_to_front(self) -> None:
        """Raise the window above others, as far as the desktop allows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def close_now(self) -> None:
        """Close without asking again."""
        self._may_close = True
        self.close()

    def _on_page_triggered(self, page: QWidget, _is_checked: bool = False) -> None:
        self.show_page(page)

    def _on_page_chosen(self, position: int) -> None:
        page = self._stack.widget(position)
        assert page is not None, "each button of the rail has a page"
        self.show_page(page)

    # Qt's own methods.

    def event(self, event: QEvent) -> bool:
        # From a `TermPopup` of this window or of a dialog.
        if isinstance(event, QWhatsThisClickedEvent):
            event.accept()
            self.term_requested.emit(event.href())
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_close:
            self.close_requested.emit()
        # The answer may have come at once; Qt ignores a close within a close.
        event.setAccepted(self._may_close)

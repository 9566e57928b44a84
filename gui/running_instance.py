"""The windows of one process: a quick window, the main window, or both."""

import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from core.errors import FieldguideError, HandOverError
from core.handover.client import Outcome, hand_over
from core.handover.instance_lock import InstanceLock
from core.handover.message import Destination, HandOver
from core.handover.place import Role, address_of
from core.models.imagenet import IMAGENET
from gui.hand_over_server import HandOverServer, use_activation_token
from gui.look.theme import ThemeSwitch
from gui.project.settings import Settings
from gui.quick.quick_window import QuickWindow
from gui.work.background import Task, TaskContext

if TYPE_CHECKING:
    from gui.quick.quick_controller import QuickController
    from gui.window.error_report import ErrorReporter
    from gui.window.fieldguide_window import FieldguideWindow

logger = logging.getLogger(__name__)

_LISTEN_DELAY_MS = 200


class RunningInstance(QObject):
    """Open windows, also for other processes; lives as long as the process has a window.

    Args:
        app: Ends with its last window.
        settings: Of the main window.
        theme: Of all windows.
    """

    def __init__(self, app: QApplication, settings: Settings, theme: ThemeSwitch) -> None:
        super().__init__()
        self._settings, self._theme = settings, theme
        self._servers: list[HandOverServer] = []
        self._opening: Task | None = None
        self._waiting: list[HandOver] = []
        self._reporter: ErrorReporter | None = None
        self.quick: QuickController | None = None
        self.quick_window: QuickWindow | None = None
        self.main: FieldguideWindow | None = None
        # From then on there is no window to show files that are handed over.
        app.lastWindowClosed.connect(self._on_last_window_closed)

    def listen(self, role: Role, lock: InstanceLock | None = None) -> None:
        """Accept files from other processes, now or once no other process does."""
        try:
            server = HandOverServer(role, self.take, self)
        except HandOverError as error:
            logger.warning("No files can be handed over to this window: %s", error)
            return
        self._servers.append(server)
        if lock is not None:
            server.listen(lock)
        else:
            server.listen_when_free()

    def take(self, request: HandOver) -> None:
        """Handle a request of another process or of this one."""
        use_activation_token(request.activation_token)
        if request.show is Destination.CLASSIFY_PAGE:
            folder = Path(request.model) if request.model not in ("", IMAGENET) else None
            self.show_in_main(request.paths, folder)
        else:
            self._show_quick(request)

    def open_main(self, paths: Sequence[Path] = ()) -> None:
        """Open the main window with a project, folders or images."""
        # Imported here: it takes half a second, and the quick window does not need it.
        from gui.window.fieldguide_window import FieldguideWindow

        self._stop_reporting()
        self.main = FieldguideWindow(self._settings, self._theme)
        self.main.closing.closed.connect(self._on_main_closed)
        self.main.start(paths)
        QTimer.singleShot(_LISTEN_DELAY_MS, self._listen_as_main)

    def show_in_main(self, paths: Sequence[Path], model: Path | None) -> None:
        """Classify images in the main window, which is opened or raised."""
        if self.main is not None and not self.main.closing.is_closing:
            self.main.show_classified(paths, model)
            return
        self.open_main()
        assert self.main is not None
        # After its project is open, which would change the model.
        QTimer.singleShot(0, partial(self.main.show_classified, list(paths), model))

    def quit(self) -> None:
        """Close all windows; the main window asks while training is in progress."""
        if self.quick_window is not None:
            self.quick_window.close()
        if self.main is not None:
            self.main.quit()

    def _listen_as_main(self) -> None:
        if self.main is not None and not any(server.role is Role.MAIN for server in self._servers):
            self.listen(Role.MAIN)

    # The quick window.

    def _show_quick(self, request: HandOver) -> None:
        if self.quick_window is None:
            self.quick_window = QuickWindow()
            self.quick_window.settled.connect(self._on_quick_settled)
            self.quick_window.closed.connect(self._on_quick_closed)
            if request.paths:
                self.quick_window.show_busy(request.paths[0])
            else:
                self.quick_window.show_empty()
        self._waiting.append(request)
        if self.quick is not None:
            self._add_waiting()
        self.quick_window.come_to_front()

    def _on_quick_settled(self) -> None:
        # Imported here: with NumPy and LiteRT it takes as long as all that the window needs.
        from gui.quick.quick_controller import QuickController

        assert self.quick_window is not None
        self.quick = QuickController(self.quick_window, self)
        self.quick.open_requested.connect(self._on_open_requested)
        if not any(request.model for request in self._waiting):
            self.quick.choose_model("")
        self._add_waiting()
        if self.main is None:  # which has a reporter of its own
            self._report_errors(self.quick_window)

    def _report_errors(self, window: QuickWindow) -> None:
        from gui.window.error_report import ErrorReporter

        self._reporter = ErrorReporter(window)

    def _stop_reporting(self) -> None:
        if self._reporter is not None:
            self._reporter.restore()
            self._reporter = None

    def _add_waiting(self) -> None:
        assert self.quick is not None
        waiting, self._waiting = self._waiting, []
        for request in waiting:
            if request.model:
                self.quick.choose_model(request.model)
            self.quick.add(request.paths)

    def _on_quick_closed(self) -> None:
        self._stop_reporting()
        if self.quick is not None:
            self.quick.close()
            self.quick.deleteLater()
        if self.quick_window is not None:
            self.quick_window.deleteLater()
        self.quick, self.quick_window, self._waiting = None, None, []

    def _on_open_requested(self, paths: list[Path], model: Path | None) -> None:
        if self.main is not None:
            self._open_here(paths, model)
            return
        request = HandOver(
            show=Destination.CLASSIFY_PAGE,
            paths=tuple(paths),
            model=IMAGENET if model is None else str(model),
        )

        def ask(_context: TaskContext) -> bool:
            try:
                return hand_over(address_of(Role.MAIN), request.to_bytes()) is Outcome.ACCEPTED
            except FieldguideError:
                return False

        def go_on(is_taken: bool) -> None:
            if is_taken:
                self._close_quick()
            else:
                self._open_here(paths, model)

        self._opening = Task(ask, self)
        self._opening.succeeded.connect(go_on)
        self._opening.start()

    def _open_here(self, paths: list[Path], model: Path | None) -> None:
        self.show_in_main(paths, model)
        self._close_quick()

    def _close_quick(self) -> None:
        if self.quick_window is not None:
            self.quick_window.close()

    # The end.

    def _on_main_closed(self) -> None:
        if self.main is not None:
            # Else its pages and its loaded model would stay as long as another window does.
            self.main.window.deleteLater()
            self.main.deleteLater()
        self.main = None

    def _on_last_window_closed(self) -> None:
        for server in self._servers:
            server.close()

"""Shows unhandled exceptions in a dialog whose text can be copied."""

import logging
import platform
import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

logger = logging.getLogger(__name__)

_PACKAGES = ("fieldguide", "PySide6-Essentials", "tensorflow", "ai-edge-litert")


class ErrorReporter(QObject):
    """Replace `sys.excepthook` until `restore`.

    Args:
        window: Parent of the dialogs.
    """

    _reported = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: ErrorDialog | None = None
        self._previous = sys.excepthook
        # A signal, since the exception may come from a thread that must not touch widgets.
        self._reported.connect(self._show)
        sys.excepthook = self._on_exception

    def restore(self) -> None:
        """Restore the previous hook."""
        sys.excepthook = self._previous

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._previous(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        logger.error("Unhandled exception:\n%s", text)
        self._reported.emit(text)

    def _show(self, text: str) -> None:
        # One dialog: an exception in a paint event would open hundreds.
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.add(text)
            return
        self._dialog = ErrorDialog(text, self._window)
        self._dialog.open()


class ErrorDialog(QDialog):
    """Show an error, with the details for a report."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.setObjectName("Error report")
        self.resize(80 * GRID, 50 * GRID)
        text = PlainLabel(
            tr(
                "An unexpected error occurred in Fieldguide. Your pictures are untouched and the "
                "project is saved; you can continue. If it happens again, please report it with "
                "the details below. They name files on this computer: review them first."
            )
        )
        text.setWordWrap(True)
        self._details = QPlainTextEdit(f"{describe_program()}\n\n{details}")
        self._details.setReadOnly(True)
        self._details.setAccessibleName(tr("Details of the error"))
        self._details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        copy = QPushButton(tr("Copy details"))
        copy.clicked.connect(self._on_copy_clicked)
        close = QPushButton(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(text)
        layout.addWidget(self._details, 1)
        layout.addLayout(buttons)

    def add(self, details: str) -> None:
        """Append another error."""
        self._details.appendPlainText(f"\n{details}")

    def details(self) -> str:
        """Return the text of a report."""
        return self._details.toPlainText()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.details())


def describe_program() -> str:
    """Return the versions of the program and its libraries, one per line."""
    # Imported here: it takes as long as all the rest of a quick window's own code.
    from importlib.metadata import PackageNotFoundError, version

    lines = [f"{platform.platform()}, Python {platform.python_version()}"]
    for package in _PACKAGES:
        try:
            lines.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return "\n".join(lines)

"""What the program is and what it does not do with pictures."""

from PySide6.QtWidgets import QMessageBox, QWidget

from gui.look.language import tr
from gui.widgets.plain_text import show_plainly
from gui.window.error_report import describe_program


def show_about(window: QWidget) -> None:
    """Open the box; it closes by itself with the window."""
    text = tr(
        "Teach a computer to tell kinds of pictures apart.\n\nEverything runs on this "
        "computer. Pictures are never changed and never leave it; nothing is reported to "
        "anybody.\n\nApache License 2.0"
    )
    box = QMessageBox(window)
    box.setWindowTitle(tr("About Fieldguide"))
    box.setText("Fieldguide")
    box.setInformativeText(text)
    box.setDetailedText(describe_program())
    box.finished.connect(box.deleteLater)
    show_plainly(box)
    box.open()

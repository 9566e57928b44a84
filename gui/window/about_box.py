"""The About box."""

from PySide6.QtWidgets import QMessageBox, QWidget

from gui.look.language import tr
from gui.widgets.plain_text import show_plainly
from gui.window.error_report import describe_program


def show_about(window: QWidget) -> None:
    """Open the box; it closes with the window."""
    text = tr(
        "Train classifiers on your own pictures.\n\nEverything runs on this computer. "
        "Pictures are never changed and never leave it; nothing is reported to anyone."
        "\n\nApache License 2.0"
    )
    box = QMessageBox(window)
    box.setWindowTitle(tr("About Fieldguide"))
    box.setText("Fieldguide")
    box.setInformativeText(text)
    box.setDetailedText(describe_program())
    box.finished.connect(box.deleteLater)
    show_plainly(box)
    box.open()

"""A question before something that can't be undone."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from gui.widgets.plain_text import show_plainly


def ask_to_confirm(
    window: QWidget,
    *,
    name: str,
    title: str,
    question: str,
    explanation: str,
    confirm: str,
    refuse: str,
    on_confirmed: Callable[[], object],
    icon: QMessageBox.Icon = QMessageBox.Icon.Question,
) -> QMessageBox:
    """Open a message box, without waiting for the answer; Enter and Esc refuse.

    Args:
        window: Parent of the box.
        name: Object name of the box.
        title: Title of the box's window.
        question: The question, in a sentence.
        explanation: The consequences.
        confirm: Text of the button that confirms.
        refuse: Text of the other button.
        on_confirmed: Called if the user confirms.
        icon: Icon of the box.
    """
    box = QMessageBox(window)
    box.setObjectName(name)
    box.setWindowTitle(title)
    box.setIcon(icon)
    box.setText(question)
    box.setInformativeText(explanation)
    show_plainly(box)
    yes = box.addButton(confirm, QMessageBox.ButtonRole.DestructiveRole)
    no = box.addButton(refuse, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    yes.clicked.connect(lambda _checked=False: on_confirmed())
    box.finished.connect(box.deleteLater)
    box.open()
    return box

"""Push buttons."""

from PySide6.QtWidgets import QPushButton

from gui.look.icons import icon


def push_button(text: str, on_clicked: object = None, icon_name: str = "") -> QPushButton:
    """Return a button whose object name is its text.

    Args:
        text: Text of the button.
        on_clicked: A slot or signal without arguments; None for neither.
        icon_name: See `gui.look.icons.icon`; "" for none.
    """
    button = QPushButton(icon(icon_name), text) if icon_name else QPushButton(text)
    button.setObjectName(text)
    if on_clicked is not None:
        button.clicked.connect(on_clicked)
    return button

"""Push buttons."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

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


def show_menu_of(buttons: Iterable[QPushButton], parent: QWidget, point: QPoint) -> None:
    """Offer what buttons do in a menu, as for a right click on the rows that they act on.

    Args:
        point: Where to show it, in global coordinates.
    """
    menu = QMenu(parent)
    menu.aboutToHide.connect(menu.deleteLater)
    for button in buttons:
        action = menu.addAction(button.icon(), button.text())
        action.setEnabled(button.isEnabled())
        action.triggered.connect(button.click)
    menu.popup(point)

"""The content of an empty page: why it is empty, and the next step."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.look.icons import IconColor, icon
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel

_ICON_SIZE = 56
_TEXT_WIDTH = 66 * GRID


class EmptyState(QWidget):
    """Show icon, title, text and buttons in the middle.

    Args:
        icon_name: See `gui.look.icons.icon`.
        title: What is missing.
        text: What to do; line breaks are kept.
        actions: Texts of buttons with their actions; the first is the main one.
    """

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str,
        actions: Sequence[tuple[str, Callable[[], object]]] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # A button draws its icon anew when the scheme changes, a label would not.
        image = QToolButton()
        image.setIcon(icon(icon_name, IconColor.ACCENT))
        image.setIconSize(QSize(_ICON_SIZE, _ICON_SIZE))
        image.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        image.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        image.setAccessibleName(title)
        head = PlainLabel(title)
        head.setProperty("role", "title")
        body = PlainLabel(text)
        body.setWordWrap(True)
        body.setFixedWidth(_TEXT_WIDTH)
        # In a box of their own: a label that wraps gets its height only where it isn't aligned.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(body)
        middle.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for position, (label, action) in enumerate(actions):
            button = QPushButton(label)
            if position == 0:
                button.setProperty("kind", "primary")
            button.clicked.connect(lambda _checked=False, action=action: action())
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addStretch(2)
        for part in (image, head):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(middle)
        layout.addLayout(buttons)
        layout.addStretch(3)

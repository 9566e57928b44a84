"""The icons, from one set of line drawings, in the colours of the scheme."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from gui.look.theme import Theme, theme_for
from resources import resource_path


class IconColor(StrEnum):
    """Colours of icons, by their meaning in the scheme."""

    TEXT = "text"
    MUTED = "text_muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    WARNING = "warning"
    DANGER = "danger"
    INFO = "info"


def icon(name: str, color: IconColor = IconColor.TEXT) -> QIcon:
    """Return an icon that follows the colour scheme.

    Args:
        name: Of a file in `resources/icons`, without its suffix.
        color: Which of the scheme's colours it has.
    """
    return QIcon(_ThemedEngine(name, color))


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    drawing = resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(drawing.replace("currentColor", color).encode()))


class _ThemedEngine(QIconEngine):
    """Draw at paint time, so that a change of scheme needs no new icons."""

    def __init__(self, name: str, color: IconColor) -> None:
        super().__init__()
        self._name, self._color = name, color

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._color)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        theme = theme_for(QGuiApplication.palette())
        # A square at the left: what a button's icon is wider than high is its gap to the text.
        side = min(rect.width(), rect.height())
        square = QRectF(rect.left(), rect.top() + (rect.height() - side) / 2, side, side)
        _renderer(self._name, self._hex(theme, mode)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():  # a button squeezed to nothing asks for one
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def _hex(self, theme: Theme, mode: QIcon.Mode) -> str:
        if mode is QIcon.Mode.Disabled:
            return theme.control_line
        return str(getattr(theme, self._color.value))

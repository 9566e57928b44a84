"""Vertical lines in the plots, with words beside them that stay in view."""

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPen

from gui.look.theme import Theme

_SPACE = 4  # pixels between a line and its words, and below them


def add_mark(plot: pg.PlotItem, *, has_words: bool = False) -> pg.InfiniteLine:
    """Add a vertical line, hidden for now, that the view's range ignores."""
    label = {"label": "", "labelOpts": {}} if has_words else {}
    line = pg.InfiniteLine(angle=90, movable=False, **label)
    line.hide()
    plot.addItem(line, ignoreBounds=True)
    return line


def color_mark(line: pg.InfiniteLine, pen: QPen, theme: Theme) -> None:
    """Draw a line with a pen, its words in the same colour; what is below them doesn't show."""
    line.setPen(pen)
    if hasattr(line, "label"):
        line.label.setColor(pen.color())
        line.label.fill = pg.mkBrush(theme.surface)


def place_words(
    view: pg.ViewBox,
    line: pg.InfiniteLine,
    other: pg.InfiniteLine,
    row: int,
    *,
    prefers_right: bool = False,
) -> None:
    """Put a line's words on the side where they don't cross the other line, within the view.

    Args:
        view: Where the lines are.
        line: Has the words.
        other: A line that may be hidden.
        row: Rows of words below them.
        prefers_right: Whether they are about what is at the right of the line.
    """
    words = line.label.boundingRect()
    width, height = words.width(), words.height()
    if width <= 0 or view.height() <= 0:
        return
    at = _pixels(view, line)
    to_right, to_left = at + _SPACE, at - _SPACE - width
    # The farther end of the view first.
    is_right_first = prefers_right or at < view.width() / 2
    sides = (to_right, to_left) if is_right_first else (to_left, to_right)
    most = max(0.0, view.width() - width)
    # Where neither side has enough room, over the line itself rather than over the other one.
    inside = tuple(min(max(side, 0.0), most) for side in sides)
    begin = next(
        (side for side in (*sides, *inside) if _is_free(view, side, width, other)), inside[0]
    )
    line.label.anchors = 2 * [((at - begin) / width, 0.5)]
    line.label.orthoPos = (height * (row + 0.5) + _SPACE) / view.height()
    line.label.updatePosition()


def _is_free(view: pg.ViewBox, begin: float, width: float, other: pg.InfiniteLine) -> bool:
    if begin < 0 or begin + width > view.width():
        return False
    return not other.isVisible() or not begin <= _pixels(view, other) <= begin + width


def _pixels(view: pg.ViewBox, line: pg.InfiniteLine) -> float:
    return float(view.mapFromView(QPointF(line.value(), 0)).x())

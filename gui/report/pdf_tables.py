"""Tables and confusion matrices in a PDF: no row is cut, and heads come again on each page."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor

from core.report.blocks import Cell, Column, Matrix, Table, Tone
from core.report.chart import SERIES_COLORS
from core.report.report_image import ReportImage
from gui.look.theme import LIGHT
from gui.report.pdf_canvas import LINE_SPACING, SMALL_SIZE, TEXT_SIZE, PdfCanvas, Style
from gui.report.pdf_images import draw_image

Translate = Callable[[str], str]

_GAP, _NARROW_GAP, _PADDING = 14.0, 9.0, 3.5
_NARROWEST_TEXT = 64.0
_STRIP_HEIGHT, _STRIP_GAP = 42.0, 4.0
_DOT, _DOT_GAP = 7.0, 5.0
_LONGEST_COLUMN, _LONGEST_CODE = 300.0, 340.0
_MOST_COLUMNS_IN_FULL = 7
_MATRIX_CELL = 27.0
_LONGEST_MATRIX_LABEL = 110.0
_COLORS = {
    Tone.MUTED: LIGHT.text_muted,
    Tone.NOTE: LIGHT.warning,
    Tone.GOOD: LIGHT.accent,
    Tone.BAD: LIGHT.danger,
}
_STRONG = (Tone.NOTE, Tone.GOOD, Tone.BAD)


def draw_table(canvas: PdfCanvas, table: Table, translate: Translate) -> None:
    """Draw a table; one with more numbers than a page is wide is drawn in parts."""
    whole = TablePainter(canvas, table, translate)
    groups = whole.column_groups()
    if len(groups) == 1:
        whole.draw()
        return
    for group in groups:
        columns = tuple(table.columns[index] for index in group)
        rows = tuple(tuple(row[index] for index in group) for row in table.rows)
        TablePainter(canvas, Table(columns, rows), translate).draw()
        canvas.space(12)


class TablePainter:
    """Draws one table.

    Args:
        translate: Makes a text for users of each text.
    """

    def __init__(self, canvas: PdfCanvas, table: Table, translate: Translate) -> None:
        self._canvas, self._table, self._translate = canvas, table, translate
        many = len(table.columns) > _MOST_COLUMNS_IN_FULL
        self._size, self._gap = (SMALL_SIZE, _NARROW_GAP) if many else (TEXT_SIZE, _GAP)
        self._wanted = [self._wanted_width(index) for index in range(len(table.columns))]
        self._widths = self._fitted_widths()

    def column_groups(self) -> list[list[int]]:
        """Divide the columns into parts that fit a page, each with the first one."""
        groups: list[list[int]] = []
        first = self._least_width(0)
        used = self._canvas.width
        for index in range(1, len(self._wanted)):
            width = self._least_width(index) + self._gap
            if used + width > self._canvas.width:
                groups.append([0])
                used = first
            groups[-1].append(index)
            used += width
        return groups or [[0]]

    def draw(self) -> None:
        """Draw it from the canvas's place on."""
        heights = [self._row_height(row) for row in self._table.rows]
        has_head = any(column.title for column in self._table.columns)
        head = self._head_height() if has_head else 0.0
        # The head alone at the end of a page says nothing.
        self._canvas.need(head + (heights[0] if heights else 0.0))
        if has_head:
            self._draw_head(head)
        for row, height in zip(self._table.rows, heights, strict=True):
            if self._canvas.need(height) and has_head:
                self._draw_head(head)
            self._draw_row(row, height)

    def _fitted_widths(self) -> list[float]:
        """Return the columns' widths; texts are broken where the page is too narrow."""
        room = self._canvas.width - self._gap * (len(self._wanted) - 1)
        if sum(self._wanted) <= room:
            return self._wanted
        fixed = [
            width if column.is_number else 0.0
            for width, column in zip(self._wanted, self._table.columns, strict=True)
        ]
        return self._shrunk(self._wanted, fixed, max(1.0, room - sum(fixed)))

    def _least_width(self, index: int) -> float:
        """Return the width below which a column can't be read; numbers are never broken."""
        if self._table.columns[index].is_number:
            return self._wanted[index]
        return min(self._wanted[index], _NARROWEST_TEXT)

    def _shrunk(self, wanted: list[float], fixed: list[float], room: float) -> list[float]:
        """Give the columns of texts their part; narrow ones keep what they want."""
        widths = list(fixed)
        todo = [index for index, width in enumerate(fixed) if not width]
        while todo:
            fair = room / len(todo)
            narrow = [index for index in todo if wanted[index] <= fair]
            if not narrow:
                for index in todo:
                    widths[index] = fair
                break
            for index in narrow:
                widths[index] = wanted[index]
                room -= wanted[index]
            todo = [index for index in todo if index not in narrow]
        return widths

    def _wanted_width(self, index: int) -> float:
        column = self._table.columns[index]
        style = self._head_style()
        title = self._translate(column.title)
        # Titles may be broken, at words.
        words = max((self._canvas.text_width(word, style) for word in title.split()), default=0.0)
        cells = max((self._cell_width(column, row[index]) for row in self._table.rows), default=0.0)
        whole = self._canvas.text_width(title, style)
        least = max(words, min(whole, 62.0 if column.is_number else whole))
        longest = _LONGEST_CODE if column.is_code else _LONGEST_COLUMN
        return min(longest, max(least, cells) + 1)

    def _cell_width(self, column: Column, cell: Cell) -> float:
        text = self._canvas.text_width(self._translate(cell.text), self._style(column, cell))
        images = sum(_strip_width(image) + _STRIP_GAP for image in cell.images)
        return max(text + (_DOT + _DOT_GAP if cell.series is not None else 0.0), images)

    def _head_height(self) -> float:
        style = self._head_style()
        columns = zip(self._table.columns, self._widths, strict=True)
        return 2 * _PADDING + max(
            self._canvas.text_height(self._translate(column.title), style, width)
            for column, width in columns
        )

    def _draw_head(self, height: float) -> None:
        x, style = 0.0, self._head_style()
        for column, width in zip(self._table.columns, self._widths, strict=True):
            title = self._translate(column.title)
            text_height = self._canvas.text_height(title, style, width)
            y = self._canvas.y + height - _PADDING - text_height
            self._canvas.draw_text(title, style, (x, y), width, _alignment(column))
            x += width + self._gap
        self._canvas.y += height
        self._canvas.rule(self._canvas.y, width=x - self._gap)

    def _row_height(self, row: Sequence[Cell]) -> float:
        cells = zip(self._table.columns, row, self._widths, strict=True)
        return 2 * _PADDING + max(self._cell_height(*cell) for cell in cells)

    def _cell_height(self, column: Column, cell: Cell, width: float) -> float:
        if cell.images:
            return len(_strips(cell.images, width)) * (_STRIP_HEIGHT + _STRIP_GAP) - _STRIP_GAP
        inner = width - (_DOT + _DOT_GAP if cell.series is not None else 0.0)
        return self._canvas.text_height(
            self._translate(cell.text), self._style(column, cell), inner
        )

    def _draw_row(self, row: Sequence[Cell], height: float) -> None:
        x = 0.0
        for column, cell, width in zip(self._table.columns, row, self._widths, strict=True):
            own = self._cell_height(column, cell, width)
            self._draw_cell(column, cell, (x, self._canvas.y + (height - own) / 2), width)
            x += width + self._gap
        self._canvas.y += height
        self._canvas.rule(self._canvas.y, width=x - self._gap)

    def _draw_cell(
        self, column: Column, cell: Cell, place: tuple[float, float], width: float
    ) -> None:
        x, y = place
        for strip in _strips(cell.images, width):
            left = x
            for image in strip:
                area = QRectF(left, y, _strip_width(image), _STRIP_HEIGHT)
                draw_image(self._canvas, image, area, self._translate)
                left += area.width() + _STRIP_GAP
            y += _STRIP_HEIGHT + _STRIP_GAP
        if cell.images:
            return
        style = self._style(column, cell)
        if cell.series is not None:
            color = SERIES_COLORS[cell.series % len(SERIES_COLORS)]
            top = y + (style.size * LINE_SPACING - _DOT) / 2
            self._canvas.fill(QRectF(x, top, _DOT, _DOT), color, 1.5)
            x, width = x + _DOT + _DOT_GAP, width - _DOT - _DOT_GAP
        self._canvas.draw_text(self._translate(cell.text), style, (x, y), width, _alignment(column))

    def _style(self, column: Column, cell: Cell) -> Style:
        size = SMALL_SIZE - 0.5 if column.is_code else self._size
        color = _COLORS.get(cell.tone, LIGHT.text)
        return Style(size, color, is_bold=cell.tone in _STRONG, is_code=column.is_code)

    def _head_style(self) -> Style:
        return Style(self._size - 0.5, LIGHT.text_muted, is_bold=True)


def matrix_height(canvas: PdfCanvas, matrix: Matrix, translate: Translate) -> float:
    """Return the height of a confusion matrix."""
    labels, margin, side = _matrix_sizes(canvas, matrix, translate)
    return margin + side * len(labels)


def _matrix_sizes(
    canvas: PdfCanvas, matrix: Matrix, translate: Translate
) -> tuple[list[str], float, float]:
    """Return the labels as they fit, the room for them, and the side of a cell."""
    style = Style(SMALL_SIZE)
    labels = [
        canvas.elided(translate(label), style, _LONGEST_MATRIX_LABEL) for label in matrix.labels
    ]
    margin = max((canvas.text_width(label, style) for label in labels), default=0.0) + 8
    return labels, margin, min(_MATRIX_CELL, (canvas.width - margin) / max(1, len(labels)))


def draw_matrix(canvas: PdfCanvas, matrix: Matrix, translate: Translate) -> None:
    """Draw a confusion matrix, whole on one page."""
    style = Style(SMALL_SIZE)
    labels, margin, side = _matrix_sizes(canvas, matrix, translate)
    canvas.need(margin + side * len(labels))
    for number, label in enumerate(labels):
        x = margin + side * (number + 0.5) + 0.35 * SMALL_SIZE
        canvas.draw_rotated(label, style, (x, canvas.y + margin - 5))
    canvas.y += margin
    for row, (counts, total) in enumerate(zip(matrix.counts, matrix.totals, strict=True)):
        middle = canvas.y + (side - SMALL_SIZE * LINE_SPACING) / 2
        canvas.draw_text(labels[row], style, (0, middle), margin - 6, Qt.AlignmentFlag.AlignRight)
        for column, count in enumerate(counts):
            x = margin + side * column
            color = _shade(count, total, is_hit=row == column)
            canvas.fill(QRectF(x + 0.7, canvas.y + 0.7, side - 1.4, side - 1.4), color, 2.5)
            if count:
                number_style = Style(min(SMALL_SIZE, side / 2.6))
                text = f"{count:,}"
                canvas.draw_text(
                    text, number_style, (x, middle), side, Qt.AlignmentFlag.AlignHCenter
                )
        canvas.y += side


def _shade(count: int, total: int, *, is_hit: bool) -> QColor:
    if not count:
        return QColor(LIGHT.surface_alt)
    color = QColor(LIGHT.accent if is_hit else LIGHT.danger)
    color.setAlphaF(0.12 + 0.43 * count / max(1, total))
    return color


def _strips(images: Sequence[ReportImage], width: float) -> list[list[ReportImage]]:
    """Divide images into lines of a width."""
    lines: list[list[ReportImage]] = []
    used = 0.0
    for image in images:
        needed = _strip_width(image)
        if not lines or used + needed > width + 1:
            lines.append([])
            used = 0.0
        lines[-1].append(image)
        used += needed + _STRIP_GAP
    return lines


def _strip_width(image: ReportImage) -> float:
    width, height = image.size
    if not height:
        return 1.7 * _STRIP_HEIGHT
    return _STRIP_HEIGHT * min(1.5, max(0.5, width / height))


def _alignment(column: Column) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column.is_number else Qt.AlignmentFlag.AlignLeft

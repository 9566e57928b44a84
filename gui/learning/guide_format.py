"""Gives a document that was read from Markdown the look of the window."""

from collections.abc import Sequence

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from gui.learning.guide_section import GuideSection
from gui.look.theme import GRID, Theme

# Pixels at 100%, by level.
_HEADINGS = {1: 20, 2: 16, 3: 14}
_SMALLEST_HEADING = 13
_SPACE_ABOVE = {1: 0, 2: 3 * GRID}
_LINE_HEIGHT = 135
_WEIGHT = 600


def set_anchors(document: QTextDocument, sections: Sequence[GuideSection]) -> list[QTextBlock]:
    """Give headings the anchors of their sections, which Qt's reader does not.

    Returns:
        The block of each heading.
    """
    headings = [block for block in _blocks(document) if block.blockFormat().headingLevel()]
    for block, section in zip(headings, sections, strict=True):
        look = QTextCharFormat()
        look.setAnchor(True)
        look.setAnchorNames([section.anchor])
        _cursor(block).mergeCharFormat(look)
    return headings


def format_document(document: QTextDocument, theme: Theme) -> None:
    """Set type, space and colours of headings, paragraphs, code and tables."""
    edit = QTextCursor(document)
    # In one step: each by itself would lay the document out again.
    edit.beginEditBlock()
    for block in _blocks(document):
        level = block.blockFormat().headingLevel()
        if level:
            _format_heading(block, level)
        else:
            _format_paragraph(block, theme)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _format_table(frame, theme)
    edit.endEditBlock()


def image_names(document: QTextDocument) -> set[str]:
    """Return the names of a document's images, as its Markdown has them."""
    formats = [
        fragment.charFormat() for block in _blocks(document) for fragment in _fragments(block)
    ]
    return {each.toImageFormat().name() for each in formats if each.isImageFormat()}


def _blocks(document: QTextDocument) -> list[QTextBlock]:
    blocks, block = [], document.begin()
    while block.isValid():
        blocks.append(block)
        block = block.next()
    return blocks


def _cursor(block: QTextBlock) -> QTextCursor:
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _select(block: QTextBlock, fragment: QTextFragment) -> QTextCursor:
    cursor = QTextCursor(block)
    cursor.setPosition(fragment.position())
    cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
    return cursor


def _format_heading(block: QTextBlock, level: int) -> None:
    size = _HEADINGS.get(level, _SMALLEST_HEADING)
    for fragment in _fragments(block):
        look = fragment.charFormat()
        # Relative to the body, and stronger than the size in pixels.
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        look.setProperty(QTextFormat.Property.FontPixelSize, size)
        look.setFontWeight(QFont.Weight(_WEIGHT))
        _select(block, fragment).setCharFormat(look)
    space = QTextBlockFormat()
    space.setTopMargin(_SPACE_ABOVE.get(level, 2 * GRID))
    space.setBottomMargin(GRID)
    _cursor(block).mergeBlockFormat(space)


def _format_paragraph(block: QTextBlock, theme: Theme) -> None:
    space = QTextBlockFormat()
    has_image = any(fragment.charFormat().isImageFormat() for fragment in _fragments(block))
    if not has_image:  # Else the line is higher than its image.
        kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight
        space.setLineHeight(_LINE_HEIGHT, kind.value)
    properties = QTextFormat.Property
    is_code = block.blockFormat().hasProperty(properties.BlockCodeFence)
    is_code |= block.blockFormat().hasProperty(properties.BlockCodeLanguage)
    is_code |= block.blockFormat().nonBreakableLines()
    if is_code:
        space.setBackground(QColor(theme.surface_alt))
        space.setNonBreakableLines(False)
    elif block.textList() is None:
        is_cell = QTextCursor(block).currentTable() is not None
        space.setBottomMargin(0 if is_cell else GRID)
    else:
        space.setTopMargin(0)
        space.setBottomMargin(GRID // 2)
    _cursor(block).mergeBlockFormat(space)
    if not is_code:
        _format_code(block, theme)


def _fragments(block: QTextBlock) -> list[QTextFragment]:
    found, iterator = [], block.begin()
    while not iterator.atEnd():
        found.append(iterator.fragment())
        iterator += 1
    return found


def _format_code(block: QTextBlock, theme: Theme) -> None:
    """Shade code within a line."""
    look = QTextCharFormat()
    look.setBackground(QColor(theme.surface_alt))
    for fragment in _fragments(block):
        if fragment.charFormat().fontFixedPitch():
            _select(block, fragment).mergeCharFormat(look)


def _format_table(table: QTextTable, theme: Theme) -> None:
    look = table.format().toTableFormat()
    look.setBorder(1)
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderBrush(QBrush(QColor(theme.line)))
    look.setBorderCollapse(True)
    look.setCellPadding(GRID * 3 / 4)
    look.setCellSpacing(0)
    look.setTopMargin(GRID)
    look.setBottomMargin(GRID)
    look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(look)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        shade = cell.format().toTableCellFormat()
        shade.setBackground(QColor(theme.surface_alt))
        cell.setFormat(shade)

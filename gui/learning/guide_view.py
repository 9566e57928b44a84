"""Shows a document of the guide, with its pictures in the size and scheme that fit."""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QResizeEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from gui.learning.guide_format import format_document, image_names, set_anchors
from gui.learning.guide_library import GuideLibrary
from gui.learning.guide_section import GuideSection
from gui.look.language import tr
from gui.look.theme import DARK, GRID, theme_for
from resources import guide_path

_SCHEME = "guide"
# A line of about 90 characters; longer ones are hard to follow.
_WIDEST_COLUMN = 90 * GRID
_MARGIN = 3 * GRID
_RESIZE_DELAY_MS = 150
_FORMATTED = 1
_RESTYLING = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)


class GuideView(QTextBrowser):
    """Follows links within the guide; others are only reported.

    Args:
        library: The documents.

    Signals:
        section_shown: The `GuideSection` at the top now, while the user scrolls, too.
        outside_link_clicked: Address of something that is no part of the guide.
    """

    section_shown = Signal(object)
    outside_link_clicked = Signal(str)

    def __init__(self, library: GuideLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._sections: tuple[GuideSection, ...] = ()
        self._blocks: list[QTextBlock] = []
        self._section: GuideSection | None = None
        self._words: tuple[str, ...] = ()
        self.setObjectName("Guide text")
        self.setAccessibleName(tr("Text of the guide"))
        self.setOpenLinks(False)
        # Always there: pictures are as wide as the column, which must not change with them.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(_MARGIN)
        self._resized = self._timer(_RESIZE_DELAY_MS)
        self._resized.timeout.connect(self._scale_images)
        # A change of style comes as several events.
        self._restyled = self._timer(0)
        self._restyled.timeout.connect(self._restyle)
        self.sourceChanged.connect(self._on_source_changed)
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def show_section(self, section: GuideSection) -> None:
        """Show a section, with its heading at the top; `backward` leads back from there."""
        self._open(_address(section.document, section.anchor))

    def section(self) -> GuideSection | None:
        """Return the section at the top."""
        return self._section

    def highlight(self, words: Sequence[str]) -> None:
        """Mark all mentions of some words, in every document shown from now on."""
        self._words = tuple(words)
        self._mark_words()

    def _timer(self, delay_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(delay_ms)
        return timer

    def _mark_words(self) -> None:
        theme = theme_for(self.palette())
        look = QTextCharFormat()
        look.setBackground(QColor(theme.accent_soft))
        look.setForeground(QColor(theme.text))
        marks = []
        for word in self._words:
            cursor = self.document().find(word)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look
                marks.append(mark)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)

    def _on_source_changed(self, url: QUrl) -> None:
        # Also for `backward` and `forward`, which restore the place afterwards.
        if self.document().begin().userState() != _FORMATTED:
            self._show_document(_name(url))
        self._go_to(url.fragment())

    def _show_document(self, name: str) -> None:
        """Make what Qt has read from Markdown look like the rest of the window."""
        self._section = None
        found = self._library.document(name)
        self._sections = found.sections if found is not None else ()
        # A changed document would be read again by the browser for the next link within it.
        with QSignalBlocker(self.document()):
            self.document().setDocumentMargin(_MARGIN)
            self._blocks = set_anchors(self.document(), self._sections)
            format_document(self.document(), theme_for(self.palette()))
            self.document().begin().setUserState(_FORMATTED)
        self._mark_words()

    def _column(self) -> int:
        """Return the widest that an image may be."""
        return max(16 * GRID, self.viewport().width() - 2 * _MARGIN)

    def _image(self, name: str) -> QImage:
        """Read an image, of the scheme that is shown, scaled to the column."""
        path = guide_path(name)
        if theme_for(self.palette()) is DARK:
            dark = path.with_name(path.name.replace("-light.", "-dark."))
            path = dark if dark.is_file() else path
        image = QImage(str(path))
        shown_width = min(image.width(), self._column())
        width = min(image.width(), round(shown_width * self.devicePixelRatioF()))
        if width < image.width():
            # Qt would scale it while drawing, and roughly.
            image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        image.setDevicePixelRatio(width / max(1, shown_width))
        return image

    def _scale_images(self) -> None:
        document = self.document()
        with QSignalBlocker(document):
            for name in image_names(document):
                kind = QTextDocument.ResourceType.ImageResource
                url = document.baseUrl().resolved(QUrl(name))
                document.addResource(kind, url, self._image(name))
            document.markContentsDirty(0, document.characterCount())

    def _restyle(self) -> None:
        """Read the document again, in the colours of another scheme."""
        place = self.verticalScrollBar().value()
        self.reload()
        self.verticalScrollBar().setValue(place)

    def _on_anchor_clicked(self, url: QUrl) -> None:
        name = _name(url)
        is_here = url.scheme() == _SCHEME and self._library.document(name) is not None
        if is_here:
            self._open(url)
        elif url.scheme() == _SCHEME:
            self.outside_link_clicked.emit(name.removeprefix("../"))
        else:
            self.outside_link_clicked.emit(url.toString())

    def _open(self, url: QUrl) -> None:
        # Told, since made documents have no suffix.
        self.setSource(url, QTextDocument.ResourceType.MarkdownResource)

    def _go_to(self, anchor: str) -> None:
        bar = self.verticalScrollBar()
        wanted = [n for n, section in enumerate(self._sections) if section.anchor == anchor]
        if anchor and wanted:
            block = self._blocks[wanted[0]]
            top = self.document().documentLayout().blockBoundingRect(block).top()
            self.setTextCursor(QTextCursor(block))
            bar.setValue(round(top) - GRID)
            self._note(self._sections[wanted[0]])
        else:
            bar.setValue(0)
            self._on_scrolled()

    def _on_scrolled(self) -> None:
        if not self._blocks:
            return
        layout = self.document().documentLayout()
        tops = [layout.blockBoundingRect(block).top() for block in self._blocks]
        bar = self.verticalScrollBar()
        number = bisect_right(tops, bar.value() + 2 * GRID) - 1
        if bar.value() == bar.maximum() > 0:
            # The last sections may be too short to reach the top.
            number = len(tops) - 1
        self._note(self._sections[max(0, number)])

    def _note(self, section: GuideSection) -> None:
        if section is not self._section:
            self._section = section
            self.section_shown.emit(section)

    # Qt's own methods.

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        name = _name(url)
        if kind == QTextDocument.ResourceType.ImageResource.value:
            try:
                return self._image(name)
            except FileNotFoundError:
                return QImage()
        document = self._library.document(name)
        return document.markdown if document is not None else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        side = max(0, (self.width() - _WIDEST_COLUMN) // 2)
        self.setViewportMargins(side, 0, side, 0)
        super().resizeEvent(event)
        self._resized.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _RESTYLING and self.source().isValid():
            self._restyled.start()


def _name(url: QUrl | str) -> str:
    """Return the path of a document or image below the guide's folder."""
    return QUrl(url).path().lstrip("/")


def _address(document: str, anchor: str) -> QUrl:
    url = QUrl(f"{_SCHEME}:///{document}")
    if anchor:
        url.setFragment(anchor)
    return url

"""Details of one backbone, and its effect on training."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.settings.config import DEFAULT_BACKBONE
from gui.backbones.backbone_row import BackboneRow
from gui.glossary.families import family_text
from gui.look.language import shown, tr, tr_count
from gui.look.theme import GRID
from gui.look.wording import data_size, size_in_pixels, times
from gui.widgets.plain_text import PlainLabel, plain_tooltip
from gui.widgets.term_label import TermLabel

_WIDTH = 32 * GRID


class BackboneDetails(QScrollArea):
    """Title, advice, effects, source; all text can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Details")
        self.setAccessibleName(tr("About the selected backbone"))
        self.setFixedWidth(_WIDTH)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        card = QFrame()
        card.setProperty("role", "card")
        self._layout = QVBoxLayout(card)
        self._layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        self._layout.setSpacing(GRID // 2)
        self._title = self._add_label("heading")
        self._family = self._add_label("help")
        self._advice = self._add_label("", is_prose=True)
        self._family_head = self._add_head(tr("How it is built"))
        self._family_text = self._add_label("", is_prose=True)
        self._changes_head = self._add_head(tr("Effect on training"))
        self._changes = self._add_label("", is_prose=True)
        self._handle_head = self._add_head(tr("Source"))
        self._handle = self._add_label("help")
        self._page_head = self._add_head(tr("Page to open in a browser"))
        self._page = self._add_label("help")
        self._license_head = self._add_head(tr("Licence"))
        self._license = self._add_label("help")
        self._source_head = self._add_head(tr("Source of the accuracy"))
        self._source = self._add_label("help")
        self._layout.addStretch(1)
        self.setWidget(card)
        self.show_row(None, None)

    def show_row(self, row: BackboneRow | None, relative_work: float | None) -> None:
        """Show a backbone, or a hint if none is selected.

        Args:
            row: The backbone.
            relative_work: As a multiple of the default backbone's; None if unknown.
        """
        heads = (self._changes_head, self._handle_head, self._license_head, self._source_head)
        explained = family_text(row.family) if row is not None else ""
        self._family_text.setText(explained)
        self._family_text.setVisible(bool(explained))
        self._family_head.setVisible(bool(explained))
        for head in (*heads, self._page_head):
            head.setVisible(row is not None)
        if row is None:
            labels = (self._family, self._changes, self._handle, self._license, self._source)
            for label in (*labels, self._page):
                label.clear()
            self._title.setText(tr("No backbone selected"))
            self._advice.setVisible(True)
            self._advice.setText(tr("Select one to see its details."))
            return
        self._title.setText(shown(row.title))
        year = str(row.year) if row.year else ""
        self._family.setText(" · ".join(filter(None, (row.family, year, row.name))))
        self._advice.setText(shown(row.advice))
        self._advice.setVisible(bool(row.advice))
        self._changes.setText("\n".join(self._consequences(row, relative_work)))
        self._handle.setText(_breakable(row.handle))
        self._handle.setToolTip(plain_tooltip(row.handle))
        has_page = row.page not in ("", row.handle)
        self._page_head.setVisible(has_page)
        self._page.setVisible(has_page)
        self._page.setText(_breakable(row.page))
        self._page.setToolTip(plain_tooltip(row.page))
        self._license.setText(row.license or tr("Unknown"))
        self._source_head.setVisible(bool(row.imagenet_top1_source))
        self._source.setText(_breakable(row.imagenet_top1_source))
        self._source.setVisible(bool(row.imagenet_top1_source))

    def text(self) -> str:
        """Return all text that is shown."""
        labels = self.findChildren(QLabel)
        texts = (label.text() for label in labels if not label.isHidden())
        return "\n".join(texts).replace("\u200b", "")

    def _add_label(self, role: str, *, is_prose: bool = False) -> TermLabel:
        label = TermLabel(is_selectable=True)
        # Names and addresses have words of the glossary by chance.
        label.set_linked(is_prose)
        label.setWordWrap(True)
        label.setMinimumWidth(1)
        if role:
            label.setProperty("role", role)
        self._layout.addWidget(label)
        return label

    def _add_head(self, text: str) -> PlainLabel:
        self._layout.addSpacing(GRID)
        head = PlainLabel(text)
        head.setWordWrap(True)
        head.setProperty("role", "heading")
        self._layout.addWidget(head)
        return head

    def _consequences(self, row: BackboneRow, relative_work: float | None) -> list[str]:
        lines = [
            tr("Pictures are scaled to %1.", size_in_pixels(row.input_size)),
            _features_text(row),
        ]
        if row.stages == ():
            lines.append(tr("Its graph shows no stages."))
        if relative_work is not None and row.name != DEFAULT_BACKBONE:
            factor = times(relative_work)
            lines.append(tr("Takes about %1× the computation of the default backbone.", factor))
        if not row.is_here and row.is_in_catalogue and row.shown_bytes:
            size = data_size(row.shown_bytes)
            lines.append(
                tr("Needs a download of about %1, once.", size)
                if row.is_size_estimated
                else tr("Needs a download of %1, once.", size)
            )
        lines.append(tr("Features are computed once and cached."))
        return lines


def _features_text(row: BackboneRow) -> str:
    if not row.stages:
        return tr_count("Each picture becomes %n feature(s).", "", row.feature_dim)
    return tr_count(
        "Each picture becomes %n feature(s), and %1 of earlier stages.",
        "",
        row.feature_dim,
        sum(row.stages),
    )


def _breakable(address: str) -> str:
    """Allow a line break after each slash, hyphen and underscore."""
    return address.replace("/", "/\u200b").replace("-", "-\u200b").replace("_", "_\u200b")

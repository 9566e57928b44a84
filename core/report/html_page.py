"""A report as one HTML file that needs nothing else: no script, no network, no other file."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import assert_never

from core.plain_text import escape_controls, valid_unicode
from core.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Fold,
    Gallery,
    GalleryItem,
    Heading,
    KeyFigures,
    Matrix,
    Paragraph,
    Report,
    Table,
    Tone,
)
from core.report.chart import SERIES_COLORS, Chart, chart_svg
from core.report.report_image import ReportImage
from resources import resource_path

Translate = Callable[[str], str]
_SHADES = 10
_FEWEST_SECTIONS = 4  # for a list of them at the beginning


def html_page(report: Report, translate: Translate = str) -> bytes:
    """Write a report as HTML.

    Args:
        translate: Makes a text for users of each text in the report.
    """
    return "".join(_Page(report, translate).parts()).encode("utf-8")


class _Page:
    """Writes one report."""

    def __init__(self, report: Report, translate: Translate) -> None:
        self._report, self._translate = report, translate
        self._num_sections = 0

    def parts(self) -> Iterator[str]:
        """Yield the parts of the file."""
        style = resource_path("report.css").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
        # Nothing but these styles and the pictures inside: if a name were taken for markup after
        # all, it could load and run nothing.
        policy = f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
        title = self._text(self._report.title)
        yield (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}; '
            "base-uri 'none'; form-action 'none'\">\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            '<meta name="referrer" content="no-referrer">\n'
            f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        )
        yield f"<header>\n<h1>{title}</h1>\n<p>{self._text(self._report.subtitle)}</p>\n</header>\n"
        blocks = list(self._report.blocks)
        first = next((i for i, each in enumerate(blocks) if isinstance(each, Heading)), len(blocks))
        yield from self._blocks(blocks[:first])
        yield from self._contents()
        yield from self._blocks(blocks[first:])
        yield f"</main>\n<footer>{self._text(self._report.footer)}</footer>\n</body>\n</html>\n"

    def _contents(self) -> Iterator[str]:
        sections = self._report.sections()
        if len(sections) < _FEWEST_SECTIONS:
            return
        links = (
            f'<a href="#s{number}">{self._text(section)}</a>'
            for number, section in enumerate(sections, 1)
        )
        yield f"<nav>{' '.join(links)}</nav>\n"

    def _blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block)
            yield "\n"

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield self._heading(block)
            case Paragraph(text, tone):
                yield f'<p class="{tone}">{self._text(text)}</p>'
            case KeyFigures():
                yield from self._key_figures(block)
            case Table():
                yield from self._table(block)
            case Matrix():
                yield from self._matrix(block)
            case Gallery(items):
                yield '<div class="gallery">'
                yield from map(self._figure, items)
                yield "</div>"
            case Chart():
                svg, _ = chart_svg(block.translated(self._translate))
                yield f'<div class="chart">{svg}</div>'
            case Code(lines):
                yield f"<pre>{escape(chr(10).join(lines))}</pre>"
            case Fold(title, blocks):
                yield f"<details><summary>{self._text(title)}</summary>\n"
                yield from self._blocks(blocks)
                yield "</details>"
            case _:
                assert_never(block)

    def _heading(self, heading: Heading) -> str:
        text = self._text(heading.text)
        if heading.level != 2:
            return f"<h{heading.level}>{text}</h{heading.level}>"
        self._num_sections += 1
        return f'<h2 id="s{self._num_sections}">{text}</h2>'

    def _key_figures(self, block: KeyFigures) -> Iterator[str]:
        yield '<div class="figures">'
        for each in block.figures:
            yield (
                f'<div><span class="label">{self._text(each.label)}</span>'
                f'<span class="value">{self._text(each.value)}</span>'
                f'<span class="detail">{self._text(each.detail)}</span></div>'
            )
        yield "</div>"

    def _table(self, table: Table) -> Iterator[str]:
        yield '<div class="wide"><table>'
        if any(column.title for column in table.columns):
            yield "<thead><tr>"
            for column in table.columns:
                yield f'<th{_classes(column)} scope="col">{self._text(column.title)}</th>'
            yield "</tr></thead>"
        yield "<tbody>"
        for row in table.rows:
            cells = zip(table.columns, row, strict=True)
            yield "<tr>" + "".join(self._cell(column, cell) for column, cell in cells) + "</tr>\n"
        yield "</tbody></table></div>"

    def _cell(self, column: Column, cell: Cell) -> str:
        content = self._text(cell.text)
        if cell.series is not None:
            content = f'<i class="b{cell.series % len(SERIES_COLORS)}"></i>{content}'
        if cell.images:
            shown = "".join(self._image(image) for image in cell.images)
            content = f'<span class="strip">{shown}</span>{content}'
        tones = () if cell.tone is Tone.PLAIN else (str(cell.tone),)
        return f"<td{_classes(column, *tones)}>{content}</td>"

    def _matrix(self, matrix: Matrix) -> Iterator[str]:
        yield '<div class="wide"><table class="matrix"><thead><tr><td></td>'
        for label in matrix.labels:
            yield f'<th scope="col"><span>{self._text(label)}</span></th>'
        yield "</tr></thead><tbody>"
        for row, (label, counts, total) in enumerate(
            zip(matrix.labels, matrix.counts, matrix.totals, strict=True)
        ):
            yield f'<tr><th scope="row">{self._text(label)}</th>'
            for column, count in enumerate(counts):
                # A single mistake among thousands is still to be seen.
                shade = -(-_SHADES * count // max(1, total))
                name = "hit" if row == column else "miss"
                number = f"{count:,}" if count else ""
                yield f'<td class="{name} h{min(_SHADES, shade)}">{number}</td>'
            yield "</tr>\n"
        yield "</tbody></table></div>"

    def _figure(self, item: GalleryItem) -> str:
        first, *others = item.lines or ("",)
        lines = f"<b>{self._text(first)}</b>" + "".join(
            f"<span>{self._text(line)}</span>" for line in others
        )
        return f"<figure>{self._image(item.image)}<figcaption>{lines}</figcaption></figure>"

    def _image(self, image: ReportImage) -> str:
        name = self._text(str(image.path))
        if not image.jpeg:
            reason = self._text(image.problem)
            return f'<span class="missing"><span>{reason}</span><span>{name}</span></span>'
        data = base64.b64encode(image.jpeg).decode("ascii")
        width, height = image.size
        shown = (
            f'<img src="data:image/jpeg;base64,{data}" width="{width}" height="{height}" '
            f'alt="{name}" title="{name}">'
        )
        if not image.problem:
            return shown
        return f'<span class="flawed">{shown}<span>{self._text(image.problem)}</span></span>'

    def _text(self, text: str) -> str:
        return escape(valid_unicode(escape_controls(self._translate(text))))


def _classes(column: Column, *others: str) -> str:
    names = [*(["n"] if column.is_number else []), *(["c"] if column.is_code else []), *others]
    return f' class="{" ".join(names)}"' if names else ""

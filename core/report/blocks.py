"""The parts of a report, the same for HTML and PDF.

Texts are plain: names of classes and files come from anywhere, and who writes a form escapes them.
A `core.text.Text` among them is translated there too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from core.report.chart import Chart
from core.report.report_image import ReportImage


class Tone(StrEnum):
    """How a text looks, by its meaning."""

    PLAIN = "plain"
    MUTED = "muted"
    NOTE = "note"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; those of level 2 are listed at the beginning.

    Attributes:
        level: 2 for a section, 3 for a part of one.
    """

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or several."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number in large type."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Numbers in large type, side by side."""

    figures: tuple[KeyFigure, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes:
        shade: How dark its background is, in [0, 1].
        series: Number of a curve whose colour stands before the text; None for none.
    """

    text: str = ""
    tone: Tone = Tone.PLAIN
    shade: float = 0.0
    images: tuple[ReportImage, ...] = ()
    series: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        is_number: Whether it is aligned to the right, and no wider than it must be.
        is_code: Whether it holds paths or hashes, which may be cut anywhere.
    """

    title: str = ""
    is_number: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; without a head if no column has a title."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """A confusion matrix, or a part of one.

    Attributes:
        labels: Classes, for rows and columns.
        counts: A row for each actual class.
        totals: Pictures of each actual class, those beside the part included.
    """

    labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    totals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GalleryItem:
    """An image with lines below it."""

    image: ReportImage
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gallery:
    """Images side by side."""

    items: tuple[GalleryItem, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be typed."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Details that are closed at first."""

    title: str
    blocks: tuple["Block", ...]


Block: TypeAlias = Heading | Paragraph | KeyFigures | Table | Matrix | Gallery | Chart | Code | Fold


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    Attributes:
        subtitle: A sentence below the title.
        footer: A line for the end of each page.
    """

    title: str
    subtitle: str
    footer: str
    blocks: tuple[Block, ...] = field(default=())

    def sections(self) -> list[str]:
        """Return the headings of its sections."""
        found = [each for each in self.blocks if isinstance(each, Heading)]
        return [heading.text for heading in found if heading.level == 2]

    def images(self) -> Iterator[ReportImage]:
        """Yield all images that it shows, in order."""
        yield from _images(self.blocks)


def _images(blocks: Sequence[Block]) -> Iterator[ReportImage]:
    for block in blocks:
        if isinstance(block, Gallery):
            yield from (item.image for item in block.items)
        elif isinstance(block, Table):
            yield from (image for row in block.rows for cell in row for image in cell.images)
        elif isinstance(block, Fold):
            yield from _images(block.blocks)


def text_row(*texts: str) -> tuple[Cell, ...]:
    """Return a row of plain cells."""
    return tuple(map(Cell, texts))

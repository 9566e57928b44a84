"""A report as PDF: whole pages, numbered, with nothing cut and every name a text."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtPdf import QPdfDocument

from core.data.dataset import Split
from core.report.blocks import Column, Heading, Matrix, Paragraph, Report, Table, text_row
from core.report.report import make_report
from gui.report.pdf_document import pdf_document
from tests.reported_runs import finished_run

ENEMY = "<script>alert(1)</script>"


class Pdf:
    """A PDF, read by Qt."""

    def __init__(self, content: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(QByteArray(content))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document = QPdfDocument(None)
        self._document.load(self._buffer)

    def pages(self) -> list[str]:
        """The text of each page."""
        count = self._document.pageCount()
        return [self._document.getAllText(page).text() for page in range(count)]

    def is_blank(self, page: int) -> bool:
        """Whether nothing but its footer is drawn on a page."""
        image = self._document.render(page, QSize(100, 141))
        rows = range(8, 125)
        return all(image.pixelColor(x, y).alpha() == 0 for y in rows for x in range(100))

    def close(self) -> None:
        """Let go of the buffer before it is destroyed."""
        self._document.close()


@pytest.fixture
def read(qapp) -> Iterator[object]:
    opened: list[Pdf] = []

    def make(report: Report, **options) -> Pdf:
        opened.append(Pdf(pdf_document(report, **options)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_a_run_is_told_on_numbered_pages(read, tmp_path: Path) -> None:
    pdf = read(make_report([finished_run(tmp_path)]))
    pages = pdf.pages()
    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert f"{number} / {len(pages)}" in text
        assert not pdf.is_blank(number - 1)
    whole = "\n".join(pages)
    assert "82.1%" in whole
    for section in ("Classes", "Confusion matrix", "All settings", "How to repeat this training"):
        assert section in whole


def test_names_are_texts(read, tmp_path: Path) -> None:
    labels = (ENEMY, "b\n<b>c</b>", "x" * 300)
    matrix = {Split.TEST: np.array([[9, 3, 0], [2, 6, 1], [0, 4, 8]])}
    whole = "".join(read(make_report([finished_run(tmp_path, labels, matrix)])).pages())
    assert ENEMY in whole
    assert r"b\n<b>c</b>" in whole


def test_a_long_table_has_its_head_on_each_page(read) -> None:
    rows = tuple(text_row(f"row {number}", "x") for number in range(150))
    table = Table((Column("First column"), Column("Second")), rows)
    pages = read(Report("t", "s", "f", (Heading("Long"), table))).pages()
    assert len(pages) > 2
    assert all("First column" in text for text in pages)
    assert re.findall(r"row (\d+)", "".join(pages)) == [str(number) for number in range(150)]


def test_numbers_are_never_broken_and_wide_tables_come_in_parts(read) -> None:
    titles = (Column("Class"), *(Column(f"run {n}", is_number=True) for n in range(30)))
    rows = (text_row("a class of a long name", *(f"{n}00.0%" for n in range(30))),)
    whole = read(Report("t", "s", "f", (Table(titles, rows),))).pages()[0]
    assert all(f"{n}00.0%" in whole for n in range(30))
    assert whole.replace("\r\n", " ").count("a class of a") > 1


def test_a_heading_is_never_parted_from_its_matrix(read) -> None:
    labels = tuple(f"class {number}" for number in range(16))
    counts = tuple((1,) * 16 for _ in labels)
    matrix = Matrix(labels, counts, (16,) * 16)
    filling = tuple(Paragraph(f"line {number}") for number in range(30))
    blocks = (*filling, Heading("Confusion matrix", 3), Paragraph("Rows and columns."), matrix)
    pages = read(Report("t", "s", "f", blocks)).pages()
    [page] = [text for text in pages if "Confusion matrix" in text]
    assert "Rows and columns." in page
    assert "class 15" in page
    assert "line 29" not in page


def test_a_text_longer_than_a_page_goes_on(read) -> None:
    words = [f"word{number}" for number in range(3000)]
    pages = read(Report("t", "s", "f", (Paragraph(" ".join(words)),))).pages()
    assert len(pages) > 2
    assert "".join(pages).split().count("word2999") == 1


def test_texts_are_translated(read, tmp_path: Path) -> None:
    report = make_report([finished_run(tmp_path)])
    whole = "".join(read(report, translate=lambda text: text.replace("Recall", "Rappel")).pages())
    assert "Rappel" in whole
    assert "Recall" not in whole


def test_missing_pictures_are_named(read, tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    for file in tmp_path.rglob("*.png"):
        file.unlink()
    whole = "".join(read(make_report([path])).pages())
    assert "This file is not there." in whole

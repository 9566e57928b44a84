"""What spreadsheets would take for formulas is written as text, and read back as it was."""

import pytest

from core.csv_cells import text_cell, text_of_cell

PLAIN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"]
FULL_WIDTH = ["\uff1d1", "\uff0b1", "\uff0d1", "\uff20a"]
FORMULAS = PLAIN + FULL_WIDTH


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_become_text(text: str) -> None:
    assert text_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["cat", "'quoted'", "a=b", "/p/-x.jpg", "", "1.5", " =1"])
def test_other_text_stays(text: str) -> None:
    assert text_cell(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, "'=1", "''=1", "''", "'", "cat", "'-", "'quoted'"])
def test_every_text_comes_back(text: str) -> None:
    assert text_of_cell(text_cell(text)) == text

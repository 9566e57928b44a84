"""Cells of CSV and TSV files that spreadsheets must take for text.

A cell that begins with `=`, `+`, `-` or `@` is a formula to Excel and LibreOffice, and names of
files and classes come from anywhere. As OWASP advises ("CSV Injection"), an apostrophe is put
before it, which spreadsheets take for the mark of a text.
"""

import re

# Full-width signs count too: Excel takes them for the plain ones in some languages.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def text_cell(text: str) -> str:
    """Write a text as a cell that is no formula; `text_of_cell` reads it back.

    Not for numbers: a negative one would become a text.
    """
    # Names that begin with apostrophes before such a sign get one more, so that none is lost.
    return f"'{text}" if _FORMULA.match(text) else text


def text_of_cell(cell: str) -> str:
    """Read the text of a cell that `text_cell` wrote."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell

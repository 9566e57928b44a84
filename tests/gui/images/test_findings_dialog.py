"""The list of findings: tells files of equal names apart, and shows sentences in full."""

from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QTableView

from core.data.dataset import Finding, FindingKind
from gui.images.findings_dialog import FindingsDialog
from gui.images.findings_model import FindingColumn

PETS = Path("/home/anna/Pictures/holidays/pets")
CONFLICT = (
    f"This picture is in the class “dogs”, and its exact duplicate {PETS / 'cats' / 'same.png'} in "
    "“cats”; training leaves both out."
)


@pytest.fixture
def table(qtbot):
    dialog = FindingsDialog()
    qtbot.addWidget(dialog)
    findings = [
        Finding(PETS / name / "cut.jpg", FindingKind.UNREADABLE, "This file is cut off.")
        for name in ("cats", "dogs")
    ]
    findings.append(Finding(PETS / "dogs" / "same.png", FindingKind.LABEL_CONFLICT, CONFLICT))
    findings.append(Finding(None, FindingKind.IMBALANCE, "“cats” is large."))
    dialog.set_findings(findings)
    dialog.show()
    yield dialog.findChild(QTableView)
    dialog.close()


def test_files_of_one_name_are_told_apart_by_their_folder(table):
    model = table.model()
    shown = [model.index(row, FindingColumn.FILE).data() for row in range(model.rowCount())]
    assert shown == [
        *(str(Path(each)) for each in ("cats/cut.jpg", "dogs/cut.jpg")),
        str(Path("dogs/same.png")),
        "",
    ]


def test_a_long_sentence_fits_its_cell(table):
    cell = table.visualRect(table.model().index(2, FindingColumn.DETAIL)).adjusted(4, 0, -4, 0)
    room = QRect(0, 0, cell.width(), 10_000)
    wrapped = int(Qt.TextFlag.TextWordWrap)
    needed = table.fontMetrics().boundingRect(room, wrapped, CONFLICT)
    assert table.wordWrap()
    assert needed.height() <= cell.height()

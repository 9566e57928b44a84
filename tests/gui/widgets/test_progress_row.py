"""A row for the progress of something that the user can cancel."""

import pytest
from PySide6.QtWidgets import QProgressBar, QPushButton

from gui.widgets.progress_row import ProgressRow


@pytest.fixture
def row(qtbot) -> ProgressRow:
    row = ProgressRow()
    qtbot.addWidget(row)
    row.show()
    return row


def test_idle_it_shows_its_text_alone(row):
    row.show_progress("Downloading", 0.5)
    row.show_idle("Done.")
    assert row.is_idle
    assert row.text() == "Done."
    assert not row.findChild(QPushButton, "Cancel").isVisible()


def test_the_bar_moves_while_the_end_is_unknown(row):
    bar = row.findChild(QProgressBar, "Progress")
    row.show_progress("Looking", None)
    assert (bar.minimum(), bar.maximum()) == (0, 0)
    row.show_progress("Downloading", 0.5)
    assert bar.value() == bar.maximum() / 2
    assert not row.is_idle


def test_it_can_be_cancelled_once(qtbot, row):
    cancel = row.findChild(QPushButton, "Cancel")
    row.show_progress("Downloading", 0.5)
    with qtbot.waitSignal(row.cancel_requested):
        cancel.click()
    row.show_stopping("Cancelling…")
    assert not cancel.isEnabled()
    row.show_idle()
    row.show_progress("Downloading", 0.1)
    assert cancel.isEnabled()

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.project.settings import Settings
from gui.window.file_dialogs import FileDialogs


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    return window


def test_files_without_an_images_suffix_can_be_chosen(window):
    FileDialogs(window, Settings()).ask_for_files()
    (dialog,) = window.findChildren(QFileDialog)
    every, known = dialog.nameFilters()
    assert "*.jpg" in known
    assert "*.csv" in known
    assert every == dialog.selectedNameFilter() == "All files (*)"
    dialog.close()

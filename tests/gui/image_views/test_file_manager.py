from pathlib import Path

import pytest

from gui.image_views import file_manager
from gui.image_views.file_manager import FileManager


@pytest.fixture
def opened(monkeypatch):
    """What would be opened on a system without a session bus."""
    opened = []

    class NoBus:
        @staticmethod
        def sessionBus():  # noqa: N802
            return NoBus()

        def isConnected(self):  # noqa: N802
            return False

    class Services:
        @staticmethod
        def openUrl(url):  # noqa: N802
            opened.append(url.toLocalFile())

    monkeypatch.setattr(file_manager, "QDBusConnection", NoBus)
    monkeypatch.setattr(file_manager, "QDesktopServices", Services)
    return opened


def test_each_folder_is_opened_once(qtbot, opened):
    FileManager().show_files([Path("/a/1.jpg"), Path("/a/2.jpg"), Path("/ä b/3.jpg")])
    assert opened == ["/a", "/ä b"]

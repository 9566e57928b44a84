import re
import shutil
import subprocess
from pathlib import Path

import pytest

from core.errors import IntegrationError
from core.integration.default_programs import default_programs
from core.integration.desktop_menu import DesktopMenuEntry
from tests.core.integration.conftest import tree

VIEWER = "[Desktop Entry]\nType=Application\nName=Viewer\nExec=true %F\nMimeType=image/png;\n"
OWN = "fieldguide-classify.desktop"

pytestmark = pytest.mark.skipif(
    shutil.which("gio") is None or shutil.which("update-desktop-database") is None,
    reason="needs libglib2.0-bin and desktop-file-utils",
)


@pytest.fixture
def entry(home, recorder, tmp_path, monkeypatch) -> DesktopMenuEntry:
    """On a system with one viewer, which nobody chose as the default."""
    programs = tmp_path / "share/applications"
    programs.mkdir(parents=True)
    (programs / "viewer.desktop").write_text(VIEWER)
    subprocess.run(["update-desktop-database", programs], check=True)
    monkeypatch.setenv("XDG_DATA_DIRS", f"{tmp_path / 'share'}:/usr/share/mime-only")
    return DesktopMenuEntry(recorder.command)


def test_double_click_opens_what_it_did(home, entry):
    before = tree(home)
    assert default_programs(["image/png"]) == {"image/png": "viewer.desktop"}
    entry.install()
    assert default_programs(["image/png"]) == {"image/png": "viewer.desktop"}
    listed = subprocess.run(["gio", "mime", "image/png"], capture_output=True, text=True).stdout
    assert OWN in listed
    assert not entry.install()
    entry.remove()
    assert tree(home) == before


def test_list_of_others_is_left_alone(home, entry):
    path = home / ".local/share/applications/mimeapps.list"
    path.parent.mkdir(parents=True)
    path.write_text("[Default Applications]\nimage/png=viewer.desktop\n")
    before = tree(home)
    entry.install()
    entry.remove()
    assert tree(home) == before


def test_edited_list_is_told_and_left_alone(home, entry):
    entry.install()
    path = Path(home / ".local/share/applications/mimeapps.list")
    path.write_text("mine")
    with pytest.raises(IntegrationError, match=f"{re.escape(str(path))} was changed"):
        entry.remove()
    assert path.read_text() == "mine"

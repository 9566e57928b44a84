import shutil
import subprocess

import pytest

from core.file_managers.default_programs import default_programs
from core.file_managers.desktop_menu import DesktopMenuEntry
from tests.core.file_managers.conftest import tree

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


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[Default Applications]\ntext/plain=editor.desktop\n",
        "# no group\n[Added Associations]\nimage/png=other.desktop;",
    ],
)
def test_list_of_others_comes_back_to_the_byte(home, entry, content):
    path = home / ".local/share/applications/mimeapps.list"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    before = tree(home)
    entry.install()
    assert default_programs(["image/png"]) == {"image/png": "viewer.desktop"}
    assert content.strip() in path.read_text().replace("image/png=viewer.desktop\n", "")
    entry.remove()
    assert tree(home) == before


def test_what_others_put_into_the_list_stays(home, entry):
    entry.install()
    path = home / ".local/share/applications/mimeapps.list"
    path.write_text(path.read_text() + "text/plain=editor.desktop\n")
    entry.remove()
    assert path.read_text() == "[Default Applications]\ntext/plain=editor.desktop\n"

"""Real file managers show the entry, and choosing it starts the command with the right files."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.integration.all_entries import all_entries
from tests.program import SAMPLE
from tests.window.mouse import right_click, window_box
from tests.window.x_session import XSession, missing_tools, x_session

ODD_NAME = '-n it\'s "odd" 100%F $HOME\nünd \udcff.jpg'
PLACE = (0, 20, 800, 600)
# In both file managers, with and without their warning to the superuser.
FIRST_ICON = (215, 165)
BOX = (190, 130, 240, 200)
# Their menus have no names for assistive technology: the entry is the last but one.
ENTRY_ABOVE_BOTTOM = 42

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def session(tmp_path, monkeypatch) -> Iterator[XSession]:
    missing = missing_tools()
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: see packaging/window_test_tools.sh")
    with x_session(tmp_path / "session") as session:
        monkeypatch.setenv("HOME", str(tmp_path / "session" / "home"))
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
            monkeypatch.delenv(name, raising=False)
        yield session


@pytest.fixture
def desk(tmp_path) -> Path:
    """A folder with one picture in it."""
    desk = tmp_path / "desk"
    desk.mkdir()
    shutil.copy(min((SAMPLE / "brick").iterdir()), desk / ODD_NAME)
    return desk


class Recorder:
    """A program that tells its arguments through a pipe."""

    def __init__(self, folder: Path) -> None:
        self.program, self._pipe = folder / 'it\'s a "program"', folder / "arguments"
        os.mkfifo(self._pipe)
        self.program.write_text(f"#!/bin/sh\nprintf '%s\\0' \"$@\" > '{self._pipe}'\n")
        self.program.chmod(0o755)

    def wait_for_files(self) -> set[str]:
        """The files of the next call; waits for it."""
        words = os.fsdecode(self._pipe.read_bytes()).split("\0")[:-1]
        assert words[:3] == ["classify", "--window", "--"]
        return set(words[3:])


@pytest.fixture
def recorder(tmp_path) -> Recorder:
    return Recorder(tmp_path)


def install(manager: str, recorder: Recorder) -> None:
    entries = {entry.name: entry for entry in all_entries((str(recorder.program),))}
    assert entries[manager].install()


def open_folder(session: XSession, manager: str, folder: Path) -> None:
    """Open the folder in a window, and wait until its first icon is drawn."""
    session.start(manager, manager, folder)
    session.place(session.window(f"^{folder.name}"), *PLACE)
    while len(session.grab(BOX).getcolors(maxcolors=100_000) or ()) < 20:
        session.call("sleep", "0.2")


def choose_entry(session: XSession, manager: str, *, picture: Path) -> None:
    """Click on the entry in the menu that shows; keep a picture of it."""
    search = ("xdotool", "search", "--onlyvisible", "--class", manager)
    while len(windows := session.call(*search).split()) < 2:
        session.call("sleep", "0.2")
    # The menu is a window too, the smaller one and the only one that is not at the border.
    boxes = [window_box(session, window) for window in windows]
    left, top, width, height = max(boxes, key=lambda box: box[0])
    session.call("sleep", "0.5")
    session.screenshot(picture)
    x, y = left + width // 2, top + height - ENTRY_ABOVE_BOTTOM
    session.call("xdotool", "mousemove", str(x), str(y), "sleep", "0.3", "click", "1")


def test_thunar_hands_over_what_is_clicked(session, desk, recorder, fieldguide_home):
    install("thunar", recorder)
    open_folder(session, "thunar", desk)
    right_click(session, *FIRST_ICON)
    choose_entry(session, "thunar", picture=fieldguide_home / "one.png")
    assert recorder.wait_for_files() == {str(desk / ODD_NAME)}


def test_thunar_hands_over_many_files_and_a_folder(session, desk, recorder, fieldguide_home):
    names = [ODD_NAME, *(f"写真 {number}.jpg" for number in range(30)), "folder"]
    for name in names[1:-1]:
        shutil.copy(desk / ODD_NAME, desk / name)
    (desk / "folder").mkdir()
    install("thunar", recorder)
    open_folder(session, "thunar", desk)
    session.keys("ctrl+a")
    right_click(session, *FIRST_ICON)
    choose_entry(session, "thunar", picture=fieldguide_home / "many.png")
    assert recorder.wait_for_files() == {str(desk / name) for name in names}


@pytest.mark.skipif(shutil.which("pcmanfm") is None, reason="needs pcmanfm")
@pytest.mark.skipif(
    not any(Path("/usr/lib").glob("*/libfm/modules/gtk-menu-actions.so")),
    reason="needs libfm-modules, which reads actions",
)
def test_pcmanfm_hands_over_what_is_clicked(session, desk, recorder, fieldguide_home):
    install("pcmanfm", recorder)
    open_folder(session, "pcmanfm", desk)
    right_click(session, *FIRST_ICON)
    choose_entry(session, "pcmanfm", picture=fieldguide_home / "one.png")
    assert recorder.wait_for_files() == {str(desk / ODD_NAME)}

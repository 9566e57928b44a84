"""Real file managers show the entry, and choosing it classifies the right files."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.file_managers.all_entries import all_entries
from tests.models import PHOTOS
from tests.program import CHECKOUT, SAMPLE
from tests.window.accessible import Accessible
from tests.window.file_manager import choose_entry, open_folder, right_click_first
from tests.window.x_session import XSession, missing_tools, x_session

ODD_NAME = '-n it\'s "odd" 100%F $HOME\nünd \udcff.jpg'

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
needs_pcmanfm = pytest.mark.skipif(
    shutil.which("pcmanfm") is None
    or not any(Path("/usr/lib").glob("*/libfm/modules/gtk-menu-actions.so")),
    reason="needs pcmanfm, and libfm-modules, which reads actions",
)


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
    """A folder with one image in it."""
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


def test_thunar_hands_over_what_is_clicked(session, desk, recorder, fieldguide_home):
    install("thunar", recorder)
    open_folder(session, "thunar", desk)
    right_click_first(session)
    choose_entry(session, "thunar", image=fieldguide_home / "one.png")
    assert recorder.wait_for_files() == {str(desk / ODD_NAME)}


def test_thunar_hands_over_many_files_and_a_folder(session, desk, recorder, fieldguide_home):
    names = [ODD_NAME, *(f"写真 {number}.jpg" for number in range(30)), "folder"]
    for name in names[1:-1]:
        shutil.copy(desk / ODD_NAME, desk / name)
    (desk / "folder").mkdir()
    install("thunar", recorder)
    open_folder(session, "thunar", desk)
    session.keys("ctrl+a")
    right_click_first(session)
    choose_entry(session, "thunar", image=fieldguide_home / "many.png")
    assert recorder.wait_for_files() == {str(desk / name) for name in names}


@needs_pcmanfm
def test_pcmanfm_hands_over_what_is_clicked(session, desk, recorder, fieldguide_home):
    install("pcmanfm", recorder)
    open_folder(session, "pcmanfm", desk)
    right_click_first(session)
    choose_entry(session, "pcmanfm", image=fieldguide_home / "one.png")
    assert recorder.wait_for_files() == {str(desk / ODD_NAME)}


@pytest.mark.parametrize("manager", ["thunar", pytest.param("pcmanfm", marks=needs_pcmanfm)])
def test_a_click_in_the_file_manager_classifies_the_image(
    manager, session, tmp_path, fieldguide_home
):
    desk = tmp_path / "my pictures"
    desk.mkdir()
    shutil.copy(PHOTOS / "cat.jpg", desk / "what’s this?.jpg")
    session.call(sys.executable, CHECKOUT / "main.py", "integrate", "install", manager)
    open_folder(session, manager, desk)
    right_click_first(session)
    choose_entry(session, manager, image=fieldguide_home / "menu.png")
    controls = Accessible(session)
    controls.wait_for_text("Class bars", r"^Egyptian Mau \d\d\.\d%")
    session.screenshot(fieldguide_home / "answer.png")
    assert (desk / "what’s this?.jpg").read_bytes() == (PHOTOS / "cat.jpg").read_bytes()

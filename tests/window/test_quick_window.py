"""The quick window under a real window manager, by its names and keys."""

import os
import socket
import sys
from collections.abc import Iterator

import pytest

from core.handover.place import Role, address_of
from tests.conftest import CHECKOUT
from tests.models import PHOTOS
from tests.window.accessible import Accessible
from tests.window.x_session import XSession, missing_tools, x_session

CALL = (sys.executable, CHECKOUT / "main.py", "classify", "--window")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def session(tmp_path) -> Iterator[XSession]:
    missing = missing_tools()
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: see packaging/window_test_tools.sh")
    with x_session(tmp_path / "session") as session:
        yield session


def test_images_are_named_and_escape_closes(session, fieldguide_home):
    program = session.start("quick", *CALL, PHOTOS / "cat.jpg", PHOTOS / "coffee.jpg")
    controls = Accessible(session)
    controls.wait_for_text("Class bars", r"^Egyptian Mau \d\d\.\d%")
    controls.press("Next", "button")
    controls.wait_for_text("Class bars", r"^espresso \d\d\.\d%")
    session.keys("Left")
    controls.wait_for_text("Class bars", r"^Egyptian Mau")
    # Answered by the window that is there; the call itself ends.
    session.call(*CALL, PHOTOS / "rocket.jpg")
    controls.wait_for_text("Class bars", r"^drilling rig")
    controls.wait_for_text("Position", "3 of 3")
    session.screenshot(fieldguide_home / "quick.png")
    session.keys("Escape")
    assert program.wait(30) == 0
    assert "Traceback" not in session.log("quick")


def test_the_running_main_window_answers_and_takes_the_images(session, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "session" / "run"))
    program = session.start("main", sys.executable, CHECKOUT / "main.py")
    controls = Accessible(session)
    # Until it listens, a call would open a window of its own.
    with socket.socket(socket.AF_UNIX) as caller:
        while caller.connect_ex(address_of(Role.MAIN)) != 0:
            os.sched_yield()
    session.call(*CALL, PHOTOS / "cat.jpg")
    controls.wait_for_text("Class bars", r"^Egyptian Mau")
    controls.press("Open in Fieldguide", "button")
    controls.wait_for_text("Picture detail", "cat.jpg")
    assert program.poll() is None
    assert "Traceback" not in session.log("main")

"""Images of a right-click in real file managers, and of the answer, for the documentation."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.models import PHOTO_NAMES, PHOTOS
from tests.program import CHECKOUT
from tests.window.accessible import Accessible
from tests.window.file_manager import choose_entry, open_folder, right_click_first
from tests.window.x_session import missing_tools, x_session

_MANAGERS = ("thunar", "pcmanfm")
_ANSWER_PLACE = (320, 240, 720, 464)


def take_right_click_images(folder: Path) -> None:
    """Write `right-click-MANAGER.png` and `right-click-answer.png`.

    Raises:
        AssertionError: If the system lacks the tools, or the answer isn't the one known.
    """
    assert not missing_tools(), f"needs {missing_tools()}: see packaging/window_test_tools.sh"
    for manager in _MANAGERS:
        with tempfile.TemporaryDirectory(prefix="desk-") as place:
            _take(manager, Path(place), folder)


def _take(manager: str, place: Path, folder: Path) -> None:
    images = place / "Pictures"
    images.mkdir()
    for name in PHOTO_NAMES:
        shutil.copy(PHOTOS / name, images)
    os.environ["FIELDGUIDE_HOME"] = str(place / "fieldguide")
    with x_session(place / "session") as session:
        session.call(sys.executable, CHECKOUT / "main.py", "integrate", "install", manager)
        open_folder(session, manager, images)
        right_click_first(session)
        menu = folder / f"right-click-{manager}.png"
        choose_entry(session, manager, image=menu)
        Accessible(session).wait_for_text("Class bars", r"^Egyptian Mau")
        _crop(menu)
        if manager == _MANAGERS[0]:
            answer = folder / "right-click-answer.png"
            session.place(session.window("^cat.jpg"), *_ANSWER_PLACE)
            session.screenshot(answer)
            _crop(answer)


def _crop(path: Path) -> None:
    """Take the black of the empty screen away."""
    with Image.open(path) as image:
        whole = image.convert("RGB")
    whole.crop(whole.getbbox()).save(path)

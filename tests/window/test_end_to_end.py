"""The program as a person meets it: folders dragged in, a training, a right click on an image."""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from tests.program import SAMPLE
from tests.window.accessible import Accessible, Control
from tests.window.mouse import drag_from_file_manager, right_click
from tests.window.x_session import XSession, missing_tools, x_session

CLASSES = ("brick", "grass")
EPOCHS = 20
PLACE = (620, 20, 1280, 800)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def session(tmp_path) -> Iterator[XSession]:
    missing = missing_tools()
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: see packaging/window_test_tools.sh")
    with x_session(tmp_path / "session") as session:
        yield session


@pytest.fixture
def desk(tmp_path) -> Path:
    """A folder with one thing in it: a folder of two class folders."""
    desk = tmp_path / "desk"
    for name in CLASSES:
        shutil.copytree(SAMPLE / name, desk / "pictures" / name)
    return desk


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def history(home: Path) -> list[dict[str, float]]:
    [path] = home.rglob("history.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def first_image(controls: Accessible) -> Control:
    """The first image that shows in the grid."""
    return next(each for each in controls.under("Pictures") if each.name.endswith(".jpg"))


def test_dragged_folders_are_trained_on_and_an_image_is_named(session, desk, fieldguide_home):
    before = contents(desk)
    session.start("fieldguide", sys.executable, CHECKOUT / "main.py")
    controls = Accessible(session)
    try:
        use(session, controls, desk, fieldguide_home)
    except BaseException:
        session.screenshot(fieldguide_home / "failed.png")
        sys.stderr.write(f"{fieldguide_home / 'failed.png'}\n{session.log('fieldguide')}\n")
        raise
    assert contents(desk) == before
    assert "Traceback" not in session.log("fieldguide")


def use(session: XSession, controls: Accessible, desk: Path, home: Path) -> None:
    window = session.window("Fieldguide")
    session.place(window, *PLACE)
    drag_from_file_manager(session, desk, window)
    for name in CLASSES:
        controls.wait_for_text("Class list", rf"^{name}\b")
    session.screenshot(home / "images.png")

    session.place(window, *PLACE)
    controls.press("Train", "check box")
    controls.press("All settings", "check box")
    controls.set("Epochs", EPOCHS, "spin button")
    controls.wait_enabled("Start training", "button")
    controls.press("Start training", "button")
    end = controls.wait_for_text("Result", r"iteration: (\d+) of (\d+)", seconds=240)
    last = controls.find("Latest values", "label").text
    session.screenshot(home / "train.png")
    epochs = history(home)
    best = max(epoch["epoch"] for epoch in epochs if epoch["is_best"])
    assert (int(end[1]), int(end[2])) == (best, len(epochs))
    assert len(epochs) <= EPOCHS
    final = epochs[-1]
    assert f"accuracy {100 * final['accuracy']:.1f}%" in last
    assert f"validation loss {final['val_loss']:.3f}" in last

    controls.press("Images", "check box")
    image = first_image(controls)
    right_click(session, *image.center)
    with controls.popup("Answer", r"(\w+) (\d+\.\d)%") as answer:
        session.keys("Down", "Return")
    session.screenshot(home / "answer.png")
    label, probability = answer.match[1], float(answer.match[2])
    assert re.match(rf"{label}_\d+\.jpg", image.name)
    assert 50 < probability <= 100

    controls.press("Export", "check box")
    controls.press("SavedModel", "check box")  # what is left to make is TFLite
    controls.wait_enabled("Export model", "button")
    controls.press("Export model", "button")
    controls.wait_for_text("Export phase", r"^1 passed$", seconds=240)
    session.screenshot(home / "export.png")
    [described] = home.rglob("exports/tflite/export.json")
    assert json.loads(described.read_text())["passed"] is True

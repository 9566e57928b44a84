import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QPushButton

from core.runs.last_model import remember_last_model
from gui.quick.quick_controller import QuickController
from gui.quick.quick_window import QuickWindow
from tests.models import PHOTOS, write_model

CAT, COFFEE, ROCKET = (PHOTOS / name for name in ("cat.jpg", "coffee.jpg", "rocket.jpg"))


@pytest.fixture(scope="module")
def photo_model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("models") / "photos")


@pytest.fixture
def quick(qtbot):
    window = QuickWindow()
    qtbot.addWidget(window)
    controller = QuickController(window)
    controller.window = window
    window.show()
    yield controller
    controller.close()


@pytest.fixture
def wait(qtbot, quick):
    def until(condition):
        qtbot.waitUntil(condition, timeout=30_000)

    return until


def shown(quick) -> str:
    return quick.window.bars.classes()[0][0] if quick.window.bars.classes() else ""


def test_without_a_trained_model_imagenet_answers(quick, wait):
    quick.choose_model("")
    quick.add([CAT])
    wait(lambda: shown(quick) == "Egyptian Mau")
    assert "ImageNet" in quick.window.picker.accessibleName()


def test_the_model_trained_last_answers(quick, wait, photo_model):
    remember_last_model(photo_model)
    quick.choose_model("")
    quick.add([COFFEE])
    wait(lambda: shown(quick) == "coffee")
    assert quick.window.picker.accessibleName() == "Model: photos"


def test_next_and_previous_go_through_all(quick, wait):
    quick.choose_model("imagenet")
    quick.add([CAT, COFFEE, ROCKET])
    wait(lambda: shown(quick) == "Egyptian Mau")
    quick.window.next_requested.emit()
    wait(lambda: shown(quick) == "espresso")
    quick.window.last_requested.emit()
    quick.window.next_requested.emit()
    assert quick.current == ROCKET
    quick.window.first_requested.emit()
    assert (quick.current, shown(quick)) == (CAT, "Egyptian Mau")
    quick.window.previous_requested.emit()
    assert quick.current == CAT


def test_the_newest_is_shown_and_the_others_stay(quick, wait):
    quick.choose_model("imagenet")
    quick.add([CAT])
    quick.add([COFFEE, ROCKET])
    wait(lambda: shown(quick) == "espresso")
    assert quick.window.position() == "2 of 3"
    assert quick.images == (CAT, COFFEE, ROCKET)


def test_folders_become_their_images(quick, wait, tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    shutil.copy(CAT, tmp_path / "deep" / "er" / "cat.jpg")
    (tmp_path / "deep" / "notes.txt").touch()
    quick.choose_model("imagenet")
    quick.add([tmp_path / "deep", ROCKET])
    wait(lambda: shown(quick) == "Egyptian Mau")
    assert quick.images == (tmp_path / "deep" / "er" / "cat.jpg", ROCKET)


def test_unusable_files_have_their_reasons(quick, wait, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    quick.choose_model("imagenet")
    quick.add([tmp_path / "gone.jpg", tmp_path / "bad.jpg", tmp_path / "empty"])
    reasons = []
    for number in range(3):
        wait(lambda number=number: quick.window.position() == f"{number + 1} of 3")
        wait(lambda: bool(quick.window.error()))
        reasons.append(quick.window.error())
        quick.window.next_requested.emit()
    assert reasons[0] == "This file is not there."
    assert reasons[1].startswith("This file ")
    assert reasons[2] == "This file holds no picture."


def test_a_folder_of_other_files_says_what_they_are(quick, wait, tmp_path):
    (tmp_path / "scans").mkdir()
    for number in range(3):
        (tmp_path / "scans" / f"{number}.dcm").touch()
    quick.choose_model("imagenet")
    quick.add([tmp_path / "scans"])
    wait(lambda: bool(quick.window.error()))
    told = "holds 3 files, and none is a picture that Fieldguide reads: 3 DICOM files (such as "
    assert told in quick.window.error()


def test_images_without_a_suffix_are_answered(quick, wait, tmp_path):
    (tmp_path / "folder").mkdir()
    shutil.copy(CAT, tmp_path / "07")
    shutil.copy(COFFEE, tmp_path / "folder" / "08.jpg_large")
    quick.choose_model("imagenet")
    quick.add([tmp_path / "07", tmp_path / "folder"])
    wait(lambda: shown(quick) == "Egyptian Mau")
    quick.window.next_requested.emit()
    wait(lambda: shown(quick) == "espresso")


def test_another_model_answers_anew(quick, wait, photo_model):
    quick.choose_model("imagenet")
    quick.add([CAT, ROCKET])
    wait(lambda: shown(quick) == "Egyptian Mau")
    quick.window.picker.folder_chosen.emit(photo_model)
    wait(lambda: shown(quick) == "cat")
    quick.window.next_requested.emit()
    wait(lambda: shown(quick) == "rocket")
    quick.window.picker.embedded_requested.emit()
    wait(lambda: shown(quick) == "drilling rig")


def test_a_folder_that_is_no_model_is_named_and_the_answer_stays(quick, wait, tmp_path):
    quick.choose_model("imagenet")
    quick.add([CAT])
    wait(lambda: shown(quick) == "Egyptian Mau")
    quick.window.picker.folder_chosen.emit(tmp_path)
    wait(lambda: str(tmp_path) in quick.window.notice())
    wait(lambda: shown(quick) == "Egyptian Mau")


def test_a_damaged_last_model_leaves_imagenet_and_says_so(quick, wait, photo_model, tmp_path):
    folder = shutil.copytree(photo_model, tmp_path / "damaged")
    (folder / "model.tflite").write_bytes(b"rubbish")
    remember_last_model(folder)
    quick.choose_model("")
    quick.add([CAT])
    wait(lambda: shown(quick) == "Egyptian Mau")
    assert "model.tflite" in quick.window.notice()
    quick.add([COFFEE])
    assert "model.tflite" in quick.window.notice()


def test_copy_puts_the_answer_on_the_clipboard(quick, wait):
    quick.choose_model("imagenet")
    quick.add([CAT])
    wait(lambda: shown(quick) == "Egyptian Mau")
    quick.window.copy_requested.emit()
    assert QGuiApplication.clipboard().text().startswith(f"{CAT}: Egyptian Mau 7")
    assert quick.window.notice() == "Copied."


def test_open_hands_on_all_images_and_the_model(quick, wait, qtbot, photo_model):
    quick.choose_model(str(photo_model))
    quick.add([CAT, ROCKET, CAT])
    wait(lambda: shown(quick) == "cat")
    with qtbot.waitSignal(quick.open_requested) as asked:
        quick.window.open_requested.emit()
    assert asked.args == [[CAT, ROCKET], photo_model]


def test_without_images_it_says_how_to_bring_some(quick, wait, qtbot):
    quick.choose_model("imagenet")
    quick.add([])
    button = quick.window.findChild(QPushButton, "Open pictures…")
    assert button.isVisible()
    QGuiApplication.clipboard().setImage(QImage(str(CAT)))
    qtbot.keyClick(quick.window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait(lambda: shown(quick) == "Egyptian Mau")
    assert not button.isVisible()


def test_a_call_without_images_leaves_those_that_are_there(quick, wait):
    quick.choose_model("imagenet")
    quick.add([CAT, ROCKET])
    quick.add([])
    wait(lambda: shown(quick) == "Egyptian Mau")
    assert quick.window.position() == "1 of 2"


def test_dropped_images_are_added(quick, wait):
    quick.choose_model("imagenet")
    quick.add([CAT])
    drop(quick.window, COFFEE, ROCKET)
    wait(lambda: shown(quick) == "espresso")
    assert quick.images == (CAT, COFFEE, ROCKET)


def test_a_16_bit_image_is_shown_as_the_model_reads_it(quick, wait, photo_model, tmp_path):
    model = shutil.copytree(photo_model, tmp_path / "model")
    content = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps(content | {"sample_bits": 12}))
    Image.fromarray(np.full((300, 300), 1000, np.uint16)).save(tmp_path / "dark.png")
    quick.choose_model(str(model))
    quick.add([tmp_path / "dark.png"])
    wait(lambda: shown(quick) != "" and quick.window.preview.has_image)

    def gray() -> int:
        image = quick.window.preview.grab().toImage()
        return image.pixelColor(image.rect().center()).red()

    wait(lambda: gray() < 70)
    quick.choose_model("imagenet")
    wait(lambda: gray() > 240)


def drop(window: QuickWindow, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for event in (
        QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, *held),
        QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, mime, *held),
    ):
        QGuiApplication.sendEvent(window, event)
        assert event.isAccepted()

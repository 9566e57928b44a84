import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QToolButton,
)

from core.batch.unfinished import unfinished_batches
from core.cli.main import main
from core.storage.app_dirs import cache_dir
from gui.classifier.answer_popup import AnswerPopup
from gui.classifier.classifier_service import ClassifierService
from gui.classify.classified_model import ClassifiedColumn
from gui.classify.classify_page import ClassifyPage
from gui.classify.model_bar import ModelBar
from gui.image_views.thumbnails import ThumbnailLoader
from tests.models import LABELS, PHOTO_NAMES, PHOTOS, random_layers, write_model

# What the offscreen platform says of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANY_DROP = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction | Qt.DropAction.LinkAction


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("run") / "model")


@pytest.fixture
def page(qtbot):
    service, thumbnails = ClassifierService(), ThumbnailLoader()
    page = ClassifyPage(service, thumbnails)
    page.service = service
    qtbot.addWidget(page)
    page.resize(940, 600)
    page.show()
    yield page
    service.close()
    thumbnails.close()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in PHOTO_NAMES:
        shutil.copy(PHOTOS / name, folder)
    (folder / "damaged.jpg").write_bytes((PHOTOS / "cat.jpg").read_bytes()[:900])
    return folder


def use(qtbot, page, folder):
    with qtbot.waitSignal(page.service.model_changed, timeout=30_000):
        page.service.use_model(folder)


def finish(qtbot, page, num_rows):
    qtbot.waitUntil(
        lambda: page.model.rowCount() == num_rows and not page._controller.is_running,
        timeout=20_000,
    )


def labels(page):
    return {image.path.name: image.best[0][0] for image in page.model.rows if image.best}


def mime(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drop(page, data):
    """Drag over the page and let go, as a file manager that would rather move does."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), ANY_DROP, data, buttons, keys)
    QApplication.sendEvent(page, enter)
    text = page._intake.overlay.text() if page._intake.overlay.isVisible() else ""
    event = QDropEvent(QPointF(9, 9), ANY_DROP, data, buttons, keys)
    event.setDropAction(Qt.DropAction.MoveAction)
    if enter.isAccepted():
        QApplication.sendEvent(page, event)
        assert event.dropAction() is Qt.DropAction.CopyAction
    return text


def test_dropped_files_and_folders(qtbot, page, photos):
    assert drop(page, mime(photos / "cat.jpg")) == "Classify 1 picture"
    finish(qtbot, page, 1)
    assert drop(page, mime(photos)) == "Classify the pictures in “photos”"
    assert not page._intake.overlay.isVisible()
    finish(qtbot, page, 4)
    assert labels(page)["cat.jpg"] == "Egyptian Mau"
    assert page.progress.text() == "Classified 4 of 4 pictures"


def test_other_files_are_left_to_the_window(page, tmp_path):
    (tmp_path / "list.csv").touch()
    assert drop(page, mime(tmp_path / "list.csv")) == ""
    assert not page._controller.is_running


def test_damaged_image_is_a_row_with_its_reason(qtbot, page, photos):
    page.classify([photos])
    finish(qtbot, page, 4)
    page.table.select(photos / "damaged.jpg")
    assert page.detail.error() == "This file is cut off (truncated)."
    page.table.select(photos / "cat.jpg")
    assert page.detail.error() == ""
    assert len(page.detail.bars.classes()) == 5
    qtbot.waitUntil(lambda: page.detail.preview.has_image, timeout=10_000)


def test_first_answer_is_shown_at_once(qtbot, page):
    page.classify([PHOTOS / "cat.jpg"])
    finish(qtbot, page, 1)
    assert page.detail.preview.path == PHOTOS / "cat.jpg"


def test_pasted_files(qtbot, page):
    QGuiApplication.clipboard().setMimeData(mime(PHOTOS / "coffee.jpg"))
    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    finish(qtbot, page, 1)
    assert list(labels(page)) == ["coffee.jpg"]


def test_pasted_image_becomes_a_file_of_the_cache(qtbot, page):
    QGuiApplication.clipboard().setImage(QImage(str(PHOTOS / "cat.jpg")))
    page._intake.paste()
    finish(qtbot, page, 1)
    (path,) = (cache_dir() / "pasted").iterdir()
    assert path.suffix == ".png"
    assert labels(page) == {path.name: "Egyptian Mau"}


def test_nothing_to_paste_is_said(page):
    QGuiApplication.clipboard().setText("words")
    page._intake.paste()
    assert "No picture on the clipboard" in page.banner.text()


def test_csv_is_the_command_lines(qtbot, page, trained, photos, tmp_path):
    by_command = tmp_path / "command.csv"
    main(["classify", "--model", str(trained), "--csv", str(by_command), str(photos)])
    use(qtbot, page, trained)
    page.classify([photos])
    finish(qtbot, page, 4)
    page.batches.save_table_to(tmp_path / "window.csv")
    qtbot.waitUntil(lambda: "Saved 4 pictures" in page.banner.text())
    assert (tmp_path / "window.csv").read_bytes() == by_command.read_bytes()


def test_csv_that_cant_be_written_is_said(qtbot, page, tmp_path):
    page.classify([PHOTOS / "cat.jpg"])
    finish(qtbot, page, 1)
    (tmp_path / "file").touch()
    page.batches.save_table_to(tmp_path / "file" / "table.csv")
    qtbot.waitUntil(lambda: "table.csv" in page.banner.text())


def test_filters(qtbot, page, trained, photos):
    use(qtbot, page, trained)
    page.classify([photos])
    finish(qtbot, page, 4)
    combo = page.findChild(QComboBox, "Class filter")
    texts = [combo.itemText(position) for position in range(combo.count())]
    assert texts == ["All classes", *LABELS, "Unusable"]
    combo.setCurrentText("coffee")
    assert [image.path.name for image in page.table.shown_images()] == ["coffee.jpg"]
    combo.setCurrentText("Unusable")
    assert [image.path.name for image in page.table.shown_images()] == ["damaged.jpg"]
    combo.setCurrentIndex(0)
    page.findChild(QSpinBox, "Confidence filter").setValue(1)
    assert page.table.shown_images() == ()


def test_other_model_is_offered_not_used_at_once(qtbot, page, trained):
    page.classify([PHOTOS / "cat.jpg"])
    finish(qtbot, page, 1)
    use(qtbot, page, trained)
    assert labels(page) == {"cat.jpg": "Egyptian Mau"}
    assert "current model is photos" in page.banner.text()
    page.banner.buttons()["Classify again"].click()
    qtbot.waitUntil(lambda: labels(page) == {"cat.jpg": "cat"}, timeout=30_000)
    assert page.banner.text() == ""


def test_vanished_model_is_said(qtbot, page, tmp_path):
    with qtbot.waitSignal(page.service.failed, timeout=30_000):
        page.service.use_model(tmp_path / "gone")
    assert "is no model folder" in page.banner.text()


def test_clear_gives_the_work_up(qtbot, page, tmp_path):
    for number in range(60):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number}.jpg")
    page.classify([tmp_path])
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=30_000)
    page.findChild(QPushButton, "Clear").click()
    qtbot.waitUntil(lambda: not page._controller.is_running, timeout=30_000)
    assert page.model.rowCount() == 0


def test_menu_key_asks_for_the_menu_of_the_row(qtbot, page):
    page.classify([PHOTOS / "cat.jpg"])
    finish(qtbot, page, 1)
    with qtbot.waitSignal(page.menu_requested) as asked:
        page.table.view.customContextMenuRequested.emit(QPoint(5, 400))
    assert asked.args[0] == [PHOTOS / "cat.jpg"]


def test_transparent_image_can_be_pasted(qtbot, page):
    image = QImage(20, 20, QImage.Format.Format_ARGB32)
    image.fill(QColor(0, 0, 0, 0))
    QGuiApplication.clipboard().setImage(image)
    page._intake.paste()
    finish(qtbot, page, 1)


def test_fits_a_small_window_with_a_message(qtbot, page):
    page.classify([PHOTOS / "cat.jpg"])
    finish(qtbot, page, 1)
    page.show_failure("The model has gone.")
    assert page.minimumSizeHint().height() <= 590
    assert page.minimumSizeHint().width() <= 940


# Unknown, order, copies, going on.


@pytest.fixture(scope="module")
def wary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that learned to believe next to nothing."""
    folder = write_model(tmp_path_factory.mktemp("wary") / "model")
    content = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(content | {"unknown_threshold": 1.0}))
    return folder


def texts(page, column=ClassifiedColumn.LABEL):
    model = page.table.view.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_below_what_was_learned_an_image_is_unknown(qtbot, page, wary, photos):
    use(qtbot, page, wary)
    page.classify([photos])
    finish(qtbot, page, 4)
    threshold = page.findChild(QSpinBox, "Unknown below")
    assert page.table.threshold.value == 1
    assert "unknown (coffee?)" in texts(page)
    combo = page.findChild(QComboBox, "Class filter")
    combo.setCurrentText("Unknown")
    unsure, *_ = page.table.shown_images()
    page.table.select(unsure.path)
    doubt = page.findChild(QLabel, "Doubt")
    assert doubt.isVisible()
    assert "100.0%" in doubt.text()
    threshold.setValue(0)
    assert page.table.shown_images() == ()
    combo.setCurrentIndex(0)
    assert not any("unknown" in text for text in texts(page))
    assert not doubt.isVisible()
    page.findChild(QToolButton, "As learned").click()
    assert "unknown (coffee?)" in texts(page)


def test_least_sure_first(qtbot, page, trained, photos):
    use(qtbot, page, trained)
    page.classify([photos / name for name in PHOTO_NAMES])
    finish(qtbot, page, 3)
    page.findChild(QPushButton, "Least sure first").click()
    probabilities = [image.best[0][1] for image in page.table.shown_images()]
    assert probabilities == sorted(probabilities)


def test_json_is_the_command_lines(qtbot, page, trained, photos, tmp_path, capsys):
    main(["classify", "--model", str(trained), "--json", str(photos)])
    by_command = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    use(qtbot, page, trained)
    page.classify([photos])
    finish(qtbot, page, 4)
    page.batches.save_table_to(tmp_path / "window.json")
    qtbot.waitUntil(lambda: "Saved 4 pictures" in page.banner.text())
    assert json.loads((tmp_path / "window.json").read_text()) == by_command


def test_images_are_copied_into_class_folders(qtbot, page, trained, photos, tmp_path):
    use(qtbot, page, trained)
    page.classify([photos])
    finish(qtbot, page, 4)
    page.findChild(QPushButton, "Copy into class folders…").click()
    dialog = page.batches.copies.dialog
    button = dialog.findChild(QPushButton, "Copy pictures")
    assert not button.isEnabled()
    dialog.set_folder(tmp_path / "sorted")
    qtbot.waitUntil(button.isEnabled)
    listed = dialog.findChild(QListWidget, "Copy plan")
    assert [listed.item(row).text() for row in range(3)] == [
        f"{label} – 1 picture" for label in LABELS
    ]
    assert "1 unusable picture" in dialog.findChild(QLabel, "Copy sum").text()
    button.click()
    qtbot.waitUntil(lambda: "Copied 3 pictures" in page.banner.text())
    assert page.batches.copies.dialog is None
    assert (tmp_path / "sorted" / "cat" / "cat.jpg").is_file()
    assert len(list(photos.iterdir())) == 4


def test_a_place_that_cant_be_written_is_said_in_the_dialog(qtbot, page, photos, tmp_path):
    page.classify([photos / "cat.jpg"])
    finish(qtbot, page, 1)
    (tmp_path / "file").touch()
    page.findChild(QPushButton, "Copy into class folders…").click()
    dialog = page.batches.copies.dialog
    dialog.set_folder(tmp_path / "file")
    button = dialog.findChild(QPushButton, "Copy pictures")
    qtbot.waitUntil(button.isEnabled)
    button.click()
    qtbot.waitUntil(lambda: str(tmp_path / "file") in dialog.banner.text())
    qtbot.waitUntil(button.isEnabled)
    dialog.reject()


def test_an_interrupted_batch_is_offered_and_resumed(qtbot, page, trained, tmp_path):
    for number in range(90):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    use(qtbot, page, trained)
    page.classify([tmp_path])
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=30_000)
    page.findChild(QPushButton, "Cancel").click()
    qtbot.waitUntil(lambda: "interrupted at" in page.banner.text(), timeout=30_000)
    assert "of 90 pictures" in page.banner.text()
    page.banner.buttons()["Resume"].click()
    finish(qtbot, page, 90)
    assert page.banner.text() == ""


def test_an_interrupted_batch_is_offered_by_another_window(qtbot, page, trained, tmp_path):
    for number in range(90):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    use(qtbot, page, trained)
    page.classify([tmp_path])
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=30_000)
    page._controller.cancel()
    qtbot.waitUntil(lambda: not page._controller.is_running, timeout=30_000)
    service, thumbnails = ClassifierService(), ThumbnailLoader()
    other = ClassifyPage(service, thumbnails)
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(lambda: "interrupted at" in other.banner.text(), timeout=30_000)
    other.batches.resume()
    qtbot.waitUntil(lambda: other.model.rowCount() == 90, timeout=30_000)
    assert {image.best[0][0] for image in other.model.rows} == {"cat"}
    service.close()
    thumbnails.close()


def test_a_discarded_batch_is_not_offered_again(qtbot, page, tmp_path):
    for number in range(90):
        shutil.copy(PHOTOS / "cat.jpg", tmp_path / f"{number:02}.jpg")
    page.classify([tmp_path])
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=30_000)
    page._controller.cancel()
    qtbot.waitUntil(lambda: "interrupted at" in page.banner.text(), timeout=30_000)
    page.banner.buttons()["Discard"].click()
    assert page.banner.text() == ""
    qtbot.waitUntil(lambda: unfinished_batches() == [])


def test_images_are_shown_as_the_model_reads_them(qtbot, page, trained, tmp_path):
    dark = tmp_path / "dark.png"
    Image.fromarray(np.full((400, 600), 1000, np.uint16)).save(dark)
    model = shutil.copytree(trained, tmp_path / "model")
    content = json.loads((model / "model.json").read_text())
    (model / "model.json").write_text(json.dumps(content | {"sample_bits": 12}))
    page.classify([dark])
    finish(qtbot, page, 1)

    def grays():
        small, large = page._thumbnails.pixmap(dark), page.detail.preview
        if small is None or not large.has_image:
            return None
        pixels = small.toImage(), large.grab().toImage()
        return [each.pixelColor(each.rect().center()).red() for each in pixels]

    qtbot.waitUntil(lambda: min(grays() or [0]) > 240)
    use(qtbot, page, model)
    qtbot.waitUntil(lambda: max(grays() or [255]) < 70)
    popup = AnswerPopup(page.service, dark)
    qtbot.addWidget(popup)
    popup.ask(QPoint(0, 0))
    qtbot.waitUntil(lambda: popup._thumbnail.has_image and popup.answer() != ())
    image = popup._thumbnail.grab().toImage()
    assert image.pixelColor(image.rect().center()).red() < 70
    popup.close()


def test_columns_that_the_model_cannot_fill_are_hidden(qtbot, page, tmp_path, photos):
    two = write_model(tmp_path / "two", ["cat", "dog"], layers=random_layers([2]))
    view = page.table.view

    def hidden():
        return {column.name for column in ClassifiedColumn if view.isColumnHidden(column)}

    use(qtbot, page, two)
    page.classify([photos / "cat.jpg"])
    finish(qtbot, page, 1)
    assert hidden() == {"THIRD"}
    use(qtbot, page, None)
    page.classify([photos / "rocket.jpg"])
    finish(qtbot, page, 2)
    assert hidden() == set()
    page.clear()
    use(qtbot, page, two)
    page.classify([photos / "cat.jpg"])
    finish(qtbot, page, 1)
    assert hidden() == {"THIRD"}


def test_an_error_takes_the_room_of_the_columns_that_it_leaves_empty(qtbot, page, photos):
    page.classify([photos / "damaged.jpg", photos / "cat.jpg"])
    finish(qtbot, page, 2)
    view = page.table.view
    view.setColumnWidth(ClassifiedColumn.LABEL, 60)
    row = next(row for row in range(2) if view.model().index(row, 1).data().startswith("This"))
    cell = view.visualRect(view.model().index(row, ClassifiedColumn.PROBABILITY))
    image = view.viewport().grab(cell).toImage()
    colors = {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
    assert len(colors) > 3  # text, where there was the background alone


def test_the_facts_about_a_model_are_shown_in_full(qtbot, page, trained):
    use(qtbot, page, trained)
    bar = page.findChild(ModelBar)
    page.resize(700, 600)
    QApplication.processEvents()
    assert bar._facts.heightForWidth(bar._facts.width()) <= bar._facts.height()
    assert bar._facts.height() > 1.5 * bar._facts.fontMetrics().height()

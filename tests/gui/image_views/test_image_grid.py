import threading
from weakref import finalize

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from core.data.pixels.thumbnail import Thumbnail
from core.data.pixels.thumbnail_cache import ThumbnailCache
from gui.image_views import thumbnails
from gui.image_views.image_grid import ImageGrid
from gui.image_views.image_items_model import ImageItem, ImageItemsModel
from gui.image_views.image_preview import ImagePreview
from gui.image_views.thumbnails import ThumbnailLoader


@pytest.fixture
def paths(tmp_path):
    paths = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        Image.fromarray(np.full((60, 90, 3), 40 * number, np.uint8)).save(path)
        paths.append(path)
    (tmp_path / "bad.jpg").write_bytes(b"\xff\xd8\xff rubbish")
    return [*paths, tmp_path / "bad.jpg"]


@pytest.fixture
def loader(qtbot):
    loader = ThumbnailLoader()
    yield loader
    loader.close()


@pytest.fixture
def grid(qtbot, loader, paths):
    grid = ImageGrid(loader)
    model = ImageItemsModel(grid)
    model.set_items([ImageItem(path, path.name) for path in paths])
    grid.setModel(model)
    qtbot.addWidget(grid)
    grid.resize(500, 400)
    grid.show()
    return grid


def menu_event(grid, row):
    point = grid.visualRect(grid.model().index(row, 0)).center()
    return QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, grid.viewport().mapToGlobal(point)
    )


def test_items_model_keeps_its_promises(qtmodeltester, paths):
    model = ImageItemsModel()
    model.set_items([ImageItem(path, path.name, badge="copy") for path in paths])
    qtmodeltester.check(model)


def test_what_is_shown_is_loaded_and_a_bad_file_says_why(qtbot, grid, loader, paths):
    qtbot.waitUntil(lambda: loader.pixmap(paths[0]) is not None)
    assert loader.pixmap(paths[0]).width() == 90
    qtbot.waitUntil(lambda: loader.error(paths[4]) != "")
    assert loader.pixmap(paths[4]) is None


def test_large_images_are_shrunk(qtbot, loader, tmp_path):
    path = tmp_path / "large.jpg"
    Image.fromarray(np.zeros((1000, 2000, 3), np.uint8)).save(path)
    loader.pixmap(path)
    qtbot.waitUntil(lambda: loader.pixmap(path) is not None)
    assert loader.pixmap(path).size().toTuple() == (320, 160)


def test_right_click_selects_the_image_and_asks_for_its_menu(qtbot, grid, paths):
    with qtbot.waitSignal(grid.menu_requested) as asked:
        QApplication.sendEvent(grid.viewport(), menu_event(grid, 1))
    assert asked.args[0] == [paths[1]]


def test_right_click_into_a_selection_means_all_of_it(qtbot, grid, paths):
    grid.selectAll()
    with qtbot.waitSignal(grid.menu_requested) as asked:
        QApplication.sendEvent(grid.viewport(), menu_event(grid, 2))
    assert asked.args[0] == paths


def test_menu_key_asks_for_the_menu_at_the_image(qtbot, grid, paths):
    grid.setCurrentIndex(grid.model().index(3, 0))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    with qtbot.waitSignal(grid.menu_requested) as asked:
        QApplication.sendEvent(grid.viewport(), event)
    assert asked.args[0] == [paths[3]]


def test_enter_opens(qtbot, grid, paths):
    grid.setCurrentIndex(grid.model().index(0, 0))
    with qtbot.waitSignal(grid.opened) as opened:
        qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert opened.args == [paths[0]]


def test_zoom_changes_the_cells(qtbot, grid):
    before = grid.gridSize().height()
    qtbot.keyClick(grid, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert grid.gridSize().height() > before
    qtbot.keyClick(grid, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert grid.gridSize().height() == before


def test_shift_selects_in_reading_order(qtbot, grid, paths):
    grid.setCurrentIndex(grid.model().index(0, 0))
    qtbot.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_paths() == paths


def test_keys_move_by_cells_and_lines(qtbot, grid):
    grid.setCurrentIndex(grid.model().index(0, 0))
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert grid.currentIndex().row() == 1
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 4
    assert grid.indexAt(grid.visualRect(grid.currentIndex()).center()) == grid.currentIndex()


@pytest.mark.parametrize(("size", "expected"), [(300_000, 8), (3_000, 40)], ids=["large", "small"])
def test_kept_thumbnails_are_used_for_large_files(qtbot, tmp_path, size, expected):
    path = tmp_path / "picture.bmp"
    Image.fromarray(np.zeros((20, 40, 3), np.uint8)).save(path)
    with path.open("ab") as file:
        file.write(bytes(size - path.stat().st_size))
    cache = ThumbnailCache(tmp_path / "thumbnails.sqlite")
    cache.put(path, path.stat(), 320, Thumbnail(8, 8, bytes([200, 0, 0]) * 64))
    loader = ThumbnailLoader(cache=cache)
    qtbot.waitUntil(lambda: loader.pixmap(path) is not None)
    assert loader.pixmap(path).width() == expected
    loader.close()


@pytest.fixture
def dark(tmp_path):
    """An image whose largest value takes ten bits, in a set of twelve."""
    path = tmp_path / "dark.png"
    Image.fromarray(np.full((600, 600), 1000, np.uint16)).save(path)
    with path.open("ab") as file:
        file.write(bytes(300_000))  # as large as those that are kept between starts
    return path


def gray(image):
    return image.pixelColor(5, 5).red()


def test_thumbnails_are_read_anew_with_the_bits_of_the_set(qtbot, tmp_path, dark, paths):
    cache = ThumbnailCache(tmp_path / "thumbnails.sqlite")
    loader = ThumbnailLoader(cache=cache)
    qtbot.waitUntil(lambda: loader.pixmap(dark) is not None)
    assert gray(loader.pixmap(dark).toImage()) > 240
    with qtbot.waitSignal(loader.loaded) as outdated:
        loader.set_sample_bits(12)
    assert outdated.args == [[dark]]
    qtbot.waitUntil(lambda: loader.pixmap(dark) is not None)
    assert abs(gray(loader.pixmap(dark).toImage()) - 1000 / 4095 * 255) < 3
    loader.close()
    kept = ThumbnailCache(tmp_path / "thumbnails.sqlite")
    with_bits = kept.get(dark, dark.stat(), 320, 12)
    assert with_bits.rgb[0] < 70
    assert kept.get(dark, dark.stat(), 320).rgb[0] > 240
    kept.close()


def test_bits_change_nothing_about_formats_without_16_bits(qtbot, loader, tmp_path):
    path = tmp_path / "photo.jpg"
    Image.fromarray(np.zeros((10, 20, 3), np.uint8)).save(path)
    qtbot.waitUntil(lambda: loader.pixmap(path) is not None)
    loader.set_sample_bits(12)
    assert loader.pixmap(path) is not None


def test_a_thumbnail_in_work_with_other_bits_is_not_kept(qtbot, loader, dark):
    loader.pixmap(dark)
    loader.set_sample_bits(12)
    with qtbot.waitSignal(loader.loaded):
        pass
    assert loader.pixmap(dark) is None
    qtbot.waitUntil(lambda: loader.pixmap(dark) is not None)
    assert gray(loader.pixmap(dark).toImage()) < 70


def test_a_preview_is_read_anew_with_the_bits_of_the_model(qtbot, dark):
    preview = ImagePreview(100)
    qtbot.addWidget(preview)
    preview.resize(100, 100)
    preview.show_image(dark)
    qtbot.waitUntil(lambda: preview.has_image)
    assert gray(preview.grab().toImage()) > 240
    preview.set_sample_bits(12)
    qtbot.waitUntil(lambda: gray(preview.grab().toImage()) < 70)
    preview.close_task()


def test_a_loader_that_is_let_go_of_at_work_ends_in_the_main_thread(qtbot, paths, monkeypatch):
    ended_in, at_work, go_on = [], threading.Event(), threading.Event()

    def make_thumbnail(_path, _side, _sample_bits):
        at_work.set()
        go_on.wait(10)
        return Thumbnail(1, 1, b"abc")

    monkeypatch.setattr(thumbnails, "make_thumbnail", make_thumbnail)
    loader = ThumbnailLoader()
    finalize(loader, lambda: ended_in.append(threading.current_thread()))
    loader.pixmap(paths[0])
    assert at_work.wait(10)
    del loader
    go_on.set()
    qtbot.waitUntil(lambda: ended_in != [])
    assert ended_in == [threading.main_thread()]

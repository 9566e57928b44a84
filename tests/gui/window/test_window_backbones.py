"""Choosing, fetching and removing backbones in the whole window."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QMessageBox

from core.backbones.catalogue import catalogue
from core.backbones.store import embedded_folder, imported_dir
from core.storage.app_dirs import cache_dir
from resources import resource_path
from tests import fake_downloads, fake_runs

CHECKOUT = Path(__file__).resolve().parents[3]
BUILT_IN = "efficientnet-lite0"


@pytest.fixture
def another():
    """A backbone of one's own: the embedded one under another name."""
    source, folder = resource_path("backbones", "efficientnet_lite0"), imported_dir() / "own"
    shutil.copytree(source, folder)
    info = json.loads((folder / "backbone.json").read_text())
    (folder / "backbone.json").write_text(json.dumps(info | {"name": "own", "title": "My own"}))
    return folder


def open_backbones(qtbot, window):
    window.actions.backbones.trigger()
    dialog = window.lists.backbones.dialog
    qtbot.waitUntil(lambda: dialog.view.current() is not None)
    return dialog


def entry_to_download():
    return next(entry for entry in catalogue() if not (entry.is_tf1 or embedded_folder(entry.name)))


def test_catalogue_and_own_backbones_are_listed(qtbot, make_window, another):
    dialog = open_backbones(qtbot, make_window())
    assert dialog.view.current().name == BUILT_IN
    assert dialog.view.current().is_embedded
    assert dialog.view.table.model().rowCount() == len(catalogue()) + 1
    dialog.view.select("own")
    assert dialog.view.current().size_bytes > 1_000_000


def test_chosen_backbone_goes_into_the_settings(qtbot, make_window, another):
    window = make_window()
    [choose] = [
        button
        for button in window.train_page.form.findChildren(QAbstractButton)
        if button.accessibleName() == "Choose backbone…"
    ]
    choose.click()
    dialog = window.lists.backbones.dialog
    qtbot.waitUntil(lambda: dialog.view.current() is not None)
    dialog.view.select("own")
    dialog.buttons.use.click()
    assert window.train_page.form.config().backbone == "own"
    assert window.project.project.config.backbone == "own"
    assert not dialog.isVisible()


def test_download_and_use_puts_it_into_the_settings(qtbot, make_window):
    window = make_window(target=fake_downloads.arrives)
    dialog = open_backbones(qtbot, window)
    name = entry_to_download().name
    dialog.view.select(name)
    with qtbot.waitSignal(window.lists.backbones.backbone_chosen, timeout=30_000):
        dialog.buttons.use.click()
    assert window.train_page.form.config().backbone == name


def test_download_is_told_in_the_status_bar_and_ends_with_the_window(qtbot, make_window):
    window = make_window(target=fake_downloads.until_stopped)
    dialog = open_backbones(qtbot, window)
    entry = entry_to_download()
    dialog.view.select(entry.name)
    dialog.buttons.download.click()
    dialog.reject()
    activity = window.window.findChild(QLabel, "Activity")
    assert f"Downloading {entry.title}" in activity.text()
    qtbot.waitUntil(lambda: "45.0 MB" in dialog.progress.text(), timeout=30_000)
    with qtbot.waitSignal(window.closing.closed, timeout=30_000):
        window.window.close()
    assert not window.lists.backbones.is_busy


def test_offline_is_kept_between_starts(qtbot, make_window):
    dialog = open_backbones(qtbot, make_window())
    dialog.buttons.offline.click()
    again = open_backbones(qtbot, make_window())
    assert again.buttons.offline.isChecked()
    again.view.select(entry_to_download().name)
    assert not again.buttons.download.isEnabled()


def test_nothing_is_chosen_or_removed_during_a_training(qtbot, make_window, pets, another):
    window = make_window(pets, target=fake_runs.until_stopped)
    qtbot.waitUntil(window.train_page.panel.start.isEnabled, timeout=10_000)
    window.training.start()
    dialog = open_backbones(qtbot, window)
    assert dialog.buttons.reason() == "Wait until training has finished."
    window.actions.storage.trigger()
    storage = window.lists.storage.dialog
    qtbot.waitUntil(lambda: storage.current() is not None)
    storage.select("own")
    assert not storage.clear.isEnabled()
    with qtbot.waitSignal(window.training.running_changed, timeout=30_000):
        window.training.stop()
    assert dialog.buttons.use.isEnabled()
    assert storage.clear.isEnabled()


def clear(qtbot, window, name, text):
    window.actions.storage.trigger()
    storage = window.lists.storage.dialog
    qtbot.waitUntil(lambda: storage.current() is not None)
    storage.select(name)
    qtbot.waitUntil(storage.clear.isEnabled, timeout=10_000)
    storage.clear.click()
    box = storage.findChild(QMessageBox, "Clear storage")
    [button] = [button for button in box.buttons() if button.text() == text]
    button.click()


def test_cleared_archives_are_unpacked_again_for_the_images_on_show(
    qtbot, make_window, pets, tmp_path
):
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", pets)
    window = make_window(Path(archive))
    model = window.images_page.images_model
    qtbot.waitUntil(lambda: model.rowCount() == 9, timeout=20_000)
    unpacked = cache_dir() / "archives"
    qtbot.waitUntil(lambda: not window.lists.is_looking, timeout=20_000)
    with qtbot.waitSignal(window.lists.storage.images_cleared, timeout=10_000):
        clear(qtbot, window, "archives", "Clear")
    qtbot.waitUntil(lambda: len(list(unpacked.rglob("*.png"))) == 8, timeout=20_000)
    qtbot.waitUntil(lambda: model.rowCount() == 9, timeout=20_000)
    assert not window.images_page.banner.text()


def offered(window):
    box = window.train_page.form.rows["backbone"].editor
    return [box.itemText(number) for number in range(box.count())]


def test_removed_backbone_is_gone_from_disk_and_lists(qtbot, make_window, another):
    window = make_window()
    window.window.show_page(window.train_page)  # which fills the form
    assert "own" in offered(window)
    with qtbot.waitSignal(window.lists.storage.backbones_changed):
        clear(qtbot, window, "own", "Remove")
    assert not another.exists()
    assert "own" not in offered(window)
    assert open_backbones(qtbot, window).view.table.model().rowCount() == len(catalogue())


def test_dialogs_that_are_opened_later_are_not_loaded_at_the_start():
    code = "import sys, gui.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    late = ("backbone_dialog", "backbone_import_dialog", "storage_dialog", "learning_rate_plot")
    assert not {f"gui.widgets.{name}" for name in late} & set(done.stdout.split())

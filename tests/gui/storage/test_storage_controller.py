import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from core.backbones.backbone import read_info
from core.backbones.store import embedded_folder
from core.errors import StorageError
from core.runs.run_folder import RunFolder
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.storage.folder_size import folder_bytes
from gui.storage.storage_controller import StorageController, StorageSource
from gui.storage.storage_model import StorageColumn, StorageKind, StorageModel, StorageRow
from gui.storage.storage_rows import clear_storage, list_storage
from tests.library_projects import add_run, make_pictures, make_project

FEATURES = StorageRow(
    kind=StorageKind.CACHE,
    name="features",
    title="Feature vectors",
    purpose="Make a second training quick.",
    consequence="They are computed again.",
    folder=Path("/cache/features"),
    size_bytes=12_000_000,
)
THUMBNAILS = replace(FEATURES, name="thumbnails", title="Thumbnails", size_bytes=0)
BACKBONE = replace(
    FEATURES, kind=StorageKind.BACKBONE, name="own", title="My own", size_bytes=90_000_000
)
BUILT_IN = replace(BACKBONE, name="lite0", title="Lite0", size_bytes=13_000, is_removable=False)


class FakeCore:
    """Rows in memory."""

    def __init__(self):
        self.rows = [FEATURES, THUMBNAILS, BUILT_IN, BACKBONE]
        self.error = None
        self.threads = []

    def list_rows(self):
        self.threads.append(threading.current_thread())
        return list(self.rows)

    def clear(self, row):
        if self.error is not None:
            raise self.error
        self.rows = [
            replace(other, size_bytes=0) if other == row else other
            for other in self.rows
            if other != row or row.kind is StorageKind.CACHE
        ]


@pytest.fixture
def core():
    return FakeCore()


@pytest.fixture
def controller(qtbot, core):
    window = QWidget()
    qtbot.addWidget(window)
    source = StorageSource(list_rows=core.list_rows, clear=core.clear)
    controller = StorageController(window, source)
    with qtbot.waitSignal(controller.status_changed, check_params_cb=lambda text: not text):
        controller.open()
    qtbot.waitUntil(lambda: controller.dialog.current() is not None)
    return controller


def question(controller):
    return controller.dialog.findChild(QMessageBox, "Clear storage")


def answer(box, text):
    [button] = [button for button in box.buttons() if button.text() == text]
    button.click()


def test_model_keeps_the_rules(qtmodeltester):
    model = StorageModel()
    model.set_rows([FEATURES, THUMBNAILS, BACKBONE])
    qtmodeltester.check(model)
    sizes = [model.index(row, StorageColumn.SIZE).data() for row in range(3)]
    assert sizes == ["12.0 MB", "empty", "90.0 MB"]


def test_sizes_are_added_up_off_the_main_thread(controller, core):
    assert controller.dialog.total() == "102.0 MB can be freed"
    assert core.threads[0] is not threading.main_thread()


def test_clearing_asks_and_says_what_it_costs(qtbot, controller):
    controller.dialog.select("features")
    controller.dialog.clear.click()
    box = question(controller)
    assert box.text() == "Clear “Feature vectors”?"
    assert box.informativeText() == "This frees 12.0 MB. They are computed again."
    assert box.defaultButton().text() == "Keep"
    answer(box, "Clear")
    qtbot.waitUntil(lambda: controller.dialog.total() == "90.0 MB can be freed")
    assert controller.dialog.current().name == "features"
    assert not controller.dialog.clear.isEnabled()


def test_nothing_is_cleared_when_it_is_to_be_kept(controller, core):
    controller.dialog.select("features")
    controller.dialog.clear.click()
    answer(question(controller), "Keep")
    assert FEATURES in core.rows


def test_removed_backbone_is_told(qtbot, controller):
    controller.dialog.select("own")
    controller.dialog.clear.click()
    with qtbot.waitSignal(controller.backbones_changed):
        answer(question(controller), "Remove")


def test_what_belongs_to_the_program_stays(controller):
    controller.dialog.select("lite0")
    assert not controller.dialog.clear.isEnabled()


def test_nothing_can_be_cleared_while_there_is_a_reason(controller, core):
    controller.dialog.select("features")
    controller.set_blocked("A training goes on.")
    assert not controller.dialog.clear.isEnabled()
    controller.clear(FEATURES)
    assert FEATURES in core.rows
    controller.set_blocked("")
    assert controller.dialog.clear.isEnabled()


def test_failure_is_said_in_place(qtbot, controller, core):
    core.error = StorageError("/cache/features can't be removed: permission denied.")
    controller.clear(FEATURES)
    qtbot.waitUntil(lambda: controller.dialog.banner.text() == str(core.error))
    qtbot.waitUntil(controller.dialog.refresh.isEnabled)


def test_sizes_are_found_out_again_by_f5(qtbot, controller, core):
    core.rows = [FEATURES]
    controller.dialog.activateWindow()
    qtbot.keyClick(controller.dialog.table, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: controller.dialog.total() == "12.0 MB can be freed")


def test_promise_about_images_and_models_is_made(controller):
    texts = [label.text() for label in controller.dialog.findChildren(QLabel)]
    assert any("projects and trained models are never removed here" in t for t in texts)


def test_projects_and_runs_are_listed_and_deleted_elsewhere(qtbot, controller, core, tmp_path):
    entry = make_project(make_pictures(tmp_path / "zoo"), "zoo")
    add_run(entry, "first")
    earlier = RunFolder.create(None, TrainConfig(), [])
    (earlier.path / "log.txt").write_text("x" * 1000)
    rows = {row.name: row for row in list_storage() if row.kind is StorageKind.PROJECTS}
    assert rows["projects"].size_bytes == folder_bytes(entry.folder)
    assert rows["runs"].size_bytes > 1000
    core.rows = [FEATURES, *rows.values()]
    controller.look_again()
    qtbot.waitUntil(lambda: controller.dialog.total() == "12.0 MB can be freed")
    controller.dialog.select("projects")
    assert controller.dialog.current() == rows["projects"]
    assert not controller.dialog.clear.isEnabled()
    assert "on the page Projects" in controller.dialog.clear.toolTip()
    with pytest.raises(KeyError):
        clear_storage(rows["projects"])
    assert entry.project_file.is_file()


def test_the_room_of_several_stages_is_that_of_the_default_backbone():
    [features] = [row for row in list_storage() if row.name == "features"]
    info = read_info(embedded_folder(DEFAULT_BACKBONE))
    several = info.feature_dim + sum(info.stages)
    purpose = features.purpose.replace(",", "")
    assert f"{several} numbers a picture instead of {info.feature_dim}" in purpose

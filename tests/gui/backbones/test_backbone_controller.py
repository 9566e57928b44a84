"""Real spawned children that download nothing."""

import pytest
from PySide6.QtWidgets import QWidget

from core.errors import BackboneError, StorageError
from core.messages.events import Phase, PhaseProgressed
from core.messages.requests import ImportBackboneRequest
from core.worker.process import WorkerProcess
from gui.backbones.backbone_controller import BackboneController, BackboneSource
from gui.work import worker_task
from tests import fake_downloads, fake_refusals
from tests.gui.backbones.test_backbone_models import BUILT_IN, INCEPTION, OWN


class FakeCore:
    """Backbones in memory."""

    def __init__(self):
        self.rows = [BUILT_IN, INCEPTION, OWN]
        self.offline = self.always_offline = False
        self.error = None

    def source(self):
        return BackboneSource(
            list_rows=self.list_rows,
            remove=self.remove,
            is_offline=lambda: self.offline or self.always_offline,
            set_offline=self.set_offline,
        )

    def list_rows(self):
        return list(self.rows)

    def remove(self, name):
        if self.error is not None:
            raise self.error
        self.rows = [row for row in self.rows if row.name != name]

    def set_offline(self, offline):
        if self.error is not None:
            raise self.error
        self.offline = offline


@pytest.fixture
def core():
    return FakeCore()


@pytest.fixture
def make(qtbot, core):
    made = []
    window = QWidget()  # not qtbot's, which would be gone before the controllers are

    def make_controller(target=fake_downloads.arrives):
        controller = BackboneController(window, core.source(), lambda: WorkerProcess(target))
        made.append(controller)
        controller.open("efficientnet-lite0")
        qtbot.waitUntil(lambda: controller.dialog.view.current() is not None)
        return controller

    yield make_controller
    for controller in made:
        with qtbot.waitSignal(controller.shut_down, timeout=30_000):
            controller.shutdown()
    window.deleteLater()


def heard(signal):
    said = []
    signal.connect(lambda *values: said.append(values[0] if values else None))
    return said


def wait_until_idle(qtbot, controller, action):
    with qtbot.waitSignal(
        controller.status_changed, timeout=30_000, check_params_cb=lambda text: not text
    ):
        action()


def test_backbones_are_listed(make):
    controller = make()
    assert controller.dialog.title_of("inception-v3") == "Inception V3"


def test_download_and_use_is_one_click(qtbot, make):
    controller = make()
    chosen, changed = heard(controller.backbone_chosen), heard(controller.backbones_changed)
    controller.dialog.view.select("inception-v3")
    wait_until_idle(qtbot, controller, controller.dialog.buttons.use.click)
    assert chosen == ["inception-v3"]
    assert changed == [None]
    assert not controller.dialog.isVisible()


def test_download_alone_chooses_nothing_and_tells_of_it(qtbot, make):
    controller = make()
    chosen, said = heard(controller.backbone_chosen), heard(controller.status_changed)
    shown = []
    controller.status_changed.connect(lambda _text: shown.append(controller.dialog.progress.text()))
    controller.dialog.view.select("inception-v3")
    wait_until_idle(qtbot, controller, controller.dialog.buttons.download.click)
    assert chosen == []
    assert said[0] == "Downloading Inception V3"
    assert "Preparing Inception V3" in said
    assert "Downloading Inception V3 · 45.0 MB of 90.0 MB · 1.5 MB/s" in shown
    assert controller.dialog.progress.text() == "Inception V3 is now on this computer."
    assert controller.dialog.isVisible()


def test_list_is_read_again_after_a_download(qtbot, core, make):
    controller = make()
    core.rows = [BUILT_IN]
    controller.download("inception-v3")
    qtbot.waitUntil(lambda: controller.dialog.title_of("own") == "own")
    model = controller.dialog.view.table.model()
    qtbot.waitUntil(lambda: model.rowCount() == 1, timeout=30_000)


def test_using_what_is_here_closes_the_list(make):
    controller = make()
    chosen = heard(controller.backbone_chosen)
    controller.dialog.view.select("own")
    controller.dialog.buttons.use.click()
    assert chosen == ["own"]
    assert not controller.dialog.isVisible()


def test_cancelled_download_is_not_used(qtbot, make):
    controller = make(fake_downloads.until_stopped)
    chosen = heard(controller.backbone_chosen)
    controller.download("inception-v3", use_then=True)
    qtbot.waitUntil(lambda: "45.0 MB" in controller.dialog.progress.text(), timeout=30_000)
    wait_until_idle(qtbot, controller, controller.dialog.progress.cancel_requested.emit)
    assert chosen == []
    assert controller.dialog.progress.text() == "Cancelled."
    assert controller.dialog.banner.text() == ""
    assert not controller.is_busy


def test_progress_that_is_still_heard_takes_no_cancel_back(qtbot, make):
    controller = make(fake_downloads.until_stopped)
    controller.download("inception-v3")
    qtbot.waitUntil(lambda: "45.0 MB" in controller.dialog.progress.text(), timeout=30_000)
    controller.cancel()
    controller._work._on_event(PhaseProgressed(Phase.DOWNLOADING, 46_000_000, 90_000_000, 1.0))
    assert controller.dialog.progress.text() == "Cancelling…"
    qtbot.waitUntil(lambda: not controller.is_busy, timeout=30_000)


def test_a_failure_brings_the_closed_list_back(qtbot, make):
    controller = make(fake_downloads.breaks)
    controller.download("inception-v3")
    controller.dialog.reject()
    assert not controller.dialog.isVisible()
    qtbot.waitUntil(lambda: not controller.is_busy, timeout=30_000)
    assert controller.dialog.isVisible()
    assert fake_downloads.BROKEN in controller.dialog.banner.text()


def test_worker_that_does_not_listen_is_killed(qtbot, make, monkeypatch):
    monkeypatch.setattr(worker_task, "KILL_AFTER_MS", 50)
    controller = make(fake_downloads.never_listens)
    controller.download("inception-v3")
    qtbot.waitUntil(
        lambda: controller.dialog.progress.text() == "Preparing Inception V3", timeout=30_000
    )
    wait_until_idle(qtbot, controller, controller.cancel)
    assert controller.dialog.banner.text() == ""


def test_broken_connection_is_said_in_place_and_can_be_tried_again(qtbot, make):
    controller = make(fake_downloads.breaks)
    wait_until_idle(qtbot, controller, lambda: controller.download("inception-v3", use_then=True))
    banner = controller.dialog.banner
    assert banner.text() == fake_downloads.BROKEN
    wait_until_idle(qtbot, controller, banner.buttons()["Try again"].click)
    assert banner.text() == fake_downloads.BROKEN


@pytest.mark.parametrize("target", [fake_downloads.has_a_bug, fake_downloads.dies])
def test_crash_is_said_and_the_list_goes_on(qtbot, make, target):
    controller = make(target)
    wait_until_idle(qtbot, controller, lambda: controller.download("inception-v3"))
    assert controller.dialog.banner.text()
    assert controller.dialog.buttons.imports.isEnabled()


def test_second_download_is_not_begun(qtbot, make):
    controller = make(fake_downloads.until_stopped)
    controller.download("inception-v3")
    controller.download("own")
    assert "Inception V3" in controller.dialog.progress.text()
    assert not controller.dialog.buttons.imports.isEnabled()


def test_import_is_told_under_its_name(qtbot, make):
    controller = make()
    said, changed = heard(controller.status_changed), heard(controller.backbones_changed)
    request = ImportBackboneRequest(handle="somewhere", name="mine")
    wait_until_idle(qtbot, controller, lambda: controller.dialog.import_requested.emit(request))
    assert said[0] == "Importing mine"
    assert changed == [None]


def test_removed_backbone_leaves_the_list(qtbot, make):
    controller = make()
    with qtbot.waitSignal(controller.backbones_changed):
        controller.dialog.remove_requested.emit("own")
    model = controller.dialog.view.table.model()
    qtbot.waitUntil(lambda: model.rowCount() == 2)


def test_removal_that_fails_is_said(qtbot, core, make):
    controller = make()
    core.error = BackboneError("“own” is in use.")
    controller.remove("own")
    qtbot.waitUntil(lambda: controller.dialog.banner.text() == "“own” is in use.")


def test_offline_is_remembered(core, make):
    controller = make()
    controller.dialog.buttons.offline.click()
    assert core.offline
    controller.dialog.view.select("inception-v3")
    assert not controller.dialog.buttons.download.isEnabled()


def test_offline_by_environment_can_not_be_switched_off(core, make):
    core.always_offline = True
    controller = make()
    controller.dialog.buttons.offline.click()
    assert controller.dialog.buttons.offline.isChecked()
    assert "FIELDGUIDE_OFFLINE" in controller.dialog.banner.text()


def test_offline_that_can_not_be_remembered_is_said(core, make):
    controller = make()
    core.error = StorageError("The disk is full.")
    controller.dialog.buttons.offline.click()
    assert controller.dialog.banner.text() == "The disk is full."
    assert not controller.dialog.buttons.offline.isChecked()


def test_nothing_is_chosen_while_a_training_goes_on(qtbot, make):
    controller = make()
    chosen = heard(controller.backbone_chosen)
    controller.download("inception-v3", use_then=True)
    controller.set_no_choice("A training goes on.")
    with qtbot.waitSignal(controller.backbones_changed, timeout=30_000):
        pass
    assert chosen == []


def test_shutdown_ends_a_download(qtbot, make):
    controller = make(fake_downloads.until_stopped)
    controller.download("inception-v3")
    qtbot.waitUntil(lambda: "45.0 MB" in controller.dialog.progress.text(), timeout=30_000)
    with qtbot.waitSignal(controller.shut_down, timeout=30_000):
        controller.shutdown()
    assert not controller.is_busy


def test_refused_import_is_asked_about_and_done_once_it_is_trusted(qtbot, make, use_anyway):
    controller = make(fake_refusals.refuses)
    changed = heard(controller.backbones_changed)
    request = ImportBackboneRequest(handle="somewhere", name="mine")
    wait_until_idle(qtbot, controller, lambda: controller.import_backbone(request))
    assert changed == []
    assert "WriteFile in the function" in controller.dialog.banner.text()
    use_anyway(controller.dialog)
    qtbot.waitUntil(lambda: changed == [None], timeout=30_000)
    qtbot.waitUntil(lambda: not controller.is_busy, timeout=30_000)
    assert controller.dialog.banner.text() == ""


def test_refused_download_is_used_once_it_is_trusted(qtbot, make, use_anyway):
    controller = make(fake_refusals.refuses)
    chosen = heard(controller.backbone_chosen)
    controller.download("inception-v3", use_then=True)
    use_anyway(controller.dialog)
    qtbot.waitUntil(lambda: chosen == ["inception-v3"], timeout=30_000)
    qtbot.waitUntil(lambda: not controller.is_busy, timeout=30_000)

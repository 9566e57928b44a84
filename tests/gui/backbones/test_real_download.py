"""The real worker fetches a real SavedModel from a server on this computer."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QMessageBox, QSpinBox

from core.backbones.download_sources import MIRROR_VARIABLE
from core.backbones.hub_download import downloads_dir
from core.worker.main import run_worker
from gui.backbones.backbone_import_dialog import BackboneImportDialog
from tests.conftest import CHECKOUT
from tests.hub_server import HubServer, packed

NAME = "mobilenet-v2-100-96"
MAKE = """
import sys
from pathlib import Path
from tests.saved_models import save_pooling
save_pooling(Path(sys.argv[1]), side=None)
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A hub that gives mean colours for every handle."""
    # In a process of its own: the window's loads no TensorFlow.
    command = [sys.executable, "-c", MAKE, str(tmp_path / "pooling")]
    subprocess.run(command, check=True, cwd=CHECKOUT, capture_output=True)
    server = HubServer(packed(tmp_path / "pooling"))
    monkeypatch.setenv(MIRROR_VARIABLE, server.address)
    yield server
    server.close()


def sizes_on_disk():
    return [path.stat().st_size for path in downloads_dir().rglob("*") if path.is_file()]


def test_download_is_cancelled_taken_up_again_used_and_removed(qtbot, make_window, server):
    window = make_window(target=run_worker)
    window.actions.backbones.trigger()
    dialog = window.lists.backbones.dialog
    qtbot.waitUntil(lambda: dialog.view.current() is not None)
    dialog.view.select(NAME)

    server.behaviour.stalls_at = 600
    dialog.buttons.download.click()
    qtbot.waitUntil(lambda: 600 in sizes_on_disk(), timeout=60_000)
    dialog.progress.cancel_requested.emit()
    qtbot.waitUntil(lambda: dialog.progress.text() == "Cancelled.", timeout=60_000)
    assert not dialog.view.current().is_here
    server.released.set()

    server.behaviour.stalls_at = None
    with qtbot.waitSignal(window.lists.backbones.backbone_chosen, timeout=110_000):
        dialog.buttons.use.click()
    assert server.ranges == [None, "bytes=600-"]
    assert window.train_page.form.config().backbone == NAME
    assert dialog.banner.text() == ""

    window.actions.backbones.trigger()
    qtbot.waitUntil(lambda: dialog.view.current().is_here)
    assert dialog.view.current().name == NAME
    dialog.buttons.remove.click()
    box = dialog.findChild(QMessageBox, "Remove backbone")
    assert "The settings of this project use it" in box.informativeText()
    [remove] = [button for button in box.buttons() if button.text() == "Remove"]
    remove.click()
    qtbot.waitUntil(lambda: not dialog.view.current().is_here)


def test_dropped_archive_becomes_a_backbone(qtbot, make_window, server, tmp_path):
    (tmp_path / "mine.tar.gz").write_bytes(server.behaviour.content)
    window = make_window(target=run_worker)
    window.actions.backbones.trigger()
    dialog = window.lists.backbones.dialog
    qtbot.waitUntil(lambda: dialog.view.current() is not None)
    dialog.ask_to_import(tmp_path / "mine.tar.gz")
    question = dialog.findChild(BackboneImportDialog)
    question.findChild(QSpinBox, "Input size").setValue(40)
    with qtbot.waitSignal(window.lists.backbones.backbones_changed, timeout=110_000):
        question.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).click()
    dialog.filters.search.setText("mine")
    qtbot.waitUntil(lambda: dialog.view.current() is not None)
    assert dialog.view.current().input_size == (40, 40)
    assert dialog.view.current().is_here

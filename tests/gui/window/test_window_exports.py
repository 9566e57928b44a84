"""The page Export in the whole window, with real spawned children that convert nothing."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from core.models.model_info import MODEL_FILE
from core.storage.atomic_file import write_json_atomically
from tests import fake_exports
from tests.models import model_info

_PATIENCE_MS = 30_000


@pytest.fixture
def open_with_model(qtbot, make_window, tmp_path):
    def open_window(target):
        model_dir = tmp_path / "run" / "model"
        model_dir.mkdir(parents=True)
        write_json_atomically(model_dir / MODEL_FILE, model_info().to_json_dict())
        window = make_window(target=target)
        window.project.set_last_run(tmp_path / "run")
        window.training.run_finished.emit(tmp_path / "run")
        window.window.show_page(window.export_page)
        qtbot.waitUntil(lambda: window.export_page.has_model)
        return window

    return open_window


def test_the_model_of_the_last_run_is_exported(qtbot, open_with_model, tmp_path):
    window = open_with_model(fake_exports.exports)
    page, controller = window.export_page, window.exports.controller
    assert "photos" in page.model_bar.text()
    page.findChild(QAbstractButton, "Export model").click()
    qtbot.waitUntil(lambda: not controller.is_running, timeout=_PATIENCE_MS)
    assert page.panel.text() == "2 passed"
    assert str(tmp_path / "run" / "exports") in page.panel.hint()


def test_closing_while_an_export_runs_asks(qtbot, open_with_model):
    window = open_with_model(fake_exports.until_stopped)
    window.export_page.panel.start.click()
    card = window.export_page.cards.cards
    qtbot.waitUntil(
        lambda: any(each.status() == "Verifying 120 of 400" for each in card.values()),
        timeout=_PATIENCE_MS,
    )
    assert not window.window.close()
    box = window.window.findChild(QMessageBox, "Close while training")
    assert "export" in box.text()
    [stop] = [b for b in box.buttons() if b.text() == "Stop and close"]
    with qtbot.waitSignal(window.closing.closed, timeout=_PATIENCE_MS):
        stop.click()
    assert not window.exports.controller.is_running


def test_a_python_with_tftrt_is_remembered(open_with_model, tmp_path):
    window = open_with_model(fake_exports.exports)
    window.export_page.settings.tftrt.set_value("python", str(tmp_path / "python"))
    assert window._settings.tftrt_python == tmp_path / "python"

"""The page Export with real spawned children that convert nothing."""

import json
import shutil

import pytest

from core.export.formats.onnx import ONNX
from core.export.formats.tf_trt import TF_TRT
from core.export.formats.tflite import TFLITE, TFLITE_FLOAT16, TFLITE_INT8
from core.export.tftrt.capability import TftrtCapability
from core.export_spec.export_format import Precision
from core.models.model_info import MODEL_FILE
from core.storage.atomic_file import write_json_atomically
from core.worker.process import WorkerProcess
from gui.export.export_controller import ExportController
from gui.export.export_page import ExportPage
from gui.export.export_table_model import ExportColumn
from gui.export.export_tftrt_check import TftrtCheck
from tests import fake_exports, fake_refusals
from tests.models import model_info

_PATIENCE_MS = 30_000


@pytest.fixture
def run_dir(tmp_path):
    folder = tmp_path / "run"
    (folder / "model").mkdir(parents=True)
    write_json_atomically(folder / "model" / MODEL_FILE, model_info().to_json_dict())
    return folder


@pytest.fixture
def page(qtbot):
    page = ExportPage()
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    return page


@pytest.fixture
def make(qtbot, page, run_dir):
    made = []

    def make_controller(target=fake_exports.exports):
        controller = ExportController(page, lambda: WorkerProcess(target))
        made.append(controller)
        controller.set_project_model(run_dir / "model")
        qtbot.waitUntil(lambda: controller.model is not None)
        return controller

    yield make_controller
    for controller in made:
        with qtbot.waitSignal(controller.shut_down, timeout=_PATIENCE_MS):
            controller.shutdown()


def wait_until_idle(qtbot, controller):
    qtbot.waitUntil(lambda: not controller.is_running, timeout=_PATIENCE_MS)


def verdicts(page):
    rows = range(page.table.model().rowCount())
    columns = (ExportColumn.FORMAT, ExportColumn.VERDICT)
    model = page.table.model()
    return dict(tuple(model.index(row, column).data() for column in columns) for row in rows)


def test_without_a_model_the_page_says_what_to_do(qtbot, page):
    controller = ExportController(page)
    controller.set_project_model(None)
    assert not page.has_model


def test_each_format_gets_its_verdict(qtbot, page, make):
    controller = make()
    page.cards.choose([TFLITE, TFLITE_FLOAT16, ONNX, TF_TRT])
    page.panel.start.click()
    assert not page.panel.start.isEnabled()
    assert page.cards.cards[ONNX].status() == "waiting"
    wait_until_idle(qtbot, controller)
    assert verdicts(page) == {
        "TFLite": "passed",
        "TFLite float16": "failed",
        "ONNX": "not made",
        "TF-TRT FP16": "not verified here",
    }
    assert page.panel.text() == "1 passed, 1 not verified here, 1 failed, 1 not made"
    assert page.cards.cards[TFLITE_FLOAT16].status() == "failed"
    assert page.panel.start.isEnabled()
    # What needs looking at most is selected.
    assert fake_exports.NO_ONNX in page.details.text()
    assert not page.details.show_folder.isEnabled()


def test_settings_reach_the_worker(qtbot, page, make, tmp_path):
    controller = make()
    page.cards.choose([TF_TRT])
    settings = page.settings
    settings.set_value("output", str(tmp_path / "elsewhere"))
    settings.set_value("version", 3)
    settings.set_value("require_accuracy", 85)
    settings.set_value("num_images", 77)
    settings.tftrt.set_value("batch_sizes", "16, 1")
    settings.tftrt.set_value("workspace_mib", 512)
    settings.tftrt.precisions[Precision.FP32].setChecked(True)
    qtbot.waitUntil(lambda: controller.model.output == tmp_path / "elsewhere")
    page.panel.start.click()
    wait_until_idle(qtbot, controller)
    assert verdicts(page).keys() == {"TF-TRT FP16", "TF-TRT FP32"}
    [note, _] = (result.notes[-1] for result in page.state.results)
    for part in ("version=3", "accuracy=0.85", "num_images=77", "(1, 16)", "workspace_mib=512"):
        assert part in note
    assert (tmp_path / "elsewhere").is_dir()
    assert "146 of 147 are in 1 engine." in page.details.text()
    assert "3.3 ms with TensorFlow and 1.5 ms with TensorRT" in page.details.text()
    assert "• x (Pad): it is not known" in page.details.text()


def test_nothing_begins_without_a_format_or_with_a_fault(page, make):
    make()
    page.cards.choose([])
    assert not page.panel.start.isEnabled()
    assert "at least one format" in page.panel.hint()
    page.cards.choose([TFLITE])
    assert page.panel.start.isEnabled()
    page.settings.tftrt.set_value("batch_sizes", "1, many")
    assert not page.panel.start.isEnabled()
    assert "whole numbers" in page.panel.hint()
    page.settings.tftrt.set_value("batch_sizes", "8")
    page.settings.set_value("output", "somewhere")
    assert not page.panel.start.isEnabled()


def test_cancelling_keeps_what_is_finished(qtbot, page, make):
    controller = make(fake_exports.until_stopped)
    page.cards.choose([TFLITE, TFLITE_INT8])
    page.panel.start.click()
    card = page.cards.cards[TFLITE_INT8]
    qtbot.waitUntil(lambda: card.status() == "Verifying 120 of 400", timeout=_PATIENCE_MS)
    assert "2 of 2" in page.panel.hint()
    page.panel.cancel.click()
    assert not page.panel.cancel.isEnabled()
    wait_until_idle(qtbot, controller)
    assert page.panel.text() == "Cancelled, 1 passed"
    assert verdicts(page) == {"TFLite": "passed"}
    assert not page.banner.text()


@pytest.mark.parametrize(
    ("target", "said"),
    [(fake_exports.refuses, fake_exports.TOO_WEAK), (fake_exports.dies, "137")],
    ids=["refused", "died"],
)
def test_a_failure_is_told_in_its_place(qtbot, page, make, target, said):
    controller = make(target)
    page.panel.start.click()
    wait_until_idle(qtbot, controller)
    assert said in page.banner.text()
    assert page.panel.start.isEnabled()
    assert not verdicts(page)


def test_a_folder_that_takes_nothing_is_told_before_work_begins(qtbot, page, make, tmp_path):
    controller = make()
    (tmp_path / "file").write_text("")
    page.settings.set_value("output", str(tmp_path / "file" / "exports"))
    page.panel.start.click()
    wait_until_idle(qtbot, controller)
    assert str(tmp_path / "file" / "exports") in page.banner.text()
    assert not verdicts(page)


def test_a_model_that_has_gone_is_told_and_found_again(qtbot, page, make, run_dir):
    controller = make()
    shutil.move(run_dir / "model", run_dir / "elsewhere")
    page.panel.start.click()
    wait_until_idle(qtbot, controller)
    assert "no model folder" in page.banner.text()
    controller.look_again()
    qtbot.waitUntil(lambda: not page.has_model)
    shutil.move(run_dir / "elsewhere", run_dir / "model")
    controller.look_again()
    qtbot.waitUntil(lambda: page.has_model)
    assert not page.banner.text()


def test_another_folder_without_a_model_changes_nothing(qtbot, page, make, tmp_path):
    controller = make()
    page.model_bar.folder_chosen.emit(tmp_path)
    qtbot.waitUntil(lambda: bool(page.banner.text()))
    assert "no model folder" in page.banner.text()
    assert controller.model is not None
    assert page.has_model


def test_earlier_exports_are_shown_again(qtbot, page, make, run_dir):
    made = fake_exports.result(TFLITE, run_dir / "exports")
    content = {"schema": 1, "artifact": "model.tflite", "created": model_info().created}
    content |= {"precision": None} | made.to_json_dict()
    made.folder.mkdir(parents=True)
    (made.folder / "export.json").write_text(json.dumps(content))
    make()
    assert verdicts(page) == {"TFLite": "passed"}
    assert page.cards.cards[TFLITE].status() == "passed"
    assert "LiteRT 2.3.0" in page.details.text()


def test_a_run_that_ends_meanwhile_is_shown_afterwards(qtbot, page, make, run_dir, tmp_path):
    controller = make(fake_exports.until_stopped)
    shutil.copytree(run_dir, tmp_path / "later")
    page.panel.start.click()
    controller.set_project_model(tmp_path / "later" / "model")
    assert controller.model.folder == run_dir / "model"
    page.panel.cancel.click()
    qtbot.waitUntil(
        lambda: controller.model.folder == tmp_path / "later" / "model", timeout=_PATIENCE_MS
    )


def test_what_tftrt_can_do_is_said(qtbot, tmp_path):
    asked = []

    def ask(python, _control):
        asked.append(python)
        return TftrtCapability(python=python, problems=("There is no NVIDIA GPU here.",))

    check = TftrtCheck(ask)
    said = []
    check.found.connect(said.append)
    check.begin(tmp_path)
    qtbot.waitUntil(lambda: bool(said) and not check.is_busy)
    assert asked == [tmp_path]
    assert said == [("There is no NVIDIA GPU here.",)]


def test_refused_model_is_exported_once_it_is_trusted(qtbot, page, make, use_anyway):
    controller = make(fake_refusals.refuses)
    page.panel.start.click()
    use_anyway(page)
    qtbot.waitUntil(lambda: page.banner.text() == "", timeout=_PATIENCE_MS)
    wait_until_idle(qtbot, controller)
    assert page.banner.text() == ""

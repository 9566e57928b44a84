"""The page Export with a real worker: nothing is pretended."""

import importlib.util
import sys
from pathlib import Path

import pytest

from core.export.artifact_folder import read_exports
from core.export.formats.coreml import COREML
from core.export.formats.format import Format
from core.export.formats.tf_trt import TF_TRT
from core.export.tftrt.capability import find_tftrt_python
from core.export_spec.artifact import ArtifactResult
from gui.export.export_controller import ExportController
from gui.export.export_page import ExportPage
from tests.program import Outcome

pytestmark = pytest.mark.slow
_PATIENCE_MS = 240_000


@pytest.fixture
def export(qtbot, trained: Outcome, tmp_path: Path):
    """Export to a format by the page; return the page and the result, which agrees."""
    page = ExportPage()
    qtbot.addWidget(page)
    controller = ExportController(page)

    def run(chosen: Format) -> tuple[ExportPage, ArtifactResult]:
        controller.set_project_model(Path(trained.last["model_dir"]))
        qtbot.waitUntil(lambda: controller.model is not None)
        page.cards.choose([chosen])
        page.settings.set_value("output", str(tmp_path))
        page.panel.start.click()
        qtbot.waitUntil(lambda: not controller.is_running, timeout=_PATIENCE_MS)
        assert page.panel.text() in ("1 verified in part", "1 passed")
        (result,) = read_exports(tmp_path)
        assert result.verification is not None
        assert result.verification.top1_agreement == 1
        page.table.selectRow(0)
        return page, result

    yield run
    with qtbot.waitSignal(controller.shut_down, timeout=_PATIENCE_MS):
        controller.shutdown()


def test_core_ml_is_made_by_the_page(export):
    if importlib.util.find_spec("coremltools") is None:
        pytest.skip("coremltools isn't installed: it has no wheels for this computer")
    page, result = export(COREML)
    assert result.target.name == "coreml"
    if sys.platform != "darwin":
        assert "Core ML runs on macOS alone" in page.details.text()


def test_tf_trt_is_converted_by_the_page(export):
    if find_tftrt_python(None) is None:
        pytest.skip("the TF-TRT environment isn't made: make tftrt")
    page, result = export(TF_TRT)
    assert result.target.name == "tf-trt-fp16"
    assert result.details["engines"] == 1
    assert result.details["share_converted"] >= 0.99
    assert "in 1 engine" in page.details.text()

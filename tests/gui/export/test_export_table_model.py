from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core.export.formats.onnx import ONNX
from core.export.formats.tf_trt import TF_TRT
from core.export.formats.tflite import TFLITE, TFLITE_FLOAT16
from core.export_spec.export_format import Precision
from gui.export.export_report import export_report
from gui.export.export_state import ExportState
from gui.export.export_table_model import ExportColumn, ExportTableModel, change_text
from gui.export.export_texts import typical_size
from tests.fake_exports import VERIFICATION, result

OUTPUT = Path("exports")


@pytest.fixture
def model(qtmodeltester):
    model = ExportTableModel()
    model.set_rows([result(each, OUTPUT) for each in (ONNX, TFLITE)])
    qtmodeltester.check(model)
    return model


def put(model, newer):
    """Show a result in place of an earlier one of its target."""
    state = ExportState()
    state.set_results(model.rows)
    state.put(newer)
    model.set_rows(state.results)


def row(model, number, role=Qt.ItemDataRole.DisplayRole):
    return [model.index(number, column).data(role) for column in ExportColumn]


def test_figures_have_their_units(model):
    assert row(model, 0) == [
        "TFLite",
        "passed",
        "13.4 MB",
        "100.0% on 400 pictures",
        "92.5%",
        "−0.3 pp",
        "6.8 ms",
        "152",
        "< 0.0001",
    ]


def test_what_was_not_made_has_no_figures(model):
    assert row(model, 1) == ["ONNX", "not made", *["–"] * 7]


def test_tooltips_say_how_sure_figures_are(model):
    tips = row(model, 0, Qt.ItemDataRole.ToolTipRole)
    assert "89.5% to 94.7%" in tips[ExportColumn.ACCURACY]
    assert "−0.8 pp to +0.2 pp" in tips[ExportColumn.CHANGE]
    assert "9.5 ms" in tips[ExportColumn.LATENCY]


def test_balanced_accuracy_stands_in_tooltip_and_report(model):
    earlier = result(TFLITE, OUTPUT)
    assert "balanced" not in export_report(earlier).lower()
    balanced = replace(VERIFICATION, balanced_accuracy=0.515)
    newer = replace(earlier, verification=balanced)
    put(model, newer)
    tips = row(model, 0, Qt.ItemDataRole.ToolTipRole)
    assert tips[ExportColumn.ACCURACY].endswith("; balanced accuracy 51.5%</p>")
    assert "Balanced accuracy 51.5%" in export_report(newer)


def test_a_newer_export_takes_the_place_of_the_earlier(model):
    newer = replace(result(TFLITE, OUTPUT), size_bytes=7_000_000)
    put(model, newer)
    assert model.rowCount() == 2
    assert row(model, 0)[ExportColumn.SIZE] == "7.0 MB"


def test_precisions_are_rows_of_their_own(model):
    for precision in (Precision.FP32, Precision.FP16):
        put(model, result(TF_TRT, OUTPUT, precision))
    assert [row(model, number)[0] for number in (2, 3)] == ["TF-TRT FP16", "TF-TRT FP32"]


def test_what_was_not_timed_has_no_time(model):
    untimed = replace(VERIFICATION, latency_ms_p50=None, latency_ms_p95=None, images_per_s=None)
    put(model, replace(result(TFLITE, OUTPUT), verification=untimed))
    assert row(model, 0)[ExportColumn.LATENCY : ExportColumn.DIFFERENCE] == ["–", "–"]


@pytest.mark.parametrize(
    ("change", "text"), [(0.0004, "±0.0 pp"), (0.012, "+1.2 pp"), (-0.0151, "−1.5 pp")]
)
def test_changes_have_a_sign(change, text):
    assert change_text(change) == text


def test_sizes_follow_from_the_model():
    assert typical_size(TFLITE_FLOAT16, 13_400_000) == "about 6.7 MB"
    assert typical_size(TFLITE_FLOAT16, 0) == ""

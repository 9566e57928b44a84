"""Exports of earlier days are listed; what a stranger's folder says is not believed."""

import json
from pathlib import Path

import pytest

from core.export.artifact_folder import EXPORT_FILE, record_result
from core.export.export_record import read_exports
from core.export.formats.tflite import TFLITE
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget
from tests.models import model_info

FIGURES = Verification(
    runtime="LiteRT 2",
    num_images=10,
    top1_agreement=1.0,
    max_abs_diff=0.0,
    mean_abs_diff=0.0,
    accuracy=0.9,
    interval=(0.7, 1.0),
    model_accuracy=0.9,
    latency_ms_p50=None,
    latency_ms_p95=None,
    images_per_s=None,
    batch_size=16,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "tflite"
    result = ArtifactResult(
        target=ExportTarget(TFLITE),
        folder=folder,
        path=folder / "model.tflite",
        size_bytes=3,
        verification=FIGURES,
        verdict=Verdict.PASSED,
    )
    record_result(folder, result, model_info())
    return folder


def change(folder: Path, **values: object) -> None:
    path = folder / EXPORT_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def test_an_export_comes_back(folder: Path) -> None:
    (result,) = read_exports(folder.parent)
    assert result.path == folder / "model.tflite"
    assert result.verification == FIGURES


@pytest.mark.parametrize(
    ("verdict", "verification", "passed"),
    [
        (Verdict.PASSED, FIGURES, True),
        (Verdict.IN_PART, FIGURES, None),
        (Verdict.NOT_VERIFIED, None, None),
        (Verdict.FAILED, FIGURES, False),
        (Verdict.FAILED, None, False),
    ],
)
def test_a_verdict_comes_back(
    tmp_path: Path, verdict: Verdict, verification: Verification | None, passed: bool | None
) -> None:
    folder = tmp_path / "tflite"
    result = ArtifactResult(
        target=ExportTarget(TFLITE),
        folder=folder,
        path=folder / "model.tflite",
        verification=verification,
        verdict=verdict,
    )
    folder.mkdir()
    record_result(folder, result, model_info())
    assert json.loads((folder / EXPORT_FILE).read_text())["passed"] is passed
    assert read_exports(tmp_path) == (result,)


@pytest.mark.parametrize("artifact", ["saved_model/1", "a b.tflite"])
def test_an_artifact_may_lie_in_a_folder_of_its_own(folder: Path, artifact: str) -> None:
    change(folder, artifact=artifact)
    (result,) = read_exports(folder.parent)
    assert result.path == folder / artifact


@pytest.mark.parametrize(
    "artifact", ["../x", "/etc/passwd", "a/../../x", "..\\x", "C:x", "\\\\host\\share"]
)
def test_an_artifact_outside_of_its_folder_is_passed_over(folder: Path, artifact: str) -> None:
    change(folder, artifact=artifact)
    assert read_exports(folder.parent) == ()


@pytest.mark.parametrize(
    "values",
    [
        {"accuracy": "<b>1</b>"},
        {"accuracy": [1]},
        {"interval": "ab"},
        {"interval": [1, 2, 3]},
        {"latency_ms_p50": {}},
        {"size_bytes": "x"},
        {"format": "exe"},
        {"problems": 5},
        {"schema": 2},
        {"size_bytes": 1e999},
    ],
    ids=str,
)
def test_figures_that_are_none_are_passed_over(folder: Path, values: dict) -> None:
    change(folder, **values)
    assert read_exports(folder.parent) == ()


@pytest.mark.parametrize("content", [b"[" * 100_000, b"{}", b"\xff", b"[]", b" " * (17 << 20)])
def test_what_is_no_record_is_passed_over(folder: Path, content: bytes) -> None:
    (folder / EXPORT_FILE).write_bytes(content)
    assert read_exports(folder.parent) == ()

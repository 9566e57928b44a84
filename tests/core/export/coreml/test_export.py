"""`fieldguide export --format coreml`, from the command to the card."""

import sys
from pathlib import Path

import pytest

from core.export.artifact_folder import read_exports
from core.export.conversion.coreml import NOT_CORE_ML
from core.export_spec.artifact import Verdict
from tests.program import Outcome, Program

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("coremltools")]


def test_a_package_is_made_compared_and_described(
    trained: Outcome, program: Program, tmp_path: Path
):
    arguments = ["--model", trained.last["model_dir"], "--output", tmp_path]
    outcome = program.export(*arguments, "--format", "coreml")
    assert outcome.code == 0, outcome
    (line,) = outcome.artifacts
    assert line["top1_agreement"] == 1
    assert line["max_abs_diff"] < 0.02
    (result,) = read_exports(tmp_path)
    folder = tmp_path / "coreml"
    card = (folder / "README.md").read_text(encoding="utf-8")
    for beside in {path.name for path in folder.iterdir()} - {"README.md"}:
        assert beside in card
    assert "VNCoreMLRequest" in card
    if sys.platform != "darwin":
        assert line["passed"] is None
        assert line["problems"] == [NOT_CORE_ML]
        assert line["latency_ms_p50"] is None
        assert line["runtime"].endswith("in place of Core ML")
        assert result.verdict is Verdict.IN_PART

"""An artifact's verdict and its error say the same."""

import pytest

from core.export.formats.onnx import ONNX
from core.export_spec.artifact import ArtifactResult, Verdict
from core.export_spec.export_format import ExportTarget

TARGET = ExportTarget(ONNX)


@pytest.mark.parametrize("verdict", Verdict)
def test_there_is_an_error_when_nothing_was_made_and_only_then(verdict):
    is_made = verdict is not Verdict.NOT_MADE
    ArtifactResult(target=TARGET, verdict=verdict, error="" if is_made else "No.")
    with pytest.raises(ValueError, match="don't go together"):
        ArtifactResult(target=TARGET, verdict=verdict, error="No." if is_made else "")


def test_the_worst_verdict_is_the_largest():
    assert max(Verdict.PASSED, Verdict.FAILED, Verdict.IN_PART) is Verdict.FAILED
    assert max(Verdict) is Verdict.NOT_MADE

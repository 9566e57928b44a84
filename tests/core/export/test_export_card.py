"""The card of an export says of accuracy what it hides."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.evaluation.metrics import evaluate_predictions
from core.export.export_card import export_card
from core.export.formats.coreml import COREML
from core.export.formats.tflite import TFLITE
from core.export_spec.artifact import ArtifactResult, Verdict
from core.export_spec.export_format import ExportTarget
from core.models.model_info import SplitResult
from tests.fake_exports import VERIFICATION
from tests.models import model_info

FOLDER = Path("/exports/tflite")
RESULT = ArtifactResult(
    target=ExportTarget(TFLITE),
    folder=FOLDER,
    path=FOLDER / "model.tflite",
    verification=replace(VERIFICATION, balanced_accuracy=0.515),
    verdict=Verdict.PASSED,
)


def test_the_export_and_its_model_tell_balanced_accuracy_and_the_baseline():
    evaluation = evaluate_predictions(np.array([0, 0, 0, 1, 1]), np.array([0, 0, 0, 0, 1]), 3)
    info = replace(model_info(), test=SplitResult.of(evaluation), training_counts=(500, 6, 1))
    lines = export_card(info, RESULT, "test split of the run").splitlines()
    for line in (
        "| balanced accuracy | 51.50% |",
        "- balanced accuracy: 75.00% (mean recall of the classes)",
        "| coffee | 2 | 50.00% |",
    ):
        assert line in lines
    assert any("majority baseline: 60.00%" in line and "“cat”" in line for line in lines)


def test_an_export_of_an_earlier_version_has_no_balanced_accuracy():
    card = export_card(model_info(), replace(RESULT, verification=VERIFICATION), "pictures named")
    assert "| accuracy | 92.50%" in card
    assert "balanced" not in card


@pytest.mark.parametrize(
    ("chosen", "start"),
    [
        (COREML, "On a Mac, `python predict.py photo.jpg` gives the answer"),
        (TFLITE, "`python predict.py photo.jpg` gives the answer"),
    ],
)
def test_the_card_says_where_alone_the_program_runs(chosen, start):
    result = replace(RESULT, target=ExportTarget(chosen))
    lines = export_card(model_info(), result, "pictures named").splitlines()
    assert lines[lines.index("## How to use it") + 2].startswith(start)


def test_the_card_says_below_which_probability_an_answer_is_unknown():
    info = replace(model_info(), unknown_threshold=0.625)
    assert "An answer below 62.5% is best taken for “unknown”" in export_card(info, RESULT, "")
    assert "unknown" not in export_card(model_info(), RESULT, "")


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.PASSED, "Yes: it was run with its own runtime"),
        (Verdict.IN_PART, "**In part**: what could be run"),
        (Verdict.NOT_VERIFIED, "**Not verified** on the computer"),
        (Verdict.FAILED, "**FAILED: don't use it.**"),
    ],
)
def test_the_card_has_a_sentence_for_each_verdict(verdict, said):
    card = export_card(model_info(), replace(RESULT, verdict=verdict), "pictures named")
    assert said in card.split("## Does it agree with the model?")[1].split("|")[0]

"""Figures of agreement, and the verdict."""

import numpy as np
import pytest

from core.export.formats.onnx import ONNX
from core.export.formats.tflite import TFLITE_DYNAMIC, TFLITE_FLOAT16, TFLITE_INT8
from core.export.verification.artifact_check import ArtifactAnswers
from core.export.verification.comparison import compare, problems_of
from core.export_spec.export_format import ExportTarget

REFERENCE = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7]], np.float32)
CLASSES = np.array([0, 1, 1, 1], np.int64)
NO_TIMES = np.array([])


def answers(probabilities, latency=NO_TIMES, rate=float("nan")):
    return ArtifactAnswers("LiteRT", np.float32(probabilities), np.float64(latency), rate)


def test_equal_answers_agree_wholly():
    found = compare(answers(REFERENCE), REFERENCE, CLASSES)
    assert (found.top1_agreement, found.max_abs_diff, found.mean_abs_diff) == (1, 0, 0)
    assert found.accuracy == found.model_accuracy == 0.75
    assert found.accuracy_change == 0
    assert found.balanced_accuracy == pytest.approx((1 + 2 / 3) / 2)
    assert found.interval is not None
    assert found.interval[0] < 0.75 < found.interval[1]


def test_one_other_class_shows_in_every_figure():
    other = REFERENCE.copy()
    other[2] = [0.4, 0.6]
    found = compare(answers(other), REFERENCE, CLASSES)
    assert found.top1_agreement == 0.75
    assert found.max_abs_diff == pytest.approx(0.2)
    assert found.mean_abs_diff == pytest.approx(0.05)
    assert found.accuracy == 1
    assert found.accuracy_change == pytest.approx(0.25)
    assert found.change_interval is not None
    assert found.change_interval[0] < 0.25 < found.change_interval[1]


def test_what_is_no_number_agrees_with_nothing():
    broken = REFERENCE.copy()
    broken[0] = np.nan
    found = compare(answers(broken), REFERENCE, CLASSES)
    assert found.top1_agreement == 0.75
    assert found.max_abs_diff == 1
    assert found.accuracy == 0.5
    assert found.balanced_accuracy == pytest.approx((0 + 2 / 3) / 2)


def test_times_are_percentiles_and_absent_where_none_were_taken():
    timed = compare(answers(REFERENCE, [1, 2, 3], 50.0), REFERENCE, CLASSES)
    assert (timed.latency_ms_p50, timed.images_per_s, timed.batch_size) == (2, 50, 4)
    assert timed.latency_ms_p95 == pytest.approx(2.9)
    untimed = compare(answers(REFERENCE), REFERENCE, CLASSES)
    assert untimed.latency_ms_p50 is untimed.latency_ms_p95 is untimed.images_per_s is None


@pytest.mark.parametrize(
    ("chosen", "num_differing", "fails"),
    [
        (ONNX, 1, False),
        (ONNX, 2, True),
        (TFLITE_INT8, 5, False),
        (TFLITE_INT8, 6, True),
        (TFLITE_DYNAMIC, 5, False),
        (TFLITE_FLOAT16, 2, True),
    ],
)
def test_too_many_other_answers_are_a_failure(chosen, num_differing, fails):
    reference = np.tile(np.float32([0.9, 0.1]), (100, 1))
    given = reference.copy()
    given[:num_differing] = [0.1, 0.9]
    target = ExportTarget(chosen)
    found = compare(answers(given), reference, np.zeros(100, np.int64))
    problems = problems_of(target, found)
    assert bool(problems) == fails
    if fails:
        assert f"{num_differing} of 100 pictures" in problems[0]

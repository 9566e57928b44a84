import pytest

from core.export.formats.onnx import ONNX
from core.export.formats.tflite import TFLITE, TFLITE_FLOAT16
from core.export_spec.artifact import Verdict
from gui.export.export_verdict import verdict_icon, verdict_word, worst_verdict
from tests.fake_exports import result


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_a_sign(qapp, verdict):
    assert not verdict_icon(verdict).isNull()


def test_each_verdict_has_words_of_its_own():
    assert [verdict_word(verdict) for verdict in Verdict] == [
        "passed",
        "verified in part",
        "not verified here",
        "failed",
        "not made",
    ]


def test_the_worst_of_several_is_told(tmp_path):
    results = [result(chosen, tmp_path) for chosen in (TFLITE, ONNX, TFLITE_FLOAT16)]
    assert worst_verdict(results) is Verdict.NOT_MADE
    assert worst_verdict(results[::2]) is Verdict.FAILED

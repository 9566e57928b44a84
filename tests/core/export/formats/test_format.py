"""The formats are found, told apart, and whole."""

import pickle

import pytest

from core.export.formats.format import export_formats, format_named
from core.export.formats.tflite import TFLITE_INT8
from core.export_spec.export_format import ExportTarget, Precision
from core.own_source import source_root
from tests.models import model_info

FORMATS = export_formats()


PUBLISHED = [
    "saved-model",
    "tflite",
    "tflite-float16",
    "tflite-dynamic",
    "tflite-int8",
    "onnx",
    "tfjs",
    "coreml",
    "tf-trt",
    "tensorrt",
]


def test_published_names_stay_and_are_listed_in_this_order():
    assert [found.name for found in FORMATS if found.name in PUBLISHED] == PUBLISHED


def test_no_two_formats_share_a_name_or_a_place():
    assert len({found.name for found in FORMATS}) == len(FORMATS)
    assert len({found.position for found in FORMATS}) == len(FORMATS)


def test_a_format_is_found_by_its_name():
    assert format_named("tflite-int8") is TFLITE_INT8
    with pytest.raises(ValueError, match="no export format 'exe'"):
        format_named("exe")


@pytest.mark.parametrize("chosen", FORMATS, ids=str)
def test_a_format_stays_itself_through_a_pipe(chosen):
    target = ExportTarget(chosen, Precision.FP16 if chosen.has_precision else None)
    received = pickle.loads(pickle.dumps(target))
    assert received == target
    assert received.format is chosen


@pytest.mark.parametrize("chosen", FORMATS, ids=str)
def test_what_lies_beside_an_artifact_is_there(chosen):
    assert (source_root() / "core/export/predict" / chosen.predict).is_file()
    notes = chosen.client_notes(model_info())
    assert any("`images`" in note for note in notes)


def test_8_bit_numbers_may_agree_less():
    least = {name: format_named(name).least_agreement for name in PUBLISHED}
    assert least.pop("tflite-int8") == least.pop("tflite-dynamic") == 0.95
    assert set(least.values()) == {0.99}
    tf_trt = format_named("tf-trt")
    assert ExportTarget(tf_trt, Precision.INT8).least_agreement == 0.95
    assert ExportTarget(tf_trt, Precision.FP16).least_agreement == 0.99


def test_a_precision_is_chosen_for_nvidias_formats_only():
    with pytest.raises(ValueError, match="don't go together"):
        ExportTarget(TFLITE_INT8, Precision.INT8)
    with pytest.raises(ValueError, match="don't go together"):
        ExportTarget(format_named("tf-trt"))

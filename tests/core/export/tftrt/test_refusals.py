"""A conversion that can't be made says why in one sentence, and leaves nothing behind."""

from dataclasses import replace

import pytest

from core.errors import ExportError
from core.export.tftrt.capability import TftrtCapability
from core.export.tftrt.conversion import TftrtRequest, convert_with_tftrt
from core.export_spec.export_format import Precision
from core.messages.control import Command, RunControl, StopRequestedError

NO_GPU = "There is no NVIDIA GPU here."
REPORT = {
    "engines": 1,
    "converted": {"Conv2D": 2, "Const": 3},
    "not_converted": [["images", "Placeholder", "an input"]],
    "built_batch_sizes": [],
    "notes": [],
}


@pytest.fixture
def convert(fake_python, tmp_path):
    """Converts with a Python that says these messages and then does that."""
    output = tmp_path / "output"

    def run(messages=(), then="", *, precision=Precision.FP32, limit=60.0, control=None, **facts):
        can = TftrtCapability(
            python=fake_python(messages, then), can_convert=True, problems=(NO_GPU,)
        )
        request = TftrtRequest(
            saved_model=tmp_path / "saved_model",
            output=output,
            precision=precision,
            capability=replace(can, **facts),
            batch_sizes=(1, 8),
            workspace_mib=256,
            min_segment_size=3,
        )
        steps = []
        try:
            report = convert_with_tftrt(
                request, control or RunControl(), steps.append, silence_limit_s=limit
            )
        finally:
            assert not output.exists()
        return report, steps

    return run


def test_a_report_is_read(convert):
    report, steps = convert([{"progress": "Converting"}, {"report": REPORT}])
    assert steps == ["Converting"]
    assert (report.engines, report.num_converted, report.num_operations) == (1, 5, 6)
    assert report.num_computing == (2, 2)


def test_a_report_of_a_gpu_is_read(convert):
    speed = {"latency_ms_p50": 2.0, "latency_ms_p95": 3.0, "images_per_s": {"1": 400.0}}
    measured = {"native": speed, "tftrt": speed, "top1_agreement": 1.0, "built_batch_sizes": [1]}
    report, _ = convert([{"report": REPORT | measured}])
    content = report.to_json_dict()
    assert content["native"] == content["tftrt"] == speed
    assert content["built_batch_sizes"] == [1]
    assert content["top1_agreement"] == 1.0


def test_what_is_missing_is_said_before_anything_starts(convert):
    with pytest.raises(ExportError, match=r"^TensorRT is not there\.$"):
        convert(can_convert=False, problems=("TensorRT is not there.",))


def test_int8_without_a_gpu_is_refused(convert):
    with pytest.raises(ExportError, match=r"^INT8 calibration needs an NVIDIA GPU.* FP32 or FP16"):
        convert(precision=Precision.INT8)


def test_a_crash_names_its_signal_its_step_and_the_last_output(convert):
    with pytest.raises(ExportError) as caught:
        convert([{"progress": "Converting"}], then="echo out of cheese >&2; kill -SEGV $$")
    assert "converter crashed with signal 11. Step: Converting." in str(caught.value)
    assert "Last output: out of cheese." in str(caught.value)


def test_an_exit_code_is_named(convert):
    with pytest.raises(ExportError, match=r"ended with exit code 7\. Step: Starting\."):
        convert(then="exit 7")


def test_an_end_without_a_report_is_a_failure(convert):
    with pytest.raises(ExportError, match="ended with exit code 0"):
        convert([{"progress": "Converting"}])


def test_an_error_of_tensorflow_is_passed_on(convert):
    with pytest.raises(ExportError, match=r"could not convert the model .* ValueError: odd shapes"):
        convert([{"error": "ValueError: odd shapes"}], then="exit 1")


def test_a_hang_is_ended(convert):
    with pytest.raises(ExportError, match=r"gave no sign of life for .* min and was ended"):
        convert([{"progress": "Converting"}], then="exec sleep 600", limit=0.2)


def test_a_stop_ends_it(convert):
    control = RunControl()
    control.obey(Command.STOP)
    with pytest.raises(StopRequestedError):
        convert(then="exec sleep 600", control=control)


def test_converting_nothing_is_a_failure(convert):
    left = [
        ["w", "Const", "Unsupported type"],
        ["c", "Conv2D", "too small"],
        ["d", "Conv2D", "too small"],
    ]
    nothing = REPORT | {"engines": 0, "converted": {}, "not_converted": left}
    with pytest.raises(ExportError) as caught:
        convert([{"report": nothing}])
    assert "TensorRT can run none of the 3 operations" in str(caught.value)
    assert "Reasons: Conv2D: too small; Const: Unsupported type." in str(caught.value)

"""`fieldguide export`: what it takes, what it prints, its exit codes."""

import argparse
from dataclasses import replace
from pathlib import Path

import pytest

from core.cli import run_display
from core.cli.export import print_table
from core.cli.export_options import add_export_arguments, chosen_options
from core.cli.export_texts import HEADINGS, comparison_line, figures, verdict_line
from core.cli.main import main
from core.export.formats.onnx import ONNX
from core.export.formats.tf_trt import TF_TRT
from core.export.formats.tflite import TFLITE, TFLITE_DYNAMIC
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.export_spec.export_format import ExportTarget, Precision
from core.export_spec.export_options import ExportOptions
from core.messages.export_events import ExportFinished
from core.worker.process import WorkerProcess
from tests import fake_refusals

TARGET = ExportTarget(TFLITE)
VERIFICATION = Verification(
    runtime="LiteRT 2.3.0",
    num_images=400,
    top1_agreement=0.98,
    max_abs_diff=0.21,
    mean_abs_diff=0.006,
    accuracy=0.9225,
    interval=(0.892, 0.945),
    model_accuracy=0.9275,
    latency_ms_p50=2.4,
    latency_ms_p95=2.5,
    images_per_s=409.0,
    batch_size=32,
)


def parsed(*arguments: str) -> ExportOptions:
    parser = argparse.ArgumentParser()
    add_export_arguments(parser)
    return chosen_options(parser, parser.parse_args(arguments))


def test_options_without_any_are_the_defaults():
    assert parsed("--format", "onnx") == ExportOptions(formats=(ONNX,))


def test_formats_may_be_listed_and_repeated():
    options = parsed("--format", "onnx", "tflite", "--format", "tf-trt", "onnx")
    assert options.formats == (ONNX, TFLITE, TF_TRT)


def test_each_precision_is_an_artifact():
    options = parsed("--format", "tf-trt", "onnx", "--precision", "fp32", "int8")
    assert [target.name for target in options.targets()] == ["tf-trt-fp32", "tf-trt-int8", "onnx"]


def test_tftrt_settings_are_taken():
    settings = parsed(
        *("--format", "tf-trt", "--batch-sizes", "16", "1", "--workspace", "512"),
        *("--min-segment-size", "5", "--num-calibration", "50", "--tftrt-python", "/p"),
    ).tftrt
    assert settings.batch_sizes == (1, 16)
    assert (settings.workspace_mib, settings.min_segment_size) == (512, 5)
    assert (settings.num_calibration, settings.python) == (50, Path("/p"))
    assert settings.precisions == (Precision.FP16,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name at least one --format"),
        (["--format", "gif"], "invalid choice"),
        (["--format", "tflite", "--precision", "int8"], "--precision is for tf-trt"),
        (["--format", "tflite", "--serving-version", "1"], "--serving-version is for"),
        (["--format", "saved-model", "--serving-version", "0"], "at least 1"),
        (["--format", "onnx", "--require-accuracy", "95"], "from 0 to 1"),
        (["--format", "onnx", "--num-pictures", "0"], "at least 1"),
    ],
)
def test_what_can_not_be_is_a_usage_error(arguments, said, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["export", *arguments])
    assert said in capsys.readouterr().err


def test_without_a_trained_model_it_says_what_to_do(capsys):
    assert main(["export", "--format", "onnx"]) == 1
    assert "No model has been trained yet" in capsys.readouterr().err


def test_a_folder_that_is_no_model_is_named(tmp_path, capsys):
    assert main(["export", "--format", "onnx", "--model", str(tmp_path)]) == 1
    assert f"{tmp_path} is no model folder" in capsys.readouterr().err


def test_a_result_has_a_cell_for_each_heading():
    folder = Path("/exports/tflite")
    made = ArtifactResult(
        target=TARGET,
        folder=folder,
        path=folder / "model.tflite",
        size_bytes=4_000_000,
        verification=VERIFICATION,
        verdict=Verdict.PASSED,
    )
    cells = figures(made)
    assert len(cells) == len(HEADINGS) - 1
    assert cells == ["4.0 MB", "98.00%", "0.21", "92.25%", "-0.50", "2.4 ms", "409/s", "passed"]
    assert len(figures(ArtifactResult(target=TARGET, error="no"))) == len(cells)
    balanced = replace(VERIFICATION, balanced_accuracy=0.515)
    cells = figures(replace(made, verification=balanced))
    assert cells[3] == "92.25% (balanced 51.50%)"


def test_the_table_says_on_how_many_pictures_its_figures_rest(capsys):
    folder = Path("/exports/tflite-dynamic")
    made = ArtifactResult(
        target=ExportTarget(TFLITE_DYNAMIC),
        folder=folder,
        path=folder / "model.tflite",
        size_bytes=4_000_000,
        verification=replace(VERIFICATION, balanced_accuracy=0.515, num_images=1234),
        verdict=Verdict.IN_PART,
    )
    failed = ArtifactResult(target=TARGET, error="no")
    print_table(ExportFinished(Path("/exports"), (made, failed)))
    printed = capsys.readouterr().out
    assert "Compared on 1,234 pictures; " in printed
    assert "…" not in printed, "nothing is cut off, however narrow the terminal is"
    for cell in ("92.25% (balanced 51.50%)", "verified in part", "tflite-dynamic"):
        assert cell in printed
    single = replace(made, verification=replace(VERIFICATION, num_images=1))
    assert comparison_line([single]).startswith("Compared on 1 picture; ")
    assert comparison_line([failed]) == ""


def test_the_reason_stands_beside_the_verdict():
    failed = ArtifactResult(
        target=TARGET, verdict=Verdict.FAILED, problems=("It names another class.",)
    )
    assert verdict_line(failed) == "tflite: FAILED. It names another class."
    assert verdict_line(ArtifactResult(target=TARGET, error="No.")) == "tflite: not made. No."
    open_one = ArtifactResult(
        target=TARGET, verdict=Verdict.NOT_VERIFIED, problems=("It needs a GPU.",)
    )
    assert verdict_line(open_one) == "tflite: not verified. It needs a GPU."
    half = replace(open_one, verification=VERIFICATION, verdict=Verdict.IN_PART)
    assert verdict_line(half) == "tflite: verified in part. It needs a GPU."


def test_model_is_trusted_when_asked(monkeypatch, tmp_path, capsys):
    requests = []

    class Worker(WorkerProcess):
        def __init__(self):
            super().__init__(fake_refusals.refuses)

        def events(self, request):
            requests.append(request)
            return super().events(request)

    monkeypatch.setattr(run_display, "WorkerProcess", Worker)
    call = ["export", "--format", "onnx", "--model", str(tmp_path)]
    assert main(call) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("fieldguide: /home/somebody/net was not run")
    assert main([*call, "--trust"]) == 1  # this worker goes by the record alone
    assert [request.trust for request in requests] == [False, True]

"""A real model, converted for real: nearly all of it in one engine, saved, and still the same."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from core.errors import ExportError
from core.export.tftrt.conversion import convert_with_tftrt
from core.export.tftrt.verification import NOT_THE_ENGINES, tftrt_check_command
from core.export.verification.artifact_check import CHECK_PROGRAM, CheckCommand, ask_artifact
from core.export_spec.export_format import Precision
from core.messages.control import RunControl
from tests.core.export.tftrt.conversions import request_for, run_tftrt_python
from tests.models import PHOTO_NAMES, PHOTOS

pytestmark = pytest.mark.slow
LEAST_FRACTION = 0.99
LEAST_SEGMENT = 1000


def test_nearly_all_operations_are_in_one_engine(converted):
    report = converted.report
    assert report.engines == 1
    assert report.fraction >= LEAST_FRACTION
    inside, computing = report.num_computing
    assert inside == computing
    assert all(left.reason for left in report.not_converted)
    assert {left.type for left in report.not_converted} == {"Placeholder", "Identity"}


def test_what_was_lifted_is_in_the_notes(converted, tftrt):
    notes = " ".join(converted.report.notes)
    assert ("check of the last digit was lifted" in notes) == bool(tftrt.notes)
    assert ("Converted without a GPU" in notes) == (not tftrt.gpus)


def test_it_is_reloaded_with_both_signatures_and_labels_and_answers_the_same(converted, tftrt):
    program = Path(__file__).with_name("look_at_converted.py")
    photos = [PHOTOS / name for name in PHOTO_NAMES]
    done = run_tftrt_python(tftrt, program, converted.original, converted.saved_model, *photos)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["signatures"] == found["original"]
    labels = (converted.original.parent / "labels.txt").read_text().splitlines()
    for key in ("serving_default", "serving_bytes"):
        assert found[key]["labels"] == [labels] * 3
        assert found[key]["num"] == 3
        assert found[key]["difference"] < 1e-5


def test_the_check_without_a_gpu_runs_the_saved_graph(converted, tftrt, model_dir, tmp_path):
    check = tftrt_check_command(tftrt, CHECK_PROGRAM)
    if not check.note:
        pytest.skip("there is a GPU: the ordinary check runs")
    assert check.note == NOT_THE_ENGINES
    labels = (model_dir / "labels.txt").read_text().splitlines()
    folder = tmp_path / "export"
    shutil.copytree(converted.saved_model, folder / "saved_model")
    (folder / "export.json").write_text(json.dumps({"artifact": "saved_model", "labels": labels}))
    images = np.random.default_rng(0).integers(0, 256, (5, 224, 224, 3), np.uint8)
    np.save(tmp_path / "pictures.npy", images)
    done = []
    answers = ask_artifact(
        CheckCommand(start=check.command, environment=check.environment),
        folder,
        tmp_path / "pictures.npy",
        RunControl(),
        done.append,
        num_images=5,
        num_classes=len(labels),
    )
    assert done == [5]
    assert "on the CPU in place of TensorRT" in answers.runtime
    assert (len(answers.latency_ms), answers.images_per_s) == (0, 0.0)
    np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1, atol=1e-5)


def test_segments_that_are_too_small_leave_nothing_and_say_so(tftrt, model_dir, tmp_path):
    asked = request_for(model_dir, tmp_path / "o", tftrt, Precision.FP32, LEAST_SEGMENT)
    with pytest.raises(ExportError) as caught:
        convert_with_tftrt(asked, RunControl(), lambda _step: None)
    assert "TensorRT can run none of the" in str(caught.value)
    assert f"fewer than the minimum segment size {LEAST_SEGMENT}" in str(caught.value)
    assert not asked.output.exists()


def test_an_unreadable_model_is_tensorflows_error(tftrt, tmp_path):
    (tmp_path / "model" / "saved_model").mkdir(parents=True)
    asked = request_for(tmp_path / "model", tmp_path / "o", tftrt, Precision.FP32)
    with pytest.raises(ExportError, match=r"could not convert the model \(step: Preparing"):
        convert_with_tftrt(asked, RunControl(), lambda _step: None)

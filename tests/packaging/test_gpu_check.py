"""The script for GPU machines tells done, refused and failed apart, and runs through here."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.export.tftrt.capability import find_tftrt_python

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "packaging" / "gpu_check" / "run.py"
TENSORFLOW = {"tensorflow": "2.21.0", "gpus": ["NVIDIA L4"]}
TRAINED = [
    {"event": "device_reported", "name": "NVIDIA L4"},
    {"event": "training_finished", "val_accuracy": 0.9, "seconds": 3.0},
]
SPEED = {"latency_ms_p50": 2.0, "images_per_s": {"1": 400.0, "32": 3000.0}}


@pytest.fixture(scope="module")
def gpu_check():
    spec = importlib.util.spec_from_file_location("gpu_check", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["gpu_check"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["gpu_check"]


def artifact(precision, **more):
    details = {"engines": 1, "num_converted": 9, "num_operations": 9, "built_batch_sizes": [1]}
    found = {"format": "tf-trt", "precision": precision, "passed": True, "details": details}
    return found | more


@pytest.fixture
def outcomes(gpu_check, tmp_path):
    """The steps' outcomes on a machine whose programs answer so, by a word of their command."""

    answers = {}

    class Pretended(gpu_check.Check):
        def _run(self, command):
            words = " ".join(str(part) for part in command)
            for word, (code, lines) in answers.items():
                if word in words:
                    self._heard = [0.0] * len(lines)
                    return code, [x if isinstance(x, str) else json.dumps(x) for x in lines]
            raise AssertionError(words)

    def run(**changes):
        defaults = {
            "-c": (0, [TENSORFLOW]),
            "train": (0, TRAINED),
            "make_environment": (0, ["It is made."]),
            "--check-tf-trt": (0, ["TensorRT 8.6.1 is found."]),
            "run_tftrt": (0, []),
            "--format tf-trt": (0, [artifact(p) for p in gpu_check.PRECISIONS]),
            "--format tensorrt": (0, [artifact(p, details={}) for p in gpu_check.PRECISIONS]),
        }
        answers.update(defaults | changes)
        for precision in gpu_check.PRECISIONS:
            folder = tmp_path / "exports" / f"tf-trt-{precision}"
            folder.mkdir(parents=True)
            (folder / "run_tftrt.py").touch()
            found = {"native": SPEED, "tftrt": SPEED, "batch_sizes": [1, 32], "top1_agreement": 1}
            (folder / "run_tftrt.json").write_text(json.dumps(found))
        found = Pretended(tmp_path, CHECKOUT, None).steps()
        return {outcome.step: outcome for outcome in found}

    return run


def test_on_a_sound_gpu_machine_all_is_done(outcomes):
    found = outcomes()
    assert {outcome.state for outcome in found.values()} == {"done"}
    assert "batch 32: 3000 → 3000 pictures/s" in found["build and measure engines FP16"].detail
    assert found["find GPUs"].detail == "NVIDIA L4"


def test_a_training_that_ran_elsewhere_has_failed(outcomes):
    on_processor = [TRAINED[0] | {"name": "AMD EPYC"}, TRAINED[1]]
    found = outcomes(train=(0, on_processor))["train a head on the GPU"]
    assert found.state == "failed"
    assert "AMD EPYC" in found.detail


def test_what_the_machine_lacks_is_a_refusal_and_anything_else_a_failure(outcomes):
    errors = [
        artifact("fp32", error="The TF-TRT converter crashed with signal 11."),
        artifact("fp16", passed=False),
        artifact("int8", error="INT8 calibration needs an NVIDIA GPU."),
    ]
    found = outcomes(**{"--format tf-trt": (1, errors)})
    states = [found[f"convert to TF-TRT {p}"].state for p in ("FP32", "FP16", "INT8")]
    assert states == ["failed", "failed", "refused"]


def test_a_crash_while_building_engines_is_a_failure_and_a_refusal_is_none(outcomes):
    crash = outcomes(run_tftrt=(1, ["Traceback (most recent call last):", "KeyError: 1"]))
    assert crash["build and measure engines FP32"].state == "failed"


def test_one_clear_line_is_a_refusal(outcomes):
    refused = outcomes(run_tftrt=(1, ["TensorFlow finds no NVIDIA GPU here."]))
    assert refused["build and measure engines FP32"].state == "refused"


@pytest.mark.slow
def test_it_runs_through_on_this_machine(tmp_path, trained):
    if find_tftrt_python(None) is None:
        pytest.skip("the TF-TRT environment isn't made: make tftrt")
    options = ["--model", trained.last["run_dir"], "--precisions", "int8"]
    done = subprocess.run(
        [sys.executable, SCRIPT, "--output", tmp_path, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    table = json.loads((tmp_path / "gpu_check.json").read_text())
    assert {row["state"] for row in table} <= {"done", "refused"}
    assert all(row["detail"] for row in table if row["state"] == "refused")
    shown = done.stdout.split("\n\n")[-1].splitlines()
    assert len(shown) == 1 + len(table)

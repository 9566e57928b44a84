"""Engines are refused in words where NVIDIA's package or a GPU is missing."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import ExportError
from core.export.predict import cuda_memory
from core.export.tensorrt_engine.build import EngineRequest, build_engine, find_tensorrt_python
from core.export_spec.export_format import Precision
from core.messages.control import RunControl

REPORT = {
    "tensorrt": "10.4.0",
    "gpu": "NVIDIA B200",
    "compute_capability": [10, 0],
    "num_layers": 7,
}


@pytest.fixture
def build(tmp_path):
    """Builds with a Python that says these messages and then does that."""

    def run(messages=(), then="", limit=60.0, python=None):
        fake = tmp_path / "python-fake"
        lines = [f"echo '{json.dumps(message)}'" for message in messages]
        fake.write_text("\n".join(["#!/bin/sh", *lines, then, ""]))
        fake.chmod(0o755)
        request = EngineRequest(
            onnx=tmp_path / "model.onnx",
            output=tmp_path / "model.engine",
            python=python or fake,
            precision=Precision.FP16,
            batch_sizes=(1, 8),
            workspace_mib=256,
        )
        return build_engine(request, RunControl(), lambda _step: None, silence_limit_s=limit)

    return run


def test_an_engine_is_reported_with_what_it_is_for(build):
    report = build([{"progress": "Building"}, {"report": REPORT}])
    assert report.to_json_dict() == REPORT


def test_a_missing_package_is_named_with_what_to_do(build):
    if importlib.util.find_spec("tensorrt") is not None:
        pytest.skip("NVIDIA's tensorrt package is installed")
    with pytest.raises(ExportError) as caught:
        build(python=Path(sys.executable))
    assert f"tensorrt package is not installed in {sys.executable}" in str(caught.value)
    assert "pip install tensorrt" in str(caught.value)


def test_a_missing_gpu_is_named(build):
    with pytest.raises(ExportError, match=r"No TensorRT engine was built: There is no NVIDIA GPU"):
        build([{"refusal": "There is no NVIDIA GPU here"}], then="exit 1")


def test_a_missing_driver_is_noticed_before_tensorrt_is_asked(monkeypatch):
    monkeypatch.setattr(cuda_memory, "LIBRARY", "libcuda-that-is-not-there.so.1")
    with pytest.raises(cuda_memory.CudaError, match="There is no NVIDIA driver here"):
        cuda_memory.CudaDevice()


@pytest.mark.parametrize(
    ("then", "limit", "words"),
    [
        (
            "echo segment gone; kill -SEGV $$",
            60.0,
            "crashed with signal 11. Step: Reading. Last output: segment gone.",
        ),
        ("exit 4", 60.0, "ended with exit code 4"),
        ("exec sleep 600", 0.2, "gave no sign of life"),
    ],
    ids=["crash", "exit", "hang"],
)
def test_a_builder_that_goes_wrong_is_told(build, then, limit, words):
    with pytest.raises(ExportError) as caught:
        build([{"progress": "Reading"}], then, limit)
    assert words in str(caught.value)


def test_an_error_of_tensorrt_is_passed_on(build):
    with pytest.raises(ExportError, match=r"could not build the engine .*: ValueError: odd"):
        build([{"error": "ValueError: odd"}], then="exit 1")


def test_a_chosen_python_is_taken():
    assert find_tensorrt_python(Path("/chosen/python")) == Path("/chosen/python")


def test_memory_goes_to_the_driver_and_back(monkeypatch, tmp_path):
    """With a driver that keeps its memory in the computer's own."""
    source = tmp_path / "driver.c"
    source.write_text(FAKE_DRIVER)
    library = tmp_path / "libcuda.so.1"
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("there is no C compiler")
    monkeypatch.setattr(cuda_memory, "LIBRARY", str(library))
    device = cuda_memory.CudaDevice()
    assert (device.name, device.compute_capability) == ("Fake GPU", (7, 7))
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    address = device.allocate(numbers.nbytes)
    device.write(address, numbers)
    back = np.empty_like(numbers)
    device.read(address, back)
    np.testing.assert_array_equal(back, numbers)


FAKE_DRIVER = """
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
int cuInit(unsigned flags) { return 0; }
int cuDeviceGet(int *device, int ordinal) { *device = 0; return 0; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = &cuInit; return 0; }
int cuCtxSetCurrent(void *context) { return context == (void *)&cuInit ? 0 : 201; }
int cuDeviceGetName(char *name, int length, int device) { strcpy(name, "Fake GPU"); return 0; }
int cuDeviceGetAttribute(int *value, int kind, int device) { *value = 7; return 0; }
int cuMemAlloc_v2(uint64_t *address, size_t size) { *address = (uint64_t)malloc(size); return 0; }
int cuMemcpyHtoD_v2(uint64_t to, void *from, size_t n) { memcpy((void *)to, from, n); return 0; }
int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t n) { memcpy(to, (void *)from, n); return 0; }
int cuCtxSynchronize(void) { return 0; }
"""

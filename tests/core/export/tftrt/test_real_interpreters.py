"""Real interpreters that lack something say so."""

import sys
from importlib import metadata
from pathlib import Path

import pytest

from core.export.tftrt.capability import check_tftrt, program_path
from core.messages.control import RunControl
from tests.core.export.tftrt.conversions import run_tftrt_python


def test_the_programs_own_tensorflow_is_too_new():
    (problem,) = check_tftrt(Path(sys.executable), RunControl()).problems
    assert f"TensorFlow {metadata.version('tensorflow')}, which has no TensorRT in it" in problem


@pytest.mark.slow
def test_without_the_wrapper_tensorrts_libraries_are_not_found(tftrt, monkeypatch):
    bare = tftrt.python.parent / "venv" / "bin" / "python"
    if not bare.exists():
        pytest.skip(f"{tftrt.python} is not what packaging/tftrt makes")
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    found = check_tftrt(bare, RunControl())
    assert not found.can_convert
    assert f"libnvinfer.so.{tftrt.linked_tensorrt}" in found.problems[0]
    assert "doesn't find TensorRT's libraries" in found.problems[0]


@pytest.mark.slow
def test_the_environment_describes_itself(tftrt):
    done = run_tftrt_python(tftrt, program_path("capability_program.py"), "--words")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("Models can be converted to TF-TRT")

"""Interpreters that are none, and the real one where it was made."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.export.tftrt.capability import TftrtCapability, check_tftrt, find_tftrt_python
from core.export.tftrt.conversion import convert_with_tftrt
from core.export_spec.export_format import Precision
from core.messages.control import RunControl
from tests.core.export.tftrt.conversions import Converted, request_for
from tests.made_once import made_once

FakePython = Callable[..., Path]


@pytest.fixture
def fake_python(tmp_path: Path) -> FakePython:
    """Makes a program that says what a Python would, whatever it is asked to run."""

    def make(messages: Sequence[dict[str, object]] = (), then: str = "") -> Path:
        path = tmp_path / "python-fake"
        lines = [f"echo '{json.dumps(message)}'" for message in messages]
        path.write_text("\n".join(["#!/bin/sh", *lines, then, ""]))
        path.chmod(0o755)
        return path

    return make


@pytest.fixture(scope="session")
def tftrt() -> TftrtCapability:
    """What the environment of packaging/tftrt can do."""
    python = find_tftrt_python(None)
    if python is None:
        pytest.skip("the TF-TRT environment isn't made: make tftrt")
    capability = check_tftrt(python, RunControl())
    assert capability.can_convert, capability
    return capability


@pytest.fixture(scope="session")
def model_dir(request: pytest.FixtureRequest) -> Path:
    """A model of flowers, or of the sample where there are no photographs of any."""
    try:
        return request.getfixturevalue("flowers").model_dir
    except pytest.skip.Exception:
        request.getfixturevalue("trained")
        return request.getfixturevalue("runs") / "first" / "model"


@pytest.fixture(scope="session", params=[Precision.FP32, Precision.FP16], ids=str)
def converted(
    request: pytest.FixtureRequest,
    tftrt: TftrtCapability,
    model_dir: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Converted:
    """The model, converted."""

    def make() -> Converted:
        output = tmp_path_factory.mktemp("converted") / "saved_model"
        asked = request_for(model_dir, output, tftrt, request.param)
        report = convert_with_tftrt(asked, RunControl(), lambda _step: None)
        return Converted(asked.saved_model, output, report)

    return made_once(tmp_path_factory, f"converted-{request.param}", make)

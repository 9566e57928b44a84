"""Interpreters that are none, and the real one where it was made."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from core.export.tftrt.capability import TftrtCapability, check_tftrt, find_tftrt_python
from core.worker.control import RunControl

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

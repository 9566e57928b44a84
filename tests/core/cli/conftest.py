"""A model to classify with, and the program as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.models import write_model

CHECKOUT = Path(__file__).parents[3]
Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder that knows the photographs."""
    return write_model(tmp_path_factory.mktemp("trained") / "model")


@pytest.fixture
def fieldguide(tmp_path: Path) -> Run:
    """Runs `python main.py ARGUMENTS` in an empty folder; output as bytes."""

    def run(
        *arguments: str | Path | bytes, environment: dict[str, str] | None = None, **options: object
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, CHECKOUT / "main.py", *arguments],
            cwd=tmp_path,
            env=os.environ | (environment or {}),
            check=False,
            **({"capture_output": True} | options),
        )

    return run

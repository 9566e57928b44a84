"""What `make setup` says where it can't go on. The real thing runs before every test run."""

import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


def pretend_python(folder: Path, answer: str) -> Path:
    """A program that gives the script's question about versions a made-up answer."""
    path = folder / "python-of-mine"
    path.write_text(f"#!/bin/sh\ncat >/dev/null\necho {answer}\n")
    path.chmod(0o755)
    return path


def make_venv(venv: Path, python: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "packaging/make_venv.sh", str(venv), str(python)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param("newer 3.14.1", "is 3.14.1, for which there is no TensorFlow", id="too-new"),
        pytest.param("older 3.9.2", "is 3.9.2", id="too-old"),
        pytest.param("venv 3.11.2", "apt-get install python3-venv", id="without-venv"),
    ],
)
def test_unfit_interpreter_is_named_with_what_to_do(tmp_path, answer, message):
    done = make_venv(tmp_path / "venv", pretend_python(tmp_path, answer))
    assert done.returncode == 1
    assert message in done.stderr
    assert not (tmp_path / "venv").exists()


def test_interpreter_that_does_not_run_is_named(tmp_path):
    done = make_venv(tmp_path / "venv", tmp_path / "no-such-python")
    assert done.returncode == 1
    assert "no-such-python does not run" in done.stderr

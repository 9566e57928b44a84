"""How the environment with old runtimes is made, with a pretended Python and pip."""

import os
import subprocess
import textwrap
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "packaging" / "old_runtimes" / "make_environment.sh"
# It makes "environments" that hold itself.
PYTHON = """\
    #!/bin/bash
    case "$1 $2" in
      "-c "*) [ "$IS_USABLE" != no ] ;;
      "--version "*) echo Python 3.11.0 ;;
      "-m venv") mkdir -p "$4/bin" && touch "$4/pyvenv.cfg" && cp "$0" "$4/bin/python" ;;
      "-m pip") echo "$*" >>"$LOG"; [ "$PIP" != fails ] ;;
    esac
"""


@pytest.fixture
def make(tmp_path):
    """Calls the script; gives its outcome and what pip was asked."""
    python = tmp_path / "python-of-mine"
    python.write_text(textwrap.dedent(PYTHON))
    python.chmod(0o755)
    log = tmp_path / "pip"

    def call(folder, **variables):
        log.write_text("")
        own = {"PYTHON": str(python), "LOG": str(log), "FIELDGUIDE_OLD_RUNTIMES": str(folder)}
        done = subprocess.run(
            ["bash", SCRIPT],
            env=os.environ | own | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return done, log.read_text()

    return call


def test_one_call_makes_it_and_the_next_finds_it(make, tmp_path):
    done, asked = make(tmp_path / "old")
    assert done.returncode == 0, done.stderr
    assert "packaging/old_runtimes/requirements.txt" in asked
    again, asked = make(tmp_path / "old")
    assert (again.returncode, asked) == (0, "")
    assert "are made" in again.stderr


def test_one_that_could_not_be_made_is_made_again(make, tmp_path):
    done, _ = make(tmp_path / "old", PIP="fails")
    assert done.returncode == 1
    assert "can't be installed: see above" in done.stderr
    again, asked = make(tmp_path / "old")
    assert again.returncode == 0
    assert "requirements.txt" in asked


def test_an_unfit_python_is_named(make, tmp_path):
    done, asked = make(tmp_path / "old", IS_USABLE="no")
    assert done.returncode == 1
    assert f"none of these is one: {tmp_path / 'python-of-mine'}" in done.stderr
    assert asked == ""
    assert not (tmp_path / "old").exists()


def test_a_folder_with_other_files_is_left_alone(make, tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/cat.jpg").touch()
    done, asked = make(tmp_path / "photos")
    assert done.returncode == 1
    assert "holds other files" in done.stderr
    assert asked == ""


def test_all_packages_are_pinned():
    lines = (SCRIPT.parent / "requirements.txt").read_text().splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert len(packages) == 6
    assert all("==" in line for line in packages)

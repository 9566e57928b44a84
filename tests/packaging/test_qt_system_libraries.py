"""What the check of Qt's system libraries does, on made-up systems; nothing is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
MISSING = "libEGL.so.1: cannot open shared object file"


def write_program(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def system(tmp_path) -> Path:
    """A folder of programs, the only one on the path: a system without apt-get and sudo."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sed"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def check(system: Path, python: Path) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash
    return subprocess.run(
        [bash, "packaging/qt_system_libraries.sh", str(python)],
        cwd=CHECKOUT,
        env=os.environ | {"PATH": str(system)},
        capture_output=True,
        text=True,
        check=False,
    )


def python_that_misses_a_library(system: Path) -> Path:
    return write_program(system, "python", "cat >/dev/null", f"echo '{MISSING}'")


def test_complete_system_is_left_in_peace(system):
    done = check(system, write_program(system, "python", "cat >/dev/null"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_apt_the_libraries_are_named(system):
    done = check(system, python_that_misses_a_library(system))
    assert done.returncode == 0
    assert MISSING in done.stderr
    assert "libegl1" in done.stderr


def test_without_rights_the_command_is_named(system):
    write_program(system, "apt-get", "echo must not run >&2", "exit 1")
    write_program(system, "id", "echo 1000")
    done = check(system, python_that_misses_a_library(system))
    assert done.returncode == 0
    assert "run: sudo apt-get install" in done.stderr
    assert "must not run" not in done.stderr


def test_with_rights_the_libraries_are_installed(system, tmp_path):
    installed = tmp_path / "installed"
    write_program(system, "id", "echo 0")
    write_program(system, "apt-get", f'[ "$1" = update ] || echo "$@" > {installed}')
    python = write_program(
        system, "python", "cat >/dev/null", f"[ -f {installed} ] || echo '{MISSING}'"
    )
    done = check(system, python)
    assert done.returncode == 0
    assert "libegl1" in installed.read_text()
    assert done.stderr.endswith("Installed.\n")


def test_failed_installation_is_no_failure_of_the_set_up(system):
    write_program(system, "id", "echo 0")
    write_program(system, "apt-get", "exit 100")
    done = check(system, python_that_misses_a_library(system))
    assert done.returncode == 0
    assert "run: sudo apt-get install" in done.stderr

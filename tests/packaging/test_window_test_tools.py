"""What the check of the window tests' tools does, on made-up systems; nothing is installed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
PROGRAMS = (
    "Xvfb",
    "openbox",
    "xdotool",
    "wmctrl",
    "thunar",
    "pcmanfm",
    "dbus-run-session",
    "chromium",
    "python",
)


def write_program(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(0o755)


@pytest.fixture
def system(tmp_path) -> Path:
    """A folder of programs, the only one on the path: all tools but Thunar, and no apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sed"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    for name in PROGRAMS:
        write_program(folder, name)
    (folder / "thunar").unlink()
    return folder


def check(system: Path) -> subprocess.CompletedProcess[str]:
    bash = shutil.which("bash")
    assert bash
    return subprocess.run(
        [bash, "packaging/window_test_tools.sh"],
        cwd=CHECKOUT,
        env=os.environ | {"PATH": str(system), "SYSTEM_PYTHON": str(system / "python")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_system_is_left_in_peace(system):
    write_program(system, "thunar")
    done = check(system)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_apt_the_packages_are_named(system):
    done = check(system)
    assert done.returncode == 0
    assert "  thunar\n" in done.stderr
    assert "xvfb" in done.stderr


def test_without_rights_the_command_is_named(system):
    write_program(system, "apt-get", "echo must not run >&2", "exit 1")
    write_program(system, "id", "echo 1000")
    done = check(system)
    assert done.returncode == 0
    assert "sudo apt-get install" in done.stderr
    assert "must not run" not in done.stderr


def test_with_rights_the_tools_are_installed(system, tmp_path):
    installed = tmp_path / "installed"
    write_program(system, "id", "echo 0")
    copy = shutil.which("cp")
    write_program(
        system,
        "apt-get",
        '[ "$1" = update ] && exit 0',
        f'echo "$@" > {installed}; {copy} {system}/wmctrl {system}/thunar',
    )
    done = check(system)
    assert done.returncode == 0
    assert "gir1.2-atspi-2.0" in installed.read_text()
    assert done.stderr.endswith("Installed.\n")


def test_failed_installation_is_no_failure_of_the_tests(system):
    write_program(system, "id", "echo 0")
    write_program(system, "apt-get", "exit 100")
    done = check(system)
    assert done.returncode == 0
    assert "That did not help" in done.stderr

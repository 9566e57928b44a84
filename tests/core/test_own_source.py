"""The program's own programs are found and run, in a frozen program too."""

import os
import subprocess
import sys

import pytest

from core.own_source import (
    FROZEN_FOLDER,
    OWN_PROGRAMS,
    RUN_OWN_PROGRAM,
    own_program_command,
    source_root,
)
from tests.program import CHECKOUT


def test_all_of_them_are_there():
    for program in OWN_PROGRAMS:
        assert (source_root() / program).is_file()


@pytest.mark.parametrize("program", OWN_PROGRAMS)
def test_a_python_runs_the_file(program):
    assert own_program_command(program) == (sys.executable, str(CHECKOUT / program))


@pytest.mark.parametrize("program", OWN_PROGRAMS)
def test_a_frozen_program_runs_itself(program, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert source_root() == tmp_path / FROZEN_FOLDER
    assert own_program_command(program) == (sys.executable, RUN_OWN_PROGRAM, program)


def run(*arguments):
    # Own programs end when their input is closed.
    reading, writing = os.pipe()
    try:
        return subprocess.run(
            [sys.executable, CHECKOUT / "main.py", *arguments],
            stdin=reading,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        os.close(reading)
        os.close(writing)


def test_main_is_the_program_that_it_is_asked_to_be(tmp_path):
    done = run(RUN_OWN_PROGRAM, OWN_PROGRAMS[0], str(tmp_path), "none.npy", "out.npz", "1")
    assert done.returncode == 1
    assert done.stdout.startswith('{"error": "ModuleNotFoundError: No module named')


@pytest.mark.parametrize("arguments", [(), ("main.py",), ("../x.py",)])
def test_and_no_other(arguments):
    done = run(RUN_OWN_PROGRAM, *arguments)
    assert done.returncode == 2
    assert "there is no program" in done.stderr

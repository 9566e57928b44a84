import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.file_managers import program_command as module
from core.file_managers.program_command import classify_command, program_command
from tests.conftest import CHECKOUT


def test_checkout_is_started_from_any_folder(tmp_path):
    command = program_command()
    assert command == (sys.executable, str(CHECKOUT / "main.py"))
    done = subprocess.run([*command, "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert "fieldguide" in done.stdout


def test_frozen_program_is_one_file(monkeypatch):
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program_command() == (sys.executable,)


def test_frozen_program_on_windows_is_the_one_without_a_console(monkeypatch, tmp_path):
    program = tmp_path / "fieldguide.exe"
    monkeypatch.delenv("APPIMAGE", raising=False)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    # Of the module alone: `pathlib` goes by the name too.
    monkeypatch.setattr(module, "os", SimpleNamespace(name="nt", environ=os.environ))
    assert program_command() == (str(program),)
    (tmp_path / "fieldguide-window.exe").touch()
    assert program_command() == (str(tmp_path / "fieldguide-window.exe"),)


def test_appimage_is_started_and_not_what_it_mounts(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("APPIMAGE", "/home/me/Fieldguide.AppImage")
    assert program_command() == ("/home/me/Fieldguide.AppImage",)


@pytest.fixture
def installed(tmp_path, monkeypatch) -> Path:
    """The layout of a wheel: one folder, and a script beside the interpreter."""
    package = tmp_path / "lib/site-packages/fieldguide"
    (package / "core/file_managers").mkdir(parents=True)
    for name in ("launcher.py", "main.py"):
        (package / name).touch()
    monkeypatch.setattr(module, "__file__", str(package / "core/file_managers/program_command.py"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin/python"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def test_installed_program_has_its_script(installed):
    script = installed / "bin/fieldguide"
    script.touch()
    assert program_command() == (str(script),)


def test_installed_program_without_its_script_is_started_by_its_file(installed):
    main = installed / "lib/site-packages/fieldguide/main.py"
    assert program_command() == (str(installed / "bin/python"), str(main))


def test_names_that_look_like_options_stay_names():
    assert classify_command(("x",)) == ("x", "classify", "--window", "--")

from pathlib import Path

import pytest
from fieldguide.launcher import program_folder

CHECKOUT = Path(__file__).resolve().parents[2]


def make_program(folder: Path) -> None:
    (folder / "core").mkdir(parents=True)
    (folder / "core" / "__init__.py").touch()
    (folder / "main.py").touch()


def test_installed_program_lies_beside_the_launcher(tmp_path):
    package = tmp_path / "site-packages" / "fieldguide"
    make_program(package)
    assert program_folder(package / "launcher.py") == package


def test_checkout_is_found_from_its_launcher():
    launcher = CHECKOUT / "packaging" / "launcher" / "fieldguide" / "launcher.py"
    assert launcher.is_file()
    assert program_folder(launcher) == CHECKOUT


def test_folder_that_is_only_called_core_is_passed_over(tmp_path):
    make_program(tmp_path)
    launcher = tmp_path / "packaging" / "launcher" / "fieldguide" / "launcher.py"
    (tmp_path / "packaging" / "core").mkdir(parents=True)
    assert program_folder(launcher) == tmp_path


def test_broken_installation_is_said_to_be_one(tmp_path):
    with pytest.raises(FileNotFoundError, match="Install Fieldguide again"):
        program_folder(tmp_path / "fieldguide" / "launcher.py")

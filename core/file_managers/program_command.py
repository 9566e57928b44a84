"""The command by which other programs start this one, however it was installed."""

import os
import sys
from pathlib import Path

ENTRY_TEXT = "Classify with Fieldguide"
"""The entry in the file managers' menus."""

CLASSIFY_ARGUMENTS = ("classify", "--window", "--")
"""The arguments between the program and the files."""

# Made by packaging/pyinstaller for Windows.
_WINDOWED = "fieldguide-window.exe"


def program_command() -> tuple[str, ...]:
    """Return the command that starts this program from any folder, without any environment.

    A frozen program is one file; an installed one has its script beside the interpreter; a
    checkout is run by `main.py` and the interpreter that runs it now.
    """
    if getattr(sys, "frozen", False):
        # An AppImage runs from a mount that is gone when it ends.
        return (os.environ.get("APPIMAGE") or _without_console(sys.executable, _WINDOWED),)
    root = Path(__file__).resolve().parents[2]
    script = _script_of(root)
    return (str(script),) if script is not None else (_interpreter(), str(root / "main.py"))


def classify_command(program: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """Return the command that classifies files in the small window, without the files."""
    return (*(program or program_command()), *CLASSIFY_ARGUMENTS)


def _script_of(root: Path) -> Path | None:
    """Find the script of an installed program; None in a checkout, or if it is missing."""
    # In a wheel all lies in one folder with the launcher. A checkout's environment has such a
    # script too, but it may belong to another checkout.
    if not (root / "launcher.py").is_file():
        return None
    script = Path(sys.executable).parent / ("fieldguide.exe" if os.name == "nt" else "fieldguide")
    return script if script.is_file() else None


def _interpreter() -> str:
    return _without_console(sys.executable, "pythonw.exe")


def _without_console(program: str, windowed: str) -> str:
    """Return the program that opens no console window, where there is one."""
    other = Path(program).with_name(windowed)
    return str(other) if os.name == "nt" and other.is_file() else program

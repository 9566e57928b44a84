"""How other programs start this one, wherever it came from."""

import os
import sys
from pathlib import Path

ENTRY_TEXT = "Classify with Fieldguide"
"""What the file managers' menus say."""

CLASSIFY_ARGUMENTS = ("classify", "--window", "--")
"""What stands between the program and the files."""

# Made by packaging/pyinstaller for Windows.
_WINDOWED = "fieldguide-window.exe"


def program_command() -> tuple[str, ...]:
    """The words that start this program from any folder, without any environment.

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
    """The words before the files that are to be classified in the small window."""
    return (*(program or program_command()), *CLASSIFY_ARGUMENTS)


def _script_of(root: Path) -> Path | None:
    """The script of an installed program; None in a checkout, or if it isn't there."""
    # In a wheel all lies in one folder with the launcher. A checkout's environment has such a
    # script too, but it may belong to another checkout.
    if not (root / "launcher.py").is_file():
        return None
    script = Path(sys.executable).parent / ("fieldguide.exe" if os.name == "nt" else "fieldguide")
    return script if script.is_file() else None


def _interpreter() -> str:
    return _without_console(sys.executable, "pythonw.exe")


def _without_console(program: str, windowed: str) -> str:
    """The same without a console window beside the program's own, where there is such a thing."""
    other = Path(program).with_name(windowed)
    return str(other) if os.name == "nt" and other.is_file() else program

"""The program's own source as plain files, and how to run one of them.

Some of it is run by other Pythons, or copied beside exports. A frozen program, such as PyInstaller
makes, keeps its modules in an archive and is no Python itself: it carries a copy of `core` in a
folder by itself, where another Python meets nothing of this one's libraries, and runs its own
programs when it is asked to.
"""

import runpy
import sys
from collections.abc import Sequence
from pathlib import Path

RUN_OWN_PROGRAM = "--own-program"
"""First argument of a frozen program that is to run one of `OWN_PROGRAMS`."""

OWN_PROGRAMS = (
    "core/export/verification/check_program.py",
    "core/export/coreml/conversion_program.py",
    "core/export/coreml/simulation_program.py",
    "core/export/tfjs/conversion_program.py",
)
"""Programs that may be run so, by their paths below `source_root`."""

FROZEN_FOLDER = "source"
"""Name of that folder in a frozen program."""


def source_root() -> Path:
    """Return the folder that holds `core` as plain files."""
    if is_frozen():
        return Path(sys._MEIPASS) / FROZEN_FOLDER  # type: ignore[attr-defined]
    return Path(__file__).resolve().parents[1]


def is_frozen() -> bool:
    """Tell whether this is a frozen program, with a Python inside."""
    return bool(getattr(sys, "frozen", False))


def own_program_command(program: str) -> tuple[str, ...]:
    """Return the command that runs one of `OWN_PROGRAMS` with this program's libraries."""
    assert program in OWN_PROGRAMS
    if is_frozen():
        return (sys.executable, RUN_OWN_PROGRAM, program)
    return (sys.executable, str(source_root() / program))


def run_own_program(arguments: Sequence[str]) -> int:
    """Run one of `OWN_PROGRAMS` in this process.

    Args:
        arguments: Its path below `source_root`, then its own arguments.

    Returns:
        The exit code; 2 if there is no such program.

    Raises:
        SystemExit: As the program does.
    """
    program = arguments[0] if arguments else ""
    if program not in OWN_PROGRAMS:
        sys.stderr.write(f"fieldguide: there is no program {program!r} to run.\n")
        return 2
    path = source_root() / program
    sys.argv[:] = [str(path), *arguments[1:]]
    runpy.run_path(str(path), run_name="__main__")
    return 0

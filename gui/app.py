"""Starts the window."""

from collections.abc import Sequence
from pathlib import Path

from gui.application import run_application
from gui.display import say_without_display


def run(argv: Sequence[str]) -> int:
    """Open the window and stay until it is closed.

    Args:
        argv: Project file, folders, archives or images to open; none reopens the last
            project.

    Returns:
        The exit code.
    """
    if say_without_display():
        return 1
    paths = [Path(argument) for argument in argv]
    return run_application(lambda instance: instance.open_main(paths))

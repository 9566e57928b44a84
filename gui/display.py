"""Checks for a display before Qt is imported."""

import os
import sys


def say_without_display() -> bool:
    """Return whether no window can be shown, and print so; Qt itself would abort the process."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names):
        return False
    print(
        "fieldguide: there is no display for the window. Start it in a desktop session, or "
        "use a command: fieldguide --help",
        file=sys.stderr,
    )
    return True

"""Whether there is a screen at all; asked before Qt is imported."""

import os
import sys


def say_without_display() -> bool:
    """Whether no window can be shown, which is then said; Qt itself would abort the process."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names):
        return False
    print(
        "fieldguide: there is no display for the window. Start it in a desktop session, or "
        "use a command: fieldguide --help",
        file=sys.stderr,
    )
    return True

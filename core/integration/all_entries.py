"""The entries that this system can have."""

import sys
from collections.abc import Callable

from core.integration.desktop_menu import DesktopMenuEntry
from core.integration.dolphin import DolphinEntry
from core.integration.entry import FileManagerEntry
from core.integration.finder import FinderEntry
from core.integration.menu_action import CajaEntry, PcmanfmEntry
from core.integration.nautilus import NautilusEntry
from core.integration.nemo import NemoEntry
from core.integration.program_command import classify_command
from core.integration.thunar import ThunarEntry
from core.integration.windows_explorer import WindowsExplorerEntry

_MAKERS: tuple[Callable[[tuple[str, ...]], FileManagerEntry], ...] = (
    NautilusEntry,
    DolphinEntry,
    ThunarEntry,
    NemoEntry,
    CajaEntry,
    PcmanfmEntry,
    DesktopMenuEntry,
)


def all_entries(program: tuple[str, ...] | None = None) -> tuple[FileManagerEntry, ...]:
    """An entry for every file manager that this system may have.

    Args:
        program: The words that start Fieldguide; found out by default.
    """
    command = classify_command(program)
    if sys.platform == "win32":
        return (WindowsExplorerEntry(command),)
    if sys.platform == "darwin":
        return (FinderEntry(command),)
    return tuple(make(command) for make in _MAKERS)

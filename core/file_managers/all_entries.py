"""The entries for this system's file managers."""

import sys
from collections.abc import Callable

from core.file_managers.desktop_menu import DesktopMenuEntry
from core.file_managers.dolphin import DolphinEntry
from core.file_managers.entry import FileManagerEntry
from core.file_managers.finder import FinderEntry
from core.file_managers.menu_action import CajaEntry, PcmanfmEntry
from core.file_managers.nautilus import NautilusEntry
from core.file_managers.nemo import NemoEntry
from core.file_managers.program_command import classify_command
from core.file_managers.thunar import ThunarEntry
from core.file_managers.windows_explorer import WindowsExplorerEntry

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
    """Return an entry for every file manager that this system may have.

    Args:
        program: The command that starts Fieldguide; by default `program_command()`.
    """
    command = classify_command(program)
    if sys.platform == "win32":
        return (WindowsExplorerEntry(command),)
    if sys.platform == "darwin":
        return (FinderEntry(command),)
    return tuple(make(command) for make in _MAKERS)

"""PCManFM and Caja: an action of the Desktop Entry Specification's extension for menus."""

from collections.abc import Sequence
from pathlib import Path

from core.file_managers.own_files import OwnFile, config_home, data_home
from core.file_managers.own_files_entry import ICON_NAME, OwnFilesEntry, icon_file
from core.file_managers.program_command import ENTRY_TEXT
from core.file_managers.quoting import (
    FOLDER_TYPE,
    doubled_percent,
    in_utf8,
    key_file,
    key_file_value,
    listed,
    shell_words,
)
from core.file_managers.scripts import selection_script
from core.text import Text

_CAJA_LIBRARY = "caja/extensions-*/libcaja-actions-menu.so"


def menu_action(command: tuple[str, ...], *, is_wanted: bool = True) -> OwnFile:
    """Make the action's file, which several file managers read."""
    words = doubled_percent(shell_words(in_utf8(command)))
    profile = {
        "Exec": key_file_value(f"{words} %F"),
        # PCManFM wants one of these for the whole selection; so images of several formats pass.
        "MimeTypes": listed(("image/*", FOLDER_TYPE)),
    }
    content = key_file(
        {
            "Desktop Entry": {
                "Type": "Action",
                "Name": ENTRY_TEXT,
                "Icon": ICON_NAME,
                "Profiles": "classify;",
            },
            "X-Action-Profile classify": profile,
        }
    )
    path = data_home() / "file-manager" / "actions" / "fieldguide-classify.desktop"
    return OwnFile(path, content, is_wanted=is_wanted)


class PcmanfmEntry(OwnFilesEntry):
    """An action in the menu itself."""

    name = "pcmanfm"
    title = Text("PCManFM (LXDE)")
    programs = ("pcmanfm", "pcmanfm-qt")
    hint = Text("Close its windows once: it looks for actions when it starts.")

    def _files(self) -> Sequence[OwnFile]:
        return (menu_action(self._command), icon_file())


class CajaEntry(OwnFilesEntry):
    """A script under Scripts; an action in the menu itself where caja-actions is."""

    name = "caja"
    title = Text("Caja (MATE)")
    programs = ("caja",)

    def _files(self) -> Sequence[OwnFile]:
        script = selection_script(self._command, self.name, "CAJA")
        path = config_home() / "caja" / "scripts" / ENTRY_TEXT
        return (
            OwnFile(path, script, is_program=True),
            menu_action(self._command, is_wanted=_reads_actions()),
            icon_file(),
        )


def _reads_actions() -> bool:
    return any(
        any(Path(folder).glob(pattern))
        for folder in ("/usr/lib", "/usr/lib64")
        for pattern in (_CAJA_LIBRARY, f"*/{_CAJA_LIBRARY}")
    )

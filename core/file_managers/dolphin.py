"""Dolphin: a service menu."""

from collections.abc import Sequence

from core.file_managers.own_files import OwnFile, data_home
from core.file_managers.own_files_entry import ICON_NAME, OwnFilesEntry, icon_file
from core.file_managers.program_command import ENTRY_TEXT
from core.file_managers.quoting import FOLDER_TYPE, exec_value, in_utf8, key_file, listed
from core.image_reading.image_formats import IMAGE_MIME_TYPES
from core.text import Text


class DolphinEntry(OwnFilesEntry):
    """An action in the menu itself; KDE starts it only with the run bit on its file."""

    name = "dolphin"
    title = Text("Dolphin (KDE)")
    programs = ("dolphin",)

    def _files(self) -> Sequence[OwnFile]:
        content = key_file(
            {
                "Desktop Entry": {
                    "Type": "Service",
                    "X-KDE-ServiceTypes": "KonqPopupMenu/Plugin",
                    "MimeType": listed((*IMAGE_MIME_TYPES, FOLDER_TYPE)),
                    "Actions": "classify;",
                    "X-KDE-Priority": "TopLevel",
                },
                "Desktop Action classify": {
                    "Name": ENTRY_TEXT,
                    "Icon": ICON_NAME,
                    "Exec": exec_value(in_utf8(self._command), "%F"),
                },
            }
        )
        path = data_home() / "kio" / "servicemenus" / "fieldguide.desktop"
        return (OwnFile(path, content, is_program=True), icon_file())

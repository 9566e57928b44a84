"""Nemo: an action."""

from collections.abc import Sequence

from core.file_managers.own_files import OwnFile, data_home
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
from core.image_reading.image_formats import IMAGE_MIME_TYPES
from core.text import Text


class NemoEntry(OwnFilesEntry):
    """An action in the menu itself."""

    name = "nemo"
    title = Text("Nemo (Cinnamon)")
    programs = ("nemo",)

    def _files(self) -> Sequence[OwnFile]:
        words = doubled_percent(shell_words(in_utf8(self._command)))
        content = key_file(
            {
                "Nemo Action": {
                    "Active": "true",
                    "Name": ENTRY_TEXT,
                    "Comment": "Names what is in pictures, with the model trained last",
                    "Exec": key_file_value(f"{words} %F"),
                    "Icon-Name": ICON_NAME,
                    "Selection": "notnone",
                    "Mimetypes": listed((*IMAGE_MIME_TYPES, FOLDER_TYPE)),
                    # With double quotes every sign of a name that needs it is escaped.
                    "Quote": "double",
                }
            }
        )
        path = data_home() / "nemo" / "actions" / "fieldguide-classify.nemo_action"
        return (OwnFile(path, content), icon_file())

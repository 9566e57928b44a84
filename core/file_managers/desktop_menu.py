"""The desktop's menu, and "Open with" in every file manager."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from core.file_managers.default_programs import default_programs, forget_defaults, keep_defaults
from core.file_managers.entry import EntryState
from core.file_managers.install_record import InstallRecord, Written
from core.file_managers.own_files import OwnFile, data_home, read_if_there
from core.file_managers.own_files_entry import ICON_NAME, OwnFilesEntry, icon_file
from core.file_managers.program_command import CLASSIFY_ARGUMENTS, ENTRY_TEXT
from core.file_managers.quoting import exec_value, in_utf8, key_file, listed
from core.image_reading.image_formats import IMAGE_MIME_TYPES
from core.text import Text

_CLASSIFY_NAME = "fieldguide-classify.desktop"
_INDEX_NAME = "mimeinfo.cache"
_INDEX_SECONDS = 20


class DesktopMenuEntry(OwnFilesEntry):
    """The program in the menu of programs, and for images under "Open with".

    Two files, since another command opens images than starts the program. Folders have no type
    here: a program that names `inode/directory` would open every folder.
    """

    name = "desktop"
    title = Text("Program menu and “Open with”")

    def _files(self) -> Sequence[OwnFile]:
        folder = data_home() / "applications"
        return (
            OwnFile(folder / "fieldguide.desktop", self._program_file()),
            OwnFile(folder / _CLASSIFY_NAME, self._classify_file()),
            icon_file(),
        )

    def _install(self, record: InstallRecord) -> bool:
        if self._status(record).state is EntryState.INSTALLED:
            return False
        before = default_programs(IMAGE_MIME_TYPES)
        changed = super()._install(record)
        if changed:
            keep_defaults(_defaults_path(), before, _CLASSIFY_NAME, record, self.name)
        return changed

    def _remove(self, record: InstallRecord) -> bool:
        changed = super()._remove(record)
        forget_defaults(_defaults_path(), record)
        return changed

    def _program_file(self) -> bytes:
        program = self._command[: -len(CLASSIFY_ARGUMENTS)]
        return key_file(
            {
                "Desktop Entry": {
                    "Type": "Application",
                    "Name": "Fieldguide",
                    "GenericName": "Image classifier",
                    "Comment": "Teach a computer to tell kinds of pictures apart",
                    "Exec": exec_value(in_utf8(program), "%F"),
                    "Icon": ICON_NAME,
                    "Terminal": "false",
                    "Categories": "Science;ArtificialIntelligence;",
                    "StartupWMClass": "fieldguide",
                    "Actions": "classify;",
                },
                "Desktop Action classify": {
                    "Name": ENTRY_TEXT,
                    "Icon": ICON_NAME,
                    "Exec": exec_value(in_utf8(self._command), "%F"),
                },
            }
        )

    def _classify_file(self) -> bytes:
        return key_file(
            {
                "Desktop Entry": {
                    "Type": "Application",
                    "Name": ENTRY_TEXT,
                    "Comment": "Names what is in pictures, with the model trained last",
                    "Exec": exec_value(in_utf8(self._command), "%F"),
                    "Icon": ICON_NAME,
                    "Terminal": "false",
                    "NoDisplay": "true",
                    "MimeType": listed(IMAGE_MIME_TYPES),
                }
            }
        )

    def _changed(self, record: InstallRecord) -> None:
        """Have the index of types rebuilt: without it no file manager finds ours."""
        folder = data_home() / "applications"
        index = folder / _INDEX_NAME
        program = shutil.which("update-desktop-database")
        if program is None or not folder.is_dir():
            return
        if not index.exists():
            record.files[str(index)] = Written("", [self.name])
        _run(program, folder)
        has_files = any(file.path.exists() for file in self._files()[:2])
        if not has_files and record.files.pop(str(index), None) is not None:
            _remove_empty(index)


def _defaults_path() -> Path:
    return data_home() / "applications" / "mimeapps.list"


def _remove_empty(index: Path) -> None:
    """Delete an index that didn't exist before, unless it holds other entries."""
    content = read_if_there(index)
    if content is not None and content.strip() == b"[MIME Cache]":
        index.unlink()


def _run(program: str, folder: Path) -> None:
    try:
        subprocess.run(
            [program, "-q", folder], check=False, capture_output=True, timeout=_INDEX_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        # The entry is in place; the desktop finds it when it rebuilds its index.
        return

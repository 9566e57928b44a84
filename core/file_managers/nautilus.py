"""Nautilus: a script, and an entry in the menu itself where Python extensions are loaded."""

from collections.abc import Sequence
from pathlib import Path

from core.file_managers.own_files import OwnFile, data_home
from core.file_managers.own_files_entry import OwnFilesEntry
from core.file_managers.program_command import ENTRY_TEXT
from core.file_managers.scripts import selection_script
from core.text import Text

_EXTENSION_LIBRARY = "nautilus/extensions-*/libnautilus-python.so"
_LIBRARY_FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/local/lib")

_EXTENSION = """\
# Made by Fieldguide: the entry "Classify with Fieldguide" of Nautilus's own menu.
# `fieldguide integrate remove nautilus` takes it away.
import os
import subprocess

from gi.repository import GObject, Nautilus

COMMAND = [os.fsdecode(word) for word in {command!r}]


class FieldguideMenu(GObject.GObject, Nautilus.MenuProvider):
    started = []

    def get_file_items(self, *arguments):
        # Before version 43 the window came first.
        files = arguments[-1]
        paths = [file.get_location().get_path() for file in files]
        if not files or None in paths or not all(map(is_taken, files)):
            return []
        item = Nautilus.MenuItem(name="FieldguideMenu::classify", label={label!r})
        item.connect("activate", self.on_activate, paths)
        return [item]

    def on_activate(self, _item, paths):
        # Asked for their end now and then, or they would stay as zombies.
        self.started[:] = [each for each in self.started if each.poll() is None]
        self.started.append(
            subprocess.Popen(COMMAND + paths, stdin=subprocess.DEVNULL, start_new_session=True)
        )


def is_taken(file):
    return file.is_directory() or (file.get_mime_type() or "").startswith("image/")
"""


class NautilusEntry(OwnFilesEntry):
    """A script under Scripts; an extension in the menu itself where nautilus-python is."""

    name = "nautilus"
    title = Text("Files (Nautilus, GNOME)")
    programs = ("nautilus",)
    hint = Text("Run “nautilus --quit” once: it looks for extensions when it starts.")

    def _files(self) -> Sequence[OwnFile]:
        script = selection_script(self._command, self.name, "NAUTILUS")
        words = [word.encode(errors="surrogateescape") for word in self._command]
        extension = _EXTENSION.format(command=words, label=ENTRY_TEXT)
        folder = data_home()
        return (
            OwnFile(folder / "nautilus" / "scripts" / ENTRY_TEXT, script, is_program=True),
            OwnFile(
                folder / "nautilus-python" / "extensions" / "fieldguide.py",
                extension.encode("ascii"),
                is_wanted=loads_python_extensions(),
            ),
        )


def loads_python_extensions() -> bool:
    """Return whether nautilus-python is on this computer."""
    return any(
        any(Path(folder).glob(pattern))
        for folder in _LIBRARY_FOLDERS
        for pattern in (_EXTENSION_LIBRARY, f"*/{_EXTENSION_LIBRARY}")
    )

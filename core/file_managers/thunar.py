"""Thunar: a custom action among others in `uca.xml`."""

import os
import stat
from pathlib import Path

from core.errors import IntegrationError
from core.file_managers.entry import EntryState, EntryStatus, FileManagerEntry
from core.file_managers.install_record import InstallRecord, Written, digest
from core.file_managers.own_files import (
    config_dirs,
    config_home,
    delete_file,
    read_if_there,
    replace_shared_file,
    write_file,
)
from core.file_managers.own_files_entry import ICON_NAME, icon_file
from core.file_managers.program_command import ENTRY_TEXT
from core.file_managers.quoting import doubled_percent, in_utf8, shell_words
from core.file_managers.uca import EMPTY, UNIQUE_ID, UcaError, UcaFile, fingerprint
from core.text import Text

_RELATIVE = Path("Thunar", "uca.xml")


class ThunarEntry(FileManagerEntry):
    """An action in the user's `uca.xml`.

    Args:
        command: The words before the files.
    """

    name = "thunar"
    title = Text("Thunar (Xfce)")
    programs = ("thunar",)
    hint = Text(
        "Close Thunar's windows and run “thunar --quit” once: it reads its actions when it starts."
    )

    def __init__(self, command: tuple[str, ...]) -> None:
        words = doubled_percent(shell_words(in_utf8(command)))
        self._texts = {
            "icon": ICON_NAME,
            "name": ENTRY_TEXT,
            "unique-id": UNIQUE_ID,
            "command": f"{words} %F",
            "description": "Names what is in pictures, with the model trained last",
            "patterns": "*",
            "directories": None,
            "image-files": None,
        }
        self._path = config_home() / _RELATIVE
        alone = UcaFile.parse(UcaFile.parse(EMPTY).with_own(self._texts)).own
        assert alone is not None
        self._fingerprint = fingerprint(alone)

    def _status(self, record: InstallRecord) -> EntryStatus:
        try:
            state = self._state(self._parse(read_if_there(self._path)), record)
        except IntegrationError as error:
            return EntryStatus(state=EntryState.BLOCKED, files=(self._path,), problem=str(error))
        problem = self._edited_text() if state is EntryState.EDITED else ""
        return EntryStatus(state=state, files=(self._path,), problem=problem)

    def _install(self, record: InstallRecord) -> bool:
        content = read_if_there(self._path)
        file = self._parse(content)
        state = self._state(file, record)
        if state is EntryState.EDITED:
            raise IntegrationError(self._edited_text())
        if state is EntryState.INSTALLED:
            return write_file(icon_file(), record, self.name)
        self._check_writable()
        write_file(icon_file(), record, self.name)
        known = record.get(self._path)
        before = None if content is None else content.decode("latin-1")
        if file.own is not None:
            before = known.before if known is not None else before
        changed = file.with_own(self._texts)
        record.note_folders(self._path)
        replace_shared_file(self._path, changed)
        record.files[str(self._path)] = Written(
            digest(changed), [self.name], before, self._fingerprint
        )
        return True

    def _remove(self, record: InstallRecord) -> bool:
        content = read_if_there(self._path)
        file = self._parse(content)
        written = record.get(self._path)
        if content is not None and file.own is not None:
            if self._state(file, record) is EntryState.EDITED:
                raise IntegrationError(self._edited_text())
            self._check_writable()
            self._restore(content, file, written)
        record.files.pop(str(self._path), None)
        removed_icon = delete_file(icon_file(), record, self.name)
        return file.own is not None or written is not None or removed_icon

    def _restore(self, content: bytes, file: UcaFile, written: Written | None) -> None:
        """Restore the file from before, or remove the action from one that changed since."""
        rest = file.without_own()
        if written is not None and digest(content) == written.sha256:
            if written.before is None:
                self._path.unlink()
                return
            rest = written.before.encode("latin-1")
        elif written is not None and written.before is None and rest == self._starting_rest():
            self._path.unlink()
            return
        replace_shared_file(self._path, rest)

    def _parse(self, content: bytes | None) -> UcaFile:
        try:
            return UcaFile.parse(self._starting_content() if content is None else content)
        except UcaError as error:
            raise IntegrationError(
                Text(
                    "Thunar can't read %1 either (%2), so it is left as it is. Repair it, or "
                    "rename it to start with Thunar's own actions, then try again.",
                    str(self._path),
                    str(error),
                )
            ) from error

    def _starting_content(self) -> bytes:
        """Return the file that Thunar reads for users without one: theirs would hide it."""
        for folder in config_dirs():
            content = read_if_there(folder / _RELATIVE)
            if content is not None:
                try:
                    UcaFile.parse(content)
                except UcaError:
                    continue
                return content
        return EMPTY

    def _starting_rest(self) -> bytes:
        return self._parse(None).without_own()

    def _state(self, file: UcaFile, record: InstallRecord) -> EntryState:
        if file.own is None:
            return EntryState.ABSENT
        now = fingerprint(file.own)
        if now == self._fingerprint:
            return EntryState.INSTALLED
        written = record.get(self._path)
        is_ours = written is not None and now == written.part
        return EntryState.OUTDATED if is_ours else EntryState.EDITED

    def _edited_text(self) -> Text:
        return Text(
            "The action “%1” in %2 was changed since Fieldguide wrote it and is left as it is. "
            "Delete it in Thunar (Edit, Configure custom actions), then try again.",
            ENTRY_TEXT,
            str(self._path),
        )

    def _check_writable(self) -> None:
        path = self._path
        if not path.exists():
            return
        # The second check is for users who may write everything, whatever the permissions.
        if not os.access(path, os.W_OK) or not path.stat().st_mode & stat.S_IWUSR:
            raise IntegrationError(
                Text(
                    "%1 is read-only and is left as it is. Make it writable (chmod u+w %1), then "
                    "try again.",
                    str(path),
                )
            )

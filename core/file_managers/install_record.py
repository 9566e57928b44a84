"""The record of what Fieldguide wrote into other programs' folders, to remove it again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from core.errors import IntegrationError, StorageError
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, read_json
from core.storage.storage_message import storage_message
from core.text import Text

_SCHEMA = 1


@dataclass(slots=True)
class Written:
    """One file as it was written last.

    Attributes:
        sha256: Of its content.
        owners: Names of the entries that need it.
        before: What was in its place, as Latin-1 text; None if nothing was.
        part: Fingerprint of Fieldguide's part of a file that belongs to others too.
    """

    sha256: str
    owners: list[str]
    before: str | None = None
    part: str = ""


def digest(content: bytes) -> str:
    """Return a hash that tells whether a file is unchanged."""
    return hashlib.sha256(content).hexdigest()


class InstallRecord:
    """All files that are in place at present.

    Attributes:
        files: By path.
        folders: That had to be made for them.
    """

    def __init__(self, files: dict[str, Written], folders: list[str]) -> None:
        self.files, self.folders = files, folders

    def get(self, path: Path) -> Written | None:
        """Return the record of a file; None if Fieldguide didn't write it."""
        return self.files.get(str(path))

    @classmethod
    def load(cls) -> "InstallRecord":
        """Read the record.

        Raises:
            IntegrationError: If it is damaged.
            StorageError: If it can't be read.
        """
        path = _path()
        try:
            content: dict[str, Any] = read_json(path, 16 * MIB)
            files = {name: Written(**values) for name, values in content["files"].items()}
            return cls(files, list(content["folders"]))
        except FileNotFoundError:
            return cls({}, [])
        except OSError as error:
            raise StorageError(storage_message("read", path, error)) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IntegrationError(
                Text(
                    "%1 is damaged, so it isn't known what was installed. Delete it, then delete "
                    "by hand what `fieldguide integrate status` finds.",
                    str(path),
                )
            ) from error

    def save(self) -> None:
        """Write the record.

        Raises:
            StorageError: If that can't be done.
        """
        files = {
            name: {key: getattr(written, key) for key in Written.__slots__}
            for name, written in self.files.items()
        }
        content = {"schema": _SCHEMA, "files": files, "folders": self.folders}
        write_json_atomically(_path(), content)

    def note_folders(self, path: Path) -> None:
        """Remember the folders that must be made before `path` can be written."""
        for folder in path.parents:
            if folder.exists():
                return
            self.folders.append(str(folder))

    def remove_folders(self) -> None:
        """Remove the folders made that are empty now."""
        for folder in sorted(self.folders, key=len, reverse=True):
            if any(Path(folder) in Path(name).parents for name in self.files):
                continue
            with suppress(OSError):
                Path(folder).rmdir()
            self.folders.remove(folder)


@contextmanager
def changing_record() -> Iterator[InstallRecord]:
    """Open the record for one process at a time; save it at the end, also after an error."""
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path.with_suffix(".lock"))
        lock.acquire()
    except OSError as error:
        raise StorageError(storage_message("write", path, error)) from error
    try:
        record = InstallRecord.load()
        had_files = bool(record.files)
        try:
            yield record
        finally:
            record.remove_folders()
            if record.files or had_files:
                record.save()
    finally:
        lock.release()


def _path() -> Path:
    return data_dir() / "integration.json"

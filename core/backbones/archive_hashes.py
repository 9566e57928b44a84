"""The hash of each address's first download, so that a change is noticed.

Other content under the same address would change what trained models meant, so it is refused
until the user accepts it.
"""

import shlex
from pathlib import Path

from core.backbones.catalogue import find_entry
from core.errors import BackboneError
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, read_json
from core.text import Text

_FILE = "backbone-archives.json"


def check_hash(handle: str, sha256: str) -> None:
    """Refuse an archive that isn't the one that was first downloaded under its handle.

    Args:
        sha256: Of the archive, hexadecimal.

    Raises:
        BackboneError: If it is another one.
    """
    known = _known().get(handle)
    if known is not None and known != sha256:
        raise BackboneError(
            Text(
                "The download from %1 has changed since the first time (SHA-256 was %2…, is now "
                "%3…), so it was not used. If you trust the change, accept it in a terminal: "
                "fieldguide backbones %4",
                handle,
                known[:16],
                sha256[:16],
                _acceptance(handle),
            )
        )


def record_hash(handle: str, sha256: str) -> None:
    """Record the hash of a handle's archive, unless there is one.

    Raises:
        StorageError: If it can't be written.
    """
    known = _known()
    if handle not in known:
        write_json_atomically(_path(), known | {handle: sha256})


def forget_hash(handle: str) -> None:
    """Trust the next download of a handle, whatever it is.

    Raises:
        StorageError: If it can't be written.
    """
    known = _known()
    if known.pop(handle, None) is not None:
        write_json_atomically(_path(), dict(known))


def _acceptance(handle: str) -> str:
    entry = find_entry(handle)
    if entry is not None:
        return f"download --accept-changed {entry.name}"
    return f"import --accept-changed {shlex.quote(handle)}"


def _path() -> Path:
    return data_dir() / _FILE


def _known() -> dict[str, str]:
    try:
        content = read_json(_path(), 16 * MIB)
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}

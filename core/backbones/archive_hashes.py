"""The hash of each address's first download, so that a change is noticed.

Other content under the same address would change what trained models meant, so it is refused
until the user accepts it. A backbone that can come from several servers has the hash of each one's
archive, since they may be packed differently, and one of its content, which must be the same.
"""

import shlex
from pathlib import Path

from core.backbones.catalogue import find_entry
from core.errors import BackboneError
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, read_json
from core.text import Text

CONTENT = "content"
"""What `part` is for the fingerprint of the files in an archive, whatever packed them."""
_FILE = "backbone-archives.json"


def check_hash(handle: str, sha256: str, part: str = "") -> None:
    """Refuse an archive or content that isn't the one first downloaded under its handle.

    Args:
        sha256: Of the archive, or of its content, hexadecimal.
        part: What has this hash: `CONTENT`, or the address of an archive that the handle itself
            doesn't tell; "" for the archive at the handle.

    Raises:
        BackboneError: If it is another one.
    """
    known = _known().get(_key(handle, part))
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


def record_hash(handle: str, sha256: str, part: str = "") -> None:
    """Record a hash of a handle, unless there is one.

    Args:
        sha256: As for `check_hash`, as is `part`.

    Raises:
        StorageError: If it can't be written.
    """
    known, key = _known(), _key(handle, part)
    if key not in known:
        write_json_atomically(_path(), known | {key: sha256})


def forget_hash(handle: str) -> None:
    """Trust the next download of a handle, whatever it is and from whichever server.

    Raises:
        StorageError: If it can't be written.
    """
    known = _known()
    others = {
        key: value
        for key, value in known.items()
        if key != handle and not key.startswith(f"{handle} ")
    }
    if len(others) < len(known):
        write_json_atomically(_path(), others)


def _key(handle: str, part: str) -> str:
    return f"{handle} {part}" if part else handle


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

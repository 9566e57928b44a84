"""Whether the network may be used at all."""

import os
from pathlib import Path

from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json

OFFLINE_VARIABLE = "FIELDGUIDE_OFFLINE"
_KEY = "offline"


def is_offline() -> bool:
    """Return whether downloads are turned off, by the environment or by `set_offline`.

    Nothing is downloaded then; all that is on this computer keeps working.
    """
    return is_offline_by_environment() or _stored()


def is_offline_by_environment() -> bool:
    """Return whether `FIELDGUIDE_OFFLINE` turns downloads off, whatever is stored."""
    return os.environ.get(OFFLINE_VARIABLE, "").strip().lower() not in ("", "0", "false", "no")


def set_offline(offline: bool) -> None:
    """Turn downloads off or on, for this user, from now on.

    Raises:
        StorageError: If it can't be written down.
    """
    write_json_atomically(_path(), {_KEY: offline})


def _path() -> Path:
    return data_dir() / "offline.json"


def _stored() -> bool:
    try:
        return bool(read_json(_path())[_KEY])
    except (OSError, ValueError, LookupError, TypeError):
        return False

"""The address at which a running Fieldguide listens, out of reach of other users."""

import getpass
import hashlib
import os
import stat
import sys
import tempfile
from enum import StrEnum
from pathlib import Path

from core.errors import HandOverError
from core.storage.app_dirs import data_dir
from core.text import Text

# A socket's address has room for 108 bytes on Linux, 104 on macOS, with a zero at the end.
# Qt binds to a temporary name in a folder beside it first, which is longer.
_LONGEST_ADDRESS = 80
_NAME_LENGTH = 16


class Role(StrEnum):
    """The process that listens."""

    QUICK = "quick"
    MAIN = "main"


def address_of(role: Role) -> str:
    """Return the address of the user's instance: a socket's path; on Windows a pipe's name.

    Raises:
        HandOverError: If the user has no private folder for it.
    """
    name = f"fieldguide-{_home_mark()}-{role}"
    if sys.platform == "win32":
        return name
    for folder in _candidates():
        path = str(folder / name)
        if len(os.fsencode(path)) <= _LONGEST_ADDRESS and _is_private(folder):
            return path
    raise HandOverError(
        Text("There is no folder of your own for a socket. Set XDG_RUNTIME_DIR to one.")
    )


def _home_mark() -> str:
    """Return a short name for the user's data folder: each has an instance of its own."""
    home = os.fsencode(Path(data_dir()).absolute())
    user = os.fsencode(getpass.getuser()) if sys.platform == "win32" else str(os.getuid()).encode()
    return hashlib.sha256(user + b"\0" + home).hexdigest()[:_NAME_LENGTH]


def _candidates() -> list[Path]:
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    name = f"fieldguide-{os.getuid()}"
    # The last one for a TMPDIR with a long path.
    own = [Path(tempfile.gettempdir(), name), Path("/tmp", name)]
    return [Path(runtime), *own] if runtime and Path(runtime).is_dir() else own


def _is_private(folder: Path) -> bool:
    """Tell whether only the user has access to a folder; makes it if it doesn't exist."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return False
    is_own = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return is_own and not status.st_mode & 0o077

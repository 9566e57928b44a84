"""One sentence for a failed read or write, whatever the system or `shutil` made of it."""

import errno
import os
import re
import shutil
from pathlib import Path

_ERRNO = re.compile(r"\[(?:Errno|WinError) (\d+)\] ")

_NO_ROOM = "Free some space there, or choose a folder on another disk."
_NO_RIGHT = "Check the folder's permissions, or choose another folder."
_GONE = "Check that the folder and its drive are still there."
_ADVICE = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: "That disk takes no file of this size: choose a folder on another disk.",
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.ENOENT: _GONE,
    errno.ENODEV: _GONE,
    errno.ESTALE: _GONE,
    errno.ENAMETOOLONG: "Choose a shorter path.",
    errno.ELOOP: "Its links lead in a circle: choose another path.",
}
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY})
_OTHER_ADVICE = "Check the disk and the folder's permissions."


def storage_message(verb: str, path: Path, error: OSError) -> str:
    """One sentence for a failed read or write and one of advice: file, reason, what to do.

    Args:
        verb: What failed, such as `write`; follows "Can't".
        path: The file or folder in question.
        error: `shutil.Error`, which lists all that failed, is told by the first of them.
    """
    cause = _first_cause(error)
    return f"Can't {verb} {path}: {reason_of(cause)}. {_advice(cause, path)}"


def reason_of(error: OSError) -> str:
    """Why a file can't be used, in the system's words, without full stop."""
    cause = _first_cause(error)
    text = cause.strerror or str(cause).partition("\n")[0] or type(cause).__name__
    return text.rstrip(".")


def _advice(error: OSError, path: Path) -> str:
    if error.errno in _IN_THE_WAY:
        named = path if error.filename is None else Path(os.fsdecode(error.filename))
        # It may be a file that stands where a folder above should be.
        found = (place for place in (named, *named.parents) if os.path.lexists(place))
        return f"Move {next(found, named)} away, or choose another path."
    return _ADVICE.get(error.errno or 0, _OTHER_ADVICE)


def _first_cause(error: OSError) -> OSError:
    """The error of one file, where `shutil.copytree` or `move` collected those of many."""
    if not isinstance(error, shutil.Error):
        return error
    entry = error.args[0] if error.args else ""
    while isinstance(entry, list | tuple) and entry:
        # Tuples are (source, target, reason); an inner `copytree` puts lists into lists.
        entry = entry[-1] if isinstance(entry, tuple) else entry[0]
    if isinstance(entry, OSError):
        return entry
    number = _ERRNO.match(str(entry))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(str(entry))

"""Messages for failed reads and writes, made of what the system or `shutil` reports."""

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Literal

from core.text import Text, sentences

_ERRNO = re.compile(r"\[(?:Errno|WinError) (\d+)\] ")

Action = Literal[
    "copy the backbone to",
    "copy the model to",
    "delete",
    "make",
    "make the run folder",
    "read",
    "remove",
    "save the model in",
    "use",
    "work in",
    "write",
    "write exports to",
    "write into",
    "write the export",
    "write to",
]

_FAILURES: dict[Action, Text] = {
    "copy the backbone to": Text("Can't copy the backbone to %1: %2."),
    "copy the model to": Text("Can't copy the model to %1: %2."),
    "delete": Text("Can't delete %1: %2."),
    "make": Text("Can't make %1: %2."),
    "make the run folder": Text("Can't make the run folder %1: %2."),
    "read": Text("Can't read %1: %2."),
    "remove": Text("Can't remove %1: %2."),
    "save the model in": Text("Can't save the model in %1: %2."),
    "use": Text("Can't use %1: %2."),
    "work in": Text("Can't work in %1: %2."),
    "write": Text("Can't write %1: %2."),
    "write exports to": Text("Can't write exports to %1: %2."),
    "write into": Text("Can't write into %1: %2."),
    "write the export": Text("Can't write the export %1: %2."),
    "write to": Text("Can't write to %1: %2."),
}
_NO_ROOM = Text("Free some space there, or choose a folder on another disk.")
_NO_RIGHT = Text("Check the folder's permissions, or choose another folder.")
_GONE = Text("Check that the folder and its drive are still there.")
_ADVICE = {
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: Text("That disk takes no file of this size: choose a folder on another disk."),
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: _NO_RIGHT,
    errno.ENOENT: _GONE,
    errno.ENODEV: _GONE,
    errno.ESTALE: _GONE,
    errno.ENAMETOOLONG: Text("Choose a shorter path."),
    errno.ELOOP: Text("Its links lead in a circle: choose another path."),
}
_IN_THE_WAY = frozenset({errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY})
_OTHER_ADVICE = Text("Check the disk and the folder's permissions.")


def storage_message(action: Action, path: Path, error: OSError) -> Text:
    """Make a sentence for a failed read or write, with file and reason, and one of advice.

    Args:
        action: What failed.
        path: The file or folder in question.
        error: Of a `shutil.Error`, which lists all that failed, the first is named.
    """
    cause = _first_cause(error)
    failure = Text.of(_FAILURES[action].source, (str(path), reason_of(cause)), None)
    return sentences(failure, _advice(cause, path))


def reason_of(error: OSError) -> str:
    """Return why a file can't be used, in the system's words, without full stop."""
    cause = _first_cause(error)
    text = cause.strerror or str(cause).partition("\n")[0] or type(cause).__name__
    return text.rstrip(".")


def _advice(error: OSError, path: Path) -> Text:
    if error.errno in _IN_THE_WAY:
        named = path if error.filename is None else Path(os.fsdecode(error.filename))
        # It may be a file at the place of a parent folder.
        found = (place for place in (named, *named.parents) if os.path.lexists(place))
        return Text("Move %1 away, or choose another path.", str(next(found, named)))
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

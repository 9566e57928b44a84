"""What opens pictures on a double click: it stays what it was.

Whoever is named in a user's own folder comes before all of the system's programs where nobody
has chosen a default, so that a program that only wants to stand under "Open with" would open
every picture.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from core.integration.install_record import InstallRecord
from core.integration.key_files import key_file
from core.integration.own_files import OwnFile, delete_file, write_file

_SECONDS = 5


def default_programs(types: Sequence[str]) -> dict[str, str]:
    """The desktop file of the program that opens files of each type, where there is one."""
    program = shutil.which("gio")
    found = {} if program is None else {name: _default(program, name) for name in types}
    return {name: default for name, default in found.items() if default}


def keep_defaults(
    path: Path, before: dict[str, str], own: str, record: InstallRecord, owner: str
) -> None:
    """Name the programs from before as the defaults of the types that `own` has taken over.

    Args:
        path: Of the list of defaults with the least weight; one of others is left alone.
        before: What opened each type.
        own: Name of the desktop file that isn't to be a default.
    """
    now = default_programs(tuple(before))
    lost = {name: program for name, program in before.items() if now.get(name) == own != program}
    if lost and (record.get(path) is not None or not path.exists()):
        write_file(OwnFile(path, key_file({"Default Applications": lost})), record, owner)


def forget_defaults(path: Path, record: InstallRecord, owner: str) -> None:
    """Take the list back, if it was written.

    Raises:
        IntegrationError: If it was edited.
    """
    if record.get(path) is not None:
        delete_file(OwnFile(path, b""), record, owner)


def _default(program: str, name: str) -> str:
    try:
        done = subprocess.run(
            [program, "mime", name],
            env=os.environ | {"LC_ALL": "C"},
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    first = done.stdout.partition("\n")[0]
    match = re.fullmatch(r"Default application for .*: (\S.*\.desktop)", first)
    return match[1] if match else ""

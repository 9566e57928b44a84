"""Keep the programs that open images on a double click.

Where no default is chosen, a program from the user's own folder comes before all of the system's,
so one that only wants to be listed under "Open with" would open every image.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from core.file_managers.install_record import InstallRecord, Written, digest
from core.file_managers.own_files import read_if_there, replace_shared_file

_GROUP = b"[Default Applications]\n"
_SECONDS = 5


def default_programs(types: Sequence[str]) -> dict[str, str]:
    """Find the desktop file of the program that opens files of each type, where there is one."""
    program = shutil.which("gio")
    found = {} if program is None else {name: _default(program, name) for name in types}
    return {name: default for name, default in found.items() if default}


def keep_defaults(
    path: Path, before: dict[str, str], own: str, record: InstallRecord, owner: str
) -> None:
    """Make the previous programs the defaults of the types that `own` has taken over.

    Args:
        path: Of the list of defaults with the lowest priority; its content stays.
        before: The program of each type.
        own: Name of the desktop file that must not be a default.

    Raises:
        StorageError: If the list can't be read or written.
    """
    now = default_programs(tuple(before))
    lost = {name: program for name, program in before.items() if now.get(name) == own != program}
    if not lost:
        return
    content, known = read_if_there(path), record.get(path)
    lines = [f"{name}={program}\n".encode() for name, program in lost.items()]
    changed = _with_lines(content or b"", lines)
    replace_shared_file(path, changed)
    was = None if content is None else content.decode("latin-1")
    record.files[str(path)] = Written(
        digest(changed), [owner], known.before if known is not None else was, _joined(lines)
    )


def forget_defaults(path: Path, record: InstallRecord) -> None:
    """Remove the lines written, and keep later changes to the list.

    Raises:
        StorageError: If the list can't be read or written.
    """
    written = record.files.pop(str(path), None)
    content = read_if_there(path)
    if written is None or content is None:
        return
    is_as_written = digest(content) == written.sha256
    if is_as_written and written.before is None:
        path.unlink()
    elif is_as_written and written.before is not None:
        replace_shared_file(path, written.before.encode("latin-1"))
    else:
        ours = set(written.part.encode("latin-1").splitlines(keepends=True))
        kept = [line for line in content.splitlines(keepends=True) if line not in ours]
        replace_shared_file(path, b"".join(kept))


def _with_lines(content: bytes, lines: Sequence[bytes]) -> bytes:
    """Return the list with more lines in its group of defaults."""
    header = re.search(rb"^\[Default Applications\][ \t\r]*\n", content, re.MULTILINE)
    if header is None:
        gap = b"" if not content or content.endswith(b"\n") else b"\n"
        return content + gap + _GROUP + b"".join(lines)
    return content[: header.end()] + b"".join(lines) + content[header.end() :]


def _joined(lines: Sequence[bytes]) -> str:
    return b"".join(lines).decode("latin-1")


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

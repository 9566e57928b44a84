"""The computer that a run computed on, recorded when it begins or is resumed.

A file of its own, since a stopped run has a model and no `finished.json`.
"""

from pathlib import Path

from core.computer.computer_facts import ComputerFacts
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json

_FILE = "computer.json"
_SCHEMA = 1


def write_run_computer(run_dir: Path, facts: ComputerFacts) -> None:
    """Record the computer; of a run that is resumed elsewhere, the last one is known.

    Raises:
        StorageError: If it can't be written.
    """
    write_json_atomically(run_dir / _FILE, {"schema": _SCHEMA, **facts.to_json_dict()})


def read_run_computer(run_dir: Path) -> ComputerFacts | None:
    """Return the computer; None for a run of an earlier version, or if that can't be read."""
    try:
        content = read_json(run_dir / _FILE)
        if content["schema"] != _SCHEMA:
            return None
        return ComputerFacts.from_json_dict(content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None

"""A run's name and note, which the user gave it."""

from dataclasses import dataclass
from pathlib import Path

from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import read_json

RUN_LABEL_FILE = "run.json"
_SCHEMA = 1
MOST_CHARACTERS = 200
_MOST_NOTE_CHARACTERS = 10_000


@dataclass(frozen=True, slots=True)
class RunLabel:
    """Texts about a run that training doesn't need.

    Attributes:
        name: "" for the name of its folder.
        note: Free text.
        experiment: Name of the experiment that it is part of; "" for none.
    """

    name: str = ""
    note: str = ""
    experiment: str = ""


def read_run_label(run_dir: Path) -> RunLabel:
    """Read the texts; empty ones if there are none or they can't be read."""
    try:
        content = read_json(run_dir / RUN_LABEL_FILE)
        if content["schema"] != _SCHEMA:
            return RunLabel()
        texts = (content.get(key, "") for key in ("name", "note", "experiment"))
        name, note, experiment = (text if isinstance(text, str) else "" for text in texts)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return RunLabel()
    return RunLabel(name[:MOST_CHARACTERS], note[:_MOST_NOTE_CHARACTERS], experiment)


def write_run_label(run_dir: Path, label: RunLabel) -> None:
    """Write the texts.

    Raises:
        StorageError: If they can't be written.
    """
    content = {
        "schema": _SCHEMA,
        "name": label.name.strip()[:MOST_CHARACTERS],
        "note": label.note[:_MOST_NOTE_CHARACTERS],
        "experiment": label.experiment,
    }
    write_json_atomically(run_dir / RUN_LABEL_FILE, content)

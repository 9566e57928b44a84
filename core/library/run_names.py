"""The runs that have a name."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from core.library.entry import Entry
from core.library.library import describe, entries
from core.runs.run_folder import CONFIG_FILE
from core.runs.run_label import read_run_label
from core.storage.app_dirs import runs_dir
from core.text import Text, count_text

_MOST_LISTED = 5


def runs_called(name: str) -> dict[Path, Entry | None]:
    """Return the runs with a name, each with its project; None for those of no project.

    It is the name that the user gave a run, or that of its folder.
    """
    paths = sorted(runs_dir().glob(f"*/{CONFIG_FILE}"))
    runs: dict[Path, Entry | None] = {path.parent.absolute(): None for path in paths}
    for entry in entries():
        runs |= dict.fromkeys(entry.runs(), entry)
    names = {run: {_plain(read_run_label(run).name), _plain(run.name)} for run in runs}
    as_written: Callable[[str], str] = str
    for form in (as_written, str.casefold):
        wanted = form(_plain(name))
        if found := {run: runs[run] for run in runs if wanted in map(form, names[run])}:
            return found
    return {}


def listed_runs(runs: Mapping[Path, Entry | None]) -> str:
    """Write where runs are, and to which projects they belong."""
    shown: Iterable[Path] = list(runs)[:_MOST_LISTED]
    places = [_place(run, runs[run]) for run in shown]
    if len(runs) > _MOST_LISTED:
        places.append(count_text("%n more", "", len(runs) - _MOST_LISTED))
    return "; ".join(places)


def _plain(name: str) -> str:
    """Return a name in one line, as tables of runs show it."""
    return " ".join(name.split())


def _place(run: Path, entry: Entry | None) -> str:
    if entry is None:
        return str(run)
    return Text("%1 (project “%2”)", str(run), describe(entry).name)

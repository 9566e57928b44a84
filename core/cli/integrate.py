"""`fieldguide integrate`: the entry "Classify with Fieldguide" in the system's file managers."""

import argparse
import json
from collections.abc import Callable, Sequence

from core.cli.command import Commands, add_command
from core.cli.output import EXIT_FAILED, complain, one_line
from core.errors import FieldguideError
from core.file_managers.all_entries import all_entries
from core.file_managers.entry import EntryState, EntryStatus, FileManagerEntry

_Entries = Sequence[FileManagerEntry]


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "integrate",
        description="The entry “Classify with Fieldguide” in the right-click menus of file "
        "managers, for your user account only. Other programs' files and settings stay unchanged.",
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    for name, text, run in (
        (
            "install",
            "install the entry; by default in all file managers on this computer",
            _install,
        ),
        (
            "remove",
            "remove the entry and restore what was there before; by default everywhere",
            _remove,
        ),
        ("status", "show the state of the entries", _status),
    ):
        action = actions.add_parser(name, help=text, description=f"{text.capitalize()}.")
        action.add_argument(
            "managers",
            metavar="MANAGER",
            nargs="*",
            help=", ".join(entry.name for entry in all_entries()),
        )
        action.add_argument("--json", action="store_true", help="print one JSON object per entry")
        action.set_defaults(
            run=lambda arguments, action=action, run=run: run(
                _chosen(action, arguments.managers), arguments
            )
        )


def _chosen(parser: argparse.ArgumentParser, names: Sequence[str]) -> _Entries:
    entries = {entry.name: entry for entry in all_entries()}
    for name in names:
        if name not in entries:
            parser.error(f"unknown file manager {name!r}; there are {', '.join(entries)}")
    return [entries[name] for name in dict.fromkeys(names or entries)]


def _install(entries: _Entries, arguments: argparse.Namespace) -> int:
    if not arguments.managers:
        entries = [entry for entry in entries if entry.is_present()]
    return _change(entries, arguments, lambda entry: entry.install())


def _remove(entries: _Entries, arguments: argparse.Namespace) -> int:
    return _change(entries, arguments, lambda entry: entry.remove())


def _change(
    entries: _Entries, arguments: argparse.Namespace, change: Callable[[FileManagerEntry], bool]
) -> int:
    """Change one entry after the other, also after a failure."""
    code = 0
    for entry in entries:
        try:
            changed = change(entry)
        except FieldguideError as error:
            complain(f"{entry.title}: {error}")
            code = EXIT_FAILED
            changed = False
        _tell(entry, arguments, {"changed": changed}, with_hint=changed)
    return code


def _status(entries: _Entries, arguments: argparse.Namespace) -> int:
    for entry in entries:
        _tell(entry, arguments, {}, with_hint=False)
    return 0


def _tell(
    entry: FileManagerEntry,
    arguments: argparse.Namespace,
    more: dict[str, bool],
    *,
    with_hint: bool,
) -> None:
    status = entry.status()
    if arguments.json:
        print(json.dumps(_json(entry, status) | more))
        return
    print(one_line(f"{entry.name:9} {entry.title}: {_words(entry, status)}"))
    if status.problem:
        print(one_line(f"          {status.problem}"))
    elif with_hint and entry.hint:
        print(one_line(f"          {entry.hint}"))


def _words(entry: FileManagerEntry, status: EntryStatus) -> str:
    words = {
        EntryState.ABSENT: "not installed",
        EntryState.INSTALLED: "installed",
        EntryState.OUTDATED: "installed for a program that has moved: install it again",
        EntryState.EDITED: "changed by hand",
        EntryState.BLOCKED: "something else is in its place",
    }[status.state]
    return words if entry.is_present() else f"{words} (not on this computer)"


def _json(entry: FileManagerEntry, status: EntryStatus) -> dict[str, object]:
    return {
        "manager": entry.name,
        "title": entry.title,
        "present": entry.is_present(),
        "state": status.state.value,
        "files": [str(path) for path in status.files],
        "problem": status.problem,
    }

"""Writes the manual page fieldguide(1) from the command line's own help.

Usage: PYTHONPATH=. python packaging/man_page.py > fieldguide.1
"""

import argparse
import os
import sys
from collections.abc import Iterator

from core.cli.main import make_parser
from core.version import program_version

_FILES = [
    (
        "~/.local/share/fieldguide",
        "runs and their models, imported backbones, batches that were broken off",
    ),
    (
        "~/.cache/fieldguide",
        "feature vectors, thumbnails, downloads: `fieldguide backbones caches` clears them",
    ),
]
_ENVIRONMENT = [
    ("FIELDGUIDE_HOME", "one folder for all of that"),
    ("FIELDGUIDE_OFFLINE", "1 forbids downloads"),
    ("FIELDGUIDE_HUB", "a mirror of tfhub.dev; Kaggle is not asked then"),
    ("FIELDGUIDE_KAGGLE", "a mirror of www.kaggle.com"),
    ("FIELDGUIDE_TFJS_HOME", "the folder that make tfjs makes, if it lies elsewhere"),
    ("FIELDGUIDE_TFTRT_PYTHON", "the Python that converts models to TF-TRT"),
]
_EXIT_STATUS = [
    ("0", "all went well"),
    ("1", "it could not be done, or some pictures can't be used; standard error says why"),
    ("2", "the call can't be understood"),
    ("130", "it was interrupted"),
]


def page(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Lines of troff."""
    yield f'.TH FIELDGUIDE 1 "" "Fieldguide {program_version()}" "User Commands"'
    yield ".SH NAME"
    yield r"fieldguide \- teach a computer to tell kinds of pictures apart"
    yield ".SH SYNOPSIS"
    yield ".B fieldguide"
    yield "[PROJECT_OR_FOLDER...]"
    yield ".br"
    yield ".B fieldguide"
    yield "COMMAND [OPTION...] [ARGUMENT...]"
    yield ".SH DESCRIPTION"
    yield "Without a command it opens the window. All of it works without the window, too. Images"
    yield "are never changed, and nothing leaves this computer."
    yield ".SH COMMANDS"
    for name, command in _commands(parser):
        yield from _command(f"fieldguide {name}", command)
    for title, entries in (
        ("FILES", _FILES),
        ("ENVIRONMENT", _ENVIRONMENT),
        ("EXIT STATUS", _EXIT_STATUS),
    ):
        yield f".SH {title}"
        for name, text in entries:
            yield from (".TP", rf".B {_quoted(name)}", _quoted(text))


def _command(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    inner = list(_commands(parser))
    yield f'.SS "{_quoted(name)}"'
    yield _quoted(parser.description or "")
    if inner:
        for inner_name, command in inner:
            yield from _command(f"{name} {inner_name}", command)
        return
    usage = parser.format_usage().removeprefix("usage: ").strip()
    yield from (".PP", _quoted(usage.replace(parser.prog, name, 1)))
    for action in parser._actions:
        if action.help is argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        formatter = parser._get_formatter()
        heading = formatter._format_action_invocation(action)
        text = formatter._expand_help(action) if action.help else ""
        yield from (".TP", rf"\fB{_quoted(heading)}\fR", _quoted(text) or r"\&")


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _quoted(text: str) -> str:
    """Text without what troff would take for its own."""
    text = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    # Help is wrapped to the terminal's width; here one line is one paragraph.
    os.environ["COLUMNS"] = "10000"
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    print("\n".join(page(make_parser())))

"""`fieldguide`: the command line."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from core.cli.command import COMMANDS, add_command
from core.cli.ending import exit_code_of
from core.cli.output import one_line, prepare_streams


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command.

    Returns:
        0; 1 after an expected error, printed in one line on standard error; 130 when interrupted.

    Raises:
        SystemExit: With 2 for wrong usage, with 0 after `--help`.
    """
    prepare_streams()
    argv = sys.argv[1:] if argv is None else argv
    arguments = make_parser(_command_in(argv)).parse_args(argv)
    return exit_code_of(lambda: int(arguments.run(arguments)))


class _Parser(argparse.ArgumentParser):
    """Prints errors in one line: arguments that they quote may be names of any files."""

    def error(self, message: str) -> NoReturn:
        super().error(one_line(message))


class _ShowVersion(argparse.Action):
    """Looks up the version only when asked for, since that takes a while."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from core.version import program_version

        print(f"fieldguide {program_version()}")
        parser.exit()


def make_parser(only: str | None = None) -> argparse.ArgumentParser:
    """Make the parser of the program.

    Args:
        only: The one command to add with its arguments. The others are only listed: their
            modules take longer to import than an image takes to classify. None for all.
    """
    parser: argparse.ArgumentParser = _Parser(
        prog="fieldguide",
        description="Train image classifiers on your own pictures.",
        epilog="`fieldguide COMMAND --help` explains a command. Images are never changed, and "
        "nothing leaves this computer.",
    )
    parser.add_argument("--version", action=_ShowVersion, help="print the version and exit")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in COMMANDS:
        if only in (None, name):
            import_module(f"core.cli.{name.replace('-', '_')}").add_parser(commands)
        else:
            add_command(commands, name)
    return parser


def _command_in(argv: Sequence[str]) -> str:
    """Return the command of a call; "" if none. Options before it take no values."""
    return next((argument for argument in argv if not argument.startswith("-")), "")

"""`fieldguide`: the command line."""

import argparse
import os
import sys
from collections.abc import Sequence

from core.cli import backbones, check, classify, evaluate, resume, train
from core.errors import FieldguideError

EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
_COMMANDS = (train, resume, classify, evaluate, check, backbones)


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command.

    Returns:
        0; 1 after an expected error, told in one line on standard error; 2 for a call that
        can't be understood; 130 when interrupted.
    """
    _allow_any_file_name()
    arguments = _parser().parse_args(argv)
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except FieldguideError as error:
        print(f"fieldguide: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has seen enough. What is still buffered must not be
        # written at exit, where it would end in a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILED


def _allow_any_file_name() -> None:
    """Print names that are no valid text as they are, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="surrogateescape")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldguide",
        description="Teach a computer to tell kinds of pictures apart.",
        epilog="`fieldguide COMMAND --help` explains a command. Images are never changed, and "
        "nothing leaves this computer.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_parser(commands)
    return parser

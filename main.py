"""Starts Fieldguide: `python main.py` in a checkout does what the `fieldguide` command does."""

import multiprocessing
import sys


def main() -> int:
    """Run the command line.

    Returns:
        The exit code: 0; 1 for an expected error; 2 for wrong usage; 130 when interrupted.
    """
    # First of all, since a worker of a frozen program starts here too and never gets further.
    multiprocessing.freeze_support()
    # Imported late: a spawned worker imports this file again, and needs none of it.
    from core.cli.main import main as run_command_line

    return run_command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

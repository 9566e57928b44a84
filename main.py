"""Starts Fieldguide: `python main.py` in a checkout does what the `fieldguide` command does."""

import sys
from pathlib import Path


def main() -> int:
    """Open the window, or carry out the command that is named.

    Returns:
        The exit code: 0; 1 for an expected error; 2 for wrong usage; 130 when interrupted.
    """
    # First of all, since a worker of a frozen program starts here too and never gets further.
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()
    arguments = sys.argv[1:]
    if arguments[:1] == ["--own-program"]:
        # A frozen program is asked for what a Python would be given.
        from core.own_source import run_own_program

        return run_own_program(arguments[1:])
    # Imported late: a spawned worker imports this file again, and needs none of it.
    if opens_window(arguments):
        from gui.app import run

        return run(arguments)
    if arguments[:1] == ["classify"]:
        # First the one command that may want a window, without what the others import.
        from core.cli.classify_arguments import window_call

        call = window_call(arguments[1:])
        if call is not None:
            from gui.quick_app import run as show_quick_window

            return show_quick_window(call)
    if arguments[:1] == ["report"]:
        # Qt alone writes a PDF here, and `core` knows no Qt.
        from core.cli.report_arguments import pdf_call

        report = pdf_call(arguments[1:])
        if report is not None:
            from gui.report.pdf_command import run as write_pdf_report

            return write_pdf_report(report)
    from core.cli.main import main as run_command_line

    return run_command_line(arguments)


def opens_window(arguments: list[str]) -> bool:
    """Whether nothing but files and folders to begin with is named, or nothing at all."""
    from core.cli.command import COMMANDS

    return all(
        argument not in COMMANDS and not argument.startswith("-") and Path(argument).exists()
        for argument in arguments
    )


if __name__ == "__main__":
    sys.exit(main())

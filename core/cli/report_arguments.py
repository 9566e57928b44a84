"""The arguments of `fieldguide report`, apart from the command: a PDF is made by the window's part.

`main.py` reads them to find out which of the two it calls.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.cli.output import one_line, prepare_streams
from core.library.find_run import find_run
from core.report.report_file import ReportForm, report_form

DESCRIPTION = (
    "Write a report on a run: classes, pictures, settings, curves, accuracy with intervals, "
    "confusions and mistakes, exports, versions, and how to repeat it. Several runs are compared. "
    "The file needs nothing else: its pictures are inside."
)


@dataclass(frozen=True, slots=True)
class ReportCall:
    """A call of the command.

    Attributes:
        runs: Run folders, or names of runs.
        output: The file, absolute.
        force: Whether an existing file is replaced.
    """

    runs: tuple[Path, ...]
    output: Path
    force: bool

    def folders(self) -> list[Path]:
        """Return the run folders.

        Raises:
            RunError: If a name is that of no run, or of several.
        """
        return [find_run(run) for run in self.runs]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments of the command."""
    parser.add_argument(
        "runs",
        nargs="+",
        type=Path,
        metavar="RUN",
        help="a run's folder or name; several are compared",
    )
    parser.add_argument(
        "--output",
        type=_report_path,
        required=True,
        metavar="FILE",
        help="the file to write; its suffix, .html or .pdf, is the form",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace the file if it exists already"
    )


def call_of(arguments: argparse.Namespace) -> ReportCall:
    """Return the call that parsed arguments make."""
    return ReportCall(tuple(arguments.runs), arguments.output.absolute(), arguments.force)


def pdf_call(argv: Sequence[str]) -> ReportCall | None:
    """Read a call that asks for a PDF; None for one that doesn't.

    Args:
        argv: The arguments after `report`.

    Raises:
        SystemExit: With 2 for a call that can't be understood, with 0 after `--help`.
    """
    prepare_streams()
    parser = argparse.ArgumentParser(prog="fieldguide report", description=DESCRIPTION)
    add_arguments(parser)
    arguments = parser.parse_args(argv)
    call = call_of(arguments)
    return call if report_form(call.output) is ReportForm.PDF else None


def say_written(call: ReportCall) -> None:
    """Print where the report is."""
    print(one_line(f"Report written to {call.output}"), file=sys.stderr)


def _report_path(text: str) -> Path:
    path = Path(text)
    if report_form(path) is None:
        raise argparse.ArgumentTypeError(f"must end in .html or .pdf: {text!r}")
    return path

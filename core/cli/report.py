"""`fieldguide report`: one file that tells all about a run, or compares several."""

import argparse

from core.cli.command import Commands, add_command
from core.cli.report_arguments import DESCRIPTION, add_arguments, call_of, say_written
from core.report.report_file import ReportForm, report_form, require_free, write_report_file


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(commands, "report", description=DESCRIPTION)
    add_arguments(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # Imported here: the help needs none of it.
    from core.report.html_page import html_page
    from core.report.report import make_report

    call = call_of(arguments)
    assert report_form(call.output) is ReportForm.HTML, "main.py makes a PDF by the window's part"
    require_free(call.output, force=call.force)
    write_report_file(call.output, html_page(make_report(call.folders())), force=call.force)
    say_written(call)
    return 0

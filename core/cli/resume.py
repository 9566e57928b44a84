"""`fieldguide resume`: resume a run that was stopped, crashed or killed."""

import argparse
from pathlib import Path

from core.cli.command import Commands, add_command
from core.cli.trust_option import add_trust_argument
from core.library.find_run import find_run
from core.messages.requests import ResumeRequest


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "resume",
        description="Resume a run where it stopped; the result is the same as without the "
        "interruption. A finished run prints its result again.",
    )
    parser.add_argument("run_dir", type=Path, metavar="RUN", help="the run's folder or name")
    add_trust_argument(parser, "the run's backbone")
    parser.add_argument("--json", action="store_true", help="print one JSON event per line")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    # Imported here: other commands shouldn't wait for the worker's and the display's modules.
    from core.cli.run_display import follow_run

    request = ResumeRequest(run_dir=find_run(arguments.run_dir), trust=arguments.trust)
    return follow_run(request, as_json=arguments.json)

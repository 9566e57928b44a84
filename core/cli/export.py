"""`fieldguide export`: export a trained model, and compare each artifact with it."""

import argparse
import json
from pathlib import Path

from core.cli.command import Commands, add_command
from core.cli.export_options import add_export_arguments, chosen_options
from core.cli.model_choice import add_trained_model_argument, chosen_model_folder
from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain, one_line
from core.cli.trust_option import add_trust_argument
from core.export_spec.artifact import Verdict
from core.messages.events import Event, RequestCancelled, RequestFailed
from core.messages.export_events import ArtifactFinished, ExportFinished
from core.messages.requests import ExportRequest

_TABLE_WIDTH = 120
_BAD = (Verdict.FAILED, Verdict.NOT_MADE)


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "export",
        description="Export a trained model to other formats. Each artifact is run with its own "
        "runtime on the test pictures and compared with the model. If one disagrees, it is marked "
        "as failed, and the exit code is 1. Each comes with a model card and a predict.py that "
        "needs only its runtime.",
    )
    add_trained_model_argument(parser)
    add_export_arguments(parser)
    add_trust_argument(parser, "the model")
    parser.add_argument("--json", action="store_true", help="print one JSON object per artifact")
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    if arguments.check_tf_trt:
        return _say_capability(arguments.tftrt_python)
    options = chosen_options(parser, arguments)
    request = ExportRequest(
        model_dir=chosen_model_folder(arguments), options=options, trust=arguments.trust
    )
    # Imported here: other commands shouldn't wait for the display's modules.
    from core.cli.run_display import displayed_events
    from core.cli.run_terminal import TerminalDisplay

    display = _ArtifactLines() if arguments.json else TerminalDisplay()
    *_, last = displayed_events(request, display)
    if isinstance(last, RequestFailed):
        complain(last.message)
        return EXIT_FAILED
    if isinstance(last, RequestCancelled):
        return EXIT_INTERRUPTED
    assert isinstance(last, ExportFinished)
    if not arguments.json:
        print_table(last)
    return EXIT_FAILED if any(r.verdict in _BAD for r in last.results) else 0


class _ArtifactLines:
    """Prints one JSON object per artifact on standard output."""

    def show(self, event: Event) -> None:
        if isinstance(event, ArtifactFinished):
            print(json.dumps(event.result.to_json_dict()), flush=True)

    def say_stopping(self) -> None:
        """Do nothing: the exit code tells."""

    def close(self) -> None:
        """Do nothing."""


def print_table(finished: ExportFinished) -> None:
    """Print a row for each artifact, the number of pictures compared, and the folder."""
    # Imported here: other commands shouldn't wait for Rich.
    from rich.console import Console
    from rich.table import Table

    from core.cli.export_texts import HEADINGS, comparison_line, figures

    table = Table(*HEADINGS, box=None, pad_edge=False)
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:-1]:
        column.justify = "right"
    for result in finished.results:
        table.add_row(result.target.name, *figures(result))
    # Truncated cells would be worse than lines that a narrow terminal wraps.
    width = max(Console().width, _TABLE_WIDTH)
    console = Console(width=width, highlight=False, markup=False, emoji=False)
    console.print(table)
    if line := comparison_line(finished.results):
        console.print(line, soft_wrap=True)
    console.print(f"Folder: {one_line(finished.folder)}", soft_wrap=True)


def _say_capability(python: Path | None) -> int:
    """Print whether TF-TRT can be used here, and what is missing; return the exit code."""
    from core.export.tftrt.capability import check_tftrt, find_tftrt_python
    from core.messages.control import RunControl

    capability = check_tftrt(find_tftrt_python(python), RunControl())
    for line in capability.lines():
        print(one_line(line))
    return 0 if capability.can_convert else EXIT_FAILED

"""`fieldguide train`: from folders of images to a tested, saved classifier."""

import argparse
from functools import partial
from pathlib import Path

from core.cli.command import Commands, add_command
from core.cli.image_sources import add_image_arguments, chosen_images
from core.cli.output import complain
from core.cli.setting_options import add_setting_arguments, chosen_config, idle_notes
from core.cli.trust_option import add_trust_argument
from core.messages.requests import TrainRequest
from core.settings.presets import Preset, apply_preset


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "train",
        description="Train a classifier on folders of pictures, test it and save it. Ctrl-C stops "
        "and keeps the best model so far; `fieldguide resume` continues. If a project is among the "
        "images, its settings are used unless a preset or an option replaces them.",
    )
    add_image_arguments(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        help="run folder to create; by default one named by date and time in Fieldguide's folder",
    )
    parser.add_argument(
        "--preset",
        choices=[str(preset) for preset in Preset],
        help="a set of settings; thorough also trains the backbone. It replaces the settings of a "
        "project, except for backbone, pictures, splits, device and seed; the options below "
        "replace single settings (default without a project: balanced)",
    )
    add_trust_argument(parser, "the backbone")
    parser.add_argument("--json", action="store_true", help="print one JSON event per line")
    add_setting_arguments(parser)
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    # Imported here: other commands shouldn't wait for the worker's and the display's modules.
    from core.cli.library_project import list_run, project_of
    from core.cli.run_display import follow_run

    chosen = chosen_images(parser, arguments)
    config = chosen.config
    if arguments.preset is not None:
        config = apply_preset(Preset(arguments.preset), config)
    config = chosen_config(parser, arguments, config)
    for note in idle_notes(arguments, config):
        complain(f"Note: {note}")
    entry = project_of(chosen, config)
    request = TrainRequest(
        sources=chosen.sources,
        config=config,
        output=arguments.output,
        edits=chosen.edits,
        runs=entry.runs_dir if entry else None,
        trust=arguments.trust,
    )
    return follow_run(request, as_json=arguments.json, on_begun=partial(list_run, entry))

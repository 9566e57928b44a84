"""`fieldguide find-learning-rate`: suggest a learning rate to train with."""

import argparse
from dataclasses import replace

from core.cli.command import Commands, add_command
from core.cli.image_sources import add_image_arguments, chosen_images
from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain
from core.cli.setting_options import add_setting_arguments, chosen_config
from core.cli.trust_option import add_trust_argument
from core.messages.events import LearningRateFound, LearningRateTried, RequestFailed
from core.messages.requests import FindLearningRateRequest
from core.settings.config import SETTINGS, TrainConfig, rateless_reason
from core.text import decimal_text

_ROWS = 25
_BAR_WIDTH = 40
_HEADING = "learning rate     loss"


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "find-learning-rate",
        description="Try learning rates from tiny to huge, one per step, and suggest one. Takes "
        "the images and settings of `fieldguide train`. Only feature vectors are kept, for the "
        "training to reuse. Ctrl-C stops and suggests a rate from those tried. Where the head "
        "would be fitted exactly, which takes no steps, adam is tried.",
    )
    add_image_arguments(parser)
    add_trust_argument(parser, "the backbone")
    parser.add_argument("--json", action="store_true", help="print one JSON event per line")
    add_setting_arguments(parser)
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    # Imported here: other commands shouldn't wait for the display's modules.
    from core.cli.run_display import JsonDisplay, displayed_events
    from core.cli.run_terminal import TerminalDisplay

    chosen = chosen_images(parser, arguments)
    config = chosen_config(parser, arguments, chosen.config)
    if not hasattr(arguments, "optimizer"):
        config = replace(config, optimizer=config.step_optimizer)  # a rate is asked for
    if reason := rateless_reason(config):
        parser.error(reason)
    request = FindLearningRateRequest(
        sources=chosen.sources, config=config, edits=chosen.edits, trust=arguments.trust
    )
    events = list(displayed_events(request, JsonDisplay() if arguments.json else TerminalDisplay()))
    last = events[-1]
    if isinstance(last, RequestFailed):
        complain(last.message)
        return EXIT_FAILED
    assert isinstance(last, LearningRateFound)
    if not arguments.json:
        tried = [event for event in events if isinstance(event, LearningRateTried)]
        print("\n".join([*_table(tried), *_advice(last, config)]))
    return 0 if last.is_complete else EXIT_INTERRUPTED


def _table(tried: list[LearningRateTried]) -> list[str]:
    """Format rates with their smoothed losses and bars; about as many as fit a terminal."""
    if not tried:
        return []
    # The last losses may be huge; next to them all others would have no bar.
    full = 1.5 * tried[0].smoothed_loss
    lines = [_HEADING]
    for event in tried[:: max(1, len(tried) // _ROWS)]:
        length = round(_BAR_WIDTH * min(event.smoothed_loss / full, 1.0)) if full > 0 else 0
        rate = decimal_text(event.learning_rate, 2)
        lines.append(f"{rate:>13} {event.smoothed_loss:8.4f}  {'#' * length}")
    return [*lines, ""]


def _advice(found: LearningRateFound, config: TrainConfig) -> list[str]:
    lines = [] if found.is_complete else ["Stopped before all rates were tried."]
    if found.suggestion is None:
        return [
            *lines,
            "The losses suggest no learning rate. Keep the default, or try with more pictures "
            "or a larger batch.",
        ]
    suggestion = decimal_text(found.suggestion, 2)
    option = "--fine-tune --fine-tune-learning-rate" if found.is_fine_tuning else "--learning-rate"
    if not found.is_fine_tuning and config.optimizer is not SETTINGS["optimizer"].default:
        option = f"--optimizer {config.optimizer} {option}"
    return [
        *lines,
        f"Suggested learning rate: {suggestion}",
        f"Use it with: fieldguide train IMAGES {option} {suggestion}",
    ]

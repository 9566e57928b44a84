"""`fieldguide experiment`: try several values of settings and compare the results."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from core.cli.command import Commands, add_command
from core.cli.image_sources import ChosenImages, add_image_arguments, chosen_images
from core.cli.output import EXIT_FAILED, EXIT_INTERRUPTED, complain
from core.cli.setting_options import (
    add_setting_arguments,
    chosen_config,
    idle_notes,
)
from core.cli.trust_option import add_trust_argument
from core.errors import ExperimentError
from core.settings.config import TrainConfig
from core.settings.presets import Preset, apply_preset
from core.settings.setting_words import option_name, option_of

if TYPE_CHECKING:
    from core.experiments.experiment import Experiment
    from core.experiments.places import ExperimentPlace
    from core.experiments.tries import Tried

_READY = ("learning-curve", "batch-size", "learning-rate", "backbones", "fast-or-fine-tuned")
_DEFAULT_SEEDS = 3
_MOST = 10_000


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "experiment",
        description="Try several values of settings, repeated with several seeds, and compare the "
        "results. Takes the images and settings of `fieldguide train`; feature vectors are "
        "computed once, so most runs take seconds. Up to two settings with lists are tried in all "
        "combinations; ranges, and more than two settings, are searched by validation accuracy. "
        "Ctrl-C stops and keeps everything; --resume continues.",
    )
    add_image_arguments(parser)
    parser.add_argument(
        "--try",
        dest="tries",
        action="append",
        default=[],
        metavar="NAME=A,B",
        help="a setting, by the name of its option, with the values to try: a list A,B,C, a range "
        "A..B, or log:A..B for a range in powers; may be repeated",
    )
    parser.add_argument("--ready", choices=_READY, help="a ready-made experiment instead of --try")
    parser.add_argument(
        "--seeds",
        type=_count,
        metavar="N",
        help="repeat each with N seeds, counted from --seed on; each seed has its own split "
        f"(default: {_DEFAULT_SEEDS}; for a search 1)",
    )
    parser.add_argument(
        "--trials",
        type=_count,
        metavar="N",
        help="combinations that a search tries (default: 30)",
    )
    parser.add_argument("--name", help="name of the experiment (default: what it tries)")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="also write a table with a row for each run"
    )
    parser.add_argument("--list", action="store_true", help="list the experiments so far")
    parser.add_argument(
        "--resume", metavar="NAME", help="continue an experiment, by its name or folder"
    )
    parser.add_argument(
        "--preset",
        choices=[str(preset) for preset in Preset],
        help="a set of settings, as for `fieldguide train`",
    )
    add_trust_argument(parser, "a backbone")
    parser.add_argument("--json", action="store_true", help="print one JSON object per run")
    add_setting_arguments(parser)
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    # Imported here: other commands shouldn't wait for the worker's and the display's modules.
    from core.cli.experiment_display import list_lines
    from core.experiments.places import all_experiments

    if arguments.list:
        if arguments.images or arguments.tries or arguments.ready or arguments.resume:
            parser.error("--list goes with no images and no other experiment.")
        for line in list_lines(all_experiments(), as_json=arguments.json):
            print(line)
        return 0
    if arguments.resume is not None:
        return _resume(parser, arguments)
    return _begin(parser, arguments)


def _resume(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    from core.backbones.strange_address import refuse_strange_address
    from core.experiments.experiment import handles_of
    from core.experiments.experiment_file import read_experiment
    from core.experiments.places import find_experiment

    if arguments.images or arguments.classes or arguments.tries or arguments.ready:
        parser.error("--resume takes images and values from the experiment: give none.")
    if not arguments.resume.strip():
        parser.error("--resume needs the name of an experiment.")
    folder, place = find_experiment(arguments.resume)
    experiment = read_experiment(folder)
    for handle in handles_of(experiment):  # it may come from elsewhere
        refuse_strange_address(handle, "The experiment")
    return _follow(arguments, folder, place, [])


def _begin(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    from core.cli.library_project import project_of
    from core.experiments.experiment_file import create_folder, require_name, write_experiment
    from core.experiments.places import place_of

    if bool(arguments.tries) == (arguments.ready is not None):
        parser.error("give values with --try, or a ready-made experiment with --ready.")
    chosen = chosen_images(parser, arguments)
    config = chosen.config
    if arguments.preset is not None:
        config = apply_preset(Preset(arguments.preset), config)
    config = chosen_config(parser, arguments, config)
    tries = _tries(parser, arguments)
    try:
        name = require_name(arguments.name or arguments.ready or _name_of(tries))
    except ExperimentError as error:
        parser.error(str(error))
    config = _config_for(parser, arguments, config, tries)
    if tries:
        _plan(parser, arguments, chosen, config, tries, ())  # wrong usage comes first
    # Before anything is made, so that what is wrong with the images is told once.
    class_sizes = _class_sizes(chosen, config)
    experiment = _plan(parser, arguments, chosen, config, tries, class_sizes)
    for note in [*idle_notes(arguments, experiment.config), *_notes(arguments, experiment)]:
        complain(f"Note: {note}")
    place = place_of(project_of(chosen, experiment.config))
    folder = create_folder(place.experiments_dir, name)
    experiment = replace(experiment, name=folder.name)
    write_experiment(folder, experiment)
    return _follow(arguments, folder, place, class_sizes)


def _tries(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> "list[Tried]":
    from core.experiments.tries import parse_try

    try:
        return [parse_try(text) for text in arguments.tries]
    except ExperimentError as error:
        parser.error(f"--try: {error}")


def _name_of(tries: "Sequence[Tried]") -> str:
    return ", ".join(option_of(tried.name) for tried in tries)


def _config_for(
    parser: argparse.ArgumentParser,
    arguments: argparse.Namespace,
    config: TrainConfig,
    tries: "Sequence[Tried]",
) -> TrainConfig:
    """Return settings with which the values that are tried make a difference."""
    from core.experiments.effect import NoEffect, no_effect
    from core.experiments.ready_made import with_steps

    names = {tried.name for tried in tries}
    for name in sorted(names):
        option = option_name(name)
        match no_effect(config, names, name):
            case NoEffect.FINE_TUNING:
                parser.error(f"{option} has no effect without --fine-tune: add it.")
            case NoEffect.AUGMENTATION:
                parser.error(
                    f"{option} has no effect without a change to pictures, such as --flip."
                )
            case NoEffect.STEPS if hasattr(arguments, "optimizer"):
                parser.error(
                    f"{option} has no effect on an exact fit of the head, which takes no steps. "
                    "Choose another --optimizer, such as adam."
                )
            case NoEffect.STEPS:
                config = with_steps(config)
                complain(
                    f"Note: {option} has no effect on an exact fit of the head, which takes no "
                    f"steps, so all runs use --optimizer {config.optimizer}."
                )
            case None:
                pass
            case never:
                assert_never(never)
    return config


def _class_sizes(chosen: ChosenImages, config: TrainConfig) -> tuple[int, ...]:
    """Count the images; errors are those that each run would end with.

    Raises:
        DatasetError: If they can't be trained on.
    """
    from collections import Counter

    from core.data.scanning.scan import scan_images
    from core.data.scanning.trainable import require_trainable

    dataset = chosen.edits.apply(scan_images(chosen.sources))
    require_trainable(dataset, test_split=config.test_split)
    counts = Counter(image.class_index for image in dataset.images)
    return tuple(counts[index] for index in range(len(dataset.labels)))


def _plan(
    parser: argparse.ArgumentParser,
    arguments: argparse.Namespace,
    chosen: ChosenImages,
    config: TrainConfig,
    tries: "Sequence[Tried]",
    class_sizes: Sequence[int],
) -> "Experiment":
    from core.experiments.experiment import Kind, make_experiment
    from core.experiments.ready_made import ReadyMade, plan
    from core.experiments.search import DEFAULT_TRIALS

    if arguments.ready is not None:
        planned = plan(ReadyMade(arguments.ready), config, class_sizes)
        config, tries = planned.config, planned.tries
    try:
        experiment = make_experiment(
            name="",
            sources=chosen.sources,
            edits=chosen.edits,
            config=config,
            tries=tries,
            num_seeds=arguments.seeds or _DEFAULT_SEEDS,
            num_trials=arguments.trials or DEFAULT_TRIALS,
            ready=arguments.ready or "",
        )
    except ExperimentError as error:
        parser.error(str(error))
    if experiment.kind is Kind.SEARCH and arguments.seeds is None:
        experiment = replace(experiment, seeds=experiment.seeds[:1])
    return experiment


def _notes(arguments: argparse.Namespace, experiment: "Experiment") -> list[str]:
    notes = []
    if not experiment.num_trials and arguments.trials is not None:
        notes.append("--trials has no effect: all combinations are tried.")
    if arguments.ready and hasattr(arguments, "optimizer"):
        asked, used = arguments.optimizer, experiment.config.optimizer
        if asked != used:
            notes.append(f"an exact fit takes no steps, so all runs use --optimizer {used}.")
    return notes


def _follow(
    arguments: argparse.Namespace,
    folder: Path,
    place: "ExperimentPlace",
    class_sizes: Sequence[int],
) -> int:
    """Carry out an experiment and show it; return the exit code."""
    from core.cli.experiment_display import (
        ExperimentJson,
        ExperimentTerminal,
        write_csv,
    )
    from core.cli.run_display import stopping_on_signals
    from core.experiments.runner import ExperimentEnded, ExperimentRunner

    runner = ExperimentRunner(folder, place.runs_dir, trust=arguments.trust)
    display: ExperimentJson | ExperimentTerminal
    display = ExperimentJson() if arguments.json else ExperimentTerminal(class_sizes)
    ended: ExperimentEnded | None = None
    try:
        display.begin(runner.experiment)
        with stopping_on_signals(runner, display):
            for event in runner.events():
                display.show(event)
                if isinstance(event, ExperimentEnded):
                    ended = event
    finally:
        display.close()
        if arguments.csv is not None:
            write_csv(arguments.csv, runner.experiment)
    assert ended is not None, "the last event is the end"
    if ended.message:
        complain(f"Several runs failed one after another: {ended.message}")
    if ended.experiment.num_failed:
        return EXIT_FAILED
    return 0 if ended.is_complete else EXIT_INTERRUPTED


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {_MOST}. Received: {text}")
    return number

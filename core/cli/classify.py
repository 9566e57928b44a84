"""`fieldguide classify`: classify images, without loading TensorFlow."""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import assert_never

from core.batch.question import FEWEST_IMAGES, BatchQuestion
from core.cli.classify_arguments import DESCRIPTION, Order, add_arguments, require_consistent
from core.cli.classify_output import Output, output_for
from core.cli.command import Commands, add_command
from core.cli.model_choice import chosen_classifier
from core.cli.output import EXIT_FAILED, complain, one_line
from core.data.files.image_files import absolute_path, has_image_suffix
from core.data.files.left_out import LeftOut
from core.data.folders.expand_folders import image_files
from core.models.classify_many import classify_files
from core.models.named_image import NamedImage
from core.models.predictor import ClassifierSpec


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(commands, "classify", description=DESCRIPTION)
    add_arguments(parser)
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    assert not arguments.window, "main.py opens the window"
    require_consistent(parser, arguments)
    spec = chosen_classifier(arguments)
    left_out = LeftOut()
    files = list(image_files(arguments.images, left_out))
    if left_out.is_notable:
        complain(f"Note: {left_out.finding_text()}")
    _note_archives(arguments.images)
    threshold = arguments.unknown_below
    if threshold is None:
        threshold = spec.unknown_threshold
    output = output_for(arguments, min(arguments.top, len(spec.labels)), threshold)
    answered: list[NamedImage] = []
    images = _images(arguments, spec, files, output)
    if arguments.copy_to is not None:
        images = _kept(images, answered)
    try:
        num_failed = output.write(images)
    except KeyboardInterrupt:
        if len(files) >= FEWEST_IMAGES:
            _note("Stopped. Run the same command with --resume to continue.")
        raise
    if arguments.copy_to is not None:
        num_failed += _copy_images(answered, spec.labels, arguments.copy_to, threshold)
    return EXIT_FAILED if num_failed else 0


def _images(
    arguments: argparse.Namespace, spec: ClassifierSpec, files: list[Path], output: Output
) -> Iterator[NamedImage]:
    """Classify in the order that was asked for."""
    images: Iterator[NamedImage]
    if len(files) < FEWEST_IMAGES:
        outcomes = classify_files(spec, files)
        top = min(arguments.top, len(spec.labels))
        images = (NamedImage.from_outcome(each, spec.labels, top) for each in outcomes)
    else:
        images = _batch(arguments, spec, files, is_shown=output.is_for_terminal)
    order: Order | None = arguments.sort
    match order:
        case None:
            return images
        case Order.NAME:
            return iter(sorted(images, key=lambda image: os.fsencode(image.path)))
        case Order.CONFIDENCE:
            return iter(sorted(images, key=_confidence))
        case _:
            assert_never(order)


def _batch(
    arguments: argparse.Namespace, spec: ClassifierSpec, files: list[Path], *, is_shown: bool
) -> Iterator[NamedImage]:
    """Classify many images, with a progress bar, so that it can be resumed."""
    # Imported here: a single image is answered in less time than they take.
    from core.batch.run import run_batch
    from core.cli.counting import counting

    asked = tuple(absolute_path(path) for path in arguments.images)
    question = BatchQuestion.about(asked, spec, min(arguments.top, len(spec.labels)))

    def on_known(num_known: int) -> None:
        if arguments.resume and num_known:
            _note(f"Resuming: {num_known:,} of {len(files):,} pictures are classified already.")
        elif arguments.resume:
            _note("There is nothing to resume: starting from the beginning.")

    images = run_batch(
        question,
        files,
        lambda todo: classify_files(spec, todo),
        spec.labels,
        resume=arguments.resume,
        on_known=on_known,
        on_journal_lost=lambda reason: complain(f"Note: --resume won't work. {reason}"),
    )
    # Answers that are printed to the terminal show the progress themselves.
    with counting("Classifying", len(files), is_shown=not is_shown) as on_progress:
        for done, image in enumerate(images, 1):
            yield image
            on_progress(done)


def _confidence(image: NamedImage) -> float:
    """Sort the least confident first, those without an answer last."""
    return image.best[0][1] if image.best else 2.0


def _kept(images: Iterable[NamedImage], into: list[NamedImage]) -> Iterator[NamedImage]:
    for image in images:
        into.append(image)
        yield image


def _copy_images(
    images: Sequence[NamedImage], labels: Sequence[str], folder: Path, threshold: float
) -> int:
    """Copy images into class folders and report it on standard error.

    Returns:
        How many could not be copied.

    Raises:
        StorageError: If there is no room, or the folder can't be written.
    """
    # Imported here: only few calls copy.
    from core.batch.class_folders import copy_into_class_folders, plan_copies
    from core.cli.counting import counting

    plan = plan_copies(images, labels, folder, threshold=threshold)
    with counting("Copying", plan.num_images) as on_progress:
        summary = copy_into_class_folders(plan, folder, on_progress)
    text = f"Copied {summary.num_copied:,} pictures into {len(plan.targets)} folders in {folder}."
    if summary.num_present:
        text += f" {summary.num_present:,} existed already."
    for path, reason in summary.failed:
        print(one_line(f"{path}: {reason}"), file=sys.stderr)
    print(one_line(text), file=sys.stderr)
    return len(summary.failed)


def _note_archives(paths: Sequence[Path]) -> None:
    """Say of archives, each of which is told to be no picture, what reads them."""
    files = [path for path in paths if not has_image_suffix(path.name) and path.is_file()]
    if not files:
        return
    # Imported here: an image is answered in less time.
    from core.data.archives.extraction import is_archive

    for path in filter(is_archive, files):
        complain(f"Note: {path} is an archive; check, train and evaluate read it. Unpack it first.")


def _note(text: str) -> None:
    print(text, file=sys.stderr)

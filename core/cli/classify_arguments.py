"""The arguments of `fieldguide classify`.

Apart from the command itself: a call that only hands its files over to a running window takes less
time than importing NumPy.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.cli.model_argument import add_model_argument
from core.cli.output import EXIT_FAILED, complain, prepare_streams
from core.data.files.image_files import absolute_path, has_image_suffix
from core.data.files.recognition import is_image_file
from core.errors import FieldguideError
from core.library.find_run import find_run
from core.models.imagenet import IMAGENET, NUM_CLASSES_NAMED

DESCRIPTION = (
    "Classify pictures, or all pictures in folders, with a trained model. The exit code is 1 if "
    "some of them can't be used."
)


class Order(StrEnum):
    """The order of answers, if not that of the images."""

    CONFIDENCE = "confidence"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class WindowCall:
    """A call with `--window`.

    Attributes:
        paths: Files and folders, absolute; they may not exist.
        model: Model or run folder, absolute, or `IMAGENET`; "" if none is named.
    """

    paths: tuple[Path, ...]
    model: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add all arguments of the command."""
    parser.add_argument(
        "images",
        nargs="*",
        type=Path,
        metavar="IMAGE_OR_FOLDER",
        help="pictures and folders of pictures; optional with --window",
    )
    add_model_argument(parser)
    parser.add_argument(
        "--top",
        type=_positive,
        default=NUM_CLASSES_NAMED,
        metavar="K",
        help=f"number of classes to print (default: {NUM_CLASSES_NAMED}); not for --window",
    )
    parser.add_argument(
        "--unknown-below",
        type=_fraction,
        metavar="P",
        help="probability, 0 to 1, below which a picture is unknown; 0 turns this off "
        "(default: the threshold that the model learned from its validation pictures)",
    )
    parser.add_argument(
        "--sort",
        choices=[*Order],
        type=Order,
        help="sort by confidence, the lowest first, or by name; prints when all are classified",
    )
    parser.add_argument(
        "--copy-to",
        type=Path,
        metavar="FOLDER",
        help="copy the pictures into a subfolder per class; the originals stay",
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue where the same command was interrupted",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per picture")
    form.add_argument(
        "--csv", type=_table, metavar="FILE", help="write a table to a file; - for standard output"
    )
    form.add_argument(
        "--window",
        action="store_true",
        help="show the answers in a small window, or in a Fieldguide that is running already",
    )


def require_consistent(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Refuse options that don't go together.

    Raises:
        SystemExit: With 2, after printing why.
    """
    if not arguments.window:
        if not arguments.images:
            parser.error("name at least one picture or folder")
        return
    for_tables = {
        "--unknown-below": arguments.unknown_below is not None,
        "--sort": arguments.sort is not None,
        "--copy-to": arguments.copy_to is not None,
        "--resume": arguments.resume,
    }
    if given := [option for option, is_given in for_tables.items() if is_given]:
        parser.error(f"{given[0]} can't be used with --window")


def window_call(argv: Sequence[str]) -> WindowCall | None:
    """Read a call with `--window`; None for one without.

    Args:
        argv: The arguments after `classify`.

    Raises:
        SystemExit: With 2 for a call that can't be understood, with 0 after `--help`; with 1 if
            the model is that of no run.
    """
    prepare_streams()
    parser = argparse.ArgumentParser(prog="fieldguide classify", description=DESCRIPTION)
    add_arguments(parser)
    arguments = parser.parse_args(argv)
    if not arguments.window:
        return None
    require_consistent(parser, arguments)
    try:
        model = _absolute_model(arguments.model)
    except FieldguideError as error:
        complain(str(error))
        sys.exit(EXIT_FAILED)
    paths = tuple(absolute_path(path) for path in arguments.images)
    return WindowCall(paths, model)


def _absolute_model(model: str | None) -> str:
    if model is None:
        return ""
    folder = Path(model)
    if model == IMAGENET and not folder.is_dir():
        return IMAGENET
    return os.fspath(absolute_path(find_run(folder)))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1: {text!r}")
    return int(text)


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1: {text!r}")
    return value


def _table(text: str) -> Path:
    # `--csv *.jpg` would take the first image for the table and write over it.
    if has_image_suffix(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is named like a picture, so it is not overwritten"
        )
    if is_image_file(Path(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is a picture, so it is not overwritten")
    return Path(text)

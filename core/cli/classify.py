"""`fieldguide classify`: name what is in pictures. TensorFlow is not loaded for it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from core.atomic_file import storage_message
from core.cli.command import Commands
from core.cli.model_choice import add_model_argument, chosen_classifier
from core.cli.output import ANY_TEXT, one_line
from core.data.image_files import has_image_suffix
from core.data.picture_files import picture_files
from core.errors import StorageError
from core.models.classified_csv import CSV_ENCODING, CSV_TOP, write_csv_rows
from core.models.classify_many import Classified, classify_files
from core.models.named_picture import NamedPicture
from core.models.predictor import top_classes

_EXIT_SOME_FAILED = 1


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = commands.add_parser(
        "classify",
        help="name what is in pictures",
        description="Classify pictures, or all pictures in folders, with a trained model. The exit "
        "code is 1 if some of them can't be used.",
    )
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE_OR_FOLDER")
    add_model_argument(parser)
    parser.add_argument(
        "--top",
        type=_positive,
        default=CSV_TOP,
        metavar="K",
        help=f"classes to name (default: {CSV_TOP})",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per picture")
    form.add_argument(
        "--csv", type=_table, metavar="FILE", help="write a table, - for the terminal"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    spec = chosen_classifier(arguments)
    outcomes = classify_files(spec, picture_files(arguments.images))
    if arguments.csv is not None:
        return _write_csv(arguments.csv, outcomes, spec.labels, arguments.top)
    num_failed = 0
    for outcome in outcomes:
        num_failed += outcome.probabilities is None
        if arguments.json:
            print(json.dumps(_json(outcome, spec.labels, arguments.top)), flush=True)
        else:
            _print_plain(outcome, spec.labels, arguments.top)
    return _EXIT_SOME_FAILED if num_failed else 0


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1: {text!r}")
    return int(text)


def _table(text: str) -> Path:
    # `--csv *.jpg` would take the first picture for the table and write over it.
    if has_image_suffix(text):
        raise argparse.ArgumentTypeError(f"{text!r} is named like a picture and is not written")
    return Path(text)


def _json(outcome: Classified, labels: tuple[str, ...], top: int) -> dict[str, Any]:
    if outcome.probabilities is None:
        return {"path": str(outcome.path), "error": outcome.error}
    best = top_classes(outcome.probabilities, labels, top)
    label, probability = best[0]
    return {
        "path": str(outcome.path),
        "label": label,
        "probability": probability,
        "top": [list(entry) for entry in best],
    }


def _print_plain(outcome: Classified, labels: tuple[str, ...], top: int) -> None:
    if outcome.probabilities is None:
        print(one_line(f"{outcome.path}: {outcome.error}"), file=sys.stderr)
        return
    best = top_classes(outcome.probabilities, labels, top)
    text = ", ".join(f"{label} {100 * probability:.1f} %" for label, probability in best)
    print(one_line(f"{outcome.path}: {text}"), flush=True)


def _write_csv(
    path: Path, outcomes: Iterator[Classified], labels: tuple[str, ...], top: int
) -> int:
    # A model that can't be loaded must not cost the table that is there.
    first = list(islice(outcomes, 1))
    try:
        with _opened(path) as file:
            return _write_rows(file, chain(first, outcomes), labels, top)
    except OSError as error:
        if str(path) == "-":
            raise  # not about a file
        raise StorageError(storage_message("write", path, error)) from error


def _opened(path: Path) -> AbstractContextManager[TextIO]:
    if str(path) == "-":
        return nullcontext(sys.stdout)
    return path.open("w", newline="", encoding=CSV_ENCODING, errors=ANY_TEXT)


def _write_rows(
    file: TextIO, outcomes: Iterable[Classified], labels: tuple[str, ...], top: int
) -> int:
    pictures = (NamedPicture.from_outcome(outcome, labels, top) for outcome in outcomes)
    num_failed = write_csv_rows(file, pictures, min(top, len(labels)))
    return _EXIT_SOME_FAILED if num_failed else 0

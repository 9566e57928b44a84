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
from core.cli.classify_arguments import DESCRIPTION, add_arguments
from core.cli.command import Commands
from core.cli.model_choice import chosen_classifier
from core.cli.output import ANY_TEXT, one_line
from core.data.picture_files import picture_files
from core.errors import StorageError
from core.models.classified_csv import CSV_ENCODING, write_csv_rows
from core.models.classify_many import Classified, classify_files
from core.models.named_picture import NamedPicture
from core.models.predictor import top_classes

_EXIT_SOME_FAILED = 1


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = commands.add_parser(
        "classify", help="name what is in pictures", description=DESCRIPTION
    )
    add_arguments(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    assert not arguments.window, "main.py opens the window"
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

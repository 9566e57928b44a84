"""`fieldguide classify`: name what is in pictures. TensorFlow is not loaded for it."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TextIO

from core.atomic_file import storage_message
from core.cli.command import Commands
from core.cli.model_choice import add_model_argument, chosen_classifier
from core.data.picture_files import picture_files
from core.errors import StorageError
from core.models.classify_many import Classified, classify_files
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
        "--top", type=_positive, default=3, metavar="K", help="classes to name (default: 3)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object per picture")
    form.add_argument("--csv", type=Path, metavar="FILE", help="write a table, - for the terminal")
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
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


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
        print(f"{outcome.path}: {outcome.error}", file=sys.stderr)
        return
    best = top_classes(outcome.probabilities, labels, top)
    text = ", ".join(f"{label} {100 * probability:.1f} %" for label, probability in best)
    print(f"{outcome.path}: {text}", flush=True)


def _write_csv(
    path: Path, outcomes: Iterator[Classified], labels: tuple[str, ...], top: int
) -> int:
    try:
        # A byte-order mark, without which Excel takes UTF-8 for something else.
        target = (
            nullcontext(sys.stdout)
            if str(path) == "-"
            else path.open("w", newline="", encoding="utf-8-sig", errors="surrogateescape")
        )
        with target as file:
            return _write_rows(file, outcomes, labels, top)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StorageError(storage_message("write", path, error)) from error


def _write_rows(
    file: TextIO, outcomes: Iterator[Classified], labels: tuple[str, ...], top: int
) -> int:
    writer = csv.writer(file)
    ranks = range(1, min(top, len(labels)) + 1)
    heads = [head for rank in ranks for head in (f"label_{rank}", f"probability_{rank}")]
    writer.writerow(["path", *heads, "error"])
    num_failed = 0
    for outcome in outcomes:
        cells: list[str] = [""] * len(heads)
        if outcome.probabilities is None:
            num_failed += 1
        else:
            best = top_classes(outcome.probabilities, labels, top)
            cells = [cell for label, share in best for cell in (label, f"{share:.6f}")]
        writer.writerow([str(outcome.path), *cells, outcome.error])
    return _EXIT_SOME_FAILED if num_failed else 0

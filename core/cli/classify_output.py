"""The output formats of `fieldguide classify`."""

import argparse
import json
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Protocol, TextIO

from core.batch.table import CSV_ENCODING, image_json, write_csv_rows
from core.cli.output import ANY_TEXT, one_line
from core.errors import StorageError
from core.models.named_image import UNKNOWN, NamedImage
from core.storage.storage_message import storage_message


class Output(Protocol):
    """Writes answers.

    Attributes:
        is_for_terminal: Whether it prints to a terminal.
    """

    is_for_terminal: bool

    def write(self, images: Iterable[NamedImage]) -> int:
        """Write answers as they come; return how many images could not be used."""
        ...


def output_for(arguments: argparse.Namespace, top: int, threshold: float) -> Output:
    """Choose the output by the arguments.

    Args:
        top: Classes per image; at most the number of classes.
        threshold: Probability below which an image is unknown.
    """
    if arguments.csv is not None:
        return _Table(arguments.csv, top, threshold)
    return _Lines(top, threshold, as_json=arguments.json)


class _Lines:
    """One line per image, as JSON or as text; errors of the latter go to standard error."""

    def __init__(self, top: int, threshold: float, *, as_json: bool) -> None:
        self._top, self._threshold, self._as_json = top, threshold, as_json
        self.is_for_terminal = sys.stdout.isatty()

    def write(self, images: Iterable[NamedImage]) -> int:
        num_failed = 0
        for image in images:
            num_failed += not image.best
            if self._as_json:
                print(json.dumps(image_json(image, self._top, self._threshold)), flush=True)
            elif image.best:
                print(one_line(f"{image.path}: {self._text(image)}"), flush=True)
            else:
                print(one_line(f"{image.path}: {image.error}"), file=sys.stderr)
        return num_failed

    def _text(self, image: NamedImage) -> str:
        classes = ", ".join(
            f"{label} {100 * probability:.1f}%" for label, probability in image.best
        )
        return f"{UNKNOWN} ({classes})" if image.is_unknown(self._threshold) else classes


class _Table:
    """CSV in a file, or on standard output for `-`."""

    def __init__(self, path: Path, top: int, threshold: float) -> None:
        self._path, self._top, self._threshold = path, top, threshold
        self.is_for_terminal = self._is_terminal and sys.stdout.isatty()

    @property
    def _is_terminal(self) -> bool:
        return str(self._path) == "-"

    def write(self, images: Iterable[NamedImage]) -> int:
        images = iter(images)
        # A model that can't be loaded must not destroy an existing table.
        first = list(islice(images, 1))
        try:
            with self._opened() as file:
                return write_csv_rows(file, chain(first, images), self._top, self._threshold)
        except OSError as error:
            if self._is_terminal:
                raise  # not about a file
            raise StorageError(storage_message("write", self._path, error)) from error

    def _opened(self) -> AbstractContextManager[TextIO]:
        if self._is_terminal:
            return nullcontext(sys.stdout)
        return self._path.open("w", newline="", encoding=CSV_ENCODING, errors=ANY_TEXT)

"""The output formats of `fieldguide classify`."""

import argparse
import json
import sys
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from pathlib import Path
from typing import Protocol, TextIO

from core.batch.table import CSV_ENCODING, picture_json, write_csv_rows
from core.cli.output import ANY_TEXT, one_line
from core.errors import StorageError
from core.models.named_picture import UNKNOWN, NamedPicture
from core.storage.storage_message import storage_message


class Output(Protocol):
    """Writes answers.

    Attributes:
        is_for_people: Whether it prints to a terminal.
    """

    is_for_people: bool

    def write(self, pictures: Iterable[NamedPicture]) -> int:
        """Write answers as they come; return how many pictures could not be used."""
        ...


def output_for(arguments: argparse.Namespace, top: int, threshold: float) -> Output:
    """Choose the output by the arguments.

    Args:
        top: Classes per picture; at most the number of classes.
        threshold: Probability below which a picture is unknown.
    """
    if arguments.csv is not None:
        return _Table(arguments.csv, top, threshold)
    return _Lines(top, threshold, as_json=arguments.json)


class _Lines:
    """One line per picture, as JSON or as text; errors of the latter go to standard error."""

    def __init__(self, top: int, threshold: float, *, as_json: bool) -> None:
        self._top, self._threshold, self._as_json = top, threshold, as_json
        self.is_for_people = sys.stdout.isatty()

    def write(self, pictures: Iterable[NamedPicture]) -> int:
        num_failed = 0
        for picture in pictures:
            num_failed += not picture.best
            if self._as_json:
                print(json.dumps(picture_json(picture, self._top, self._threshold)), flush=True)
            elif picture.best:
                print(one_line(f"{picture.path}: {self._text(picture)}"), flush=True)
            else:
                print(one_line(f"{picture.path}: {picture.error}"), file=sys.stderr)
        return num_failed

    def _text(self, picture: NamedPicture) -> str:
        classes = ", ".join(f"{label} {100 * share:.1f}%" for label, share in picture.best)
        return f"{UNKNOWN} ({classes})" if picture.is_unknown(self._threshold) else classes


class _Table:
    """CSV in a file, or on standard output for `-`."""

    def __init__(self, path: Path, top: int, threshold: float) -> None:
        self._path, self._top, self._threshold = path, top, threshold
        self.is_for_people = self._is_terminal and sys.stdout.isatty()

    @property
    def _is_terminal(self) -> bool:
        return str(self._path) == "-"

    def write(self, pictures: Iterable[NamedPicture]) -> int:
        pictures = iter(pictures)
        # A model that can't be loaded must not destroy an existing table.
        first = list(islice(pictures, 1))
        try:
            with self._opened() as file:
                return write_csv_rows(file, chain(first, pictures), self._top, self._threshold)
        except OSError as error:
            if self._is_terminal:
                raise  # not about a file
            raise StorageError(storage_message("write", self._path, error)) from error

    def _opened(self) -> AbstractContextManager[TextIO]:
        if self._is_terminal:
            return nullcontext(sys.stdout)
        return self._path.open("w", newline="", encoding=CSV_ENCODING, errors=ANY_TEXT)

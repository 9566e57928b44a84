"""A classified image as a line of a journal."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.models.named_image import NamedImage
from core.storage.json_file import parse_json


@dataclass(frozen=True, slots=True)
class FileState:
    """Size and modification time, used to detect that a file changed.

    Attributes:
        size: In bytes; -1 for a file that can't be accessed.
        mtime_ns: Time of the last change.
    """

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> Self:
        """Read the state of a file."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return cls(-1, 0)
        return cls(status.st_size, status.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class Record:
    """An answer, and the state of its file at that time."""

    image: NamedImage
    state: FileState

    def to_line(self) -> bytes:
        """Write a line of ASCII; JSON's escapes keep bytes in names that are no text."""
        image, state = self.image, self.state
        row = [os.fspath(image.path), state.size, state.mtime_ns, image.best, image.error]
        return json.dumps(row).encode("ascii") + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> Self:
        """Read the record of a line.

        Raises:
            ValueError: If it holds none.
        """
        try:
            path, size, mtime_ns, best, error = parse_json(line)
            pairs = tuple((str(label), float(probability)) for label, probability in best)
            if not isinstance(path, str) or bool(pairs) == bool(error):
                raise ValueError("it is neither an answer nor an error")
            image = NamedImage(Path(path), pairs, str(error))
            return cls(image, FileState(int(size), int(mtime_ns)))
        except (TypeError, KeyError, OverflowError) as error:
            raise ValueError(f"it is no record: {error}") from error

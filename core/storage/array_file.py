"""Read `.npz` files that may come from elsewhere: known arrays of known shapes, nothing else."""

import io
import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.storage.json_file import KIB, read_bounded
from core.text import Text

_WIDEST_NUMBER = 8  # bytes
_MOST_FREE = 1024  # numbers of an array whose shape is not known beforehand
_HEADERS = 4 * KIB  # what an array takes beside its numbers, in the file and in memory
# What `zipfile` and NumPy raise for files that are cut off, altered or of another kind.
_DAMAGE = (EOFError, LookupError, zipfile.BadZipFile, zlib.error, RuntimeError, SyntaxError)


def read_arrays(
    path: Path, shapes: Mapping[str, tuple[int, ...] | None]
) -> dict[str, NDArray[Any]]:
    """The arrays of a file as `numpy.savez` writes it, by name.

    Args:
        shapes: Shape of each array that is wanted; None for a short row of any length. A file
            with larger ones is refused before they are made.

    Raises:
        OSError: If the file can't be read.
        ValueError: If it is damaged, lacks an array or holds another one than that.
    """
    most = sum(_most_bytes(shape) for shape in shapes.values())
    content = read_bounded(path, most)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: _read_array(archive, name, shape) for name, shape in shapes.items()}
    except _DAMAGE as error:
        raise ValueError(Text("it is damaged: %1", str(error))) from error


def _read_array(archive: zipfile.ZipFile, name: str, shape: tuple[int, ...] | None) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError(Text("its arrays are of another format"))
        found, _, dtype = np.lib.format.read_array_header_1_0(file)
    if shape is None and (len(found) != 1 or found[0] > _MOST_FREE):
        raise ValueError(Text("its %1 is no short row of numbers", name))
    if shape is not None and found != shape:
        raise ValueError(Text("its array %1 is %2, not %3", name, str(found), str(shape)))
    if dtype.kind not in "fiub" or dtype.itemsize > _WIDEST_NUMBER:
        raise ValueError(Text("its array %1 holds no numbers", name))
    with archive.open(f"{name}.npy") as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _most_bytes(shape: tuple[int, ...] | None) -> int:
    count = _MOST_FREE if shape is None else math.prod(shape)
    return count * _WIDEST_NUMBER + _HEADERS

"""Read the weights that PyTorch saved, without PyTorch and without running anything.

PyTorch's files up to version 1.5 are five pickles and the numbers after them. A pickle is a
program: Python's own reader imports and calls what it names. Here its instructions are only listed,
by `pickletools`, and those few that a table of tensors needs are followed; a name in it is a text
that is compared, and never leads to code.
"""

import hashlib
import io
import math
import pickletools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from core.errors import BackboneError
from core.storage.storage_message import storage_message
from core.text import Text

Weights = Mapping[str, NDArray[np.float32]]
"""Arrays by their names in PyTorch."""

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001
_DICTIONARY = "collections OrderedDict"
_TENSOR = "torch._utils _rebuild_tensor_v2"
_TYPES: dict[str, np.dtype[Any]] = {
    "torch FloatStorage": np.dtype("<f4"),
    "torch LongStorage": np.dtype("<i8"),
}
_KNOWN_NAMES = frozenset({_DICTIONARY, _TENSOR, *_TYPES})
_COUNT_SIZE = 8  # bytes before the numbers of each storage
# Counts the steps of a training, which nothing computes with.
_COUNTER = "num_batches_tracked"


def read_torch_weights(path: Path, sha256: str) -> Weights:
    """Read a file of weights after it was found to be the one that is expected.

    Args:
        sha256: Of the file, hexadecimal.

    Raises:
        BackboneError: If it is another file, or can't be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BackboneError(storage_message("read", path, error)) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise BackboneError(
            Text(
                "%1 is damaged, or not the file that came with Fieldguide (SHA-256 is %2…, should "
                "be %3…). Install Fieldguide again, or choose another backbone.",
                str(path),
                found[:16],
                sha256[:16],
            )
        )
    try:
        return parse_torch_weights(content)
    except ValueError as error:
        raise BackboneError(Text("%1 can't be read: %2.", str(path), str(error))) from error


def parse_torch_weights(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Read the tensors of a file's content; counters of training steps are left out.

    Raises:
        ValueError: If it is no such file, or names anything but tensors.
    """
    stream = io.BytesIO(content)
    if _unpickled(stream) != _MAGIC or _unpickled(stream) != _PROTOCOL:
        raise ValueError(Text("it is no file of weights of PyTorch"))
    _unpickled(stream)  # sizes of numbers, which the types of storages tell as well
    table, keys = _unpickled(stream), _unpickled(stream)
    if not isinstance(table, dict) or not isinstance(keys, list):
        raise _damaged()
    tensors = {name: value for name, value in table.items() if isinstance(value, _Tensor)}
    types = {tensor.storage.key: tensor.storage.type for tensor in tensors.values()}
    storages = {key: _numbers(stream, types.get(key)) for key in keys}
    if stream.read(1):
        raise _damaged()
    return {
        str(name): _array(tensor, storages)
        for name, tensor in tensors.items()
        if not str(name).endswith(_COUNTER)
    }


@dataclass(frozen=True, slots=True)
class _Name:
    """What a pickle calls a class or function; nobody looks for it."""

    text: str


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    type: str


@dataclass(frozen=True, slots=True)
class _Tensor:
    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def _unpickled(stream: io.BytesIO) -> Any:
    """Follow the instructions of the pickle at the stream's place, up to its end."""
    machine = _Machine()
    try:
        for instruction, argument, _ in pickletools.genops(stream):
            if instruction.name == "STOP":
                return machine.pop()
            machine.follow(instruction.name, argument)
    # What is on the stack of a damaged one may be anything.
    except (IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise _damaged() from error
    raise _damaged()


class _Machine:
    """A stack of plain values: numbers, texts, lists and the like, and the records above."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def pop(self) -> Any:
        """Take the topmost value."""
        return self._stack.pop()

    def follow(self, name: str, argument: Any) -> None:
        """Follow one instruction.

        Args:
            name: As `pickletools` calls it.

        Raises:
            ValueError: If it is none of those that a table of tensors needs.
        """
        push = self._stack.append
        match name:
            case "PROTO":
                pass
            case "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINUNICODE":
                push(argument)
            case "NONE":
                push(None)
            case "NEWTRUE" | "NEWFALSE":
                push(name == "NEWTRUE")
            case "EMPTY_TUPLE":
                push(())
            case "EMPTY_LIST":
                push([])
            case "EMPTY_DICT":
                push({})
            case "MARK":
                self._marks.append(len(self._stack))
            case "TUPLE":
                push(tuple(self._since_mark()))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                values = [self.pop() for _ in range(int(name[-1]))]
                push(tuple(reversed(values)))
            case "BINPUT" | "LONG_BINPUT":
                self._memo[argument] = self._stack[-1]
            case "BINGET" | "LONG_BINGET":
                push(self._memo[argument])
            case _:
                self._compose(name, argument)

    def _compose(self, name: str, argument: Any) -> None:
        push = self._stack.append
        match name:
            case "GLOBAL":
                push(_known_name(argument))
            case "REDUCE":
                arguments, called = self.pop(), self.pop()
                push(_made(called, arguments))
            case "BINPERSID":
                push(_storage(self.pop()))
            case "APPEND":
                value = self.pop()
                self._top(list).append(value)
            case "APPENDS":
                values = self._since_mark()
                self._top(list).extend(values)
            case "SETITEM":
                value, key = self.pop(), self.pop()
                self._top(dict)[key] = value
            case "SETITEMS":
                values = self._since_mark()
                self._top(dict).update(zip(values[::2], values[1::2], strict=True))
            case "BUILD":
                self.pop()  # attributes of the dictionary: versions of PyTorch's modules
            case _:
                raise ValueError(Text("it holds the instruction %1, which no table needs", name))

    def _top(self, kind: type) -> Any:
        if type(self._stack[-1]) is not kind:
            raise _damaged()
        return self._stack[-1]

    def _since_mark(self) -> list[Any]:
        start = self._marks.pop()
        values = self._stack[start:]
        del self._stack[start:]
        return values


def _known_name(text: str) -> _Name:
    if text not in _KNOWN_NAMES:
        raise ValueError(Text("it names “%1”, which is no part of a table of numbers", text))
    return _Name(text)


def _made(called: _Name, arguments: tuple[Any, ...]) -> Any:
    """Return the record that stands for a call."""
    if called == _Name(_DICTIONARY) and arguments == ():
        return {}
    if called == _Name(_TENSOR) and isinstance(arguments[0], _Storage):
        storage, offset, shape, strides = arguments[:4]
        return _Tensor(storage, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))
    raise _damaged()


def _storage(values: tuple[Any, ...]) -> _Storage:
    kind, type_name, key = values[:3]
    if kind != "storage" or type_name.text not in _TYPES:
        raise _damaged()
    return _Storage(str(key), type_name.text)


def _numbers(stream: io.BytesIO, type_name: str | None) -> NDArray[Any]:
    if type_name is None:
        raise _damaged()
    dtype = _TYPES[type_name]
    count = int.from_bytes(stream.read(_COUNT_SIZE), "little")
    content = stream.read(min(count * dtype.itemsize, len(stream.getbuffer())))
    if len(content) != count * dtype.itemsize:
        raise ValueError(Text("it ends too early"))
    return np.frombuffer(content, dtype)


def _array(tensor: _Tensor, storages: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """Lay a tensor out; its axes may lie in the storage in any order."""
    numbers, rank = storages.get(tensor.storage.key), len(tensor.shape)
    if numbers is None or len(tensor.strides) != rank or min((1, *tensor.shape)) < 1:
        raise _damaged()
    steps = zip(tensor.shape, tensor.strides, strict=True)
    last = tensor.offset + sum((length - 1) * stride for length, stride in steps)
    is_inside = min((tensor.offset, *tensor.strides)) >= 0 and last < len(numbers)
    if not is_inside or math.prod(tensor.shape) > len(numbers):
        raise _damaged()
    strides = tuple(stride * numbers.itemsize for stride in tensor.strides)
    view = as_strided(numbers[tensor.offset :], tensor.shape, strides, writeable=False)
    return np.ascontiguousarray(view, np.float32)


def _damaged() -> ValueError:
    return ValueError(Text("its table of numbers is damaged"))

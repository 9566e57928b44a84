"""Write flatbuffers from plain values, without code generated from their schema.

The two schemas that exports need are small; their generated modules are thousands of lines
that come with libraries of hundreds of megabytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import flatbuffers


@dataclass(frozen=True, slots=True)
class Byte:
    """An enum's or a union type's value."""

    value: int


@dataclass(frozen=True, slots=True)
class UInt:
    """A 32-bit number."""

    value: int


@dataclass(frozen=True, slots=True)
class Floats:
    """A vector of 32-bit floating-point numbers."""

    values: tuple[float, ...]


class Table:
    """A table, by the numbers of its fields in the schema; a union's type counts as one.

    Args:
        fields: Text, tables and vectors of tables become references; fields left out are
            absent from the file, as those with the schema's default should be.
    """

    def __init__(self, fields: "dict[int, Value]") -> None:
        self._fields = fields

    def to_bytes(self, identifier: bytes) -> bytes:
        """A file with this table as its root.

        Args:
            identifier: The schema's four characters.
        """
        builder = flatbuffers.Builder(1024)
        builder.Finish(self._write(builder), identifier)
        return bytes(builder.Output())

    def _write(self, builder: flatbuffers.Builder) -> int:
        # What a table refers to has to lie in the file before it.
        slots = {number: _slot(builder, value) for number, value in self._fields.items()}
        builder.StartObject(max(slots, default=-1) + 1)
        for number, put in slots.items():
            put(number)
        return int(builder.EndObject())

    @classmethod
    def _vector(cls, builder: flatbuffers.Builder, tables: "list[Self]") -> int:
        offsets = [table._write(builder) for table in tables]
        builder.StartVector(4, len(offsets), 4)
        for offset in reversed(offsets):
            builder.PrependUOffsetTRelative(offset)
        return int(builder.EndVector())


Value = str | Byte | UInt | Floats | Table | list[Table]


def _slot(builder: flatbuffers.Builder, value: Value) -> Callable[[int], None]:
    match value:
        case Byte():
            return lambda number: builder.PrependUint8Slot(number, value.value, 0)
        case UInt():
            return lambda number: builder.PrependUint32Slot(number, value.value, 0)
    offset = _reference(builder, value)
    return lambda number: builder.PrependUOffsetTRelativeSlot(number, offset, 0)


def _reference(builder: flatbuffers.Builder, value: str | Floats | Table | list[Table]) -> int:
    match value:
        case str():
            return int(builder.CreateString(value))
        case Floats():
            builder.StartVector(4, len(value.values), 4)
            for number in reversed(value.values):
                builder.PrependFloat32(number)
            return int(builder.EndVector())
        case Table():
            return value._write(builder)
        case list():
            return Table._vector(builder, value)

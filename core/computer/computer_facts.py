"""The computer that a training ran on."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.computer.devices import ComputerDevice, list_devices

_LONGEST_NAME = 200
_MOST_GPUS = 64


@dataclass(frozen=True, slots=True)
class ComputerFacts:
    """What tells how fast a computer is.

    Attributes:
        processor: For users, such as `AMD EPYC 7B13`.
        cores: Those that the process might use.
        memory: Bytes; None if not known.
        gpus: Names of the GPUs that computed, and the bytes of memory that each has, if known.
        system: Operating system with version and architecture.
    """

    processor: str
    cores: int
    memory: int | None
    gpus: tuple[tuple[str, int | None], ...]
    system: str

    def to_json_dict(self) -> dict[str, Any]:
        """Return the facts as values of JSON."""
        return {
            "processor": self.processor,
            "cores": self.cores,
            "memory_bytes": self.memory,
            "gpus": [{"name": name, "memory_bytes": memory} for name, memory in self.gpus],
            "system": self.system,
        }

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> "ComputerFacts":
        """Read facts that `to_json_dict` returned.

        Raises:
            ValueError: If a value is of another type; or `TypeError` or `KeyError`.
        """
        gpus = content["gpus"][:_MOST_GPUS]
        return cls(
            processor=_text(content["processor"]),
            cores=_count(content["cores"]),
            memory=_bytes(content["memory_bytes"]),
            gpus=tuple((_text(gpu["name"]), _bytes(gpu["memory_bytes"])) for gpu in gpus),
            system=_text(content["system"]),
        )


def this_computer(gpus: Sequence[str]) -> ComputerFacts:
    """Return the facts about this computer; may take seconds.

    Args:
        gpus: Names of the GPUs that compute.
    """
    processor, *known = list_devices()
    return ComputerFacts(
        processor=processor.name,
        cores=processor.cores,
        memory=processor.memory_total,
        gpus=tuple((name, _memory_of(name, known)) for name in gpus),
        system=" ".join((platform.system(), platform.release(), platform.machine())),
    )


def _memory_of(name: str, known: Sequence[ComputerDevice]) -> int | None:
    return next((device.memory_total for device in known if device.name == name), None)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"no text: {value!r}")
    return value[:_LONGEST_NAME]


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"no count: {value!r}")
    return value


def _bytes(value: object) -> int | None:
    return None if value is None else _count(value)

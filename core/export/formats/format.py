"""An export format with the code that makes it, and the list of all formats."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import core.export.formats
from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export_spec.export_format import ExportFormat, ExportTarget
from core.models.model_info import ModelInfo


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Format(ExportFormat):
    """A format and how to export to it: all that a new one needs.

    Attributes:
        make: Makes an artifact, given the job, the target, and the path of the artifact in an
            otherwise empty folder. It imports the converter when called, since converters load
            TensorFlow. It raises a `FieldguideError` if the artifact can't be made, an `OSError` if
            it can't be written, and a `StopRequestedError` if a stop was asked for.
        client_notes: How other programs use an artifact of a model, in sentences in Markdown for
            the card.
        runs_on: Where alone `predict.py` runs, for the card: "On a Mac"; "" for anywhere.
    """

    make: Callable[[ExportJob, ExportTarget, Path], MadeArtifact]
    client_notes: Callable[[ModelInfo], list[str]]
    runs_on: str = ""

    def __reduce__(self) -> tuple[Callable[[str], "Format"], tuple[str]]:
        # By name, so that there is one object a format in each process.
        return format_named, (self.name,)


@cache
def export_formats() -> tuple[Format, ...]:
    """Return every `Format` in this package, in the order in which they are listed."""
    names = [module.name for module in pkgutil.iter_modules(core.export.formats.__path__)]
    modules = [import_module(f"{core.export.formats.__name__}.{name}") for name in names]
    values = dict.fromkeys(value for module in modules for value in _formats_in(vars(module)))
    return tuple(sorted(values, key=lambda found: found.position))


def format_named(name: str) -> Format:
    """Return the format of this name.

    Raises:
        ValueError: If there is none.
    """
    for found in export_formats():
        if found.name == name:
            return found
    raise ValueError(f"There is no export format {name!r}")


def _formats_in(values: dict[str, object]) -> list[Format]:
    return [value for value in values.values() if isinstance(value, Format)]

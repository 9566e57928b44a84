"""Find out whether models can be converted to TF-TRT here, and if not, what is missing."""

import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.export.programs.environment import program_environment
from core.export.tftrt.capability_words import (
    LAST_WITH_TENSORRT,
    MAKE_ENVIRONMENT,
    can_run,
    gpu_name,
    problems_of,
    version_of,
)
from core.messages.control import RunControl
from core.own_source import source_root
from core.text import Text

PYTHON_VARIABLE = "FIELDGUIDE_TFTRT_PYTHON"
HOME_VARIABLE = "FIELDGUIDE_TFTRT_HOME"
WRAPPER = "python-tftrt"
"""The interpreter that `packaging/tftrt/make_environment.sh` makes."""

# Importing TensorFlow from a cold disk takes 20 s.
_SILENCE_LIMIT_S = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TftrtCapability:
    """TF-TRT with one Python on this machine.

    Attributes:
        python: The interpreter; None if there is none.
        python_version: Its version; versions that are not known are "".
        tensorflow: Version of its TensorFlow.
        linked_tensorrt: Version of TensorRT that this TensorFlow was built with.
        loaded_tensorrt: Version of TensorRT that it loads.
        gpus: That TensorFlow sees: `NVIDIA L4 (compute capability 8.9)`.
        can_convert: Whether models can be converted, to FP32 and FP16.
        can_run: Whether engines can be built and run, and INT8 calibrated.
        problems: What is missing and how to get it, in sentences. A missing GPU is one, although
            models can be converted.
        notes: What else users should know.
    """

    python: Path | None
    python_version: str = ""
    tensorflow: str = ""
    linked_tensorrt: str = ""
    loaded_tensorrt: str = ""
    gpus: tuple[str, ...] = ()
    can_convert: bool = False
    can_run: bool = False
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return all of it in sentences."""
        found = []
        if self.tensorflow:
            versions = (self.python_version, self.tensorflow)
            found.append(Text("Python %1 with TensorFlow %2: %3", *versions, str(self.python)))
        if self.loaded_tensorrt:
            found.append(Text("TensorRT %1 is found.", self.loaded_tensorrt))
        found.extend(Text("GPU: %1", gpu) for gpu in self.gpus)
        if self.can_convert:
            found.append(Text("Models can be converted to TF-TRT."))
        if self.can_run:
            found.append(Text("Engines can be built and run, and INT8 can be calibrated."))
        return (*found, *self.problems, *self.notes)


def find_tftrt_python(chosen: Path | None) -> Path | None:
    """Find the interpreter to convert with.

    It is the first of these: the chosen one, the one that `FIELDGUIDE_TFTRT_PYTHON` names, the
    running one if its TensorFlow may have TensorRT, the one of the environment that
    `packaging/tftrt` makes. The first two are not checked here: `check_tftrt` says what is wrong
    with them.
    """
    if chosen is not None:
        return chosen
    if named := os.environ.get(PYTHON_VARIABLE):
        return Path(named).expanduser()
    if _running_one_may_do():
        return Path(sys.executable)
    made = default_environment() / WRAPPER
    return made if made.is_file() else None


def default_environment() -> Path:
    """Return the folder of the environment that `packaging/tftrt/make_environment.sh` makes."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "fieldguide-tftrt"


def program_path(name: str) -> Path:
    """Return the path of one of this package's programs, for another Python."""
    return source_root() / "core/export/tftrt" / name


def check_tftrt(python: Path | None, control: RunControl) -> TftrtCapability:
    """Check an interpreter in its own process, since TensorFlow may abort.

    Raises:
        StopRequestedError: If a stop was asked for.
    """
    if reason := _no_interpreter(python):
        return TftrtCapability(python=python, problems=(reason,))
    assert python is not None
    facts: dict[str, Any] = {}
    command = (python, program_path("capability_program.py"))
    try:
        end = run_program(
            command,
            facts.update,
            control,
            silence_limit_s=_SILENCE_LIMIT_S,
            extra_environment=program_environment(),
        )
    except ExportError:
        return TftrtCapability(python=python, problems=(_not_an_interpreter(python),))
    problems, notes, can_convert = problems_of(facts, str(python))
    if end.exit_code != 0 or end.timed_out or "tensorflow" not in facts:
        problems, can_convert = [_ended_badly(python, facts, end)], False
    return TftrtCapability(
        python=python,
        python_version=facts.get("python", ""),
        tensorflow=facts.get("tensorflow", ""),
        linked_tensorrt=facts.get("linked_tensorrt", ""),
        loaded_tensorrt=facts.get("loaded_tensorrt", ""),
        gpus=tuple(gpu_name(gpu) for gpu in facts.get("gpus", ())),
        can_convert=can_convert,
        can_run=can_convert and can_run(facts),
        problems=tuple(problems),
        notes=tuple(notes),
    )


def _running_one_may_do() -> bool:
    try:
        version = metadata.version("tensorflow")
    except metadata.PackageNotFoundError:
        return False
    return (0, 0) < version_of(version) <= LAST_WITH_TENSORRT


def _no_interpreter(python: Path | None) -> str:
    if python is None:
        return Text(
            "TF-TRT needs a Python with TensorFlow 2.17 and TensorRT, and there is none. Make one "
            "with: %1. Or name an existing one in the settings or in %2.",
            MAKE_ENVIRONMENT,
            PYTHON_VARIABLE,
        )
    if not python.is_file():
        return Text(
            "The Python for TF-TRT, %1, does not exist. Correct it in the settings or in %2, or "
            "make an environment with: %3",
            str(python),
            PYTHON_VARIABLE,
            MAKE_ENVIRONMENT,
        )
    return "" if os.access(python, os.X_OK) else _not_an_interpreter(python)


def _not_an_interpreter(python: Path) -> Text:
    return Text(
        "%1 can't be run as a Python. Name an interpreter in the settings or in %2, or make an "
        "environment with: %3",
        str(python),
        PYTHON_VARIABLE,
        MAKE_ENVIRONMENT,
    )


def _ended_badly(python: Path, facts: dict[str, Any], end: ProgramEnd) -> Text:
    failure = failure_text(str(python), end, _SILENCE_LIMIT_S, facts.get("asking", ""))
    if "python" not in facts and not end.timed_out:
        return Text("%1. %2", _not_an_interpreter(python), failure)
    return Text("%1 Make a new environment with: %2", failure, MAKE_ENVIRONMENT)

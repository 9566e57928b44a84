"""Run an artifact in a program that loads only the artifact and its runtime."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.computer.child_program import ProgramEnd, failure_text, run_program
from core.errors import ExportError
from core.messages.control import RunControl
from core.own_source import own_program_command, source_root
from core.text import Text

BATCH_SIZE = 32
"""For the throughput that is reported."""

_CHECK_PROGRAM = "core/export/verification/check_program.py"
CHECK_PROGRAM = source_root() / _CHECK_PROGRAM
"""The program that runs an artifact, under any Python that has its runtime."""

# The slowest runtimes take a minute to load.
_SILENCE_LIMIT_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckCommand:
    """The command that runs an artifact.

    Attributes:
        start: Interpreter and program; the four arguments of `check_program.py` follow.
        environment: Environment variables that it needs.
    """

    start: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


def own_check_command() -> CheckCommand:
    """Return the command for the runtimes that are installed with this program."""
    return CheckCommand(start=own_program_command(_CHECK_PROGRAM))


@dataclass(frozen=True, slots=True)
class ArtifactAnswers:
    """The predictions of an artifact.

    Attributes:
        runtime: That ran it, with its version.
        probabilities: float32 `(n, num_classes)`.
        latency_ms: float64, for single images; may be empty.
        images_per_s: In batches of `BATCH_SIZE`; 0 or NaN if it was not measured.
    """

    runtime: str
    probabilities: NDArray[np.float32]
    latency_ms: NDArray[np.float64]
    images_per_s: float


def ask_artifact(
    command: CheckCommand,
    folder: Path,
    images: Path,
    control: RunControl,
    on_progress: Callable[[int], None],
    *,
    num_images: int,
    num_classes: int,
) -> ArtifactAnswers:
    """Classify images with an artifact.

    Args:
        folder: With the artifact, `export.json` and `predict.py`.
        images: A `.npy` of uint8 `(n, height, width, 3)`.
        on_progress: Called with the number of images done so far.
        num_images: `n`; the answers must be of shape `(num_images, num_classes)`.

    Raises:
        ExportError: If it can't be loaded or run, or returns another shape.
        StopRequestedError: If a stop was asked for.
    """
    said: dict[str, Any] = {}

    def on_message(message: dict[str, Any]) -> None:
        said.update(message)
        if "done" in message:
            on_progress(int(message["done"]))

    result = folder.with_name(f"{folder.name}.answers.npz")
    arguments = [str(folder), str(images), str(result), str(BATCH_SIZE)]
    end = run_program(
        [*command.start, *arguments],
        on_message,
        control,
        silence_limit_s=_SILENCE_LIMIT_S,
        extra_environment=command.environment,
    )
    if end.exit_code != 0 or not result.is_file():
        raise ExportError(_reason(said, end))
    with np.load(result) as content:
        answers = ArtifactAnswers(
            str(said.get("runtime", "")),
            np.asarray(content["probabilities"], np.float32),
            np.asarray(content["latency_ms"], np.float64),
            float(content["images_per_s"]),
        )
    if answers.probabilities.shape != (num_images, num_classes):
        raise ExportError(
            Text(
                "The artifact returns numbers of shape %1 where %2 were expected.",
                str(answers.probabilities.shape),
                str((num_images, num_classes)),
            )
        )
    return answers


def _reason(said: dict[str, Any], end: ProgramEnd) -> Text:
    if "error" in said:
        return Text("The artifact can't be run: %1.", str(said["error"]))
    failure = failure_text(Text("The program that runs it"), end, _SILENCE_LIMIT_S)
    return Text("The artifact can't be run. %1", failure)

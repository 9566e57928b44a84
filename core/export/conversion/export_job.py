"""Input and output of the functions that make artifacts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.export.verification.artifact_check import CheckCommand, own_check_command
from core.export_spec.export_options import ExportOptions
from core.messages.control import RunControl
from core.models.model_info import SAVED_MODEL_FOLDER, ModelInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJob:
    """One model and how to export it.

    Attributes:
        info: The model's description.
        model_dir: A copy of the model folder, in a place whose path every library can read.
        options: The settings of the export.
        control: A stop ends programs that were started.
        training_images: Decodes at most that many of the model's training images, uint8
            `(n, height, width, 3)`.
        work: Folder for temporary files.
    """

    info: ModelInfo
    model_dir: Path
    options: ExportOptions
    control: RunControl
    training_images: Callable[[int], NDArray[np.uint8]]
    work: Path

    @property
    def saved_model_dir(self) -> Path:
        """The model's SavedModel."""
        return self.model_dir / SAVED_MODEL_FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeArtifact:
    """An artifact that is not verified yet.

    Attributes:
        notes: What users should know about it, in sentences.
        details: Facts of the format; JSON values.
        check: The command that runs it; None if it can't run on this computer.
        unverified: Why it can't be run here, or only in part; "" otherwise.
    """

    notes: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    check: CheckCommand | None = field(default_factory=own_check_command)
    unverified: str = ""

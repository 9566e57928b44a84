"""What the makers of artifacts are given."""

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
    """One model and what is wanted of it.

    Attributes:
        info: What the model is.
        model_dir: A copy of the model folder, in a place whose path every library can read.
        options: The settings.
        control: A stop ends programs that were started.
        training_pictures: Decodes at most so many of the pictures that the model learned from,
            uint8 `(n, height, width, 3)`.
        work: Folder for what is needed in between.
    """

    info: ModelInfo
    model_dir: Path
    options: ExportOptions
    control: RunControl
    training_pictures: Callable[[int], NDArray[np.uint8]]
    work: Path

    @property
    def saved_model_dir(self) -> Path:
        """The model's SavedModel."""
        return self.model_dir / SAVED_MODEL_FOLDER


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeArtifact:
    """An artifact that lies in its place, not yet verified.

    Attributes:
        notes: What a person should know about it.
        details: Facts of the format; JSON values.
        check: How it is run; None if that can't be done on this computer.
        unverified: Why it can't be run here, or why what is run is not all of it; "" otherwise.
    """

    notes: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    check: CheckCommand | None = field(default_factory=own_check_command)
    unverified: str = ""

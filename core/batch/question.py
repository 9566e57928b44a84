"""The question of a batch: which images, and which model."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from core.data.files.image_files import absolute_path
from core.errors import FieldguideError, ModelError
from core.models.imagenet import IMAGENET
from core.models.predictor import ClassifierSpec, imagenet_classifier, trained_classifier
from core.text import Text

FEWEST_IMAGES = 32
"""Smaller batches are not kept: classifying them again takes no time."""

_KEY_DIGITS = 32


@dataclass(frozen=True, slots=True)
class BatchQuestion:
    """Identifies a batch: two with equal questions are the same.

    Attributes:
        paths: The given files and folders, absolute.
        model: Model folder, absolute, or `IMAGENET`.
        fingerprint: SHA-256 of the model's LiteRT file, hexadecimal.
        top: Classes kept of each image.
    """

    paths: tuple[Path, ...]
    model: str
    fingerprint: str
    top: int

    @classmethod
    def about(cls, paths: tuple[Path, ...], spec: ClassifierSpec, top: int) -> Self:
        """Make the question to a classifier.

        Raises:
            ModelError: If its file can't be read.
        """
        import hashlib  # late: few images are no batch, and it takes 5 ms

        try:
            with spec.path.open("rb") as file:
                fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            reason = error.strerror or str(error)
            raise ModelError(Text("%1 can't be read: %2.", str(spec.path), reason)) from error
        model = IMAGENET if spec.folder is None else os.fspath(absolute_path(spec.folder))
        return cls(paths, model, fingerprint, top)

    def is_same_model(self) -> bool:
        """Tell whether the model exists and is unchanged."""
        try:
            spec = (
                imagenet_classifier()
                if self.model == IMAGENET
                else trained_classifier(Path(self.model))
            )
            return self.about(self.paths, spec, self.top) == self
        except FieldguideError:
            return False

    @property
    def key(self) -> str:
        """A file name for it."""
        import hashlib

        text = json.dumps(self.to_json_dict(), sort_keys=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:_KEY_DIGITS]

    def to_json_dict(self) -> dict[str, Any]:
        """Return the question as JSON values."""
        return {
            "paths": [os.fspath(path) for path in self.paths],
            "model": self.model,
            "fingerprint": self.fingerprint,
            "top": self.top,
        }

    @classmethod
    def from_json_dict(cls, content: dict[str, Any]) -> Self:
        """Read the question from `to_json_dict`'s values.

        Raises:
            ValueError, TypeError, KeyError: If they are not valid.
        """
        return cls(
            tuple(Path(path) for path in content["paths"]),
            str(content["model"]),
            str(content["fingerprint"]),
            int(content["top"]),
        )

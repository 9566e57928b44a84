"""A run as a report tells of it: all that its folder holds, and what it lacks."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.computer.computer_facts import ComputerFacts
from core.data.dataset import ImageSource, Split
from core.data.edits.edits import NO_EDITS
from core.errors import ModelError, RunError
from core.evaluation.measured_figures import MeasuredFigures
from core.export.artifact_folder import read_exports
from core.export.export_run import EXPORTS_FOLDER
from core.export_spec.artifact import ArtifactResult
from core.messages.events import TrainingFinished
from core.models.model_info import LITERT_FILE, MODEL_FILE, ModelInfo, read_model_info
from core.runs.run_computer import read_run_computer
from core.runs.run_end import can_be_resumed, read_end
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, read_run_images
from core.runs.run_label import read_run_label
from core.runs.run_results import RunResults, load_run_results
from core.settings.config import TrainConfig
from core.storage.json_file import read_json
from core.storage.storage_message import storage_message
from core.text import Text

_LONGEST_NAME = 80
_CREATED_DIGITS = 16  # "2026-01-02T03:04"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedRun:
    """A run, as far as it is recorded.

    Attributes:
        name: For users.
        note: What a user wrote about it; "" for nothing.
        created: Date and time; "" if not known.
        is_edited: Whether images were changed by hand before the run began.
        labels: Class names; () if not known.
        images: All that took part; () if not recorded.
        results: None without predictions.
        info: Of its model; None without one.
        end: None if it hasn't finished.
        history: A line for each epoch.
        exports: Those in its folder, of the model that it has now.
        computer: The one that it computed on; None if not recorded.
        checksum: SHA-256 of the model's LiteRT file, hexadecimal; "" without one.
        gaps: What can't be told, and why, in sentences.
    """

    path: Path
    name: str
    note: str
    created: str
    config: TrainConfig
    sources: tuple[ImageSource, ...]
    is_edited: bool
    labels: tuple[str, ...]
    images: tuple[RunImage, ...]
    results: RunResults | None
    info: ModelInfo | None
    end: TrainingFinished | None
    history: tuple[dict[str, Any], ...]
    exports: tuple[ArtifactResult, ...]
    computer: ComputerFacts | None
    checksum: str
    gaps: tuple[str, ...]

    @property
    def figures(self) -> MeasuredFigures | None:
        """The most honest figures that are known."""
        if self.results is not None:
            return self.results.figures(self.results.best_split)
        return self.info.figures() if self.info else None

    @property
    def sample_bits(self) -> int | None:
        """How its images were decoded; see `Decoding`."""
        return self.info.decoding.sample_bits if self.info else None

    def hashes(self) -> dict[Path, bytes]:
        """Return the contents of its images, by path, as they were when it began."""
        return {image.path: image.sha256 for image in self.images}

    def counts(self) -> Counter[tuple[Split, int]]:
        """Count its images by split and class index; empty if they are not recorded."""
        return Counter((image.split, image.class_index) for image in self.images)


def run_folder_of(named: Path) -> Path:
    """Return the run folder that a user means by naming it or the model folder in it."""
    if (named / MODEL_FILE).is_file() and not (named / "config.json").is_file():
        return named.absolute().parent
    return named


def read_reported_run(path: Path) -> ReportedRun:
    """Read all that a run folder holds.

    Raises:
        RunError: If it is no run folder, or its settings can't be read.
    """
    folder = RunFolder.open(path)
    config, sources = folder.read_config()
    label = read_run_label(folder.path)
    info, no_model = _model(folder)
    results, no_results = _results(folder.path)
    labels, images, no_images = _images(folder)
    history = tuple(folder.read_history())
    no_history = "" if history else Text("It has no record of epochs, so there are no curves.")
    checksum, no_checksum = _checksum(folder)
    return ReportedRun(
        path=folder.path,
        name=(label.name.strip() or folder.path.name)[:_LONGEST_NAME],
        note=label.note,
        created=_created(folder.path, info),
        config=config,
        sources=sources,
        is_edited=folder.read_edits() != NO_EDITS,
        labels=results.labels if results else info.labels if info else labels,
        images=images,
        results=results,
        info=info,
        end=_end(folder) if info else None,
        history=history,
        exports=read_exports(folder.path / EXPORTS_FOLDER, info.created) if info else (),
        computer=read_run_computer(folder.path),
        checksum=checksum,
        gaps=tuple(
            filter(None, (no_model, no_results, no_images, no_history, no_checksum if info else ""))
        ),
    )


def _model(folder: RunFolder) -> tuple[ModelInfo | None, str]:
    try:
        return read_model_info(folder.model_dir), ""
    except ModelError as error:
        if (folder.model_dir / MODEL_FILE).exists():
            return None, str(error)
    if can_be_resumed(folder):
        return None, Text("The run hasn't finished, so it has no model yet.")
    return None, Text("The run has no model.")


def _results(path: Path) -> tuple[RunResults | None, str]:
    try:
        return load_run_results(path), ""
    except RunError as error:
        return None, str(error)


def _images(folder: RunFolder) -> tuple[tuple[str, ...], tuple[RunImage, ...], str]:
    if not folder.images_path.exists():
        return (), (), Text("It has no record of the pictures that it was trained on.")
    try:
        labels, images = read_run_images(folder.images_path)
    except RunError as error:
        return (), (), str(error)
    return labels, tuple(images), ""


def _end(folder: RunFolder) -> TrainingFinished | None:
    try:
        return read_end(folder)
    except ModelError:
        return None


def _checksum(folder: RunFolder) -> tuple[str, str]:
    path = folder.model_dir / LITERT_FILE
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest(), ""
    except FileNotFoundError:
        return "", Text("The model has no LiteRT file to take a checksum of.")
    except OSError as error:
        return "", storage_message("read", path, error)


def _created(path: Path, info: ModelInfo | None) -> str:
    """Return when the run began, or else when its model was written: "2026-01-02 03:04"."""
    try:
        content = read_json(path / "config.json")
        created = content.get("created") if isinstance(content, dict) else None
    except (OSError, ValueError):
        created = None
    if not isinstance(created, str):
        created = info.created if info else ""
    return created[:_CREATED_DIGITS].replace("T", " ")

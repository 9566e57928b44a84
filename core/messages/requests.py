"""Requests to a worker: one a worker."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.export_spec.export_options import ExportOptions
from core.settings.config import TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """Train a new model.

    Attributes:
        sources: Class folders, parents of them, archives, CSV lists, labelled images.
        output: The run folder to make, absent or empty; None for one named by date and time.
        edits: The user's changes to the images found there.
        runs: The project's folder of runs, where one is made without `output`; None for the
            folder of runs without a project.
        trust: Whether the user trusts the backbone even if it may do more than compute; see
            `core.backbones.trust`.
    """

    sources: tuple[ImageSource, ...]
    config: TrainConfig
    output: Path | None = None
    edits: Edits = NO_EDITS
    runs: Path | None = None
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRequest:
    """Resume a run that was stopped, crashed or killed.

    Attributes:
        trust: As for `TrainRequest`.
    """

    run_dir: Path
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBackboneRequest:
    """Copy a backbone into Fieldguide's own folder and find out what it takes.

    Attributes:
        handle: A SavedModel folder, a `.tar.gz` of one, or a hub URL.
        name: What to choose it by from now on.
        value_range: Lowest and highest value of the images that it was made for.
        input_size: `(height, width)` in pixels where its graph leaves that open; None to go by
            its name.
        trust: As for `TrainRequest`.
    """

    handle: str
    name: str
    value_range: tuple[float, float] = (0.0, 1.0)
    input_size: tuple[int, int] | None = None
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadBackboneRequest:
    """Fetch a backbone of the catalogue and make it ready.

    Attributes:
        name: Its name or handle in the catalogue.
        trust: As for `TrainRequest`.
    """

    name: str
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLearningRateRequest:
    """Try learning rates from tiny to huge on the images of a training to come.

    Attributes:
        config: With `fine_tune`, rates for the backbone are tried, else for the head.
        trust: As for `TrainRequest`.
    """

    sources: tuple[ImageSource, ...]
    config: TrainConfig
    edits: Edits = NO_EDITS
    trust: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureSpeedRequest:
    """Measure how fast a backbone is on this computer, and record it.

    Attributes:
        config: Its backbone, batch size and device count.
    """

    config: TrainConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImagesRequest:
    """Find the images, then check each for problems; for `run_image_worker`.

    Attributes:
        sources: As for `TrainRequest`; unusable ones are reported, the others are checked.
        edits: Classes for the check, which leaves out removed and excluded ones.
    """

    sources: tuple[ImageSource, ...]
    edits: Edits = NO_EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class CountImagesRequest:
    """Count classes and images without checking any; for `run_image_worker`.

    Attributes:
        sources: As for `TrainRequest`.
    """

    sources: tuple[ImageSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """Turn a trained model into other formats and compare each with it.

    Attributes:
        model_dir: The model folder.
        trust: Whether the user trusts the model even if it may do more than compute.
    """

    model_dir: Path
    options: ExportOptions
    trust: bool = False


Request = (
    TrainRequest
    | ResumeRequest
    | ImportBackboneRequest
    | DownloadBackboneRequest
    | FindLearningRateRequest
    | MeasureSpeedRequest
    | CheckImagesRequest
    | CountImagesRequest
    | ExportRequest
)

RunRequest = TrainRequest | ResumeRequest


def is_run_request(request: Request) -> TypeGuard[RunRequest]:
    """Return whether what is asked for is a run, which has a folder and can be resumed."""
    return isinstance(request, RunRequest)

"""The events of a worker's run: plain facts in the past tense.

A run sends any number of events and ends with exactly one of `TERMINAL`.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from core.backbones.backbone import BackboneInfo
from core.backbones.refusal import Refusal
from core.data.dataset import Finding, ImageSource
from core.data.edits.image_table import ImageTable
from core.evaluation.measured_figures import MeasuredFigures
from core.messages.export_events import ArtifactFinished, ArtifactStarted, ExportFinished
from core.messages.requests import Request, is_run_request
from core.text import Text

_IMAGES = Text("pictures")


class Phase(StrEnum):
    """What a run is busy with, in order; a check of images scans and checks.

    Attributes:
        text: The same for users: "Looking for images".
        unit: What is counted meanwhile, in the plural.
    """

    text: Text
    unit: Text

    def __new__(cls, value: str, text: Text, unit: Text = _IMAGES) -> Self:
        """Make a member that is its value; text and unit stand beside it."""
        phase = str.__new__(cls, value)
        phase._value_, phase.text, phase.unit = value, text, unit
        return phase

    SCANNING = "scanning", Text("Looking for pictures")
    PREPARING_BACKBONE = "preparing_backbone", Text("Preparing the backbone")
    EXTRACTING_FEATURES = "extracting_features", Text("Analysing pictures")
    TRAINING = "training", Text("Training"), Text("epochs")
    FINE_TUNING = "fine_tuning", Text("Fine-tuning the backbone")
    EVALUATING = "evaluating", Text("Evaluating the model")
    SAVING = "saving", Text("Saving the model")
    CHECKING = "checking", Text("Checking pictures")
    DOWNLOADING = "downloading", Text("Downloading"), Text("bytes")
    FINDING_LEARNING_RATE = "finding_learning_rate", Text("Trying learning rates"), Text("steps")
    MEASURING_SPEED = "measuring_speed", Text("Measuring the speed")
    READING_IMAGES = "reading_pictures", Text("Reading pictures")
    CONVERTING = "converting", Text("Converting")
    VERIFYING = "verifying", Text("Verifying")


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run folder exists; everything that follows is recorded there."""

    run_dir: Path


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase began.

    Attributes:
        total: Units of work that `PhaseProgressed.done` counts up to; None if not known.
    """

    phase: Phase
    total: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseProgressed:
    """A phase moved on; sent at most ten times a second, and at its end.

    Attributes:
        done: Units finished so far: images, steps, epochs, or bytes while downloading.
        rate: Units a second since the phase began; what was done before doesn't count.
    """

    phase: Phase
    done: int
    total: int | None
    rate: float


@dataclass(frozen=True, slots=True)
class ImageSkipped:
    """An image is left out of the run."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the user should know, which does not end the run."""

    message: str


@dataclass(frozen=True, slots=True)
class ProvisionalAccuracy:
    """A cheap head was cross-validated on the training images whose features are computed so far.

    Attributes:
        num_images: Images that it was cross-validated on.
        accuracy: Top-1, in [0, 1], each image classified by a head that did not learn from it.
        interval: 95% Wilson interval of `accuracy`.
    """

    num_images: int
    accuracy: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class DatasetSplit:
    """Every usable image has its split.

    Attributes:
        labels: Class names, by class index.
        num_training: Images to learn from; the other two likewise.
        cached_features: Images whose feature vectors came from the cache.
    """

    labels: tuple[str, ...]
    num_training: int
    num_validation: int
    num_test: int
    cached_features: int


@dataclass(frozen=True, slots=True)
class BatchFinished:
    """Some steps of an epoch are done.

    Attributes:
        epoch: The current epoch, from 1.
        step: Steps of it that are done.
        num_steps: Steps of a whole epoch.
        loss: Mean training loss over the steps since the last such event.
        accuracy: Training accuracy over the same steps, in [0, 1].
        is_fine_tuning: Whether the backbone is trained too.
    """

    epoch: int
    step: int
    num_steps: int
    loss: float
    accuracy: float
    is_fine_tuning: bool = False


@dataclass(frozen=True, slots=True)
class EpochFinished:
    """One pass over the training split is done.

    Attributes:
        epoch: Epochs finished so far; the first event carries 1. Fine-tuning counts on.
        num_epochs: Epochs the run may take; less than before when the head stopped early.
        loss: Mean training loss over the epoch, with dropout and penalties.
        accuracy: Top-1 accuracy over the epoch's training batches, in [0, 1].
        val_loss: Mean cross-entropy on the validation split.
        val_accuracy: Top-1 accuracy on the validation split, in [0, 1].
        learning_rate: At the epoch's last step; 0 without steps.
        is_best: Whether the weights are the best so far, by `val_loss`; of an exact fit only the
            end counts.
        seconds: Duration of the epoch.
        is_fine_tuning: Whether the backbone was trained too.
        is_exact: Whether it is an iteration of an exact fit.
    """

    epoch: int
    num_epochs: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    is_best: bool
    seconds: float
    is_fine_tuning: bool = False
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class RunPaused:
    """The run waits until it is resumed or stopped."""


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run continues after a pause."""


@dataclass(frozen=True, slots=True)
class TrainingFinished:
    """The model folder is written; the run is over.

    Attributes:
        val_accuracy: Of the saved weights, on the validation split.
        test_accuracy: Of the saved weights, on the test split; None without one.
        test_interval: 95% Wilson interval of `test_accuracy`.
        epochs: Epochs that were trained.
        best_epoch: The epoch whose weights were kept.
        seconds: Wall time of the run, without that of an earlier part before `resume`.
        figures: Of the saved weights, on the test split, or on validation without one.
    """

    run_dir: Path
    model_dir: Path
    val_accuracy: float
    test_accuracy: float | None
    test_interval: tuple[float, float] | None
    epochs: int
    best_epoch: int
    seconds: float
    figures: MeasuredFigures | None = None


@dataclass(frozen=True, slots=True)
class TrainingCancelled:
    """The run stopped on request.

    Attributes:
        model_dir: The model with the best weights so far; None if no epoch was finished.
        val_accuracy: Of these weights, as in `TrainingFinished`; None without a model.
        test_accuracy: Likewise; None without a test split, too.
        figures: Likewise; None without a model.
    """

    run_dir: Path | None
    model_dir: Path | None
    epochs: int
    val_accuracy: float | None = None
    test_accuracy: float | None = None
    figures: MeasuredFigures | None = None


@dataclass(frozen=True, slots=True)
class BackboneImported:
    """A backbone can be chosen by its name from now on."""

    info: BackboneInfo


@dataclass(frozen=True, slots=True)
class DeviceReported:
    """What computes, and how much of its memory is in use.

    Attributes:
        name: Fit to show, such as `NVIDIA H100` or `2 × NVIDIA A100`.
        memory_used: Bytes that the run holds there; None if not known.
        memory_total: Bytes that there are; None if not known.
    """

    name: str
    memory_used: int | None = None
    memory_total: int | None = None


@dataclass(frozen=True, slots=True)
class LearningRateTried:
    """One step of the learning-rate finder is done.

    Attributes:
        learning_rate: With which the step was made.
        loss: Of the step's batch, before the step.
        smoothed_loss: Running mean of the losses so far.
    """

    learning_rate: float
    loss: float
    smoothed_loss: float


@dataclass(frozen=True, slots=True)
class LearningRateFound:
    """The learning-rate finder is done.

    Attributes:
        suggestion: A learning rate to begin with; None if the losses point to none.
        is_fine_tuning: Whether it is one for fine-tuning.
        is_complete: False when it was stopped before its end.
    """

    suggestion: float | None
    is_fine_tuning: bool = False
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class SpeedMeasured:
    """It is known how fast a backbone is on this computer, and recorded.

    Attributes:
        backbone: As it was named.
        images_per_s: From file to feature vector.
        fine_tuning_images_per_s: Images trained on a second; None if it can't be fine-tuned.
    """

    backbone: str
    images_per_s: float
    fine_tuning_images_per_s: float | None


@dataclass(frozen=True, slots=True)
class RequestCancelled:
    """What was asked for, other than a training, was stopped on request; nothing of it is left."""


@dataclass(frozen=True, slots=True)
class ImagesFound:
    """All sources are scanned; the images are not checked yet.

    Attributes:
        table: All images as scanned, without any edits; empty if no source can be used.
        findings: What was odd while scanning.
        failed: Sources that can't be used, each with a message fit to show.
    """

    table: ImageTable
    findings: tuple[Finding, ...]
    failed: tuple[tuple[ImageSource, str], ...]


@dataclass(frozen=True, slots=True)
class ImagesCounted:
    """All sources are scanned, and no more was asked for than how much they hold."""

    num_classes: int
    num_images: int


@dataclass(frozen=True, slots=True)
class ImagesChecked:
    """Every image was checked.

    Attributes:
        findings: What may spoil training, the scan's own findings not repeated.
        is_complete: False when the check was stopped before its end.
    """

    findings: tuple[Finding, ...]
    is_complete: bool = True


@dataclass(frozen=True, slots=True)
class RequestFailed:
    """What was asked for can't be done, or not to its end.

    Attributes:
        message: What is wrong and what to do, fit to show.
        traceback: For a report; empty if the cause is outside the program.
        refusal: Of a SavedModel that the user may trust, if that is what is wrong.
        is_run: Whether a run was asked for; JSON lines then call it `training_failed`.
    """

    message: str
    traceback: str = ""
    refusal: Refusal | None = None
    is_run: bool = False

    @classmethod
    def of(
        cls, request: Request, message: str, traceback: str = "", refusal: Refusal | None = None
    ) -> Self:
        """Tell that a request failed."""
        return cls(message, traceback, refusal, is_run=is_run_request(request))


Event = (
    RunStarted
    | PhaseStarted
    | PhaseProgressed
    | ImageSkipped
    | Warned
    | ProvisionalAccuracy
    | DatasetSplit
    | BatchFinished
    | EpochFinished
    | RunPaused
    | RunResumed
    | TrainingFinished
    | TrainingCancelled
    | BackboneImported
    | DeviceReported
    | LearningRateTried
    | LearningRateFound
    | SpeedMeasured
    | RequestCancelled
    | ImagesFound
    | ImagesChecked
    | ImagesCounted
    | ArtifactStarted
    | ArtifactFinished
    | ExportFinished
    | RequestFailed
)
TERMINAL = (
    TrainingFinished,
    TrainingCancelled,
    BackboneImported,
    LearningRateFound,
    SpeedMeasured,
    RequestCancelled,
    ImagesChecked,
    ImagesCounted,
    ExportFinished,
    RequestFailed,
)

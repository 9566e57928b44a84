"""What a worker can be asked to do: one request a worker."""

from dataclasses import dataclass
from pathlib import Path

from core.config import TrainConfig
from core.data.dataset import ImageSource
from core.data.edits import NO_EDITS, Edits


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """Train a new model.

    Attributes:
        sources: Class folders, parents of them, archives, CSV lists, labelled pictures.
        output: The run folder to make, absent or empty; None for one named by date and time.
        edits: What a person changed about the pictures found there.
    """

    sources: tuple[ImageSource, ...]
    config: TrainConfig
    output: Path | None = None
    edits: Edits = NO_EDITS


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRequest:
    """Go on with a run that was stopped, crashed or killed."""

    run_dir: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBackboneRequest:
    """Copy a backbone into Fieldguide's own folder and find out what it takes.

    Attributes:
        handle: A SavedModel folder, a `.tar.gz` of one, or a hub URL.
        name: What to choose it by from now on.
    """

    handle: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckImagesRequest:
    """Find the pictures, then look at each for what may spoil training; for `run_image_worker`.

    Attributes:
        sources: As for `TrainRequest`; those that can't be used are told, and the others go on.
        edits: Classes for the look at each picture, which is not given to removed or excluded
            ones.
    """

    sources: tuple[ImageSource, ...]
    edits: Edits = NO_EDITS


Request = TrainRequest | ResumeRequest | ImportBackboneRequest | CheckImagesRequest

"""What a worker can be asked to do: one request a worker."""

from dataclasses import dataclass
from pathlib import Path

from core.config import TrainConfig
from core.data.dataset import ImageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """Train a new model.

    Attributes:
        sources: Class folders, parents of them, archives, CSV lists, labelled pictures.
        output: The run folder to make, absent or empty; None for one named by date and time.
    """

    sources: tuple[ImageSource, ...]
    config: TrainConfig
    output: Path | None = None


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


Request = TrainRequest | ResumeRequest | ImportBackboneRequest

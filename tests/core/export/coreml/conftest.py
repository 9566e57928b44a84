"""Core ML packages, where coremltools is installed."""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.coreml import COREML
from core.export_spec.export_options import ExportOptions
from core.messages.control import RunControl
from core.models.model_info import ModelInfo
from tests.convertible_models import write_calling_model, write_tiny_model

# Two that become one line, two that differ in case, blank, empty, formulas, markup, other scripts.
ODD_LABELS = (
    "a\nb",
    "a\\nb",
    "Aster",
    "aster",
    " ",
    "",
    "=1+1",
    "<b>x</b>",
    "Löwe 獅子 🦁",
    "a,b\t'",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A model and its package, made by the export."""

    job: ExportJob
    package: Path
    artifact: MadeArtifact

    @property
    def info(self) -> ModelInfo:
        return self.job.info


def job_of(folder: Path, info: ModelInfo, control: RunControl | None = None) -> ExportJob:
    """What an export of the model in `folder` is given."""
    return ExportJob(
        info=info,
        model_dir=folder,
        options=ExportOptions(formats=(COREML,)),
        control=control or RunControl(),
        training_images=lambda _most: pytest.fail("Core ML needs none"),
        work=folder,
    )


@pytest.fixture(scope="session")
def coremltools() -> None:
    """Skips where it isn't installed."""
    if importlib.util.find_spec("coremltools") is None:
        pytest.skip("coremltools isn't installed: it has no wheels for this computer")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ExportJob:
    """A tiny model with odd labels."""
    folder = tmp_path_factory.mktemp("tiny") / "model"
    return job_of(folder, write_tiny_model(folder, ODD_LABELS))


@pytest.fixture(scope="session")
def made(tiny: ExportJob, coremltools: None) -> Made:
    """The tiny model's package."""
    from core.export.conversion.coreml import export_coreml

    package = tiny.work / "made" / COREML.artifact
    package.parent.mkdir()
    return Made(tiny, package, export_coreml(tiny, package))


@pytest.fixture(scope="session")
def calling(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ExportJob]:
    """Makes a model whose backbone is a function of images of 32 pixels a side."""

    def make(call: Callable[[Any], Any], control: RunControl | None = None) -> ExportJob:
        folder = tmp_path_factory.mktemp("calling") / "model"
        return job_of(folder, write_calling_model(folder, call), control)

    return make


def random_images(count: int, size: Sequence[int]) -> np.ndarray:
    """Uint8 pixels."""
    return np.random.default_rng(3).integers(0, 256, (count, *size, 3), np.uint8)

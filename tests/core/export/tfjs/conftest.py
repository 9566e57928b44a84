"""A model of the sample images, exported to TensorFlow.js, and photographs to ask it about."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.errors import ExportError
from core.export.tfjs.environment import TfjsEnvironment, find_environment
from core.models.predictor import Predictor, trained_classifier
from tests.made_once import made_once
from tests.program import SAMPLE, Json, Program

NUM_PHOTOS = 20
_ORIENTATION = 0x0112
_SIZES = ((128, 80), (480, 300), (2000, 1250))


@dataclass(frozen=True, slots=True)
class TfjsExport:
    """An export that was verified under Node.js.

    Attributes:
        run_dir: The run folder; the model is in `model`.
        line: What the export said.
        photos: Photographs of other proportions than the model's, some of them stored on their
            side.
    """

    run_dir: Path
    line: Json
    photos: tuple[Path, ...]

    @property
    def folder(self) -> Path:
        return self.run_dir / "exports" / "tfjs"

    def expected(self) -> NDArray[np.float32]:
        """What `classify` says of the photographs."""
        predictor = Predictor(trained_classifier(self.run_dir / "model"))
        return np.stack([predictor.classify_file(path) for path in self.photos])


@pytest.fixture(scope="session")
def environment() -> TfjsEnvironment:
    """What `packaging/tfjs` fetches."""
    try:
        return find_environment()
    except ExportError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no Node.js: apt-get install nodejs")
    return found


@pytest.fixture(scope="session")
def tfjs_export(
    environment: TfjsEnvironment,
    node: str,
    program: Program,
    tmp_path_factory: pytest.TempPathFactory,
) -> TfjsExport:
    """Trained with white beside its images, so that the preprocessing matters."""

    def make() -> TfjsExport:
        folder = tmp_path_factory.mktemp("tfjs")
        run_dir = folder / "run"
        outcome = program.train(
            SAMPLE, "--epochs", "3", "--resize-mode", "pad", "--seed", "1", "--output", run_dir
        )
        assert outcome.code == 0, outcome
        made = program.export("--model", run_dir, "--format", "tfjs")
        assert made.code == 0, made
        return TfjsExport(run_dir, made.of("tfjs"), _photos(folder))

    return made_once(tmp_path_factory, "tfjs", make)


def _photos(folder: Path) -> tuple[Path, ...]:
    paths = []
    images = sorted(SAMPLE.rglob("*.jpg"))
    for number in range(NUM_PHOTOS):
        image = Image.open(images[number * len(images) // NUM_PHOTOS])
        # Smaller than the model's input, larger, and so large that JPEG is decoded in part.
        image = image.crop((0, 10, 128, 90)).resize(_SIZES[number % 3])
        exif = Image.Exif()
        exif[_ORIENTATION] = 1 + number % 8
        paths.append(folder / f"{number:02}.jpg")
        image.save(paths[-1], quality=95, exif=exif)
    return tuple(paths)

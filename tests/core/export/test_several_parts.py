"""What other programs convert and run, of a model of two backbones and their stages."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import ExportError
from core.export.tfjs.environment import find_environment
from tests.convertible_models import write_two_backbones_model
from tests.models import LABELS
from tests.program import Program

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Random images, some in the folder of each class."""
    random = np.random.default_rng(2)
    for number in range(12):
        folder = tmp_path / "images" / LABELS[number % len(LABELS)]
        folder.mkdir(parents=True, exist_ok=True)
        colour = random.integers(0, 200, 3) + random.integers(0, 56, (32, 32, 3))
        Image.fromarray(colour.astype(np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "images"


@pytest.fixture
def has_tfjs() -> None:
    try:
        find_environment()
    except ExportError as error:
        pytest.skip(str(error))


@pytest.mark.usefixtures("has_tfjs")
def test_tensorflow_js_gives_the_models_probabilities(
    program: Program, images: Path, tmp_path: Path
):
    write_two_backbones_model(tmp_path / "model")
    outcome = program.export("--model", tmp_path / "model", "--images", images, "--format", "tfjs")
    assert outcome.code == 0, outcome
    line = outcome.of("tfjs")
    assert line["passed"]
    assert line["top1_agreement"] == 1
    assert line["max_abs_diff"] < 1e-5

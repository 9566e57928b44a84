"""Exports in the oldest runtimes that their programs name, on photographs stored in every way."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.models.predictor import Predictor, trained_classifier
from tests import probabilities_program
from tests.core.export.conftest import Padded
from tests.models import PHOTO_NAMES, PHOTOS
from tests.old_runtimes import old_runtimes_python
from tests.program import SAMPLE

pytestmark = pytest.mark.slow
# 8-bit numbers round the probabilities; the older runtime's kernels round in other places.
TOLERANCE = {
    "tflite": 1e-4,
    "tflite-float16": 0.01,
    "tflite-dynamic": 0.06,
    "tflite-int8": 0.06,
    "onnx": 1e-4,
}
RUNTIMES = {"tflite": "TFLite 2.14.0", "onnx": "onnxruntime 1.16.3"}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One photograph for each EXIF orientation, and some of other proportions."""
    folder = tmp_path_factory.mktemp("photos")
    paths = []
    for number in range(8):
        image = Image.open(sorted(SAMPLE.rglob("*.jpg"))[6 * number]).crop((0, 0, 200, 120))
        exif = Image.Exif()
        exif[0x0112] = number + 1
        paths.append(folder / f"orientation-{number + 1}.jpg")
        image.save(paths[-1], quality=95, exif=exif)
    return [*paths, *(PHOTOS / name for name in PHOTO_NAMES)]


@pytest.mark.parametrize("name", TOLERANCE)
def test_they_give_classifys_probabilities(padded: Padded, photos: list[Path], name: str):
    done = subprocess.run(
        [
            old_runtimes_python(),
            probabilities_program.__file__,
            padded.folder(name),
            *photos,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["runtime"] == RUNTIMES[name.partition("-")[0]]
    predictor = Predictor(trained_classifier(padded.model_dir))
    expected = np.stack([predictor.classify_file(path) for path in photos])
    np.testing.assert_allclose(found["probabilities"], expected, atol=TOLERANCE[name])


def test_their_python_refuses_a_heic_photograph_by_its_package(padded: Padded, tmp_path: Path):
    from tests.odd_images import odd_images

    heic = next(image for image in odd_images() if image.name == "plain.heic")
    (tmp_path / heic.name).write_bytes(heic.content)
    done = subprocess.run(
        [old_runtimes_python(), "predict.py", tmp_path / heic.name],
        cwd=padded.folder("tflite"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"{tmp_path / heic.name}: is a HEIC picture, which needs the package pi-heif"
    )

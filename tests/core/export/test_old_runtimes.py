"""Exports in the oldest runtimes that their programs name, on photographs stored in every way."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image
from core.errors import ImageError
from core.models.predict_program import copy_predict_program
from core.models.predictor import Predictor, trained_classifier
from tests import pixels_program, probabilities_program
from tests.core.export.conftest import Padded
from tests.deep_images import deep_images, with_bent_bytes
from tests.models import PHOTO_NAMES, PHOTOS
from tests.odd_images import odd_images
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
# Between Pillow 11 and 13, where an image is resized by a fraction.
ROUNDING = 1
SIZE = (20, 24)
NEEDS_PI_HEIF = "is of the format HEIF, which needs the package pi-heif"
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


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All odd images, and those of more than eight bits."""
    folder = tmp_path_factory.mktemp("images")
    paths = []
    for image in (*odd_images(), *deep_images()):
        paths.append(folder / image.name)
        paths[-1].write_bytes(image.content)
    return paths


@pytest.mark.parametrize("resize_mode", ResizeMode)
def test_they_read_and_refuse_as_the_program(
    images: list[Path], resize_mode: ResizeMode, tmp_path: Path
):
    copy_predict_program("tflite.py", tmp_path)
    arguments = [tmp_path, *map(str, SIZE), resize_mode, "", *images]
    done = subprocess.run(
        [old_runtimes_python(), pixels_program.__file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["modules"] == ["tifffile", "imagecodecs"]
    for path in images:
        if path.suffix == ".heic":
            assert found["refused"][str(path)] == NEEDS_PI_HEIF
            continue
        expected = decoded_or_reason(path, resize_mode)
        if isinstance(expected, str):
            assert found["refused"].get(str(path)) == expected
            continue
        pixels = np.frombuffer(bytes.fromhex(found["pixels"][str(path)]), np.uint8)
        change = pixels.reshape(expected.shape).astype(int) - expected
        assert np.abs(change).max() <= ROUNDING, path.name


def test_they_tell_damaged_images_as_the_program(tmp_path: Path):
    """Older libraries have errors of other kinds."""
    copy_predict_program("tflite.py", tmp_path)
    paths = []
    for image in deep_images():
        for number in range(6):
            paths.append(tmp_path / f"{number}-{image.name}")
            paths[-1].write_bytes(with_bent_bytes(image.content, number))
    arguments = [tmp_path, *map(str, SIZE), "squash", "", *paths]
    done = subprocess.run(
        [old_runtimes_python(), pixels_program.__file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    refused = {Path(path) for path in json.loads(done.stdout)["refused"]}
    expected = {
        path for path in paths if isinstance(decoded_or_reason(path, ResizeMode.SQUASH), str)
    }
    assert refused == expected


def decoded_or_reason(path: Path, resize_mode: ResizeMode) -> np.ndarray | str:
    """What the program makes of an image, or why it refuses it."""
    try:
        return decode_image(path.read_bytes(), size=SIZE, resize_mode=resize_mode)
    except ImageError as error:
        return str(error)


def test_their_python_refuses_a_heic_photograph_by_its_package(padded: Padded, images: list[Path]):
    (heic,) = (path for path in images if path.name == "plain.heic")
    done = subprocess.run(
        [old_runtimes_python(), "predict.py", heic],
        cwd=padded.folder("tflite"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"{heic}: {NEEDS_PI_HEIF}"

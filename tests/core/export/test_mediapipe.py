"""TFLite exports in MediaPipe Tasks, as programs on phones use them: the file and no more."""

import ctypes
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.pixels.decoder import decode_image
from core.export.conversion.quantization import Quantization
from core.models.model_info import ModelInfo
from core.models.predictor import trained_classifier
from tests import mediapipe_program
from tests.convertible_models import write_tiny_model, write_two_backbones_model
from tests.core.export.conftest import Flowers
from tests.litert_files import litert_probabilities
from tests.program import Exported

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
FORMATS = ("tflite", "tflite-float16", "tflite-dynamic", "tflite-int8")
# MediaPipe has a LiteRT of its own, another version of it. That one rounds the activations of
# dynamic-range quantization differently: 0.025 at most on 100 images, and 2e-6 without it.
TOLERANCE = {"tflite": 1e-4, "tflite-float16": 1e-4, "tflite-dynamic": 0.06, "tflite-int8": 0.005}
ODD_LABELS = ("ヒマワリ", "роза", "زهرة", "🌷", "a\nb", "with space ")


def mediapipe(images: np.ndarray, models: list[Path], folder: Path) -> dict[str, Any]:
    """What MediaPipe finds, by the path of the model."""
    np.save(folder / "pictures.npy", images)
    done = subprocess.run(
        [
            sys.executable,
            mediapipe_program.__file__,
            folder / "pictures.npy",
            folder / "result.json",
            *models,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "result.json").read_text())


@pytest.fixture(autouse=True, scope="module")
def mediapipe_runs() -> None:
    if importlib.util.find_spec("mediapipe") is None:
        pytest.skip("MediaPipe is not installed")
    try:
        ctypes.CDLL("libGLESv2.so.2")
    except OSError:
        pytest.skip("MediaPipe needs libGLESv2.so.2, which Debian has in libgles2")


@pytest.fixture(scope="module")
def images(flowers: Flowers) -> np.ndarray:
    spec = trained_classifier(flowers.model_dir)
    contents = [path.read_bytes() for path in flowers.unseen_images()[::8]]
    return np.stack(
        [decode_image(c, size=spec.input_size, resize_mode=spec.resize_mode) for c in contents]
    )


@pytest.fixture(scope="module")
def answers(
    exported: Exported, images: np.ndarray, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    paths = {name: exported.of(name)["path"] for name in FORMATS}
    found = mediapipe(images, list(paths.values()), tmp_path_factory.mktemp("mediapipe"))
    return {name: found[path] for name, path in paths.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_answers_as_the_same_file_in_litert(
    answers: dict[str, Any], exported: Exported, images: np.ndarray, name: str
):
    expected = litert_probabilities(exported.of(name)["path"], images)
    received = np.array(answers[name]["scores"])
    assert answers[name]["names"] == ["daisy", "dandelion", "rose", "sunflower", "tulip"]
    np.testing.assert_allclose(received, expected, atol=TOLERANCE[name])
    second, first = np.sort(expected, axis=1)[:, -2:].T
    is_clear = first - second > 2 * TOLERANCE[name]
    assert is_clear.mean() > 0.8
    agree = received.argmax(axis=1) == expected.argmax(axis=1)
    assert agree[is_clear].all()


@dataclass(frozen=True, slots=True)
class Asked:
    """Files of one model, and what MediaPipe says of images by them."""

    images: np.ndarray
    files: dict[Quantization, Path]
    answers: dict[Quantization, dict[str, Any]]


def asked(
    folder: Path, write: Callable[[Path], ModelInfo], num_images: int, *chosen: Quantization
) -> Asked:
    from core.export.conversion.tflite import convert_to_tflite

    info = write(folder / "model")
    images = np.random.default_rng(3).integers(0, 256, (num_images, *info.input_size, 3), np.uint8)
    files = {each: folder / f"ヒ {each}" / "model.tflite" for each in chosen}
    for each, path in files.items():
        convert_to_tflite(folder / "model", info, each, path, images)
    found = mediapipe(images, list(files.values()), folder)
    return Asked(images, files, {each: found[str(path)] for each, path in files.items()})


@pytest.fixture(scope="module")
def oddly_named(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    return asked(
        tmp_path_factory.mktemp("oddly_named"),
        lambda folder: write_tiny_model(folder, ODD_LABELS),
        2,
        Quantization.NONE,
        Quantization.INT8,
    )


@pytest.mark.parametrize("chosen", [Quantization.NONE, Quantization.INT8], ids=str)
def test_reads_class_names_in_any_script(oddly_named: Asked, chosen: Quantization):
    answer = oddly_named.answers[chosen]
    assert answer["names"] == ["ヒマワリ", "роза", "زهرة", "🌷", "a\\nb", "with space "]
    assert np.sum(answer["scores"], axis=1) == pytest.approx(1, abs=0.02)


@pytest.fixture(scope="module")
def two_backbones(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    folder = tmp_path_factory.mktemp("two_backbones")
    return asked(folder, write_two_backbones_model, 4, *Quantization)


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_two_backbones_answer_as_the_same_file_in_litert(
    two_backbones: Asked, chosen: Quantization
):
    expected = litert_probabilities(two_backbones.files[chosen], two_backbones.images)
    received = two_backbones.answers[chosen]["scores"]
    np.testing.assert_allclose(received, expected, atol=TOLERANCE[path_format(chosen)])


def path_format(chosen: Quantization) -> str:
    return "tflite" if chosen is Quantization.NONE else f"tflite-{chosen}"

"""A model's TFLite files: small, close to the model, and usable by others."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.computer.freed_memory import give_freed_memory_back
from core.errors import ExportError
from core.export.conversion.oldest_litert import newer_operators
from core.export.conversion.quantization import Quantization
from core.models.model_info import LITERT_FILE, ModelInfo
from tests.convertible_models import write_calling_model, write_photo_model, write_tiny_model
from tests.litert_files import litert_probabilities, with_versions
from tests.models import LABELS, photo_pixels

pytestmark = [
    pytest.mark.slow,
    # TensorFlow's loader on Python 3.11 and later.
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning"),
]
INT8 = Quantization.INT8


@dataclass(frozen=True, slots=True)
class Model:
    folder: Path
    info: ModelInfo


def convert(model: Model, chosen: Quantization, output: Path, images: Any) -> Path:
    noted(model, chosen, output, images)
    return output


def noted(model: Model, chosen: Quantization, output: Path, images: Any) -> tuple[str, ...]:
    """Convert; gives what is said about the file."""
    from core.export.conversion.tflite import convert_to_tflite

    notes = convert_to_tflite(model.folder, model.info, chosen, output, images)
    give_freed_memory_back()
    return notes


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("photos")
    return Model(folder, write_photo_model(folder))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[Quantization, Path]:
    folder = tmp_path_factory.mktemp("files")
    return {chosen: folder / f"{chosen}.tflite" for chosen in Quantization}


@pytest.fixture(scope="module", autouse=True)
def notes(photos: Model, files: dict[Quantization, Path]) -> dict[Quantization, tuple[str, ...]]:
    """What is said about the files, which are made."""
    return {chosen: noted(photos, chosen, path, photo_pixels()) for chosen, path in files.items()}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Model:
    folder = tmp_path_factory.mktemp("tiny")
    return Model(folder, write_tiny_model(folder, LABELS))


def noise(model: Model) -> np.ndarray:
    """Random images, without black and white."""
    random = np.random.default_rng(2)
    return random.integers(20, 200, (8, *model.info.input_size, 3), np.uint8)


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_gives_the_models_probabilities(
    photos: Model, files: dict[Quantization, Path], chosen: Quantization
):
    expected = litert_probabilities(photos.folder / LITERT_FILE, photo_pixels())
    received = litert_probabilities(files[chosen], photo_pixels())
    assert received.argmax(axis=1).tolist() == [0, 1, 2]
    tolerance = {Quantization.NONE: 1e-6, Quantization.FLOAT16: 0.01}.get(chosen, 0.05)
    np.testing.assert_allclose(received, expected, atol=tolerance)


@pytest.mark.parametrize(
    ("chosen", "low", "high"),
    [
        (Quantization.FLOAT16, 0.49, 0.52),
        (Quantization.DYNAMIC, 0.24, 0.32),
        (Quantization.INT8, 0.24, 0.32),
    ],
    ids=str,
)
def test_size(files: dict[Quantization, Path], chosen: Quantization, low: float, high: float):
    size = {name: path.stat().st_size for name, path in files.items()}
    assert low < size[chosen] / size[Quantization.NONE] < high


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_signature_names_the_ends_and_leaves_the_batch_open(
    files: dict[Quantization, Path], chosen: Quantization
):
    interpreter = Interpreter(model_path=str(files[chosen]))
    assert interpreter.get_signature_list() == {
        "serving_default": {"inputs": ["images"], "outputs": ["probabilities"]}
    }
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert taken["shape"].tolist() == [1, 224, 224, 3]
    assert taken["shape_signature"].tolist() == [-1, 224, 224, 3]
    assert given["shape_signature"].tolist() == [-1, 3]


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_any_backbone(tiny: Model, tmp_path: Path, chosen: Quantization):
    path = convert(tiny, chosen, tmp_path / "model.tflite", noise(tiny))
    received = litert_probabilities(path, noise(tiny))
    expected = litert_probabilities(tiny.folder / LITERT_FILE, noise(tiny))
    np.testing.assert_allclose(received, expected, atol=0.03)


def test_full_integer_takes_pixels_as_they_are(tiny: Model, tmp_path: Path):
    images = noise(tiny)
    path = convert(tiny, INT8, tmp_path / "model.tflite", images)
    interpreter = Interpreter(model_path=str(path))
    (taken,), (given,) = interpreter.get_input_details(), interpreter.get_output_details()
    assert taken["dtype"] is given["dtype"] is np.uint8
    # Though the images are nowhere black or white.
    assert taken["quantization"] == (pytest.approx(1 / 255, rel=1e-6), 0)
    assert given["quantization"] == (1 / 256, 0)
    assert images.min() >= 20
    assert images.max() < 200


def test_full_integer_holds_no_floating_point_number(files: dict[Quantization, Path]):
    tensors = Interpreter(model_path=str(files[INT8])).get_tensor_details()
    assert {tensor["dtype"] for tensor in tensors} <= {np.uint8, np.int8, np.int32}


def test_full_integer_says_what_its_ranges_come_from(tiny: Model, tmp_path: Path):
    from core.export.conversion.tflite import convert_to_tflite

    (note,) = convert_to_tflite(tiny.folder, tiny.info, INT8, tmp_path / "m.tflite", noise(tiny))
    assert "8 training pictures" in note


def test_folder_whose_name_is_a_pattern(tmp_path: Path):
    folder = tmp_path / "run [1] *"
    model = Model(folder, write_tiny_model(tmp_path / "made", LABELS))
    (tmp_path / "made").rename(folder)
    convert(model, INT8, tmp_path / "model.tflite", noise(model))


@pytest.mark.parametrize("images", [None, np.zeros((0, 16, 16, 3), np.uint8)], ids=["no", "0"])
def test_full_integer_needs_images(tiny: Model, tmp_path: Path, images: np.ndarray | None):
    with pytest.raises(ExportError, match="needs training pictures"):
        convert(tiny, INT8, tmp_path / "model.tflite", images)
    assert list(tmp_path.iterdir()) == []


def test_backbone_that_litert_lacks(tmp_path: Path):
    import tensorflow as tf

    def singular_values(images: Any) -> Any:
        return tf.linalg.svd(tf.reduce_mean(images, 3), compute_uv=False)

    model = Model(tmp_path, write_calling_model(tmp_path, singular_values))
    with pytest.raises(ExportError, match=r"LiteRT can't run the model's backbone .*SavedModel"):
        convert(model, Quantization.NONE, tmp_path / "out.tflite", None)
    with pytest.raises(ExportError, match=r"LiteRT lacks operations .*: Svd\."):
        convert(model, Quantization.FLOAT16, tmp_path / "out.tflite", None)
    assert not (tmp_path / "out.tflite").exists()


def test_operation_without_integers_is_no_full_integer_model(tmp_path: Path):
    import tensorflow as tf

    def cosines(images: Any) -> Any:
        return tf.reduce_mean(tf.cos(images), [1, 2])

    model = Model(tmp_path, write_calling_model(tmp_path, cosines))
    with pytest.raises(ExportError, match="integers"):
        convert(model, INT8, tmp_path / "out.tflite", noise(model))
    assert not (tmp_path / "out.tflite").exists()


def test_damaged_file_of_the_model(tiny: Model, tmp_path: Path):
    (tmp_path / LITERT_FILE).write_bytes(b"nothing")
    with pytest.raises(ExportError, match="no LiteRT file"):
        convert(Model(tmp_path, tiny.info), Quantization.NONE, tmp_path / "out.tflite", None)


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_holds_operators_that_the_oldest_runtime_has(
    files: dict[Quantization, Path],
    notes: dict[Quantization, tuple[str, ...]],
    chosen: Quantization,
):
    assert newer_operators(files[chosen].read_bytes()) == ()
    assert not any("newer runtime" in note for note in notes[chosen])


def test_a_file_that_needs_a_newer_runtime_is_said_to(photos: Model, tmp_path: Path):
    content = (photos.folder / LITERT_FILE).read_bytes()
    (tmp_path / LITERT_FILE).write_bytes(with_versions(content, {"FULLY_CONNECTED": 12}))
    model = Model(tmp_path, photos.info)
    notes = noted(model, Quantization.NONE, tmp_path / "out.tflite", None)
    assert any("newer runtime than tflite-runtime 2.14" in note for note in notes)
    assert any("FULLY_CONNECTED version 12" in note for note in notes)

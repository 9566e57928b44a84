"""Models whose head sees several stages or two backbones: each format gives the same answers."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from core.errors import ExportError
from core.export.conversion.bias_correction import correct_biases
from core.export.conversion.export_job import ExportJob
from core.export.conversion.float_roots import compute_roots_in_float
from core.export.conversion.oldest_litert import newer_operators
from core.export.conversion.onnx import export_onnx
from core.export.conversion.quantization import Quantization
from core.export.conversion.saved_model import reference_probabilities
from core.export.formats.onnx import ONNX
from core.export_spec.export_options import ExportOptions
from core.litert.graph import LitertGraph
from core.messages.control import RunControl
from core.models.model_info import LITERT_FILE, ModelInfo
from tests import old_litert_program
from tests.convertible_models import (
    write_calling_model,
    write_stages_model,
    write_two_backbones_model,
)
from tests.litert_files import litert_probabilities
from tests.old_runtimes import old_runtimes_python

pytestmark = [
    pytest.mark.slow,
    # Of TensorFlow's loader, and of coremltools with newer libraries than it knows.
    pytest.mark.filterwarnings("ignore"),
]
WRITERS = {"stages": write_stages_model, "two backbones": write_two_backbones_model}
TOLERANCE = {
    Quantization.NONE: 1e-5,
    Quantization.FLOAT16: 0.01,
    Quantization.DYNAMIC: 0.03,
    Quantization.INT8: 0.03,
}
NUM_IMAGES = 30


@dataclass(frozen=True, slots=True)
class Model:
    """A model, the TFLite files of it, and what it says of random images."""

    folder: Path
    info: ModelInfo
    images: np.ndarray
    expected: np.ndarray
    files: dict[Quantization, Path]
    notes: dict[Quantization, str]

    def job(self, work: Path) -> ExportJob:
        return ExportJob(
            info=self.info,
            model_dir=self.folder,
            options=ExportOptions(formats=(ONNX,)),
            control=RunControl(),
            training_images=lambda _most: self.images,
            work=work,
        )


def random_images(info: ModelInfo) -> np.ndarray:
    """Images of one colour each, with noise: their means differ as those of photographs."""
    random = np.random.default_rng(4)
    colours = random.integers(0, 200, (NUM_IMAGES, 1, 1, 3))
    noise = random.integers(0, 56, (NUM_IMAGES, *info.input_size, 3))
    return (colours + noise).astype(np.uint8)


@pytest.fixture(scope="module", params=WRITERS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    from core.export.conversion.tflite import convert_to_tflite

    folder = tmp_path_factory.mktemp("model")
    info = WRITERS[request.param](folder)
    images = random_images(info)
    expected = reference_probabilities(folder / "saved_model", images, 8, lambda _done: None)
    files = {chosen: folder / f"{chosen}.tflite" for chosen in Quantization}
    notes = {
        chosen: " ".join(convert_to_tflite(folder, info, chosen, path, images))
        for chosen, path in files.items()
    }
    return Model(folder, info, images, expected, files, notes)


def test_the_models_own_litert_file_gives_the_same(model: Model):
    found = litert_probabilities(model.folder / LITERT_FILE, model.images)
    np.testing.assert_allclose(found, model.expected, atol=1e-5)
    # Otherwise nothing here could tell right from wrong.
    assert np.ptp(model.expected, axis=0).min() > 0.1


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_tflite_files_give_the_models_probabilities(model: Model, chosen: Quantization):
    found = litert_probabilities(model.files[chosen], model.images)
    np.testing.assert_allclose(found, model.expected, atol=TOLERANCE[chosen])


@pytest.mark.parametrize("chosen", Quantization, ids=str)
def test_the_oldest_runtime_gives_them_too(model: Model, chosen: Quantization, tmp_path: Path):
    assert newer_operators(model.files[chosen].read_bytes()) == ()
    assert "newer runtime" not in model.notes[chosen]
    np.save(tmp_path / "images.npy", model.images)
    done = subprocess.run(
        [
            old_runtimes_python(),
            old_litert_program.__file__,
            model.files[chosen],
            tmp_path / "images.npy",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    np.testing.assert_allclose(found, model.expected, atol=TOLERANCE[chosen])


def test_full_integer_files_have_floats_for_their_roots_alone_and_say_so(model: Model):
    path = model.files[Quantization.INT8]
    graph = LitertGraph(path.read_bytes())
    tensors = {each["index"]: each for each in Interpreter(str(path)).get_tensor_details()}
    with_floats = {
        name
        for name, inputs, outputs in graph.operations()
        if any(tensors[each]["dtype"] is np.float32 for each in (*inputs, *outputs))
    }
    assert with_floats == {"DEQUANTIZE", "MEAN", "RELU", "SQRT", "QUANTIZE"}
    assert "square roots" in model.notes[Quantization.INT8]
    assert "floating point" not in model.notes[Quantization.DYNAMIC]


def test_onnx_gives_the_models_probabilities(model: Model, tmp_path: Path):
    import onnxruntime

    export_onnx(model.job(tmp_path), tmp_path / ONNX.artifact)
    session = onnxruntime.InferenceSession(str(tmp_path / ONNX.artifact))
    (found,) = session.run(None, {"images": model.images / np.float32(255)})
    np.testing.assert_allclose(found, model.expected, atol=1e-5)


def test_core_mls_program_gives_the_models_probabilities(model: Model, tmp_path: Path):
    pytest.importorskip("coremltools")
    from core.export.conversion.coreml import export_coreml
    from core.export.coreml.ml_program import MlProgram

    package = tmp_path / "ImageClassifier.mlpackage"
    artifact = export_coreml(model.job(tmp_path), package)
    assert artifact.details["not_computed"] == ""
    program = MlProgram(package)
    found = np.stack([program.probabilities(image) for image in model.images])
    np.testing.assert_allclose(found, model.expected, atol=0.01)


def test_an_export_without_roots_stays_as_the_converter_made_it(tmp_path: Path):
    content = (integer_file(tmp_path, mean_colour)).read_bytes()
    assert compute_roots_in_float(content) is content


def test_other_operations_without_integers_are_still_refused(tmp_path: Path):
    import tensorflow as tf

    def roots_of_cosines(images: Any) -> Any:
        return tf.sqrt(tf.maximum(tf.reduce_mean(tf.cos(images), [1, 2]), 1e-12))

    with pytest.raises(ExportError, match="integers"):
        integer_file(tmp_path, roots_of_cosines)


def test_a_shift_of_the_logits_is_taken_back(model: Model, tmp_path: Path):
    content = model.files[Quantization.INT8].read_bytes()
    shifted = tmp_path / "shifted.tflite"
    shifted.write_bytes(with_shifted_biases(content, np.array([3, -1, 0], np.float32)))
    before = litert_probabilities(shifted, model.images)
    assert np.abs(before - model.expected).max() > 0.2
    reference = (model.folder / LITERT_FILE).read_bytes()
    shifted.write_bytes(correct_biases(shifted.read_bytes(), reference, model.images))
    after = litert_probabilities(shifted, model.images)
    np.testing.assert_allclose(after, model.expected, atol=0.03)


def integer_file(folder: Path, call: Callable[[Any], Any]) -> Path:
    """A full-integer file of a backbone that does what `call` does."""
    from core.export.conversion.tflite import convert_to_tflite

    info = write_calling_model(folder, call)
    path = folder / "int8.tflite"
    convert_to_tflite(folder, info, Quantization.INT8, path, random_images(info))
    return path


def mean_colour(images: Any) -> Any:
    import tensorflow as tf

    return tf.reduce_mean(images, [1, 2])


def with_shifted_biases(content: bytes, offsets: np.ndarray) -> bytes:
    graph = LitertGraph(content)
    places = [
        (place, inputs)
        for place, (name, inputs, _) in enumerate(graph.operations())
        if name == "FULLY_CONNECTED"
    ]
    place, inputs = places[-1]
    graph.replace_input(place, inputs[2], graph.shift_constant(inputs[2], offsets, "shifted"))
    return graph.to_bytes()

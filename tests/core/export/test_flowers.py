"""Real flowers: each format in another process, with another runtime, numbers compared."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.data.pixels.decoder import decode_image
from core.export.tftrt.capability import find_tftrt_python
from core.export.verification.artifact_check import CHECK_PROGRAM, CheckCommand, ask_artifact
from core.messages.control import RunControl
from core.models.predictor import Predictor, trained_classifier
from tests.core.export.conftest import FORMATS, Flowers
from tests.program import Exported, Program

pytestmark = pytest.mark.slow
PUBLISHED = {
    "format",
    "path",
    "size_bytes",
    "top1_agreement",
    "max_abs_diff",
    "accuracy",
    "latency_ms_p50",
    "passed",
}
FLOAT_FORMATS = ("saved-model", "tflite", "onnx")


def test_every_format_is_made_and_passes(exported: Exported):
    assert exported.errors == ""
    assert [line["format"] for line in exported.artifacts] == list(FORMATS)
    assert [line["passed"] for line in exported.artifacts] == [True] * len(FORMATS)
    assert exported.code == 0


@pytest.mark.parametrize("name", FORMATS)
def test_lines_have_the_published_keys(exported: Exported, name: str):
    line = exported.of(name)
    assert line.keys() >= PUBLISHED
    assert Path(line["path"]).exists()
    assert line["num_images"] == 200
    assert 0 < line["latency_ms_p50"] <= line["latency_ms_p95"]


@pytest.mark.parametrize("name", FLOAT_FORMATS)
def test_float32_gives_the_same_numbers(exported: Exported, name: str):
    assert exported.of(name)["max_abs_diff"] < 1e-4
    assert exported.of(name)["top1_agreement"] == 1


def test_float16_and_dynamic_range_stay_close(exported: Exported):
    assert exported.of("tflite-float16")["max_abs_diff"] < 0.02
    assert exported.of("tflite-dynamic")["top1_agreement"] > 0.97


def test_full_integer_loses_at_most_a_point_and_a_half(exported: Exported):
    line = exported.of("tflite-int8")
    assert line["accuracy"] > line["model_accuracy"] - 0.015
    assert line["max_abs_diff"] > 0


def test_quantized_files_are_smaller(exported: Exported):
    size = {name: exported.of(name)["size_bytes"] for name in FORMATS}
    assert size["tflite-float16"] < 0.6 * size["tflite"]
    assert size["tflite-int8"] < 0.35 * size["tflite"]
    assert size["tflite-dynamic"] < 0.35 * size["tflite"]


@pytest.mark.parametrize("name", ["tflite", "tflite-int8", "onnx", "saved-model"])
def test_predict_gives_the_programs_answer(exported: Exported, flowers: Flowers, name: str):
    folder = Path(flowers.run_dir / "exports" / name)
    images = flowers.unseen_images()[::50]
    done = subprocess.run(
        [sys.executable, "predict.py", *images],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    spec = trained_classifier(flowers.model_dir)
    predictor = Predictor(spec)
    for line, image in zip(done.stdout.splitlines(), images, strict=True):
        path, answer = line.rsplit(": ", 1)
        # Below the model's threshold the answer is “unknown (rose 45.0%)”.
        answer = answer.removeprefix("unknown (").removesuffix(")")
        label, probability = answer.rsplit(" ", 1)
        expected = predictor.classify_file(image)
        assert Path(path) == image
        assert label == spec.labels[expected.argmax()]
        tolerance = 0.1 if name == "tflite-int8" else 1e-3
        assert float(probability) == pytest.approx(expected.max(), abs=tolerance)


def test_export_json_and_the_card_say_how_good_it_is(exported: Exported, flowers: Flowers):
    folder = flowers.run_dir / "exports" / "onnx"
    content = json.loads((folder / "export.json").read_text())
    line = exported.of("onnx")
    assert {key: content[key] for key in line if key != "path"} == {
        key: value for key, value in line.items() if key != "path"
    }
    assert (folder / content["artifact"]).samefile(line["path"])
    card = (folder / "README.md").read_text()
    assert f"{100 * line['accuracy']:.2f}%" in card
    assert "tulip" in card
    assert "onnxruntime" in card


def test_the_onnx_file_names_its_ends_and_takes_any_batch(exported: Exported):
    import onnxruntime

    session = onnxruntime.InferenceSession(exported.of("onnx")["path"])
    (given,), (taken,) = session.get_outputs(), session.get_inputs()
    assert (taken.name, given.name) == ("images", "probabilities")
    assert taken.shape == ["batch", 224, 224, 3]
    for batch in (1, 3):
        (found,) = session.run(None, {"images": np.zeros((batch, 224, 224, 3), np.float32)})
        assert found.sum(axis=1) == pytest.approx(1)
    assert "tulip" in session.get_modelmeta().custom_metadata_map["names"]


def test_tensorflows_own_tool_reads_the_saved_model(exported: Exported):
    command = [sys.executable, "-m", "tensorflow.python.tools.saved_model_cli", "show", "--all"]
    done = subprocess.run(
        [*command, "--dir", exported.of("saved-model")["path"]],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "signature_def['serving_default']" in done.stdout
    assert "signature_def['serving_bytes']" in done.stdout
    assert "probabilities" in done.stdout


def test_older_tensorflow_gives_the_same_numbers(exported: Exported, flowers: Flowers):
    """TensorFlow 2.17, the oldest that is promised, in the environment that TF-TRT has."""
    python = find_tftrt_python(None)
    if python is None:
        pytest.skip("no environment with TensorFlow 2.17: make tftrt")
    images = flowers.run_dir / "few.npy"
    spec = trained_classifier(flowers.model_dir)
    chosen = flowers.unseen_images()[::30]
    decoded = [decode_image(path.read_bytes(), size=spec.input_size) for path in chosen]
    np.save(images, np.stack(decoded))
    answers = ask_artifact(
        CheckCommand(start=(str(python), str(CHECK_PROGRAM))),
        Path(exported.of("saved-model")["path"]).parent,
        images,
        RunControl(),
        lambda _done: None,
        num_images=len(chosen),
        num_classes=5,
    )
    assert answers.runtime.startswith("TensorFlow 2.17")
    predictor = Predictor(spec)
    expected = np.stack([predictor.classify_pixels(pixels) for pixels in decoded])
    assert np.abs(answers.probabilities - expected).max() < 1e-4


def test_serving_bytes_takes_whole_files(exported: Exported, flowers: Flowers):
    import tensorflow as tf

    model = tf.saved_model.load(exported.of("saved-model")["path"])
    chosen = flowers.unseen_images()[::50]
    contents = tf.constant([path.read_bytes() for path in chosen])
    found = model.signatures["serving_bytes"](encoded_images=contents)
    spec = trained_classifier(flowers.model_dir)
    assert [[label.decode() for label in row] for row in found["labels"].numpy()] == [
        list(spec.labels)
    ] * len(chosen)
    predictor = Predictor(spec)
    expected = np.stack([predictor.classify_file(path) for path in chosen])
    assert np.abs(found["probabilities"].numpy() - expected).max() < 0.05


def test_tf_trt_by_the_command_line(flowers: Flowers, program: Program):
    if find_tftrt_python(None) is None:
        pytest.skip("the TF-TRT environment isn't made: make tftrt")
    made = program.export("--model", flowers.run_dir, "--format", "tf-trt", "--num-pictures", "50")
    line = made.of("tf-trt")
    assert made.code == 0, made
    assert line["precision"] == "fp16"
    assert line["top1_agreement"] == 1
    assert line["max_abs_diff"] < 1e-4
    assert line["details"]["engines"] == 1
    assert line["details"]["share_converted"] >= 0.99
    folder = Path(line["path"]).parent
    assert folder == flowers.run_dir / "exports/tf-trt-fp16"
    assert {path.name for path in folder.iterdir()} == {
        "saved_model",
        "native_saved_model",
        "run_tftrt.py",
        "predict.py",
        "picture.py",
        "command_line.py",
        "image_reading",
        "labels.txt",
        "export.json",
        "README.md",
    }
    if line["passed"] is None:  # no GPU here
        assert "There is no GPU" in line["problems"][0]
        assert "**In part**" in (folder / "README.md").read_text()

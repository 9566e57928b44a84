"""Whole runs by the command line, with TensorFlow, on the sample images that come with it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.computer.processor import num_cores
from core.models.predictor import Predictor, trained_classifier
from core.runs.run_computer import read_run_computer
from tests.odd_images import encoded, odd_images, quartered
from tests.program import SAMPLE, SHORT, Program, all_bits, epochs_told
from tests.untrusted_models import save_untrusted

pytestmark = pytest.mark.slow


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_training_ends_with_its_result(trained, runs):
    last = trained.last
    assert last["event"] == "training_finished"
    assert last["run_dir"] == str(runs / "first")
    assert last["model_dir"] == str(runs / "first/model")
    assert last["epochs"] == 3
    assert last["best_epoch"] == 3
    assert last["seconds"] > 0
    assert trained.errors == ""


def test_a_few_images_and_epochs_are_enough_to_learn(trained):
    assert trained.last["test_accuracy"] >= 0.9
    assert trained.last["val_accuracy"] >= 0.9


def test_events_tell_the_phases_in_order(trained):
    assert [event["phase"] for event in trained.of("phase_started")] == [
        "scanning",
        "preparing_backbone",
        "extracting_features",
        "training",
        "evaluating",
        "saving",
    ]
    (split,) = trained.of("dataset_split")
    assert split["labels"] == ["brick", "grass", "gravel"]
    counts = [split[f"num_{name}"] for name in ("training", "validation", "test")]
    assert sum(counts) == 48
    assert min(counts) >= 3


def test_a_run_folder_holds_what_is_documented(trained, runs):
    folder = runs / "first"
    told = {"config.json", "history.jsonl", "checkpoint", "model", "log.txt", "computer.json"}
    assert told <= names(folder)
    assert read_run_computer(folder).cores == num_cores()
    assert epochs_told(folder) == [1, 2, 3]
    assert len(list(folder.rglob("events.out.tfevents.*"))) == 2
    assert not list(folder.glob("*.partial"))
    assert names(folder / "model") == {
        "saved_model",
        "model.tflite",
        "labels.txt",
        "model.json",
        "README.md",
        "predict.py",
        "picture.py",
        "command_line.py",
        "image_reading",
    }
    assert (folder / "model/labels.txt").read_text() == "brick\ngrass\ngravel\n"


def test_tensorboard_files_hold_the_epochs_of_the_history(trained, runs):
    import tensorflow as tf

    folder = runs / "first"
    lines = [json.loads(line) for line in (folder / "history.jsonl").read_text().splitlines()]
    for split, prefix in (("training", ""), ("validation", "val_")):
        (file,) = (folder / "tensorboard" / split).iterdir()
        written = {
            (value.tag, event.step): float(tf.make_ndarray(value.tensor))
            for event in tf.compat.v1.train.summary_iterator(str(file))
            for value in event.summary.value
        }
        assert written == {
            (f"epoch_{metric}", line["epoch"]): pytest.approx(line[prefix + metric])
            for line in lines
            for metric in ("loss", "accuracy")
        }


def test_the_same_again_has_all_features_and_the_same_bits(trained, program, runs):
    again = program.train(*SHORT, "--output", runs / "again")
    assert again.of("dataset_split")[0]["cached_features"] == 48
    assert all_bits(runs / "again") == all_bits(runs / "first")


PLAIN_TENSORFLOW = """
import sys
import numpy as np
import tensorflow as tf
folder, inputs, outputs = sys.argv[1:]
model = tf.saved_model.load(folder)
with np.load(inputs) as given:
    images = given["images"]
    files = [given[name].tobytes() for name in given.files if name != "images"]
default, from_bytes = model.signatures["serving_default"], model.signatures["serving_bytes"]
a = default(images=tf.constant(images))
b = from_bytes(encoded_images=tf.constant(files))
assert {name: (spec.dtype.name, spec.shape.as_list()) for name, spec in
        default.structured_input_signature[1].items()} == {
            "images": ("float32", [None, 224, 224, 3])}
assert {name: (spec.dtype.name, spec.shape.as_list()) for name, spec in
        from_bytes.structured_input_signature[1].items()} == {"encoded_images": ("string", [None])}
assert set(a) == set(b) == {"probabilities", "labels"}
assert not {"core", "tensorflow_hub"} & set(sys.modules)
for outputs_of, count in ((a, len(images)), (b, len(files))):
    rows = outputs_of["labels"].numpy().tolist()
    assert len(rows) == count and all(row == rows[0] for row in rows)
np.savez(outputs, default=a["probabilities"].numpy(), bytes=b["probabilities"].numpy(),
         labels=np.frombuffer(b"\\0".join(b["labels"].numpy()[0]), np.uint8))
"""


def in_plain_tensorflow(
    model_dir: Path, images: np.ndarray, files: list[bytes], folder: Path
) -> dict[str, np.ndarray]:
    """What the SavedModel gives in a process that knows nothing of this program."""
    contents = {f"file_{i:03}": np.frombuffer(content, np.uint8) for i, content in enumerate(files)}
    np.savez(folder / "inputs.npz", images=images, **contents)
    subprocess.run(
        [
            *(sys.executable, "-c", PLAIN_TENSORFLOW),
            *(model_dir / "saved_model", folder / "inputs.npz", folder / "outputs.npz"),
        ],
        cwd=folder,
        check=True,
    )
    with np.load(folder / "outputs.npz") as outputs:
        return dict(outputs)


def image_files() -> list[bytes]:
    """Real images and kinds that decoders often disagree on."""
    photos = [path.read_bytes() for path in sorted(SAMPLE.rglob("*.jpg"))[::4]]
    photo = Image.open(sorted(SAMPLE.rglob("*.jpg"))[0])
    clear = photo.convert("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(photo.size))
    kinds = {image.name: image.content for image in odd_images()}
    return [
        *photos,
        encoded(photo, "PNG"),
        encoded(clear, "PNG"),
        encoded(photo.convert("L"), "PNG"),
        encoded(photo.convert("L"), "JPEG", quality=95),
        encoded(photo.quantize(16), "PNG"),
        encoded(photo, "BMP"),
        encoded(quartered((60, 400)), "PNG"),
        kinds["16-bit.png"],
        kinds["16-bit-rgb.png"],
    ]


def assert_saved_models_agree(model_dir: Path, folder: Path) -> np.ndarray:
    """SavedModel and LiteRT file give the same; gives the SavedModel's label bytes."""
    images = np.random.default_rng(0).random((4, 224, 224, 3), np.float32)
    files = image_files()
    outputs = in_plain_tensorflow(model_dir, images, files, folder)
    predictor = Predictor(trained_classifier(model_dir))
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(str(model_dir / "model.tflite")).get_signature_runner()
    lite = np.concatenate([runner(images=image[None])["probabilities"] for image in images])
    np.testing.assert_allclose(outputs["default"], lite, atol=1e-5)
    np.testing.assert_allclose(outputs["default"].sum(axis=1), 1, atol=1e-5)
    ours = np.stack([predictor.classify_bytes(content) for content in files])
    np.testing.assert_allclose(outputs["bytes"], ours, atol=1e-2)
    np.testing.assert_array_equal(outputs["bytes"].argmax(axis=1), ours.argmax(axis=1))
    return outputs["labels"]


def test_all_forms_of_the_model_agree(trained, runs, tmp_path):
    labels = assert_saved_models_agree(runs / "first/model", tmp_path)
    assert labels.tobytes() == b"brick\0grass\0gravel"


ODD_LABELS = ["-dash", "a b", 'it\'s "quoted"', "line\nbreak", "byte \udce9", "名前 [x]"]


def test_any_name_and_any_fit_trains(program, runs, tmp_path):
    """Folders of every script, and one whose name is no text at all."""
    random = np.random.default_rng(1)
    for index, label in enumerate(ODD_LABELS):
        folder = tmp_path / "pictures" / label
        folder.mkdir(parents=True)
        for number in range(4):
            pixels = random.integers(0, 120, (5, 8, 3), np.uint8)  # no image is like another
            pixels[..., index % 3] += 65 * (1 + index // 3)
            image = Image.fromarray(pixels).resize((80, 50), Image.Resampling.NEAREST)
            image.save(folder / f"{label} {number}.png")
    run_dir = runs / "-run 'q' 名 %"
    settings = ["--epochs", "8", "--resize-mode", "pad", "--hidden-units", "16"]
    outcome = program.train(tmp_path / "pictures", "--output", run_dir, *settings)
    assert outcome.code == 0, outcome
    labels = outcome.of("dataset_split")[0]["labels"]
    assert sorted(labels) == sorted(ODD_LABELS)
    model = run_dir / "model"
    assert json.loads((model / "model.json").read_text())["labels"] == labels
    lines = (model / "labels.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(labels)
    assert lines[labels.index("line\nbreak")] == "line\\nbreak"
    assert lines[labels.index("byte \udce9")] == "byte \\udce9"
    assert trained_classifier(model).labels == tuple(labels)
    held = assert_saved_models_agree(model, tmp_path).tobytes().split(b"\0")
    assert held == [label.encode("utf-8", "surrogateescape") for label in labels]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_untrusted_backbone_runs_nothing_until_it_is_trusted(tmp_path: Path) -> None:
    program, written, run = Program(tmp_path / "home"), tmp_path / "written", tmp_path / "run"
    folder = save_untrusted(tmp_path / "untrusted", "called function", written)
    call = (SAMPLE, "--epochs", "1", "--backbone", folder, "--output", run)
    refused = program.train(*call)
    assert refused.code == 1
    assert re.search(rf"{folder} was not run.*WriteFile in the function .*--trust", refused.errors)
    assert refused.last["refusal"]["name"] == str(folder)
    assert not written.exists()
    assert not run.exists()
    trusted = program.train(*call, "--trust")
    assert trusted.code == 0, trusted
    assert written.exists()
    # A run or project that is given to others must not bring trust along.
    assert "trust" not in (run / "config.json").read_text().replace(folder.name, "")
    assert Program(tmp_path / "other home").train(*call[:-1], tmp_path / "another").code == 1

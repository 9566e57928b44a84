"""The whole job, cold, beside TensorFlow Hub's `make_image_classifier` as it was published.

The tool is in the wheel of tensorflow-hub 0.12.0, the rest of which today's TensorFlow can't
load: it is unpacked and runs, unchanged, on the installed tensorflow-hub. It trains a few epochs;
an epoch's time is the median of Keras's own figures, and the rest is what an epoch count doesn't
change.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

from core.data.pixels.decoder import ResizeMode, decode_image
from resources import resource_path
from tests.benchmarks.surroundings import ROOT, fieldguide, own_home, photo_data

_EPOCHS = 50
_REFERENCE_EPOCHS = 3
_BATCH = 10
_HUB = "tensorflow-hub==0.12.0"
_RUNNER = """
import runpy, sys, tensorflow_hub
tensorflow_hub.__path__.append(sys.argv.pop(1))
name = "tensorflow_hub.tools.make_image_classifier.make_image_classifier"
runpy.run_module(name, run_name="__main__", alter_sys=True)
"""
_EPOCH_TIME = re.compile(r"(\d+)/\1 \[=+\] - (\d+)s ")


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    images = photo_data() / "buildings_forest"
    own_seconds, own_accuracy = _fieldguide(images)
    with tempfile.TemporaryDirectory() as folder:
        reference = _make_image_classifier(images / "train", Path(folder))
        reference_accuracy = _saved_model_accuracy(Path(folder) / "model", images / "test")
    per_epoch, rest = reference
    scaled = rest + _EPOCHS * per_epoch
    return [
        "| 2,000 pictures, 2 classes, 50 epochs, batch 10 | seconds | accuracy on 661 others |",
        "|---|---|---|",
        f"| Fieldguide, cold caches, start to saved model | {own_seconds:.1f} "
        f"| {100 * own_accuracy:.2f}% |",
        f"| `make_image_classifier`: {rest:.0f} s + 50 × {per_epoch:.1f} s, from "
        f"{_REFERENCE_EPOCHS} epochs | {scaled:.0f} | {100 * reference_accuracy:.2f}% after "
        f"{_REFERENCE_EPOCHS} epochs |",
        "",
        f"Ratio: **{scaled / own_seconds:.0f}×** (target 40×).",
    ]


def _fieldguide(images: Path) -> tuple[float, float]:
    """Seconds of the whole command, and accuracy on the test folder."""
    with own_home():
        start = time.perf_counter()
        fieldguide(
            "train",
            images / "train",
            *("--epochs", str(_EPOCHS), "--batch-size", str(_BATCH)),
            # As the reference: all epochs, a fifth for validation, no test split.
            *("--early-stopping-patience", "0", "--validation-split", "0.2", "--test-split", "0"),
            *("--seed", "1"),
        )
        seconds = time.perf_counter() - start
        result = json.loads(fieldguide("evaluate", images / "test", "--json"))
    return seconds, float(result["accuracy"])


def _make_image_classifier(images: Path, folder: Path) -> tuple[float, float]:
    """Seconds an epoch, and seconds of all the rest."""
    command = [
        *(sys.executable, "-c", _RUNNER, _unpacked_hub(folder)),
        *("--image_dir", images, "--saved_model_dir", folder / "model"),
        *("--tfhub_module", resource_path("backbones", "efficientnet_lite0", "saved_model")),
        *("--image_size", "224", "--train_epochs", _REFERENCE_EPOCHS, "--batch_size", _BATCH),
    ]
    environment = os.environ | {
        "TF_USE_LEGACY_KERAS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    start = time.perf_counter()
    result = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=environment, check=False
    )
    seconds = time.perf_counter() - start
    if result.returncode != 0:
        sys.exit(f"make_image_classifier failed:\n{result.stderr[-4000:]}")
    epochs = [float(match[1]) for match in _EPOCH_TIME.findall(result.stdout)]
    assert len(epochs) == _REFERENCE_EPOCHS, result.stdout[-4000:]
    return statistics.median(epochs), seconds - sum(epochs)


def _unpacked_hub(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", _HUB]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    (wheel,) = folder.glob("tensorflow_hub-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "hub")
    return folder / "hub" / "tensorflow_hub"


def _saved_model_accuracy(model: Path, images: Path) -> float:
    import tensorflow as tf

    function = tf.saved_model.load(str(model)).signatures["serving_default"]
    (name,) = function.structured_input_signature[1]
    right, total = 0, 0
    for index, folder in enumerate(sorted(images.iterdir())):
        for path in sorted(folder.iterdir()):
            pixels = decode_image(path.read_bytes(), size=(224, 224), resize_mode=ResizeMode.SQUASH)
            logits = function(**{name: tf.constant(pixels[np.newaxis] / np.float32(255))})
            right += int(next(iter(logits.values())).numpy().argmax() == index)
            total += 1
    return right / total


if __name__ == "__main__":
    os.chdir(ROOT)
    print("\n".join(main()))

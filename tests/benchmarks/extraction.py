"""Files to stored feature vectors, beside bare inference by the fastest engines.

Rounds of all of them alternate, so that a busy moment of the machine meets each; what counts
is the median over the rounds.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.computer.processor import num_cores
from tests.benchmarks.surroundings import own_home, photo_data

_NUM_IMAGES = 600
_ROUNDS = 5
_SECONDS = 3.0
_BATCH = 32
_MULTIPLY_ADDS = 0.384e9  # EfficientNet-Lite0 without its head, see its backbone.json


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    references = {
        "TensorFlow frozen graph, batch 32": _tensorflow(),
        "onnxruntime, batch 32": _onnxruntime(_BATCH),
        "onnxruntime, batch 1": _onnxruntime(1),
        "LiteRT, one interpreter, batch 32": _litert(_BATCH),
        "LiteRT, one interpreter, batch 1": _litert(1),
    }
    product = _matrix_product()
    rates: dict[str, list[float]] = {name: [] for name in references}
    ours, gigaflops = [], []
    for _ in range(_ROUNDS):
        ours.append(files_to_vectors())
        for name, run in references.items():
            rates[name].append(_rate(run))
        gigaflops.append(_rate(product))
    return _report(ours, rates, gigaflops)


def _report(ours: list[float], rates: dict[str, list[float]], gigaflops: list[float]) -> list[str]:
    own = statistics.median(ours)
    medians = {name: statistics.median(values) for name, values in rates.items()}
    fastest = max(medians, key=lambda name: medians[name])
    peak = statistics.median(gigaflops)
    lines = ["| from files to stored vectors, fp32 | pictures/s |", "|---|---|"]
    lines.append(f"| Fieldguide, decoding and storing included | {own:.0f} |")
    lines += [f"| bare inference: {name} | {rate:.0f} |" for name, rate in medians.items()]
    used = 2 * _MULTIPLY_ADDS * own / 1e9
    return [
        *lines,
        "",
        f"Ratio to the fastest ({fastest}): **{own / medians[fastest]:.2f}** (target 0.85). "
        f"{used:.0f} of the {peak:.0f} GFLOP/s of a large matrix product: "
        f"{100 * used / peak:.0f}%.",
    ]


def files_to_vectors() -> float:
    """Images a second of the extraction alone, with cold caches, in a process of its own."""
    with own_home():
        command = [sys.executable, "-m", "tests.benchmarks.extraction", "ours"]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(result.stdout.split()[-1])


def measure_ours() -> None:
    """Print the rate of one extraction; runs in a process of its own."""
    from core.backbones.prepare import prepare_backbone
    from core.data.examination.image_index import ImageIndex
    from core.data.pixels.decoder import ResizeMode
    from core.features.collect import FeatureCollection

    paths = sorted((photo_data() / "flowers").rglob("*.jpg"))[::3][: _NUM_IMAGES * 2]
    backbone = prepare_backbone("efficientnet-lite0")
    collection = FeatureCollection(
        backbone,
        ResizeMode.SQUASH,
        gpu=False,
        check=lambda: None,
        on_progress=lambda _done: None,
        on_unusable=lambda position, reason: sys.exit(f"{paths[position]} {reason}"),
    )
    with ImageIndex() as index:
        start = time.perf_counter()
        collection.collect(paths, index)
        print(len(paths) / (time.perf_counter() - start))


def _rate(run: Callable[[], int]) -> float:
    """Units a second over some seconds, after one call to warm up."""
    run()
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < _SECONDS:
        done += run()
    return done / (time.perf_counter() - start)


def _images(batch: int) -> NDArray[np.float32]:
    return np.random.default_rng(0).random((batch, 224, 224, 3), dtype=np.float32)


def _tensorflow() -> Callable[[], int]:
    import tensorflow as tf

    from core.backbones.prepare import prepare_backbone
    from core.backbones.saved_model_graph import load_frozen_backbone

    with own_home():
        function = load_frozen_backbone(prepare_backbone("efficientnet-lite0"))
    images = tf.constant(_images(_BATCH))

    def run() -> int:
        function(images)[0].numpy()
        return _BATCH

    return run


def _onnxruntime(batch: int) -> Callable[[], int]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = num_cores()
    session = onnxruntime.InferenceSession(_onnx_file(), options)
    name, images = session.get_inputs()[0].name, _images(batch)
    output = next(entry.name for entry in session.get_outputs() if entry.shape[-1] == 1280)

    def run() -> int:
        session.run([output], {name: images})
        return batch

    return run


def _onnx_file() -> bytes:
    from resources import resource_path

    source = resource_path("backbones", "efficientnet_lite0", "saved_model")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "backbone.onnx"
        command = [sys.executable, "-m", "tf2onnx.convert", "--saved-model", source]
        command += ["--opset", "17", "--output", target]
        subprocess.run([*map(str, command)], capture_output=True, check=True)
        return target.read_bytes()


def _litert(batch: int) -> Callable[[], int]:
    from core.litert.extractor import read_litert_backbone
    from core.litert.interpreter import load_interpreter
    from resources import resource_path

    path = resource_path("backbones", "efficientnet_lite0", "model.tflite")
    interpreter = load_interpreter(read_litert_backbone(path), num_cores())
    index, images = interpreter.get_input_details()[0]["index"], _images(batch)
    interpreter.resize_tensor_input(index, images.shape)
    interpreter.allocate_tensors()

    def run() -> int:
        interpreter.set_tensor(index, images)
        interpreter.invoke()
        return batch

    return run


def _matrix_product(side: int = 2048) -> Callable[[], int]:
    """Gives billions of floating-point operations a call."""
    import tensorflow as tf

    matrix = tf.random.stateless_uniform([side, side], [1, 2])

    def run() -> int:
        tf.matmul(matrix, matrix).numpy()
        return round(2 * side**3 / 1e9)

    return run


if __name__ == "__main__":
    if sys.argv[1:] == ["ours"]:
        measure_ours()
    else:
        print("\n".join(main()))

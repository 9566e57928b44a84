"""Builds the TensorRT engines of this export on the machine with the GPU, and measures them.

    python run_tftrt.py [--batch-sizes 1 8 32] [--pictures PHOTO_OR_FOLDER...]

It needs an NVIDIA GPU and a Python with TensorFlow 2.17 and TensorRT 8.6. The engines come into
`saved_model_with_engines/`, the figures into `run_tftrt.json`, both beside this file. Fieldguide
itself converts with the functions of this file.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

_DEVICE = "/job:localhost/replica:0/task:0/device:GPU:0"
_NEWEST_GPU = (9, 0)  # compute capability
_NUM_TIMED = 100
_NUM_WARM_UP = 10
_RATE_S = 3.0
_NUM_RANDOM = 64
_MOST_PICTURES = 500
_PHOTOS = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, save, measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[1, 8, 32], metavar="N")
    parser.add_argument("--pictures", type=Path, nargs="+", default=[], metavar="PHOTO_OR_FOLDER")
    options = parser.parse_args(arguments)
    if min(options.batch_sizes) < 1:
        parser.error("batch sizes are at least 1")
    here = Path(__file__).resolve().parent
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if reason := obstacle():
        print(reason, file=sys.stderr)
        return 1
    about = json.loads((here / "export.json").read_text(encoding="utf-8"))
    pictures, origin = _pictures(about, options.pictures)
    notes = lift_checks()
    with_engines = artifact = here / about["artifact"]
    if any((artifact / "assets").glob("trt-serialized-engine*")):
        print("The engines were built by the export; they are measured as they are.", flush=True)
    else:
        with_engines = here / "saved_model_with_engines"
        build_engines(artifact, with_engines, pictures, options.batch_sizes)
    found = compare(here / "native_saved_model", with_engines, pictures, options.batch_sizes)
    found.update(pictures=origin, notes=notes, batch_sizes=options.batch_sizes)
    (here / "run_tftrt.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    _print_table(found)
    return 0


def build_engines(
    artifact: Path, output: Path, pictures: np.ndarray, batch_sizes: Sequence[int]
) -> None:
    """Build engines for a converted SavedModel, and save it with them.

    Precision and memory are those of the conversion.
    """
    print(f"Building engines for batch sizes {batch_sizes}; this takes minutes", flush=True)
    converter = new_converter(artifact)
    converter.convert()
    converter.build(lambda: batches(pictures, batch_sizes))
    shutil.rmtree(output, ignore_errors=True)
    save_with_all_signatures(converter, artifact, output)


def obstacle() -> str:
    """Say why no engines can be built with this Python on this machine; "" if they can."""
    try:
        import tensorflow as tf
    except ImportError:
        return f"{sys.executable} has no TensorFlow. TensorFlow 2.17.1 is needed."
    if tuple(map(int, tf.__version__.split(".")[:2])) > (2, 17):
        return f"TensorFlow {tf.__version__} has no TensorRT in it. TensorFlow 2.17.1 is needed."
    gpus = tf.config.list_physical_devices("GPU")
    if not gpus:
        return "TensorFlow finds no NVIDIA GPU here. Engines are built on the machine that has it."
    about = tf.config.experimental.get_device_details(gpus[0])
    if about.get("compute_capability", _NEWEST_GPU) > _NEWEST_GPU:
        return (
            f"{about.get('device_name')} is too new for TF-TRT. Export a TensorRT engine instead."
        )
    from tensorflow.compiler.tf2tensorrt import _pywrap_py_utils as tensorrt

    if not tensorrt.is_tensorrt_enabled():
        return "TensorFlow doesn't find TensorRT. Put libnvinfer.so.8.6.1 on LD_LIBRARY_PATH."
    return ""


def lift_checks() -> list[str]:
    """Lift checks of TensorFlow's converter that refuse conversions that work.

    Returns:
        The checks that were lifted, in sentences for a report.
    """
    import tensorflow as tf
    from tensorflow.compiler.tf2tensorrt import _pywrap_py_utils as tensorrt
    from tensorflow.python.compiler.tensorrt import trt_convert

    linked, loaded = tensorrt.get_linked_tensorrt_version(), tensorrt.get_loaded_tensorrt_version()
    notes = []
    if loaded[:2] == linked[:2] and loaded < linked:
        trt_convert._check_trt_version_compatibility = lambda: None
        notes.append(
            f"TensorRT {'.'.join(map(str, loaded))} was used where TensorFlow was built with "
            f"{'.'.join(map(str, linked))}: its check of the last digit was lifted."
        )
    if not tf.config.list_physical_devices("GPU"):
        trt_convert.array_ops = _ArrayOpsOnGpu(trt_convert.array_ops)
        notes.append("Converted without a GPU: the engines still have to be built on one.")
    return notes


class _ArrayOpsOnGpu:
    """TensorFlow's `array_ops`, but its tensors of zeros claim to lie on a GPU.

    The converter makes one only to learn for which device it converts, and refuses a CPU.
    """

    def __init__(self, real: Any) -> None:
        self._real = real

    def zeros(self, *_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(device=_DEVICE)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def new_converter(
    saved_model: Path,
    *,
    precision: str = "FP32",
    batch_sizes: Sequence[int] = (1, 8, 32),
    workspace_mib: int = 1024,
    min_segment_size: int = 3,
) -> Any:
    """TensorFlow's converter, with dynamic batch sizes.

    A converted model keeps its engines' segments, whatever the precision here.
    """
    from tensorflow.python.compiler.tensorrt import trt_convert

    # A profile for each size, and one for those between; TensorRT calibrates only for one.
    strategy = "Range" if precision == "INT8" or len(batch_sizes) == 1 else "Range+Optimal"
    return trt_convert.TrtGraphConverterV2(
        input_saved_model_dir=str(saved_model),
        input_saved_model_signature_key="serving_default",
        use_dynamic_shape=True,
        dynamic_shape_profile_strategy=strategy,
        max_workspace_size_bytes=workspace_mib * 2**20,
        precision_mode=precision,
        minimum_segment_size=min_segment_size,
        maximum_cached_engines=max(1, len(batch_sizes)),
        use_calibration=precision == "INT8",
    )


def batches(pictures: np.ndarray, batch_sizes: Sequence[int]) -> Iterator[tuple[np.ndarray]]:
    """Yield a batch of each size for the model, float32 in [0, 1]."""
    for size in batch_sizes:
        yield (_scaled(np.resize(pictures, (size, *pictures.shape[1:]))),)


def save_with_all_signatures(converter: Any, original: Path, output: Path) -> None:
    """Save a converted model with the class names and the signature for encoded files.

    The converter knows one signature. The other one is the original's preprocessing, in front of
    the converted function. Engines that were built are saved too.

    Raises:
        ValueError: If the original's preprocessing can't be told from the rest.
    """
    import tensorflow as tf
    from tensorflow.python.compiler.tensorrt import trt_convert

    loaded = tf.saved_model.load(str(original))
    decode = decoding_part(loaded.signatures) if "serving_bytes" in loaded.signatures else None
    names = class_names(loaded.signatures["serving_default"])

    def save(trackable: Any, folder: str, signatures: dict[str, Any], options: Any = None) -> None:
        (converted,) = signatures.values()
        classify = _with_names(converted, names)
        trackable.converted, signatures = converted, {"serving_default": classify}
        if decode is not None:
            trackable.decode = decode
            signatures["serving_bytes"] = _on_encoded(decode, classify)
        tf.saved_model.save(trackable, folder, signatures, options)

    real = trt_convert.save
    trt_convert.save = SimpleNamespace(save=save)
    try:
        converter.save(str(output))
    finally:
        trt_convert.save = real


def class_names(signature: Any) -> list[bytes]:
    """Read a signature's `labels` from its graph, without running it.

    Raises:
        ValueError: If it has none.
    """
    from tensorflow.python.framework import convert_to_constants, tensor_util

    frozen = convert_to_constants.convert_variables_to_constants_v2(signature)
    width = signature.structured_outputs["probabilities"].shape[-1]
    for operation in frozen.graph.get_operations():
        if operation.type == "Const" and operation.outputs[0].dtype == "string":
            names = tensor_util.MakeNdarray(operation.get_attr("value"))
            if names.shape == (width,):
                return list(names)
    raise ValueError("serving_default holds no class names")


def decoding_part(signatures: Any) -> Any:
    """Return the function from `encoded_images` to the input of `serving_default`.

    Its output is the first tensor of that shape that all results depend on.

    Raises:
        ValueError: If there is none.
    """
    from tensorflow.python.framework import convert_to_constants

    (wanted,) = signatures["serving_default"].structured_input_signature[1].values()
    frozen = convert_to_constants.convert_variables_to_constants_v2(
        signatures["serving_bytes"], lower_control_flow=False
    )
    source = frozen.inputs[0]
    for operation in frozen.graph.get_operations():
        for tensor in operation.outputs:
            if tensor.dtype != wanted.dtype or str(tensor.shape) != str(wanted.shape):
                continue
            if not _is_reached(frozen.outputs, source.op, without=tensor):
                return frozen.prune(source, tensor)
    raise ValueError("the preprocessing of serving_bytes can't be told from the rest of its graph")


def compare(
    native: Path, converted: Path, pictures: np.ndarray, batch_sizes: Sequence[int]
) -> dict[str, Any]:
    """Measure the speed of both models and their agreement.

    Args:
        pictures: uint8 `(n, height, width, 3)`.
    """
    classify_natively, classify = classifier(native), classifier(converted)
    expected = _in_batches(classify_natively, pictures, max(batch_sizes))
    given = _in_batches(classify, pictures, max(batch_sizes))
    return {
        "native": speed(classify_natively, pictures, batch_sizes),
        "tftrt": speed(classify, pictures, batch_sizes),
        "num_pictures": len(pictures),
        "top1_agreement": float((expected.argmax(1) == given.argmax(1)).mean()),
        "max_abs_diff": float(np.abs(expected - given).max()),
    }


def classifier(saved_model: Path) -> Callable[[np.ndarray], np.ndarray]:
    """Return a SavedModel as a function from uint8 pictures to probabilities."""
    import tensorflow as tf

    model = tf.saved_model.load(str(saved_model))

    def classify(images: np.ndarray) -> np.ndarray:
        # Through the model, which keeps variables and engines alive.
        function = model.signatures["serving_default"]
        return np.asarray(function(images=tf.constant(_scaled(images)))["probabilities"])

    return classify


def speed(
    classify: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray, batch_sizes: Sequence[int]
) -> dict[str, Any]:
    """Measure latency in milliseconds per picture, and pictures per second by batch size."""
    taken = []
    for index in range(_NUM_WARM_UP + _NUM_TIMED):
        picture = pictures[index % len(pictures)][np.newaxis]
        started = time.perf_counter()
        classify(picture)
        taken.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(taken[_NUM_WARM_UP:], [50, 95])
    rates = {str(size): _rate(classify, pictures, size) for size in batch_sizes}
    return {"latency_ms_p50": float(p50), "latency_ms_p95": float(p95), "images_per_s": rates}


def _rate(
    classify: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray, batch_size: int
) -> float:
    batch = np.resize(pictures, (batch_size, *pictures.shape[1:]))
    for _ in range(_NUM_WARM_UP):
        classify(batch)
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < _RATE_S:
        classify(batch)
        count += batch_size
    return count / (time.perf_counter() - began)


def _with_names(converted: Any, names: Sequence[bytes]) -> Any:
    """Add `labels`, string `(batch, num_classes)`, to the output of the converted function."""
    import tensorflow as tf

    ((name, spec),) = converted.structured_input_signature[1].items()

    def classify(images: Any) -> dict[str, Any]:
        probabilities = converted(**{name: images})["probabilities"]
        probabilities.set_shape([None, len(names)])
        labels = tf.broadcast_to(tf.constant(names), tf.shape(probabilities))
        return {"probabilities": probabilities, "labels": labels}

    spec = tf.TensorSpec(spec.shape, spec.dtype, name)
    return tf.function(classify, input_signature=[spec], autograph=False)


def _on_encoded(decode: Any, classify: Any) -> Any:
    """Put decoding in front of a function."""
    import tensorflow as tf

    def classify_files(encoded_images: Any) -> Any:
        return classify(decode(encoded_images))

    spec = tf.TensorSpec([None], tf.string, name="encoded_images")
    return tf.function(classify_files, input_signature=[spec], autograph=False)


def _is_reached(tensors: Sequence[Any], source: Any, *, without: Any) -> bool:
    """Return whether a tensor depends on `source` on a path that avoids the tensor `without`."""
    waiting, seen = [t for t in tensors if t is not without], set()
    while waiting:
        operation = waiting.pop().op
        if operation is source:
            return True
        if operation.name not in seen:
            seen.add(operation.name)
            waiting.extend(t for t in operation.inputs if t is not without)
    return False


def _in_batches(
    classify: Callable[[np.ndarray], np.ndarray], pictures: np.ndarray, batch_size: int
) -> np.ndarray:
    parts = [classify(pictures[i : i + batch_size]) for i in range(0, len(pictures), batch_size)]
    return np.concatenate(parts)


def _scaled(images: np.ndarray) -> np.ndarray:
    return images.astype(np.float32) / np.float32(255)


def _pictures(about: dict[str, Any], named: Sequence[Path]) -> tuple[np.ndarray, str]:
    files = [f for path in named for f in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix.lower() in _PHOTOS]
    files = files[:: len(files) // _MOST_PICTURES + 1]
    from picture import PictureError, read_picture  # type: ignore[import-not-found]

    pixels = []
    for file in files:
        try:
            pixels.append(read_picture(file, about["input_size"], about["fit"]))
        except PictureError as error:
            print(f"{file} {error}; it is left out.", file=sys.stderr)
    if not pixels:
        size = (_NUM_RANDOM, *about["input_size"], 3)
        return np.random.default_rng(0).integers(0, 256, size, np.uint8), "random numbers"
    return np.stack(pixels), f"{len(pixels)} photographs"


def _print_table(found: dict[str, Any]) -> None:
    print(f"{'':22} {'native':>10} {'TF-TRT':>10}")
    rows = [("latency p50 (ms)", "latency_ms_p50"), ("latency p95 (ms)", "latency_ms_p95")]
    for title, key in rows:
        print(f"{title:22} {found['native'][key]:10.2f} {found['tftrt'][key]:10.2f}")
    for size, rate in found["native"]["images_per_s"].items():
        title = f"pictures/s, batch {size}"
        print(f"{title:22} {rate:10.0f} {found['tftrt']['images_per_s'][size]:10.0f}")
    agreement = 100 * found["top1_agreement"]
    print(f"Both predict the same class for {agreement:.2f}% of {found['pictures']}; the largest")
    print(f"difference of a probability is {found['max_abs_diff']:.7f}.")


if __name__ == "__main__":
    sys.exit(main())

"""Convert a trained model to TFLite. Imported by the worker only."""

import logging
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, assert_never

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.lite.python.convert_phase import ConverterError

from core.errors import ExportError
from core.export.conversion.bias_correction import correct_biases
from core.export.conversion.float_roots import compute_roots_in_float
from core.export.conversion.oldest_litert import OLDEST_LITERT, newer_operators
from core.export.conversion.quantization import Quantization
from core.export.conversion.tflite_metadata import add_metadata
from core.litert.interpreter import LitertOperationError, load_interpreter
from core.models.litert_head import INPUT_NAME, PROBABILITIES_NAME
from core.models.model_info import LITERT_FILE, SAVED_MODEL_FOLDER, ModelInfo
from core.storage.atomic_file import write_bytes_atomically
from core.text import Text, count_text

logger = logging.getLogger(__name__)

# What full-integer files may hold: 8-bit values, the sums of their products, shapes.
_INTEGERS = {np.uint8, np.int8, np.int16, np.int32, np.int64, np.bool_}
_ADVICE = Text("Export as SavedModel or ONNX, or train with another backbone.")
_ROOTS_NOTE = Text(
    "Its square roots, and the means that they are taken of, are computed in floating point; "
    "everything else is computed in integers."
)
_MISSING_OPERATION = re.compile(r"'tf\.(\w+)' op is neither a custom op nor a flex op")
_PIXEL_SCALE = 1 / 255
_PROBABILITY_SCALE = 1 / 256


def convert_to_tflite(
    model_dir: Path,
    info: ModelInfo,
    quantization: Quantization,
    output: Path,
    representative: NDArray[np.uint8] | None,
) -> tuple[str, ...]:
    """Write a model as a `.tflite` file with metadata and labels.

    The input of all files is `images`, the output `probabilities`; their tensors hold one image
    and can be resized to any number of images.

    Args:
        model_dir: The model folder.
        info: Its description.
        quantization: The file's number format.
        output: The file to write.
        representative: Training images of the input size, RGB, shape `(n, height, width, 3)`;
            only full-integer quantization needs them.

    Returns:
        What users should know about the file, in sentences.

    Raises:
        ExportError: If the model has operations that the format doesn't.
        StorageError: If the file can't be written.
    """
    if quantization is Quantization.NONE:
        content = _own_file(model_dir, info)
    else:
        content = _converted(model_dir, info, quantization, representative)
    is_int8 = quantization is Quantization.INT8
    notes = _notes(quantization, representative)
    try:
        if is_int8 and representative is not None:
            converted, content = content, compute_roots_in_float(content)
            notes += () if content is converted else (_ROOTS_NOTE,)
            content = _with_corrected_biases(content, model_dir, representative)
        content = add_metadata(content, info, has_bytes=is_int8)
        newer = newer_operators(content)
    except (ValueError, LitertOperationError) as error:
        raise ExportError(
            Text("The TFLite file of %1 can't be used: %2.", str(model_dir), str(error))
        ) from error
    write_bytes_atomically(output, content)
    return (*notes, *_runtime_notes(newer))


def _with_corrected_biases(content: bytes, model_dir: Path, images: NDArray[np.uint8]) -> bytes:
    reference = model_dir / LITERT_FILE
    if not reference.exists():
        return content
    return correct_biases(content, _read(reference), images)


def _own_file(model_dir: Path, info: ModelInfo) -> bytes:
    path = model_dir / LITERT_FILE
    if not path.exists():
        raise ExportError(
            Text(
                "%1 holds no %2: LiteRT can't run the model's backbone %3. %4",
                str(model_dir),
                LITERT_FILE,
                info.backbone,
                _ADVICE,
            )
        )
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(Text("%1 can't be read: %2.", str(path), reason)) from error


def _converted(
    model_dir: Path,
    info: ModelInfo,
    quantization: Quantization,
    representative: NDArray[np.uint8] | None,
) -> bytes:
    try:
        with _loadable(model_dir / SAVED_MODEL_FOLDER) as folder:
            converter = _converter(folder, info)
            _set_quantization(converter, quantization, representative)
            content: bytes = converter.convert()
    # The quantizer reports operations that it doesn't know as RuntimeError or ValueError.
    except (ConverterError, ValueError, RuntimeError, OSError, tf.errors.OpError) as error:
        logger.warning("Conversion to tflite-%s failed", quantization, exc_info=True)
        raise ExportError(_reason(error, info, quantization)) from error
    if quantization is Quantization.INT8:
        _require_integers(content)
    return content


@contextmanager
def _loadable(folder: Path) -> Iterator[Path]:
    """Link the folder to a path without `[`, which TensorFlow takes for a pattern."""
    with tempfile.TemporaryDirectory(prefix="fieldguide-") as temporary:
        link = Path(temporary) / SAVED_MODEL_FOLDER
        link.symlink_to(folder.absolute(), target_is_directory=True)
        yield link


def _converter(folder: Path, info: ModelInfo) -> Any:
    model = tf.saved_model.load(str(folder))
    classify = model.signatures["serving_default"]
    height, width = info.input_size

    @tf.function(
        input_signature=[tf.TensorSpec([None, height, width, 3], tf.float32, name=INPUT_NAME)],
        autograph=False,
    )
    def serve(images: tf.Tensor) -> dict[str, tf.Tensor]:
        # Without the signature's other output, the labels: LiteRT on small devices has no text.
        return {PROBABILITIES_NAME: classify(images=images)[PROBABILITIES_NAME]}

    # The file gets a signature only if the function can be saved along with its owner.
    owner = tf.Module()
    owner.model = model
    return tf.lite.TFLiteConverter.from_concrete_functions([serve.get_concrete_function()], owner)


def _set_quantization(
    converter: Any, quantization: Quantization, representative: NDArray[np.uint8] | None
) -> None:
    match quantization:
        case Quantization.NONE:
            return
        case Quantization.FLOAT16:
            converter.target_spec.supported_types = [tf.float16]
        case Quantization.DYNAMIC:
            # Dense layers with a scale for each output are version 12 of their operator, which
            # runtimes before 2.17 lack. On 400 photographs the other way agreed as well.
            converter._experimental_disable_per_channel_quantization_for_dense_layers = True
        case Quantization.INT8:
            _set_full_integer(converter, representative)
        case _:
            assert_never(quantization)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]


def _set_full_integer(converter: Any, representative: NDArray[np.uint8] | None) -> None:
    if representative is None or not len(representative):
        raise ExportError(
            Text(
                "Full-integer quantization needs training pictures to measure the range of the "
                "model's values, and there are none. Choose a folder with pictures for it."
            )
        )
    images = _with_extremes(representative)
    converter.representative_dataset = lambda: ([_scaled(image)] for image in images)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.uint8


def _with_extremes(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Add a black and a white pixel to a corner of the first image.

    The range of the input is that of these pixels, and has to be all of 0 to 255 for a pixel to
    be its own quantized value. A black and a white image would do too, and widen the ranges
    of all layers behind.
    """
    images = images.copy()
    images[0, 0, 0], images[0, 0, -1] = 0, 255
    return images


def _scaled(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(image[np.newaxis] / np.float32(255), np.float32)


def _require_integers(content: bytes) -> None:
    """Raise an ExportError unless the file computes with integers, from pixels as they are."""
    interpreter = load_interpreter(content, num_threads=1)
    types = {tensor["dtype"] for tensor in interpreter.get_tensor_details()}
    if others := sorted(kind.__name__ for kind in types - _INTEGERS):
        types_left = ", ".join(others)
        raise ExportError(
            Text(
                "The model can't be quantized to integers alone: some of its operations still "
                "compute with %1. Dynamic-range quantization makes files nearly as small.",
                types_left,
            )
        )
    ends = (
        (interpreter.get_input_details()[0], _PIXEL_SCALE),
        (interpreter.get_output_details()[0], _PROBABILITY_SCALE),
    )
    for end, expected in ends:
        scale, zero_point = end["quantization"]
        if not np.isclose(scale, expected, rtol=1e-6) or zero_point:
            raise ExportError(
                Text(
                    "TensorFlow gave the tensor %1 the scale %2 and the zero point %3, not %4 and "
                    "0: other programs would read it wrong.",
                    str(end["name"]),
                    f"{scale:.7f}",
                    str(zero_point),
                    f"{expected:.7f}",
                )
            )


def _notes(quantization: Quantization, representative: NDArray[np.uint8] | None) -> tuple[str, ...]:
    if quantization is not Quantization.INT8 or representative is None:
        return ()
    return (
        count_text(
            "Ranges were measured with %n training picture(s). The input is pixels as bytes, the "
            "output bytes that are 256 times the probabilities.",
            "",
            len(representative),
        ),
    )


def _runtime_notes(newer: tuple[str, ...]) -> tuple[str, ...]:
    if not newer:
        return ()
    return (
        Text(
            "It needs a newer runtime than %1, such as ai-edge-litert 2, for the model's "
            "operators: %2.",
            OLDEST_LITERT,
            ", ".join(newer),
        ),
    )


def _reason(error: Exception, info: ModelInfo, quantization: Quantization) -> Text:
    if missing := sorted(set(_MISSING_OPERATION.findall(str(error)))):
        return Text(
            "LiteRT lacks operations that the model's backbone %1 needs: %2. %3",
            info.backbone,
            ", ".join(missing),
            _ADVICE,
        )
    first_line = str(error).strip().partition("\n")[0].rstrip(".")
    return Text(
        "TensorFlow can't convert the model with the backbone %1 to %2: %3. %4",
        info.backbone,
        f"tflite-{quantization}",
        first_line,
        _ADVICE,
    )

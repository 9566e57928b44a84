"""TFLite: LiteRT files for phones and small computers, whole or quantized."""

from functools import partial
from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.conversion.oldest_litert import OLDEST_LITERT
from core.export.conversion.quantization import Quantization
from core.export.formats.format import Format
from core.export.formats.input_words import pixels_taken
from core.export_spec.export_format import INT8_AGREEMENT, ExportTarget
from core.models.model_info import LITERT_FILE, ModelInfo
from core.text import Text

_PREDICT = "tflite.py"
_RUNTIMES = ("ai_edge_litert", "tflite_runtime", "tensorflow")
_NEEDED = (
    "`predict.py` needs NumPy, Pillow and ai-edge-litert, or what came before it: "
    f"{OLDEST_LITERT}, with a NumPy below 2."
)
_PHONES = (
    "MediaPipe Tasks' `ImageClassifier` loads the file as it is. It scales the whole picture to "
    "the model's size{squash}, a little otherwise than `read_picture`: it gives the file's own "
    "answer for pixels that already have that size. It takes bitmaps as they lie in memory: hand "
    "them over upright, or name their angle in `ImageProcessingOptions(rotation_degrees=…)`; of "
    "its readers only `Image.create_from_file` in Python turns a photograph by its EXIF "
    "orientation. ML Kit takes the file as a custom model, and upright bitmaps or their "
    "`rotationDegrees`; it scales and crops by rules of its own, which were not compared here."
)


def _make(
    quantization: Quantization, job: ExportJob, _target: ExportTarget, output: Path
) -> MadeArtifact:
    from core.export.conversion.tflite import convert_to_tflite

    representative = None
    if quantization is Quantization.INT8:
        representative = job.training_images(job.options.num_representative)
    notes = convert_to_tflite(job.model_dir, job.info, quantization, output, representative)
    return MadeArtifact(notes=notes)


def _float_notes(info: ModelInfo) -> list[str]:
    return _notes(info, f"it takes {pixels_taken(info)}.")


def _int8_notes(info: ModelInfo) -> list[str]:
    height, width = info.input_size
    return _notes(
        info,
        f"it takes `images`, uint8 `(batch, {height}, {width}, 3)`, RGB pixels as they are, and "
        "gives bytes, 256 times the probabilities.",
    )


def _notes(info: ModelInfo, ends: str) -> list[str]:
    squash = (
        ""
        if info.resize_mode == "squash"
        else f", though this model was trained with fit {info.resize_mode}"
    )
    return [_NEEDED, f"In other programs: {ends}", _PHONES.format(squash=squash)]


TFLITE = Format(
    name="tflite",
    position=20,
    title=Text("TFLite"),
    purpose=Text("For phones and small computers, in full precision."),
    card_title="TFLite (LiteRT), float32",
    artifact=LITERT_FILE,
    predict=_PREDICT,
    runtimes=_RUNTIMES,
    is_chosen_at_first=True,
    make=partial(_make, Quantization.NONE),
    client_notes=_float_notes,
)
TFLITE_FLOAT16 = Format(
    name="tflite-float16",
    position=30,
    title=Text("TFLite float16"),
    purpose=Text("Half the size, nearly the same answers."),
    card_title="TFLite (LiteRT), float16 weights",
    artifact=LITERT_FILE,
    predict=_PREDICT,
    runtimes=_RUNTIMES,
    relative_size=0.5,
    make=partial(_make, Quantization.FLOAT16),
    client_notes=_float_notes,
)
TFLITE_DYNAMIC = Format(
    name="tflite-dynamic",
    position=40,
    title=Text("TFLite dynamic-range"),
    purpose=Text("A quarter of the size: weights of 8 bits."),
    card_title="TFLite (LiteRT), dynamic-range quantization",
    artifact=LITERT_FILE,
    predict=_PREDICT,
    runtimes=_RUNTIMES,
    # It multiplies 8-bit numbers too: activations are rounded while it runs.
    least_agreement=INT8_AGREEMENT,
    relative_size=0.27,
    make=partial(_make, Quantization.DYNAMIC),
    client_notes=_float_notes,
)
TFLITE_INT8 = Format(
    name="tflite-int8",
    position=50,
    title=Text("TFLite full-integer"),
    purpose=Text("8 bits throughout: the fastest, and for NPUs."),
    card_title="TFLite (LiteRT), full-integer quantization",
    artifact=LITERT_FILE,
    predict=_PREDICT,
    runtimes=_RUNTIMES,
    least_agreement=INT8_AGREEMENT,
    relative_size=0.29,
    make=partial(_make, Quantization.INT8),
    client_notes=_int8_notes,
)

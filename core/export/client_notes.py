"""What other programs do with an artifact, and what they leave to whoever calls them."""

from typing import assert_never

from core.export.conversion.oldest_litert import OLDEST_LITERT
from core.export_spec.export_format import ExportFormat
from core.models.model_card import SERVING_BYTES_LIMITS
from core.models.model_info import ModelInfo

_LITERT = (
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


def client_notes(chosen: ExportFormat, info: ModelInfo) -> list[str]:
    """A list in Markdown, for the card of an artifact."""
    return [f"- {note}" for note in _notes(chosen, info)]


def _notes(chosen: ExportFormat, info: ModelInfo) -> list[str]:
    height, width = info.input_size
    pixels = f"`images`, float32 `(batch, {height}, {width}, 3)`, RGB in [0, 1]"
    match chosen:
        case ExportFormat.SAVED_MODEL | ExportFormat.TF_TRT:
            needed = "2.17 or later" if chosen is ExportFormat.SAVED_MODEL else "2.17 with TensorRT"
            return [
                f"`predict.py` needs Pillow and TensorFlow {needed}.",
                f"In other programs: `serving_default` takes {pixels}; `serving_bytes` takes "
                "`encoded_images`, whole JPEG, PNG, GIF or BMP files.",
                SERVING_BYTES_LIMITS,
                "TensorFlow Serving answers row by row: POST "
                '`{"signature_name": "serving_bytes", "instances": [{"b64": "…"}]}`.',
            ]
        case ExportFormat.TFLITE | ExportFormat.TFLITE_FLOAT16 | ExportFormat.TFLITE_DYNAMIC:
            return [_LITERT, f"In other programs: it takes {pixels}.", _phones(info)]
        case ExportFormat.TFLITE_INT8:
            taken = f"`images`, uint8 `(batch, {height}, {width}, 3)`, RGB pixels as they are"
            given = "gives bytes, 256 times the probabilities"
            return [_LITERT, f"In other programs: it takes {taken}, and {given}.", _phones(info)]
        case ExportFormat.ONNX:
            return [
                "`predict.py` needs NumPy, Pillow and onnxruntime 1.16 or later.",
                f"In other programs: it takes {pixels}, and gives `probabilities`.",
            ]
        case ExportFormat.TENSORRT:
            return [f"In other programs: it takes {pixels}, and gives `probabilities`."]
        case _:
            assert_never(chosen)


def _phones(info: ModelInfo) -> str:
    squash = "" if info.fit == "squash" else f", though this model was trained with fit {info.fit}"
    return _PHONES.format(squash=squash)

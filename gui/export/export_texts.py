"""Export formats in the words of people: names, purposes, sizes."""

from PySide6.QtCore import QCoreApplication

from core.export_spec.export_format import ExportFormat, ExportTarget
from gui.look.wording import data_size

# Of an artifact to the model's LiteRT file, whose weights are float32.
_SIZES = {
    ExportFormat.SAVED_MODEL: 1.0,
    ExportFormat.TFLITE: 1.0,
    ExportFormat.TFLITE_FLOAT16: 0.5,
    ExportFormat.TFLITE_DYNAMIC: 0.27,
    ExportFormat.TFLITE_INT8: 0.29,
    ExportFormat.ONNX: 1.0,
}


def format_name(chosen: ExportFormat) -> str:
    """A format as people know it."""
    return {
        ExportFormat.SAVED_MODEL: "SavedModel",
        ExportFormat.TFLITE: "TFLite",
        ExportFormat.TFLITE_FLOAT16: "TFLite float16",
        ExportFormat.TFLITE_DYNAMIC: _tr("TFLite dynamic-range"),
        ExportFormat.TFLITE_INT8: _tr("TFLite full-integer"),
        ExportFormat.ONNX: "ONNX",
        ExportFormat.TF_TRT: "TF-TRT",
        ExportFormat.TENSORRT: _tr("TensorRT engine"),
    }[chosen]


def target_name(target: ExportTarget) -> str:
    """An artifact's format with its precision: "TF-TRT FP16"."""
    name = format_name(target.format)
    return f"{name} {target.precision.upper()}" if target.precision else name


def purpose(chosen: ExportFormat) -> str:
    """What a format is for, in a line."""
    return {
        ExportFormat.SAVED_MODEL: _tr("For TensorFlow programs and TensorFlow Serving."),
        ExportFormat.TFLITE: _tr("For phones and small computers, in full precision."),
        ExportFormat.TFLITE_FLOAT16: _tr("Half the size, nearly the same answers."),
        ExportFormat.TFLITE_DYNAMIC: _tr("A quarter of the size: weights of 8 bits."),
        ExportFormat.TFLITE_INT8: _tr("8 bits throughout: the fastest, and for NPUs."),
        ExportFormat.ONNX: _tr("For onnxruntime, .NET, Java and most other tools."),
        ExportFormat.TF_TRT: _tr("For TensorFlow programs on NVIDIA GPUs."),
        ExportFormat.TENSORRT: _tr("For NVIDIA GPUs, also the newest ones."),
    }[chosen]


def typical_size(chosen: ExportFormat, model_bytes: int) -> str:
    """How large an artifact of a model will be, roughly; "" if that can't be told.

    Args:
        model_bytes: Size of the model's LiteRT file; 0 if not known.
    """
    if chosen not in _SIZES:
        return _tr("depends on the GPU")
    if not model_bytes:
        return ""
    return _tr("about %1").replace("%1", data_size(round(_SIZES[chosen] * model_bytes)))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportTexts", text)

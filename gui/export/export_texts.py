"""Export formats in words: names, purposes, sizes."""

from core.export_spec.export_format import ExportFormat, ExportTarget
from gui.look.language import shown, tr
from gui.look.wording import data_size


def format_name(chosen: ExportFormat) -> str:
    """Return the name of a format."""
    return shown(chosen.title)


def target_name(target: ExportTarget) -> str:
    """Return an artifact's format with its precision: "TF-TRT FP16"."""
    name = format_name(target.format)
    return f"{name} {target.precision.upper()}" if target.precision else name


def purpose(chosen: ExportFormat) -> str:
    """Return the purpose of a format, in a line."""
    return shown(chosen.purpose)


def typical_size(chosen: ExportFormat, model_bytes: int) -> str:
    """Return roughly how large an artifact of a model will be; "" if that is not known.

    Args:
        model_bytes: Size of the model's LiteRT file; 0 if not known.
    """
    if chosen.relative_size is None:
        return tr("depends on the GPU")
    if not model_bytes:
        return ""
    return tr("about %1", data_size(round(chosen.relative_size * model_bytes)))

"""Export formats in the words of people: names, purposes, sizes."""

from core.export_spec.export_format import ExportFormat, ExportTarget
from gui.look.language import shown, tr
from gui.look.wording import data_size


def format_name(chosen: ExportFormat) -> str:
    """A format as people know it."""
    return shown(chosen.title)


def target_name(target: ExportTarget) -> str:
    """An artifact's format with its precision: "TF-TRT FP16"."""
    name = format_name(target.format)
    return f"{name} {target.precision.upper()}" if target.precision else name


def purpose(chosen: ExportFormat) -> str:
    """What a format is for, in a line."""
    return shown(chosen.purpose)


def typical_size(chosen: ExportFormat, model_bytes: int) -> str:
    """How large an artifact of a model will be, roughly; "" if that can't be told.

    Args:
        model_bytes: Size of the model's LiteRT file; 0 if not known.
    """
    if chosen.relative_size is None:
        return tr("depends on the GPU")
    if not model_bytes:
        return ""
    return tr("about %1", data_size(round(chosen.relative_size * model_bytes)))

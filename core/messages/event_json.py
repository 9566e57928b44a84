"""Events as JSON values, as the command line prints them with `--json`."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

from core.backbones.backbone import BackboneInfo
from core.backbones.refusal import Refusal
from core.data.dataset import Finding, ImageSource
from core.data.edits.image_table import ImageTable
from core.evaluation.measured_figures import figures_to_json_dict
from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget
from core.messages.events import (
    Event,
    RequestFailed,
    TrainingCancelled,
    TrainingFinished,
)

# Names under which classes and fields with other names were published.
_PUBLISHED_NAMES = {
    "images_found": "pictures_found",
    "images_counted": "pictures_counted",
    "images_checked": "pictures_checked",
    "num_images": "num_pictures",
    "images_per_s": "pictures_per_s",
    "fine_tuning_images_per_s": "fine_tuning_pictures_per_s",
}


def event_to_json_dict(event: Event) -> dict[str, Any]:
    """Return the event as JSON values; its name in snake case is under `event`.

    The keys of `figures_to_json_dict` stand beside the others.
    """
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
    values = {field.name: getattr(event, field.name) for field in fields(event)}
    if isinstance(event, RequestFailed) and values.pop("is_run"):
        name = "training_failed"
    figures = {}
    if isinstance(event, TrainingFinished | TrainingCancelled):
        figures = figures_to_json_dict(values.pop("figures"))
    published = {
        _PUBLISHED_NAMES.get(key, key): _json_value(value) for key, value in values.items()
    }
    return {"event": _PUBLISHED_NAMES.get(name, name)} | published | figures


def _json_value(value: object) -> object:
    match value:
        case Path():
            return str(value)
        case BackboneInfo() | ArtifactResult():
            return value.to_json_dict()
        case ExportTarget():
            return value.name
        case ImageTable():
            return {"labels": value.labels, "num_pictures": len(value)}
        case Finding():  # its other attributes are the window's
            return {"path": _json_value(value.path), "kind": value.kind, "detail": value.detail}
        case ImageSource() | Refusal():
            return {field.name: _json_value(getattr(value, field.name)) for field in fields(value)}
        case tuple():
            return [_json_value(item) for item in value]
        case _:
            return value

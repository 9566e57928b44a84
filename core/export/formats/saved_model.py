"""The model's own SavedModel, for TensorFlow and TensorFlow Serving."""

from pathlib import Path

from core.export.conversion.export_job import ExportJob, MadeArtifact
from core.export.formats.format import Format
from core.export.formats.input_words import pixels_taken
from core.export_spec.export_format import ExportTarget
from core.models.model_card import SERVING_BYTES_LIMITS
from core.models.model_info import SAVED_MODEL_FOLDER, ModelInfo
from core.text import Text


def signature_notes(info: ModelInfo, tensorflow: str) -> list[str]:
    """What other programs do with a SavedModel.

    Args:
        tensorflow: The version that it needs, in words.
    """
    return [
        f"`predict.py` needs Pillow and TensorFlow {tensorflow}.",
        f"In other programs: `serving_default` takes {pixels_taken(info)}; `serving_bytes` takes "
        "`encoded_images`, whole JPEG, PNG, GIF or BMP files.",
        SERVING_BYTES_LIMITS,
        "TensorFlow Serving answers row by row: POST "
        '`{"signature_name": "serving_bytes", "instances": [{"b64": "…"}]}`.',
    ]


def _make(job: ExportJob, _target: ExportTarget, output: Path) -> MadeArtifact:
    from core.export.conversion.saved_model import export_saved_model

    return export_saved_model(job, output)


SAVED_MODEL = Format(
    name="saved-model",
    position=10,
    title=Text("SavedModel"),
    purpose=Text("For TensorFlow programs and TensorFlow Serving."),
    card_title="TensorFlow SavedModel",
    artifact=SAVED_MODEL_FOLDER,
    predict="saved_model.py",
    runtimes=("tensorflow",),
    has_version=True,
    is_chosen_at_first=True,
    make=_make,
    client_notes=lambda info: signature_notes(info, "2.17 or later"),
)

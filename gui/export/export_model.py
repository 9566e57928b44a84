"""The model to export, and its earlier exports."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import StorageError
from core.export.artifact_folder import read_exports
from core.export_spec.artifact import ArtifactResult
from core.models.model_info import LITERT_FILE, ModelInfo, find_model_folder, read_model_info
from core.storage.storage_message import storage_message


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportModel:
    """A model as the page shows it.

    Attributes:
        folder: The model folder.
        size_bytes: Of its LiteRT file; 0 if there is none.
        output: Folder of the exports.
        default_output: Folder of the exports if none is chosen.
        results: Earlier exports found there.
    """

    folder: Path
    info: ModelInfo
    size_bytes: int
    output: Path
    default_output: Path
    results: tuple[ArtifactResult, ...]


def load_export_model(folder: Path, output: Path | None) -> ExportModel:
    """Read a model and the exports of it; not for the main thread.

    Args:
        folder: A model folder or run folder.
        output: Where to look for exports; None for the default.

    Raises:
        ModelError: If it is neither.
    """
    # Imported here: it brings numpy's linear algebra and more, which a thread can wait for.
    from core.export.export_run import EXPORTS_FOLDER

    folder = find_model_folder(folder.absolute())
    info = read_model_info(folder)
    default_output = folder.parent / EXPORTS_FOLDER
    place = output or default_output
    litert = folder / LITERT_FILE
    return ExportModel(
        folder=folder,
        info=info,
        size_bytes=litert.stat().st_size if litert.is_file() else 0,
        output=place,
        default_output=default_output,
        results=read_exports(place, info.created),
    )


def require_writable(folder: Path) -> None:
    """Make the output folder and check that it can be written, before the work begins.

    Raises:
        StorageError: If it can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".fieldguide-", dir=folder):
            pass
    except OSError as error:
        raise StorageError(storage_message("write exports to", folder, error)) from error

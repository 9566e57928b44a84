"""Which SavedModels the user trusts although they may do more than compute.

Trust goes by content: the same files are trusted wherever they lie, and others in their place are
not. It is kept with the program's own data and never beside a model, so that none can bring it.
"""

import json
from pathlib import Path

from filelock import FileLock

from core.backbones.fingerprint import fingerprint_saved_model
from core.errors import StorageError
from core.storage.app_dirs import data_dir
from core.storage.atomic_file import write_json_atomically
from core.storage.storage_message import storage_message

_FILE = "trusted-models.json"
_SCHEMA = 1


def is_trusted(fingerprint: str) -> bool:
    """Return whether the user has said to trust this content.

    Args:
        fingerprint: See `fingerprint_saved_model`.
    """
    return fingerprint in _known()


def trust(fingerprint: str, name: str) -> None:
    """Remember that the user trusts a content.

    Args:
        name: What the model was called then; for those who read the file.

    Raises:
        StorageError: If it can't be written.
    """
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        with FileLock(_path().with_suffix(".lock")):
            models = _known() | {fingerprint: name}
            write_json_atomically(_path(), {"schema": _SCHEMA, "models": models})
    except OSError as error:
        raise StorageError(storage_message("write", _path(), error)) from error


def trust_saved_model(folder: Path, name: str) -> None:
    """Remember that the user trusts what a SavedModel's folder holds now.

    Args:
        name: See `trust`.

    Raises:
        BackboneError: If it can't be read.
        StorageError: If the record can't be written.
    """
    trust(fingerprint_saved_model(folder), name)


def _path() -> Path:
    return data_dir() / _FILE


def _known() -> dict[str, str]:
    """Read names by fingerprint. A file that can't be read trusts nothing."""
    try:
        content = json.loads(_path().read_text(encoding="ascii"))
        models = content["models"] if content["schema"] == _SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return models if isinstance(models, dict) else {}

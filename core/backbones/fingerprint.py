"""One name for the content of a SavedModel, wherever it lies."""

import hashlib
import os
from pathlib import Path

from core.errors import BackboneError
from core.storage.storage_message import storage_message

# Written by recent TensorFlow versions beside a model, not part of what it computes.
_IGNORED = {"fingerprint.pb", "keras_metadata.pb", "backbone.json"}
_BLOCK_SIZE = 1 << 20


def fingerprint_saved_model(folder: Path) -> str:
    """Hash names and contents of a SavedModel's files: SHA-256, hexadecimal.

    Raises:
        BackboneError: If a file can't be read.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.name in _IGNORED:
            continue
        digest.update(os.fsencode(path.relative_to(folder).as_posix()) + b"\0")
        _add_content(path, digest)
    return digest.hexdigest()


def _add_content(path: Path, digest: "hashlib._Hash") -> None:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_SIZE):
                digest.update(block)
    except OSError as error:
        raise BackboneError(storage_message("read", path, error)) from error

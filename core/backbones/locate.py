"""Find the SavedModel folder of a backbone by any of its names."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from core.backbones.backbone import read_info
from core.backbones.converted import converted_saved_model
from core.backbones.efficientnet_lite.packed_weights import packed_weights
from core.backbones.kaggle_model import KaggleModel
from core.backbones.store import SAVED_MODEL_FOLDER, embedded_folder, imported_folder
from core.data.archives.extraction import extract_archive, is_archive
from core.errors import BackboneError
from core.storage.app_dirs import cache_dir
from core.storage.folder_copy import copy_folder
from core.storage.storage_message import storage_message
from core.text import Text

Download = Callable[[str], Path]


def is_url(handle: str) -> bool:
    """Return whether a handle has to be fetched from the network."""
    return handle.startswith(("https://", "http://"))


def with_address(handle: str) -> str:
    """Return the page's address for a model of Kaggle in the short form; other handles as they are.

    A folder of that path on this computer goes before.
    """
    model = KaggleModel.of_handle(handle)
    return handle if model is None or Path(handle).exists() else model.page


def absolute_handle(handle: str) -> str:
    """Make a handle mean the same from any folder: a path becomes absolute."""
    handle = with_address(handle)
    if is_url(handle) or embedded_folder(handle) or imported_folder(handle):
        return handle
    # `Path.exists` raises for names that are too long; the error comes later.
    return os.path.abspath(handle) if os.path.exists(handle) else handle  # noqa: PTH100, PTH110


def locate_saved_model(
    handle: str, download: Download, before_tensorflow: Callable[[], None] = lambda: None
) -> Path:
    """Find the folder of the SavedModel that `handle` names; one of packed weights is made.

    Args:
        handle: Name of an embedded or imported backbone, a SavedModel folder, an archive
            of one, or a URL.
        download: Fetches a URL into a local folder.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.

    Raises:
        BackboneError: If nothing is there, or it is no TF2 SavedModel.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If one can't be made in the cache.
    """
    try:
        if is_url(handle):
            return _saved_model_in(download(handle), handle)
        return _local_saved_model(handle, before_tensorflow)
    # `~name` raises a RuntimeError if there is no such user.
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BackboneError(Text("Can't read the backbone %1: %2.", handle, reason)) from error


def copy_saved_model(source: Path, target: Path) -> None:
    """Copy a SavedModel folder so that `target` is whole or absent.

    Raises:
        BackboneError: If it can't be copied.
        StorageError: If it holds links that lead out of it.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        copy_folder(source, partial)
        shutil.rmtree(target, ignore_errors=True)  # left by an import that didn't end
        partial.replace(target)
    except OSError as error:
        raise BackboneError(storage_message("copy the backbone to", target, error)) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _local_saved_model(handle: str, before_tensorflow: Callable[[], None]) -> Path:
    embedded, weights = embedded_folder(handle), packed_weights(handle)
    if embedded is not None and weights is not None:
        return converted_saved_model(weights, read_info(embedded), before_tensorflow)
    known = embedded or imported_folder(handle)
    if known is not None:
        return known / SAVED_MODEL_FOLDER
    path = Path(handle).expanduser()
    if handle and path.is_dir():
        return _saved_model_in(path.absolute(), handle)
    if path.is_file() and is_archive(path):
        return _saved_model_in(_unpacked(path), handle)
    raise BackboneError(
        Text(
            "There is no backbone “%1”. Use a name from the list of backbones, a SavedModel "
            "folder, a .tar.gz of one, or its https:// address on TensorFlow Hub or Kaggle.",
            handle,
        )
    )


def _unpacked(archive: Path) -> Path:
    target = cache_dir() / "backbone-archives"
    return extract_archive(archive, target, is_wanted=lambda _parts: True)


def _saved_model_in(folder: Path, handle: str) -> Path:
    for candidate in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        if (candidate / "tfhub_module.pb").is_file():
            raise BackboneError(
                Text(
                    "%1 is a module in the old TF1 Hub format, which TensorFlow 2 can't train. "
                    "Use its TF2 version.",
                    handle,
                )
            )
        if (candidate / "saved_model.pb").is_file():
            return candidate
    raise BackboneError(Text("%1 holds no SavedModel: there is no saved_model.pb in it.", handle))

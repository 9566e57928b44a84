"""Make any backbone ready to use: found, inspected, converted, remembered."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.app_dirs import cache_dir
from core.atomic_file import storage_message
from core.backbones.backbone import Backbone, BackboneInfo, read_info, write_info
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.locate import copy_saved_model, is_url, locate_saved_model
from core.backbones.prepared_folder import LITERT_FILE, is_whole, litert_twin, making, seal
from core.backbones.store import (
    SAVED_MODEL_FOLDER,
    embedded_folder,
    imported_dir,
    imported_folder,
    list_backbones,
)
from core.errors import BackboneError, StorageError

logger = logging.getLogger(__name__)

_FROZEN_GRAPH_FILE = "frozen_graph.bin"
_LONGEST_NAME = 60


def prepare_backbone(handle: str, before_tensorflow: Callable[[], None] = lambda: None) -> Backbone:
    """Make a backbone ready, however it is named; what takes time is done once and kept.

    Runs in the worker: all but embedded backbones need TensorFlow the first time.

    Args:
        handle: See `locate_saved_model`.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.

    Raises:
        BackboneError: If it can't be found, fetched or used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If the cache can't be written.
    """
    saved_model_dir = locate_saved_model(handle, _download)
    fingerprint = fingerprint_saved_model(saved_model_dir)
    cached = cache_dir() / "backbones" / fingerprint[:24]
    embedded = embedded_folder(handle)
    if embedded is not None:
        info = read_info(embedded)
        litert_path: Path | None = embedded / LITERT_FILE
    else:
        info, cached = _inspected(handle, saved_model_dir, cached, before_tensorflow)
        litert_path = litert_twin(cached)
    return Backbone(
        info=info,
        saved_model_dir=saved_model_dir,
        fingerprint=fingerprint,
        litert_path=litert_path,
        frozen_graph_path=cached / _FROZEN_GRAPH_FILE,
    )


def import_backbone(handle: str, name: str) -> BackboneInfo:
    """Copy a backbone into Fieldguide's own folder under a name to choose it by.

    Raises:
        BackboneError: If the name is taken or unfit, or the backbone can't be used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If it can't be written.
    """
    if not _is_fit_name(name):
        raise BackboneError(f"{name!r} can't be the name of a backbone: use letters and digits.")
    if any(info.name == name for info in list_backbones()):
        raise BackboneError(f"There is already a backbone {name!r}. Choose another --name.")
    backbone = prepare_backbone(handle)
    folder = imported_dir() / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(storage_message("write", folder, error)) from error
    copy_saved_model(backbone.saved_model_dir, folder / SAVED_MODEL_FOLDER)
    described = _describe(handle, name, backbone.info)
    write_info(folder, described)
    return described


def _is_fit_name(name: str) -> bool:
    is_plain = name.isprintable() and name == Path(name).name and "\\" not in name
    return is_plain and 0 < len(name) <= _LONGEST_NAME and not name.startswith((".", "-"))


def _describe(handle: str, name: str, info: BackboneInfo) -> BackboneInfo:
    return replace(info, name=name, title=name, handle=handle if is_url(handle) else name)


def _inspected(
    handle: str, saved_model_dir: Path, cached: Path, before_tensorflow: Callable[[], None]
) -> tuple[BackboneInfo, Path]:
    """Facts about a backbone, found out once, and the folder in which they and its twin are."""
    imported = None if is_url(handle) else imported_folder(handle)
    known = read_info(imported) if imported is not None else None
    if known is not None and is_whole(cached):
        # Where the graph leaves the size open, another handle may have led to another one.
        height, width = known.input_size
        if read_info(cached).input_size != known.input_size:
            cached = cached.with_name(f"{cached.name}-{height}x{width}")
    with making(cached):
        if not is_whole(cached):
            before_tensorflow()
            _inspect(handle, saved_model_dir, cached, known)
    if known is not None:
        return known, cached
    title = _title(handle)
    return replace(read_info(cached), name=title, title=title, handle=handle), cached


def _inspect(handle: str, saved_model_dir: Path, cached: Path, known: BackboneInfo | None) -> None:
    # Imported here: they load TensorFlow, which embedded backbones can do without.
    from core.backbones.litert_conversion import convert_to_litert
    from core.backbones.saved_model_inspection import load_saved_model

    logger.info("Inspecting the backbone %s", handle)
    shutil.rmtree(cached, ignore_errors=True)
    loaded = load_saved_model(saved_model_dir, handle, known.input_size if known else None)
    convert_to_litert(loaded, cached / LITERT_FILE)
    info = BackboneInfo(
        name=_title(handle),
        title=_title(handle),
        handle=handle,
        family="",
        input_size=loaded.input_size,
        feature_dim=loaded.feature_dim,
        parameters=loaded.parameters,
    )
    write_info(cached, info)
    seal(cached)


def _title(handle: str) -> str:
    return handle.rstrip("/").rsplit("/", 1)[-1] or handle


def _download(url: str) -> Path:
    # Imported here: it loads TensorFlow Hub and with it TensorFlow.
    from core.backbones.saved_model_download import download_saved_model

    return download_saved_model(url)

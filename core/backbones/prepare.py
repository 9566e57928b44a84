"""Make any backbone ready to use: found, inspected, converted, remembered."""

import hashlib
import logging
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.app_dirs import cache_dir
from core.atomic_file import storage_message
from core.backbones.backbone import Backbone, BackboneInfo, read_info, write_info
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.http_download import Check, Progress
from core.backbones.hub_download import fetch_saved_model, forget_download
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


def prepare_backbone(
    handle: str,
    before_tensorflow: Callable[[], None] = lambda: None,
    *,
    download_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
) -> Backbone:
    """Make a backbone ready, however it is named; what takes time is done once and kept.

    Runs in the worker: all but embedded backbones need TensorFlow the first time. One of the
    catalogue that isn't on this computer is downloaded and stored.

    Args:
        handle: See `locate_saved_model`; or a name or handle of the catalogue.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.
        download_progress: Called while downloading; see `http_download.Progress`.
        check: Called often while downloading; what it raises ends the work.

    Raises:
        BackboneError: If it can't be found, fetched or used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If the cache can't be written.
    """
    entry = _entry_to_use(handle)
    if entry is not None:
        handle = entry.name
        if embedded_folder(handle) is None:
            download_backbone(handle, before_tensorflow, download_progress, check)
    saved_model_dir = locate_saved_model(
        handle, lambda url: fetch_saved_model(url, download_progress, check)
    )
    embedded = embedded_folder(handle)
    if embedded is not None:
        fingerprint = fingerprint_saved_model(saved_model_dir)
        return Backbone(
            info=read_info(embedded),
            saved_model_dir=saved_model_dir,
            fingerprint=fingerprint,
            litert_path=embedded / LITERT_FILE,
            frozen_graph_path=cache_dir() / "backbones" / fingerprint[:24] / _FROZEN_GRAPH_FILE,
        )
    imported = None if is_url(handle) else imported_folder(handle)
    known = read_info(imported) if imported is not None else None
    return _prepared(handle, saved_model_dir, _wanted(known), known, before_tensorflow)


def import_backbone(
    handle: str,
    name: str,
    *,
    value_range: tuple[float, float] = (0.0, 1.0),
    input_size: tuple[int, int] | None = None,
    download_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
) -> BackboneInfo:
    """Copy a backbone into Fieldguide's own folder under a name to choose it by.

    Args:
        value_range: What its SavedModel takes for black and for white.
        input_size: `(height, width)` in pixels, where its graph leaves that open.
        download_progress: See `prepare_backbone`, as for `check`.

    Raises:
        BackboneError: If the name is taken or unfit, or the backbone can't be used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If it can't be written.
    """
    if not _is_fit_name(name):
        raise BackboneError(f"{name!r} can't be the name of a backbone: use letters and digits.")
    if any(info.name == name for info in list_backbones()):
        raise BackboneError(f"There is already a backbone {name!r}. Choose another name.")
    if not value_range[0] < value_range[1]:
        raise BackboneError(
            f"The range of values of {handle} goes from {value_range[0]:g} to "
            f"{value_range[1]:g}: the first has to be the lower one."
        )
    saved_model_dir = locate_saved_model(
        handle, lambda url: fetch_saved_model(url, download_progress, check)
    )
    check()
    known = read_info(saved_model_dir.parent) if _is_stored(handle) else None
    wanted = _wanted(known) if known else (input_size, value_range)
    backbone = _prepared(handle, saved_model_dir, wanted, known, lambda: None)
    check()
    info = replace(backbone.info, name=name, title=name, handle=handle if is_url(handle) else name)
    _store(saved_model_dir, info)
    return info


def download_backbone(
    name: str,
    before_tensorflow: Callable[[], None] = lambda: None,
    on_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
    on_prepare: Callable[[], None] = lambda: None,
) -> BackboneInfo:
    """Fetch a backbone of the catalogue and store it under its name; once is enough.

    Args:
        name: Its name or handle in the catalogue.
        on_prepare: Called when it has come and is about to be looked into.

    Raises:
        BackboneError: If the catalogue doesn't have it, or it can't be fetched or used.
        StorageError: If it can't be written.
    """
    entry = find_entry(name)
    if entry is None:
        raise BackboneError(
            f"There is no backbone {name!r} in the catalogue. `fieldguide backbones list --all` "
            "shows what there is."
        )
    here = embedded_folder(entry.name) or imported_folder(entry.name)
    if here is not None:
        return read_info(here)
    saved_model_dir = locate_saved_model(
        entry.handle, lambda url: fetch_saved_model(url, on_progress, check)
    )
    check()
    on_prepare()
    wanted = (entry.input_size, entry.value_range)
    backbone = _prepared(entry.handle, saved_model_dir, wanted, None, before_tensorflow)
    check()
    info = _described(entry, backbone.info)
    _store(saved_model_dir, info)
    forget_download(entry.handle)
    return info


def _entry_to_use(handle: str) -> CatalogueEntry | None:
    """The catalogue's entry that a handle means, unless it means something on this computer."""
    entry = find_entry(handle)
    if entry is None or is_url(handle) or imported_folder(handle) is not None:
        return entry
    return None if Path(handle).exists() and embedded_folder(handle) is None else entry


def _described(entry: CatalogueEntry, found: BackboneInfo) -> BackboneInfo:
    """The catalogue's words and the SavedModel's own numbers."""
    return replace(
        found,
        name=entry.name,
        title=entry.title,
        handle=entry.handle,
        family=entry.family,
        multiply_adds=entry.multiply_adds,
        license=entry.license,
    )


def _store(saved_model_dir: Path, info: BackboneInfo) -> None:
    """Put a backbone among the imported ones; it counts from the moment its facts are there."""
    folder = imported_dir() / info.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(storage_message("write", folder, error)) from error
    copy_saved_model(saved_model_dir, folder / SAVED_MODEL_FOLDER)
    write_info(folder, info)


def _is_stored(handle: str) -> bool:
    if is_url(handle):
        return False
    return embedded_folder(handle) is not None or imported_folder(handle) is not None


def _is_fit_name(name: str) -> bool:
    is_plain = name.isprintable() and name == Path(name).name and "\\" not in name
    return is_plain and 0 < len(name) <= _LONGEST_NAME and not name.startswith((".", "-"))


Wanted = tuple[tuple[int, int] | None, tuple[float, float]]
"""Input size, None to find it out, and range of values."""


def _wanted(known: BackboneInfo | None) -> Wanted:
    return (None, (0.0, 1.0)) if known is None else (known.input_size, known.value_range)


def _prepared(
    handle: str,
    saved_model_dir: Path,
    wanted: Wanted,
    known: BackboneInfo | None,
    before_tensorflow: Callable[[], None],
) -> Backbone:
    """A backbone with facts that were found out once, and its twin in the cache.

    Args:
        known: Facts that win over those in the cache.
    """
    fingerprint = fingerprint_saved_model(saved_model_dir)
    cached = _cached_folder(fingerprint, wanted)
    with making(cached):
        if not is_whole(cached):
            before_tensorflow()
            _inspect(handle, saved_model_dir, cached, wanted)
    title = _title(handle)
    return Backbone(
        info=known or replace(read_info(cached), name=title, title=title, handle=handle),
        saved_model_dir=saved_model_dir,
        fingerprint=fingerprint if wanted[1] == (0.0, 1.0) else _ranged(fingerprint, wanted[1]),
        litert_path=litert_twin(cached),
        frozen_graph_path=cached / _FROZEN_GRAPH_FILE,
    )


def _ranged(fingerprint: str, value_range: tuple[float, float]) -> str:
    """Another fingerprint for another range: feature vectors are kept under it."""
    return hashlib.sha256(f"{fingerprint} {value_range}".encode("ascii")).hexdigest()


def _cached_folder(fingerprint: str, wanted: Wanted) -> Path:
    input_size, (low, high) = wanted
    folder = cache_dir() / "backbones" / fingerprint[:24]
    if (low, high) != (0.0, 1.0):
        folder = folder.with_name(f"{folder.name}-{low:g}to{high:g}")
    # Where the graph leaves the size open, another handle may have led to another one.
    if input_size is not None and is_whole(folder) and read_info(folder).input_size != input_size:
        folder = folder.with_name(f"{folder.name}-{input_size[0]}x{input_size[1]}")
    return folder


def _inspect(handle: str, saved_model_dir: Path, cached: Path, wanted: Wanted) -> None:
    # Imported here: they load TensorFlow, which embedded backbones can do without.
    from core.backbones.litert_conversion import convert_to_litert
    from core.backbones.saved_model_inspection import load_saved_model

    logger.info("Inspecting the backbone %s", handle)
    shutil.rmtree(cached, ignore_errors=True)
    input_size, value_range = wanted
    loaded = load_saved_model(saved_model_dir, handle, input_size, value_range)
    convert_to_litert(loaded, cached / LITERT_FILE)
    info = BackboneInfo(
        name=_title(handle),
        title=_title(handle),
        handle=handle,
        family="",
        input_size=loaded.input_size,
        feature_dim=loaded.feature_dim,
        parameters=loaded.parameters,
        value_range=value_range,
    )
    write_info(cached, info)
    seal(cached)


def _title(handle: str) -> str:
    return handle.rstrip("/").rsplit("/", 1)[-1] or handle

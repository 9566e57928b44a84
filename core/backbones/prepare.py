"""Make any backbone ready to use: found, fetched, imported, inspected."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from core.backbones.backbone import Backbone, BackboneInfo, read_info, write_info
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.backbones.efficientnet_lite.packed_weights import packed_weights
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.http_download import Check, Progress
from core.backbones.hub_download import fetch_saved_model, forget_download
from core.backbones.inspected import FROZEN_GRAPH_FILE, inspected, wanted_of
from core.backbones.locate import (
    copy_saved_model,
    is_url,
    locate_saved_model,
    with_address,
)
from core.backbones.prepared_folder import LITERT_FILE
from core.backbones.store import (
    SAVED_MODEL_FOLDER,
    embedded_folder,
    imported_dir,
    imported_folder,
    list_backbones,
)
from core.backbones.trust import trust_saved_model
from core.errors import BackboneError, StorageError
from core.storage.app_dirs import cache_dir
from core.storage.storage_message import storage_message
from core.text import Text

_LONGEST_NAME = 60
_USUAL_RANGE = (0.0, 1.0)


def prepare_backbone(
    handle: str,
    before_tensorflow: Callable[[], None] = lambda: None,
    *,
    trust: bool = False,
    download_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
) -> Backbone:
    """Make a backbone ready, however it is named; what takes time is done once and kept.

    Runs in the worker: all but the default backbone need TensorFlow the first time. One of the
    catalogue that isn't on this computer is downloaded and stored.

    Args:
        handle: See `locate_saved_model`; or a name or handle of the catalogue.
        before_tensorflow: Called before TensorFlow computes anything, to configure it.
        trust: Whether the user trusts what it holds now, even if it does more than compute.
        download_progress: Called while downloading; see `http_download.Progress`.
        check: Called often while downloading; what it raises ends the work.

    Raises:
        BackboneError: If it can't be found, fetched or used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If the cache can't be written.
    """
    handle = with_address(handle)
    entry = _entry_to_use(handle)
    if entry is not None:
        handle = entry.name
        if embedded_folder(handle) is None:
            download_backbone(handle, before_tensorflow, download_progress, check, trust=trust)
    saved_model_dir = locate_saved_model(
        handle, lambda url: fetch_saved_model(url, download_progress, check), before_tensorflow
    )
    check()
    embedded, weights = embedded_folder(handle), packed_weights(handle)
    if embedded is not None and weights is not None:
        facts = read_info(embedded)
        made = inspected(handle, saved_model_dir, wanted_of(facts), facts, before_tensorflow)
        # Not that of the SavedModel, which another TensorFlow would write otherwise.
        return replace(made, fingerprint=weights.fingerprint)
    if embedded is not None:
        fingerprint = fingerprint_saved_model(saved_model_dir)
        return Backbone(
            info=read_info(embedded),
            saved_model_dir=saved_model_dir,
            fingerprint=fingerprint,
            litert_path=embedded / LITERT_FILE,
            frozen_graph_path=cache_dir() / "backbones" / fingerprint[:24] / FROZEN_GRAPH_FILE,
        )
    if trust:
        trust_saved_model(saved_model_dir, handle)
    imported = None if is_url(handle) else imported_folder(handle)
    known = read_info(imported) if imported is not None else None
    return inspected(handle, saved_model_dir, wanted_of(known), known, before_tensorflow)


def import_backbone(
    handle: str,
    name: str,
    *,
    value_range: tuple[float, float] = _USUAL_RANGE,
    input_size: tuple[int, int] | None = None,
    trust: bool = False,
    download_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
) -> BackboneInfo:
    """Copy a backbone into Fieldguide's own folder under a name to choose it by.

    Under a name of the catalogue it counts as that backbone: so users can bring what they
    downloaded with a browser.

    Args:
        value_range: What its SavedModel takes for black and for white; the catalogue's goes before
            the usual one.
        input_size: `(height, width)` in pixels, where its graph leaves that open; None finds out,
            or takes the catalogue's.
        trust: See `prepare_backbone`, as for the next two.

    Raises:
        BackboneError: If the name is taken or unfit, or the backbone can't be used.
        ArchiveError: If it is an archive that is damaged or unsafe.
        StorageError: If it can't be written.
    """
    if not _is_fit_name(name):
        raise BackboneError(
            Text("%1 can't be the name of a backbone: use letters and digits.", repr(name))
        )
    if any(info.name == name for info in list_backbones()):
        raise BackboneError(
            Text("There is already a backbone named “%1”. Choose another name.", name)
        )
    if not value_range[0] < value_range[1]:
        raise BackboneError(
            Text(
                "The value range of %1 goes from %2 to %3: the first must be the lower one.",
                handle,
                f"{value_range[0]:g}",
                f"{value_range[1]:g}",
            )
        )
    entry = find_entry(name)
    if entry is not None and entry.is_tf1:
        entry = None  # what can be imported is another model
    if entry is not None:
        input_size = input_size or entry.input_size
        value_range = entry.value_range if value_range == _USUAL_RANGE else value_range
    handle = with_address(handle)
    saved_model_dir = locate_saved_model(
        handle, lambda url: fetch_saved_model(url, download_progress, check)
    )
    check()
    if trust:
        trust_saved_model(saved_model_dir, handle)
    known = read_info(saved_model_dir.parent) if _is_stored(handle) else None
    wanted = wanted_of(known) if known else (input_size, value_range)
    backbone = inspected(handle, saved_model_dir, wanted, known, lambda: None)
    check()
    info = replace(backbone.info, name=name, title=name, handle=handle if is_url(handle) else name)
    if entry is not None:
        info = _described(entry, info)
    _store(saved_model_dir, info)
    return info


def download_backbone(
    name: str,
    before_tensorflow: Callable[[], None] = lambda: None,
    on_progress: Progress = lambda _done, _total: None,
    check: Check = lambda: None,
    on_prepare: Callable[[], None] = lambda: None,
    *,
    trust: bool = False,
) -> BackboneInfo:
    """Fetch a backbone of the catalogue and store it under its name; once is enough.

    Args:
        name: Its name or handle in the catalogue.
        on_prepare: Called when it is downloaded and about to be inspected.
        trust: See `prepare_backbone`.

    Raises:
        BackboneError: If the catalogue doesn't have it, or it can't be fetched or used.
        StorageError: If it can't be written.
    """
    entry = find_entry(name)
    if entry is None:
        raise BackboneError(
            Text(
                "There is no backbone “%1” in the catalogue. `fieldguide backbones list --all` "
                "lists all of them.",
                name,
            )
        )
    here = embedded_folder(entry.name) or imported_folder(entry.name)
    if here is not None:
        return read_info(here)
    if (weights := packed_weights(entry.name)) is not None:
        weights.path()  # says what is missing
    if entry.is_tf1:
        raise BackboneError(
            Text(
                "%1 is published only in the old TF1 Hub format, which TensorFlow 2 can't train. "
                "Choose another backbone.",
                entry.title,
            )
        )
    saved_model_dir = locate_saved_model(
        entry.handle, lambda url: fetch_saved_model(url, on_progress, check)
    )
    check()
    on_prepare()
    if trust:
        trust_saved_model(saved_model_dir, entry.handle)
    wanted = (entry.input_size, entry.value_range)
    backbone = inspected(entry.handle, saved_model_dir, wanted, None, before_tensorflow)
    check()
    info = _described(entry, backbone.info)
    _store(saved_model_dir, info)
    forget_download(entry.handle)
    return info


def _entry_to_use(handle: str) -> CatalogueEntry | None:
    """Return the catalogue's entry of a handle, unless that names something on this computer."""
    entry = find_entry(handle)
    if entry is None or is_url(handle) or imported_folder(handle) is not None:
        return entry
    return None if Path(handle).exists() and embedded_folder(handle) is None else entry


def _described(entry: CatalogueEntry, found: BackboneInfo) -> BackboneInfo:
    """Combine the catalogue's words with the SavedModel's own numbers."""
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

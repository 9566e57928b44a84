"""Make any backbone ready to use: found, inspected, converted, remembered."""

import logging
from collections.abc import Callable
from pathlib import Path

from core.app_dirs import cache_dir
from core.backbones.backbone import BACKBONE_FILE, Backbone, BackboneInfo, read_info, write_info
from core.backbones.fingerprint import fingerprint_saved_model
from core.backbones.locate import copy_saved_model, is_url, locate_saved_model
from core.backbones.store import SAVED_MODEL_FOLDER, embedded_folder, imported_dir, imported_folder
from core.errors import BackboneError

logger = logging.getLogger(__name__)

_LITERT_FILE = "model.tflite"
_FROZEN_GRAPH_FILE = "frozen_graph.bin"


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
        litert_path: Path | None = embedded / _LITERT_FILE
    else:
        info, litert_path = _inspected(handle, saved_model_dir, cached, before_tensorflow)
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
    if not name or name != Path(name).name or name.startswith((".", "-")):
        raise BackboneError(f"{name!r} can't be the name of a backbone: use letters and digits.")
    if embedded_folder(name) or imported_folder(name):
        raise BackboneError(f"There is already a backbone {name!r}. Choose another --name.")
    backbone = prepare_backbone(handle)
    folder = imported_dir() / name
    folder.mkdir(parents=True, exist_ok=True)
    copy_saved_model(backbone.saved_model_dir, folder / SAVED_MODEL_FOLDER)
    described = _describe(handle, name, backbone.info)
    write_info(folder, described)
    return described


def _describe(handle: str, name: str, info: BackboneInfo) -> BackboneInfo:
    return BackboneInfo(
        name=name,
        title=name,
        handle=handle if is_url(handle) else name,
        family=info.family,
        input_size=info.input_size,
        feature_dim=info.feature_dim,
        parameters=info.parameters,
        license=info.license,
    )


def _inspected(
    handle: str, saved_model_dir: Path, cached: Path, before_tensorflow: Callable[[], None]
) -> tuple[BackboneInfo, Path | None]:
    """Facts and LiteRT twin of a backbone, found out once and kept in `cached`."""
    litert_path = cached / _LITERT_FILE
    if not (cached / BACKBONE_FILE).is_file():
        before_tensorflow()
        _inspect(handle, saved_model_dir, cached)
    return read_info(cached), litert_path if litert_path.is_file() else None


def _inspect(handle: str, saved_model_dir: Path, cached: Path) -> None:
    # Imported here: they load TensorFlow, which embedded backbones can do without.
    from core.backbones.litert_conversion import convert_to_litert
    from core.backbones.saved_model_inspection import load_saved_model

    logger.info("Inspecting the backbone %s", handle)
    loaded = load_saved_model(saved_model_dir, handle)
    convert_to_litert(loaded, cached / _LITERT_FILE)
    title = handle.rstrip("/").rsplit("/", 1)[-1] or handle
    # Last: its presence says that the folder is complete.
    write_info(
        cached,
        BackboneInfo(
            name=title,
            title=title,
            handle=handle,
            family="",
            input_size=loaded.input_size,
            feature_dim=loaded.feature_dim,
            parameters=loaded.parameters,
        ),
    )


def _download(url: str) -> Path:
    # Imported here: it loads TensorFlow Hub and with it TensorFlow.
    from core.backbones.saved_model_download import download_saved_model

    return download_saved_model(url)

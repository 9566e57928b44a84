"""The backbones that are on this computer: embedded ones and imported ones.

Of an embedded one whose weights are packed, the resources hold the facts alone; without its package
it isn't on this computer. One that the user imported under its name stands in its place.
"""

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from core.backbones.backbone import BACKBONE_FILE, BackboneInfo, read_info
from core.backbones.efficientnet_lite.packed_weights import packed_weights
from core.errors import BackboneError, StorageError
from core.storage.app_dirs import data_dir
from core.storage.folder_size import folder_bytes
from core.storage.storage_message import storage_message
from core.text import Text
from resources import resource_path

logger = logging.getLogger(__name__)

SAVED_MODEL_FOLDER = "saved_model"


@dataclass(frozen=True, slots=True)
class StoredBackbone:
    """A backbone on this computer and the room it takes.

    Attributes:
        size_bytes: Of all its files, packed weights included.
        is_embedded: Whether it came with the program, so that it can't be removed.
    """

    info: BackboneInfo
    folder: Path
    size_bytes: int
    is_embedded: bool


def imported_dir() -> Path:
    """Return the folder of imported backbones, a sub-folder each."""
    return data_dir() / "backbones"


def embedded_folder(name: str) -> Path | None:
    """Return the resource folder of the embedded backbone of this name, if there is one."""
    for folder in _folders(resource_path("backbones")):
        if read_info(folder).name == name:
            return None if _is_hidden(name) else folder
    return None


def imported_folder(name: str) -> Path | None:
    """Return folder of the imported backbone of this name, if there is one."""
    for folder in _folders(imported_dir()):
        if folder.name == name:
            return folder
    return None


def list_backbones() -> list[BackboneInfo]:
    """Return all undamaged backbones on this computer, embedded ones first, by name."""
    return [info for info, _, _ in _found()]


def stored_backbones() -> list[StoredBackbone]:
    """Return all backbones on this computer with their sizes, in the order of `list_backbones`."""
    return [
        StoredBackbone(
            info,
            folder,
            folder_bytes(folder) + (_packed_bytes(info.name) if is_embedded else 0),
            is_embedded,
        )
        for info, folder, is_embedded in _found()
    ]


def remove_backbone(name: str) -> None:
    """Remove an imported or downloaded backbone. Models trained with it keep working.

    Raises:
        BackboneError: If it is embedded, or there is none of that name.
        StorageError: If it can't be removed.
    """
    if embedded_folder(name) is not None:
        raise BackboneError(Text("%1 came with the program and can't be removed.", name))
    folder = imported_folder(name)
    if folder is None:
        raise BackboneError(
            Text(
                "There is no backbone “%1” on this computer. See the list of backbones.",
                name,
            )
        )
    try:
        # First: from here on it is no backbone any more, whatever happens to the rest.
        (folder / BACKBONE_FILE).unlink()
        shutil.rmtree(folder)
    except OSError as error:
        raise StorageError(storage_message("remove", folder, error)) from error


def _found() -> list[tuple[BackboneInfo, Path, bool]]:
    found = []
    for parent, is_embedded in ((resource_path("backbones"), True), (imported_dir(), False)):
        for folder in _folders(parent):
            try:
                info = read_info(folder)
            except BackboneError as error:
                logger.warning("%s", error)
                continue
            if not (is_embedded and _is_hidden(info.name)):
                found.append((info, folder, is_embedded))
    return found


def _is_hidden(name: str) -> bool:
    """Tell whether an embedded backbone lacks its weights, or the user has one of that name.

    Users could import one under any name before this one came with the program.
    """
    weights = packed_weights(name)
    return weights is not None and (weights.find() is None or imported_folder(name) is not None)


def _packed_bytes(name: str) -> int:
    weights = packed_weights(name)
    path = weights.find() if weights else None
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if (path / BACKBONE_FILE).is_file())

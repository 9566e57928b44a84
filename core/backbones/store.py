"""The backbones that are on this computer: embedded ones and imported ones."""

import logging
from pathlib import Path

from core.app_dirs import data_dir
from core.backbones.backbone import BACKBONE_FILE, BackboneInfo, read_info
from core.errors import BackboneError
from resources import resource_path

logger = logging.getLogger(__name__)

SAVED_MODEL_FOLDER = "saved_model"


def imported_dir() -> Path:
    """Folder of imported backbones, a sub-folder each."""
    return data_dir() / "backbones"


def embedded_folder(name: str) -> Path | None:
    """Resource folder of the embedded backbone of this name, if there is one."""
    for folder in _folders(resource_path("backbones")):
        if read_info(folder).name == name:
            return folder
    return None


def imported_folder(name: str) -> Path | None:
    """Folder of the imported backbone of this name, if there is one."""
    for folder in _folders(imported_dir()):
        if folder.name == name:
            return folder
    return None


def list_backbones() -> list[BackboneInfo]:
    """All backbones on this computer, embedded ones first, by name; damaged ones left out."""
    found = []
    for parent in (resource_path("backbones"), imported_dir()):
        for folder in _folders(parent):
            try:
                found.append(read_info(folder))
            except BackboneError as error:
                logger.warning("%s", error)
    return found


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(path for path in parent.iterdir() if (path / BACKBONE_FILE).is_file())

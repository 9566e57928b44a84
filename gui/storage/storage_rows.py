"""Makes rows of the table from the caches, backbones and projects on disk."""

from pathlib import Path

from core.backbones.store import StoredBackbone, remove_backbone, stored_backbones
from core.storage.app_dirs import projects_dir, runs_dir
from core.storage.caches import Cache, clear_cache, list_caches
from core.storage.folder_size import folder_bytes
from gui.look.language import shown, tr
from gui.storage.storage_model import StorageKind, StorageRow


def list_storage() -> list[StorageRow]:
    """Return all that takes room with its size; reads the disk, for a thread."""
    rows = [_from_cache(cache) for cache in list_caches()]
    rows += [_from_backbone(backbone) for backbone in stored_backbones()]
    projects = tr("Your projects, each with its trainings.")
    earlier = tr("Trainings of earlier versions; they belong to your projects, too.")
    return [
        *rows,
        _from_folder("projects", tr("Projects"), projects, projects_dir()),
        _from_folder("runs", tr("Earlier trainings"), earlier, runs_dir()),
    ]


def clear_storage(row: StorageRow) -> None:
    """Remove the contents of a row; for a thread.

    Raises:
        BackboneError: If it is a built-in backbone, or one that no longer exists.
        KeyError: If it is the user's own work.
        StorageError: If it can't be removed.
    """
    if row.kind is StorageKind.BACKBONE:
        remove_backbone(row.name)
    else:
        clear_cache(row.name)


def _from_cache(cache: Cache) -> StorageRow:
    purpose, consequence = _cache_texts().get(cache.name, ("", ""))
    return StorageRow(
        kind=StorageKind.CACHE,
        name=cache.name,
        title=shown(cache.title),
        purpose=purpose,
        consequence=consequence or tr("It is created again when needed."),
        folder=cache.folder,
        size_bytes=cache.size_bytes,
    )


def _from_backbone(stored: StoredBackbone) -> StorageRow:
    consequence = tr("It has to be downloaded or imported again. Trained models keep working.")
    return StorageRow(
        kind=StorageKind.BACKBONE,
        name=stored.info.name,
        title=tr("Backbone %1", stored.info.title),
        purpose=tr("Built in.") if stored.is_embedded else tr("Used for training."),
        consequence=consequence,
        folder=stored.folder,
        size_bytes=stored.size_bytes,
        is_removable=not stored.is_embedded,
    )


def _from_folder(name: str, title: str, purpose: str, folder: Path) -> StorageRow:
    return StorageRow(
        kind=StorageKind.PROJECTS,
        name=name,
        title=title,
        purpose=purpose,
        consequence=tr("Delete projects on the page Projects, and trainings on the page Runs."),
        folder=folder,
        size_bytes=folder_bytes(folder),
        is_removable=False,
    )


def _cache_texts() -> dict[str, tuple[str, str]]:
    """Return the purpose of each cache, and the consequence of clearing it."""
    return {
        "features": (
            tr(
                "Features of pictures; with them, training again starts at once. Those of several "
                "stages are larger: with the default backbone %1 numbers a picture instead of %2.",
                2192,
                1280,
            ),
            tr("The next training has to analyse every picture again."),
        ),
        "thumbnails": (
            tr("Thumbnails, and the results of the image check."),
            tr("Pictures are checked again, and thumbnails created again, when shown."),
        ),
        "archives": (
            tr("Pictures unpacked from archives; the archives themselves stay."),
            tr("The archives are unpacked again when their pictures are needed."),
        ),
        "backbones": (
            tr("Backbones prepared for this computer."),
            tr("The next training with each has to prepare it again, which takes a minute."),
        ),
        "downloads": (
            tr("Downloaded archives of backbones, complete or partial."),
            tr("Interrupted downloads start from the beginning."),
        ),
    }

"""From what `core` keeps on disk to the rows of the table."""

from core.backbones.store import StoredBackbone, remove_backbone, stored_backbones
from core.storage.caches import Cache, clear_cache, list_caches
from gui.look.language import tr
from gui.storage.storage_model import StorageKind, StorageRow


def list_storage() -> list[StorageRow]:
    """All caches and backbones with their sizes; reads the disk, for a thread."""
    rows = [_from_cache(cache) for cache in list_caches()]
    return rows + [_from_backbone(backbone) for backbone in stored_backbones()]


def clear_storage(row: StorageRow) -> None:
    """Remove what a row stands for; for a thread.

    Raises:
        BackboneError: If it is a backbone that belongs to the program, or is gone.
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
        title=cache.title,
        purpose=purpose,
        consequence=consequence or tr("It is made again when it is needed."),
        folder=cache.folder,
        size_bytes=cache.size_bytes,
    )


def _from_backbone(stored: StoredBackbone) -> StorageRow:
    consequence = tr("It has to be downloaded or imported again. Trained models go on working.")
    return StorageRow(
        kind=StorageKind.BACKBONE,
        name=stored.info.name,
        title=tr("Backbone %1", stored.info.title),
        purpose=tr("Came with the program.") if stored.is_embedded else tr("To train with."),
        consequence=consequence,
        folder=stored.folder,
        size_bytes=stored.size_bytes,
        is_removable=not stored.is_embedded,
    )


def _cache_texts() -> dict[str, tuple[str, str]]:
    """What each cache is for, and what happens without it."""
    return {
        "features": (
            tr("What backbones made of pictures; a second training begins at once."),
            tr("The next training has to look at every picture again."),
        ),
        "thumbnails": (
            tr("Small pictures for the window, and what the check found about each picture."),
            tr("They are made again, and the pictures checked again, when they are shown."),
        ),
        "archives": (
            tr("Pictures from archives that you added; the archives themselves stay."),
            tr("The archives are unpacked again when their pictures are needed."),
        ),
        "backbones": (
            tr("Backbones made ready for this computer."),
            tr("Each is made ready again at the next training with it, which takes a minute."),
        ),
        "downloads": (
            tr("Archives of backbones that were downloaded, and parts of them."),
            tr("Broken downloads begin from the start again."),
        ),
    }

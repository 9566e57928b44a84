"""Makes rows of the table from the backbones of `core`."""

from collections.abc import Sequence

from core.backbones.catalogue import CatalogueEntry, catalogue
from core.backbones.store import StoredBackbone, stored_backbones
from gui.backbones.backbone_row import BackboneRow


def list_rows() -> list[BackboneRow]:
    """Return all backbones of the catalogue and of this computer; reads the disk, for a thread."""
    return merge(catalogue(), stored_backbones())


def merge(entries: Sequence[CatalogueEntry], stored: Sequence[StoredBackbone]) -> list[BackboneRow]:
    """Return a row for each backbone: built-in, catalogue, imported, unusable.

    Args:
        entries: The catalogue.
        stored: Backbones on this computer; merged with the entry of the same name.
    """
    here = {backbone.info.name: backbone for backbone in stored}
    rows = [_from_entry(entry, here.pop(entry.name, None)) for entry in entries]
    rows += [_from_stored(backbone) for backbone in here.values()]
    return sorted(rows, key=lambda row: (not row.is_embedded, row.is_tf1 and not row.is_here))


def _from_entry(entry: CatalogueEntry, stored: StoredBackbone | None) -> BackboneRow:
    return BackboneRow(
        name=entry.name,
        title=entry.title,
        handle=entry.handle,
        page=entry.page,
        family=entry.family,
        year=entry.year,
        input_size=entry.input_size,
        value_range=entry.value_range,
        feature_dim=entry.feature_dim,
        stages=stored.info.stages if stored is not None else None,
        parameters=entry.parameters,
        multiply_adds=entry.multiply_adds,
        imagenet_top1=entry.imagenet_top1,
        imagenet_top1_source=entry.imagenet_top1_source,
        download_bytes=entry.download_bytes,
        license=entry.license,
        advice=entry.advice,
        size_bytes=stored.size_bytes if stored is not None else None,
        is_embedded=stored is not None and stored.is_embedded,
        is_in_catalogue=not entry.is_tf1,
        is_tf1=entry.is_tf1,
    )


def _from_stored(stored: StoredBackbone) -> BackboneRow:
    info = stored.info
    return BackboneRow(
        name=info.name,
        title=info.title,
        handle=info.handle,
        family=info.family,
        input_size=info.input_size,
        value_range=info.value_range,
        feature_dim=info.feature_dim,
        stages=info.stages,
        parameters=info.parameters,
        multiply_adds=info.multiply_adds,
        license=info.license,
        size_bytes=stored.size_bytes,
        is_embedded=stored.is_embedded,
        is_in_catalogue=False,
    )

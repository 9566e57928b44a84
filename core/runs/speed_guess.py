"""How fast a backbone will be that has never run on this computer."""

from dataclasses import replace

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry, find_entry
from core.backbones.store import list_backbones
from core.runs.speed_record import Speed, read_speed, recorded_speed
from core.settings.config import DEFAULT_BACKBONE


def speed_of(backbone: str) -> Speed:
    """What was recorded for a backbone, else the embedded one's speed scaled by the work."""
    recorded = recorded_speed(backbone)
    if recorded is not None:
        return recorded
    known = read_speed(DEFAULT_BACKBONE)
    factor = relative_cost(backbone)
    rate = known.fine_tuning_pictures_per_s
    return replace(
        known,
        pictures_per_s=known.pictures_per_s / factor,
        fine_tuning_pictures_per_s=None if rate is None else rate / factor,
    )


def relative_cost(backbone: str) -> float:
    """How many times the embedded backbone's work a picture takes; 1 where nothing is known."""
    own, embedded = _sizes(backbone), _sizes(DEFAULT_BACKBONE)
    if own is None or embedded is None:
        return 1.0
    for mine, reference in zip(own, embedded, strict=True):
        if mine and reference:
            return mine / reference
    return 1.0


def _sizes(backbone: str) -> tuple[float | None, float] | None:
    """Multiply-adds a picture, and what goes with them: weights times pixels."""
    known: BackboneInfo | CatalogueEntry | None = find_entry(backbone)
    if known is None:
        named = (info for info in list_backbones() if backbone in (info.name, info.handle))
        known = next(named, None)
    if known is None:
        return None
    height, width = known.input_size
    return known.multiply_adds, float(known.parameters * height * width)

"""Backbones and caches as lines of text or JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry, catalogue, find_entry
from core.backbones.store import list_backbones
from core.cli.output import one_line
from core.storage.caches import Cache


@dataclass(frozen=True, slots=True)
class Row:
    """One backbone: of this computer, of the catalogue, or both."""

    facts: BackboneInfo | CatalogueEntry
    entry: CatalogueEntry | None
    is_here: bool

    @property
    def family(self) -> str:
        """Its architecture; "" if not known."""
        return self.facts.family

    @property
    def stages(self) -> tuple[int, ...] | None:
        """Widths of the stages that its graph shows; None if that isn't known."""
        return self.facts.stages if isinstance(self.facts, BackboneInfo) else None


def rows(*, everything: bool) -> list[Row]:
    """Return the backbones on this computer; with `everything` the rest of the catalogue too."""
    here = [Row(info, find_entry(info.name), is_here=True) for info in list_backbones()]
    if not everything:
        return here
    names = {row.facts.name for row in here}
    return here + [
        Row(entry, entry, is_here=False) for entry in catalogue() if entry.name not in names
    ]


def as_json(row: Row) -> str:
    """Format a backbone as one JSON object in one line."""
    facts, entry, stages = row.facts, row.entry, row.stages
    return json.dumps(
        {
            "name": facts.name,
            "handle": facts.handle,
            "family": facts.family,
            "input_size": list(facts.input_size),
            "feature_dim": facts.feature_dim,
            "parameters": facts.parameters,
            "on_this_computer": row.is_here,
            "title": facts.title,
            "value_range": list(facts.value_range),
            "multiply_adds": facts.multiply_adds,
            "imagenet_top1": entry.imagenet_top1 if entry else None,
            "imagenet_top1_source": entry.imagenet_top1_source if entry else "",
            "license": facts.license,
            "advice": entry.advice if entry else "",
            "stages": None if stages is None else list(stages),
        }
    )


def as_text(row: Row) -> str:
    """Format a backbone as one line of text."""
    facts, entry = row.facts, row.entry
    height, width = facts.input_size
    parts = [
        f"{width}×{height} pixels",
        f"{facts.feature_dim} features{_stages_text(row)}",
        f"{facts.parameters / 1e6:.1f} million parameters",
    ]
    if entry is not None and entry.imagenet_top1 is not None:
        parts.append(f"{100 * entry.imagenet_top1:.1f}% on ImageNet")
    if entry is not None and entry.is_tf1:
        parts.append("only in the TF1 format, which is not supported")
    elif not row.is_here:
        parts.append("not downloaded")
    return one_line(f"{facts.name}: {', '.join(parts)}")


def _stages_text(row: Row) -> str:
    if row.stages is None:
        return ""
    return f" and {sum(row.stages)} of earlier stages" if row.stages else " and no earlier stages"


def caches_as_text(caches: Sequence[Cache]) -> str:
    """Format caches, one per line: name, size, content, folder."""
    return "\n".join(
        one_line(
            f"{cache.name:10}  {cache.size_bytes / 1e6:10,.1f} MB  {cache.title}, in {cache.folder}"
        )
        for cache in caches
    )

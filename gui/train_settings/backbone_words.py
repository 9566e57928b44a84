"""Texts about backbones."""

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry
from gui.look.language import tr, tr_count
from gui.look.wording import data_size, decimal, size_in_pixels


def backbone_facts(known: BackboneInfo | CatalogueEntry) -> str:
    """Return title, input, output, size, and whether it must or can be downloaded."""
    parts = [
        known.title,
        size_text(known.input_size),
        tr_count("%n feature(s)", "", known.feature_dim),
        parameters_text(known.parameters),
    ]
    if isinstance(known, BackboneInfo):
        parts.append(tr("on this computer"))
    elif known.is_tf1:
        parts.append(tr("only in the old TF1 format, which is not supported"))
    elif known.download_bytes is not None:
        parts.append(tr("%1 to download", data_size(known.download_bytes)))
    else:
        parts.append(tr("not downloaded yet"))
    return " · ".join(parts)


def size_text(size: tuple[int, int]) -> str:
    """Return an input size, width first: "299×299 pixels"."""
    return tr("%1 pixels", size_in_pixels(size))


def parameters_text(parameters: int) -> str:
    """Return a number of weights: "3.4 million parameters"."""
    return tr("%1 million parameters", decimal(parameters / 1e6, 1))


def size_change(before: tuple[int, int], now: tuple[int, int]) -> str:
    """Return a note that another backbone takes images of another size."""
    return tr("Input size is now %1 (was %2).", size_in_pixels(now), size_in_pixels(before))

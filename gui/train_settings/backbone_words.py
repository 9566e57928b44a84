"""Facts about a backbone in a line."""

from PySide6.QtCore import QLocale

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry
from gui.look.language import tr
from gui.look.wording import data_size, size_in_pixels


def backbone_facts(known: BackboneInfo | CatalogueEntry) -> str:
    """Title, input, output, size, and whether it has to be fetched first, or can't be."""
    parts = [
        known.title,
        size_text(known.input_size),
        tr("%1 features", known.feature_dim),
        parameters_text(known.parameters),
    ]
    if isinstance(known, BackboneInfo):
        parts.append(tr("on this computer"))
    elif known.is_tf1:
        parts.append(tr("in the old TF1 format only, which can’t be used"))
    elif known.download_bytes is not None:
        parts.append(tr("%1 to download", data_size(known.download_bytes)))
    else:
        parts.append(tr("to be downloaded"))
    return " · ".join(parts)


def size_text(size: tuple[int, int]) -> str:
    """An input size as people say it, width first: "299×299 pixels"."""
    return tr("%1 pixels", size_in_pixels(size))


def parameters_text(parameters: int) -> str:
    """A number of weights: "3.4 million parameters"."""
    million = QLocale().toString(parameters / 1e6, "f", 1)
    return tr("%1 million parameters", million)


def size_change(before: tuple[int, int], now: tuple[int, int]) -> str:
    """That another backbone takes pictures of another size."""
    text = tr("Input size is now %1 (was %2).")
    return text.replace("%1", size_in_pixels(now)).replace("%2", size_in_pixels(before))

"""Facts about a backbone in a line."""

from PySide6.QtCore import QCoreApplication, QLocale

from core.backbones.backbone import BackboneInfo
from core.backbones.catalogue import CatalogueEntry
from gui.look.wording import data_size, number, size_in_pixels


def backbone_facts(known: BackboneInfo | CatalogueEntry) -> str:
    """Title, input, output, size, and whether it has to be fetched first, or can't be."""
    parts = [
        known.title,
        size_text(known.input_size),
        _tr("%1 features").replace("%1", number(known.feature_dim)),
        parameters_text(known.parameters),
    ]
    if isinstance(known, BackboneInfo):
        parts.append(_tr("on this computer"))
    elif known.is_tf1:
        parts.append(_tr("in the old TF1 format only, which can’t be used"))
    elif known.download_bytes is not None:
        parts.append(_tr("%1 to download").replace("%1", data_size(known.download_bytes)))
    else:
        parts.append(_tr("to be downloaded"))
    return " · ".join(parts)


def size_text(size: tuple[int, int]) -> str:
    """An input size as people say it, width first: "299×299 pixels"."""
    return _tr("%1 pixels").replace("%1", size_in_pixels(size))


def parameters_text(parameters: int) -> str:
    """A number of weights: "3.4 million parameters"."""
    million = QLocale().toString(parameters / 1e6, "f", 1)
    return _tr("%1 million parameters").replace("%1", million)


def size_change(before: tuple[int, int], now: tuple[int, int]) -> str:
    """That another backbone takes pictures of another size."""
    text = _tr("Input size is now %1 (was %2).")
    return text.replace("%1", size_in_pixels(now)).replace("%2", size_in_pixels(before))


def _tr(text: str) -> str:
    return QCoreApplication.translate("BackboneWords", text)

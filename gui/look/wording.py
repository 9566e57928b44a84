"""Numbers, shares and times in the words of the person's language."""

import re

from PySide6.QtCore import QLocale

from core.image_fault import image_sentence
from core.text import Text
from gui.look.language import shown, tr

_MINUTE, _HOUR = 60, 3_600


def number(value: int) -> str:
    """A count with the language's separators: "1,420"."""
    return QLocale().toString(value)


def pictures(count: int) -> str:
    """A number of pictures: "1 picture", "1,420 pictures"."""
    if count == 1:
        return tr("1 picture")
    return tr("%1 pictures", count)


def unusable_file(reason: str) -> str:
    """A sentence on a file that can't be used: "This file is cut off (truncated)."."""
    return shown(image_sentence(Text("This file"), reason))


def percent(share: float, digits: int = 1) -> str:
    """A share in [0, 1]: "92.5 %"."""
    return tr("%1 %", QLocale().toString(100 * share, "f", digits))


def data_size(num_bytes: int) -> str:
    """An amount of data: "14.2 MB", in powers of a thousand as downloads are given."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(num_bytes, 1, form)


def compact(count: int) -> str:
    """A large count, short: "1.2 G", "3.4 M", "12.0 k"; below ten thousand in full."""
    steps = ((10**9, 10**9, tr("%1 G")), (10**6, 10**6, tr("%1 M")), (10**4, 10**3, tr("%1 k")))
    for least, unit, mark in steps:
        if count >= least:
            return mark.replace("%1", QLocale().toString(count / unit, "f", 1))
    return number(count)


def times(factor: float) -> str:
    """A multiple, without its sign: "14.9", "0.04"."""
    return QLocale().toString(factor, "f", 1 if factor >= 1 else 2)


def size_in_pixels(size: tuple[int, int]) -> str:
    """A `(height, width)` as people say it, width first: "299×224"."""
    height, width = size
    return f"{width}×{height}"


def gigabytes(size: float) -> str:
    """An amount of memory, as sizes of memory are told: "3.1 GB" for 3.1 × 1024³ bytes."""
    return tr("%1 GB", gibibytes(size))


def gibibytes(size: float) -> str:
    """The number of it alone."""
    amount = size / 1024**3
    return QLocale().toString(amount, "f", 0 if amount >= 10 else 1)


def duration(seconds: float) -> str:
    """A time to wait: "40 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return tr("%1 s", str(whole))
    if whole < _HOUR:
        text = tr("%1 min %2 s")
        return text.replace("%1", str(whole // _MINUTE)).replace("%2", str(whole % _MINUTE))
    text = tr("%1 h %2 min")
    minutes = whole % _HOUR // _MINUTE
    return text.replace("%1", str(whole // _HOUR)).replace("%2", str(minutes))


def filled(text: str, *values: object) -> str:
    """Put values in the places of %1, %2 …, all at once: a value may hold a percent sign."""
    return re.sub(r"%(\d)", lambda match: str(values[int(match[1]) - 1]), text)

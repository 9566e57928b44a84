"""Numbers, fractions and times in the user's language."""

import math
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QDate, QLocale, QTime

from core.image_fault import image_sentence
from core.text import Text
from gui.look.language import shown, tr, tr_count

_MINUTE, _HOUR = 60, 3_600
_FINE_BELOW_S = 20


def number(value: int) -> str:
    """Return a count with the language's separators: "1,420"."""
    return QLocale().toString(value)


def decimal(value: float, digits: int) -> str:
    """Return a number with a fixed number of decimal places: "0.500"."""
    return QLocale().toString(value, "f", digits)


def significant(value: float, digits: int) -> str:
    """Return a number rounded to significant digits, without an exponent: "0.000013"."""
    shortest = Decimal(f"{value:.{digits - 1}e}").normalize()
    exponent = shortest.as_tuple().exponent
    assert isinstance(exponent, int), "the value is finite"
    return decimal(value, max(0, -exponent))


def counted_images(count: int) -> str:
    """Return a number of images: "1 image", "1,420 images"."""
    return tr_count("%n picture(s)", "", count)


def unusable_file(reason: str) -> str:
    """Return a sentence on a file that can't be used: "This file is cut off (truncated)."."""
    return shown(image_sentence(Text("This file"), reason))


def percent(fraction: float, digits: int = 1) -> str:
    """Return a fraction in [0, 1] as a percentage: "92.5%"."""
    return tr("%1%", decimal(100 * fraction, digits))


def data_size(num_bytes: int) -> str:
    """Return an amount of data: "14.2 MB", in powers of a thousand as downloads are given."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(num_bytes, 1, form)


def compact(count: int) -> str:
    """Return a short form of a large count: "1.2 G", "3.4 M", "12.0 k"; in full below 10,000."""
    if count >= 10**9:
        return tr("%1 G", decimal(count / 10**9, 1))
    if count >= 10**6:
        return tr("%1 M", decimal(count / 10**6, 1))
    if count >= 10**4:
        return tr("%1 k", decimal(count / 10**3, 1))
    return number(count)


def times(factor: float) -> str:
    """Return a factor without its sign: "14.9", "0.04"."""
    return decimal(factor, 1 if factor >= 1 else 2)


def size_in_pixels(size: tuple[int, int]) -> str:
    """Return a `(height, width)` with the width first: "299×224"."""
    height, width = size
    return f"{width}×{height}"


def gigabytes(size: float) -> str:
    """Return an amount of memory, "3.1 GB" for 3.1 × 1024³ bytes."""
    return tr("%1 GB", gibibytes(size))


def gibibytes(size: float) -> str:
    """Return the number of `gigabytes` alone."""
    amount = size / 1024**3
    return decimal(amount, 0 if amount >= 10 else 1)


def duration(seconds: float) -> str:
    """Return a time to wait: "40 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return tr("%1 s", str(whole))
    if whole < _HOUR:
        return tr("%1 min %2 s", str(whole // _MINUTE), str(whole % _MINUTE))
    return tr("%1 h %2 min", str(whole // _HOUR), str(whole % _HOUR // _MINUTE))


def moment(when: datetime, now: datetime | None = None) -> str:
    """Return a time of the past: "today, 14:05", "yesterday, 14:05", "5 Nov 2026".

    Args:
        when: With its time zone.
        now: The present, by default.
    """
    now = now or datetime.now().astimezone()
    local = when.astimezone(now.tzinfo)
    form = QLocale.FormatType.ShortFormat
    clock = QLocale().toString(QTime(local.hour, local.minute), form)
    days = (now.date() - local.date()).days
    if days == 0:
        return tr("today, %1", clock)
    if days == 1:
        return tr("yesterday, %1", clock)
    return QLocale().toString(QDate(local.year, local.month, local.day), form)


def duration_range(low: float, high: float) -> str:
    """Return a rough time to wait, rounded outwards: "40 to 90 s", "2 to 5 min", "50 min to 2 h".

    Args:
        low: Seconds; less than `high`.
        high: Seconds.
    """
    if high <= 2 * _MINUTE:
        step = 1 if high <= _FINE_BELOW_S else 5
        return tr("%1 to %2 s", _floor(low, step), _ceil(high, step))
    if high <= 2 * _HOUR:
        minutes = _ceil(high / _MINUTE, 1)
        if low < _MINUTE:
            return tr("%1 s to %2 min", _floor(low, 5), minutes)
        return tr("%1 to %2 min", _floor(low / _MINUTE, 1), minutes)
    hours = _ceil(high / _HOUR, 1)
    if low < _HOUR:
        return tr("%1 min to %2 h", _floor(low / _MINUTE, 5), hours)
    return tr("%1 to %2 h", _floor(low / _HOUR, 1), hours)


def _floor(value: float, step: int) -> int:
    return max(1, math.floor(value / step) * step)


def _ceil(value: float, step: int) -> int:
    return math.ceil(value / step) * step

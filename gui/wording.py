"""Numbers, shares and times in the words of the person's language."""

from PySide6.QtCore import QCoreApplication, QLocale

_MINUTE, _HOUR = 60, 3_600


def number(value: int) -> str:
    """A count with the language's separators: "1,420"."""
    return QLocale().toString(value)


def pictures(count: int) -> str:
    """A number of pictures: "1 picture", "1,420 pictures"."""
    if count == 1:
        return _tr("1 picture")
    return _tr("%1 pictures").replace("%1", number(count))


def percent(share: float, digits: int = 1) -> str:
    """A share in [0, 1]: "92.5 %"."""
    return _tr("%1 %").replace("%1", QLocale().toString(100 * share, "f", digits))


def duration(seconds: float) -> str:
    """A time to wait: "40 s", "2 min 10 s", "1 h 5 min"."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return _tr("%1 s").replace("%1", str(whole))
    if whole < _HOUR:
        text = _tr("%1 min %2 s")
        return text.replace("%1", str(whole // _MINUTE)).replace("%2", str(whole % _MINUTE))
    text = _tr("%1 h %2 min")
    minutes = whole % _HOUR // _MINUTE
    return text.replace("%1", str(whole // _HOUR)).replace("%2", str(minutes))


def _tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)

"""Line charts as SVG, which browsers and Qt draw alike.

Colours are given twice: as attributes, for paper and for Qt, and as classes, which the style sheet
of a page gives other colours on a dark background.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from core.plain_text import escape_controls, valid_unicode

SERIES_COLORS = ("#2A6B4A", "#22609E", "#D55E00", "#8B4A9C", "#B07A00", "#0F8B8D", "#A83228")
"""For light backgrounds, 3:1 at least; the eighth begins again, with another dash."""

_WIDTH, _HEIGHT = 720, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 26, 12, 42
_LEGEND_LINE, _LETTER, _MARK_LINE = 20, 6.6, 15
_LONGEST_NAME = 42
_MOST_POINTS = 400
_TICKS = 5
_OUTLIER = 3.0
_DASHES = ("", "7 4", "2 4")
_GRID, _MUTED, _TEXT, _MARK = "#DEDCD3", "#586059", "#1F2421", "#8F5B0C"


@dataclass(frozen=True, slots=True)
class Series:
    """A curve.

    Attributes:
        name: In the legend.
        points: Epoch and value, in order.
        color: Number of its colour.
        dash: 0 for a solid line, 1 and 2 for dashed ones.
        label: Stands at its end; "" for nothing.
    """

    name: str
    points: tuple[tuple[float, float], ...]
    color: int = 0
    dash: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line with a text."""

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Axes:
    """The frame of a chart.

    Attributes:
        x_name: Below the horizontal axis.
        is_percent: Whether values are fractions, written as percentages; else a loss, whose
            outliers are cut off.
    """

    x_name: str
    y_name: str
    is_percent: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Curves on common axes.

    Attributes:
        alternative: In words, for those who can't see it.
    """

    series: tuple[Series, ...]
    axes: Axes
    marks: tuple[Mark, ...] = ()
    alternative: str = ""

    def translated(self, translate: Callable[[str], str]) -> "Chart":
        """Return it with its texts in another language."""
        axes = replace(
            self.axes, x_name=translate(self.axes.x_name), y_name=translate(self.axes.y_name)
        )
        return Chart(
            tuple(replace(each, name=translate(each.name)) for each in self.series),
            axes,
            tuple(replace(each, text=translate(each.text)) for each in self.marks),
            translate(self.alternative),
        )


def chart_svg(chart: Chart) -> tuple[str, tuple[int, int]]:
    """Draw a chart; curves without points are left out.

    Returns:
        The SVG, its width and height.
    """
    drawn = [each for each in chart.series if each.points]
    legend = list(_legend_places(drawn))
    top = _TOP + _LEGEND_LINE * (1 + max((line for _, line, _ in legend), default=0))
    frame = _Frame.around(drawn, chart.axes, top + _MARK_LINE * len(chart.marks))
    parts = [
        *_grid(frame, chart.axes),
        *_marks(frame, chart.marks),
        *(part for each in drawn for part in _curve(frame, each)),
        *(part for x, line, each in legend for part in _legend_entry(x, line, each)),
    ]
    height = round(frame.bottom + _BOTTOM)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'font-family="sans-serif" font-size="12" role="img" '
        f'aria-label="{_text(chart.alternative)}">'
    )
    return "".join([head, *parts, "</svg>"]), (_WIDTH, height)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where values lie in the drawing."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    top: float

    @classmethod
    def around(cls, series: Sequence[Series], axes: Axes, top: float) -> "_Frame":
        xs = [x for each in series for x, _ in each.points] or [0.0]
        curves = [[y for _, y in each.points if math.isfinite(y)] for each in series]
        x_range = min(xs), max(max(xs), min(xs) + 1)
        return cls(x_range, _y_range([each for each in curves if each], axes), top)

    @property
    def bottom(self) -> float:
        return self.top + _HEIGHT - _TOP - _BOTTOM

    def x(self, value: float) -> float:
        low, high = self.x_range
        return _LEFT + (value - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self.y_range
        fraction = (min(max(value, low), high) - low) / (high - low)
        return self.bottom - fraction * (self.bottom - self.top)


def _y_range(curves: Sequence[Sequence[float]], axes: Axes) -> tuple[float, float]:
    """Return round numbers around the values."""
    low = min(map(min, curves), default=0.0)
    highest = max if axes.is_percent else _without_outliers
    high = max(map(highest, curves), default=1.0)
    step = _step(max(high - low, 0.02 if axes.is_percent else 1e-6))
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    if axes.is_percent:
        low, high = max(0.0, low), min(1.0, high)
    if high > low:
        return low, high
    # All are the same; above 100% there is no room.
    is_full = axes.is_percent and high >= 1.0
    return (low - step, high) if is_full else (low, low + step)


def _without_outliers(values: Sequence[float]) -> float:
    """Return the top of a curve; one epoch that went astray would press all others down."""
    ordered = sorted(values)
    low, usual = ordered[0], ordered[int(0.9 * (len(ordered) - 1))]
    return min(ordered[-1], low + _OUTLIER * (usual - low)) if usual > low else ordered[-1]


def _step(span: float) -> float:
    rough = span / _TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _ticks(low: float, high: float) -> Iterator[float]:
    step = _step(high - low)
    first = math.ceil(low / step - 1e-6)
    for number in range(first, math.floor(high / step + 1e-6) + 1):
        yield number * step


def _grid(frame: _Frame, axes: Axes) -> Iterator[str]:
    right = _WIDTH - _RIGHT
    for value in _ticks(*frame.y_range):
        y = frame.y(value)
        text = f"{100 * value:.4g}%" if axes.is_percent else f"{value:.4g}"
        yield (
            f'<line class="g" x1="{_LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{_GRID}"/>'
        )
        yield _label(_LEFT - 8, y + 4, text, "end")
    for value in _whole_ticks(*frame.x_range):
        yield _label(frame.x(value), frame.bottom + 17, f"{value:,}", "middle")
    yield (
        f'<line class="a" x1="{_LEFT}" x2="{right}" y1="{frame.bottom:.1f}" '
        f'y2="{frame.bottom:.1f}" stroke="{_MUTED}"/>'
    )
    yield _label((_LEFT + right) / 2, frame.bottom + 35, axes.x_name, "middle")
    middle = (frame.top + frame.bottom) / 2
    yield (
        f'<text class="m" fill="{_MUTED}" text-anchor="middle" '
        f'transform="translate(13 {middle:.1f}) rotate(-90)">{_text(axes.y_name)}</text>'
    )


def _whole_ticks(low: float, high: float) -> list[int]:
    step = max(1, round(_step(high - low)))
    ticks = [number for number in range(0, math.floor(high) + 1, step) if number >= low]
    return (
        ticks if low in ticks else [round(low), *[each for each in ticks if each - low > step / 2]]
    )


def _marks(frame: _Frame, marks: Sequence[Mark]) -> Iterator[str]:
    for number, mark in enumerate(marks):
        x, y = frame.x(mark.place), frame.top - 5 - _MARK_LINE * number
        is_left = x > (_LEFT + _WIDTH - _RIGHT) / 2
        yield (
            f'<line class="k" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 8:.1f}" '
            f'y2="{frame.bottom:.1f}" stroke="{_MARK}" stroke-dasharray="3 3"/>'
        )
        place, anchor = (x - 5, "end") if is_left else (x + 5, "start")
        yield (
            f'<text class="kt" x="{place:.1f}" y="{y:.1f}" fill="{_MARK}" '
            f'text-anchor="{anchor}">{_text(mark.text)}</text>'
        )


def _curve(frame: _Frame, series: Series) -> Iterator[str]:
    points = [(x, y) for x, y in _thinned(series.points) if math.isfinite(x) and math.isfinite(y)]
    if not points:
        return
    places = [f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in points]
    end_x, end_y = places[-1].split(",")
    yield (
        f'<polyline points="{" ".join(places)}" fill="none" stroke-width="2" '
        f'stroke-linejoin="round" {_stroke(series)}/>'
    )
    # Of a single epoch there is nothing else to be seen.
    yield (
        f'<circle class="d{_color(series)}" cx="{end_x}" cy="{end_y}" r="3" '
        f'fill="{SERIES_COLORS[_color(series)]}"/>'
    )
    if series.label:
        yield (
            f'<text class="t" x="{float(end_x) + 6:.1f}" y="{float(end_y) + 4:.1f}" '
            f'fill="{_TEXT}" font-weight="bold">{_text(series.label)}</text>'
        )


def _thinned(points: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    """Leave out points that no screen shows; the last one stays."""
    step = math.ceil(len(points) / _MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _legend_places(series: Sequence[Series]) -> Iterator[tuple[float, int, Series]]:
    x, line = float(_LEFT), 0
    for each in series:
        width = 44 + _LETTER * len(_short(each.name))
        if x + width > _WIDTH - _RIGHT and x > _LEFT:
            x, line = float(_LEFT), line + 1
        yield x, line, each
        x += width


def _legend_entry(x: float, line: int, series: Series) -> Iterator[str]:
    y = _TOP + _LEGEND_LINE * line
    yield (
        f'<line x1="{x:.0f}" x2="{x + 22:.0f}" y1="{y}" y2="{y}" stroke-width="2" '
        f"{_stroke(series)}/>"
    )
    yield (
        f'<text class="t" x="{x + 28:.0f}" y="{y + 4}" fill="{_TEXT}">'
        f"{_text(_short(series.name))}</text>"
    )


def _stroke(series: Series) -> str:
    color = _color(series)
    dash = _DASHES[(series.dash + series.color // len(SERIES_COLORS)) % len(_DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'class="s{color}" stroke="{SERIES_COLORS[color]}"{dashed}'


def _color(series: Series) -> int:
    return series.color % len(SERIES_COLORS)


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text class="m" x="{x:.1f}" y="{y:.1f}" fill="{_MUTED}" '
        f'text-anchor="{anchor}">{_text(text)}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def _text(text: str) -> str:
    # Two characters that no XML may hold.
    plain = escape_controls(text).replace("\ufffe", "").replace("\uffff", "")
    return escape(valid_unicode(plain))

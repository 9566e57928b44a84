"""Charts as SVG: well-formed, bounded, and right about the numbers."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest

from core.report.chart import Axes, Chart, Mark, Series, chart_svg

PERCENT = Axes("Epoch", "accuracy", is_percent=True)
LOSS = Axes("Epoch", "loss", is_percent=False)


def drawn(*series: Series, axes: Axes = PERCENT, marks: tuple[Mark, ...] = ()):
    svg, size = chart_svg(Chart(series, axes, marks, "in words"))
    return ElementTree.fromstring(svg), size, svg


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


def lines(root: ElementTree.Element) -> list[list[tuple[float, float]]]:
    found = root.iter("{http://www.w3.org/2000/svg}polyline")
    return [
        [tuple(map(float, p.split(","))) for p in each.get("points", "").split()] for each in found
    ]


def test_axes_are_in_percent_and_whole_epochs() -> None:
    root, _, _ = drawn(Series("validation", ((1, 0.5), (2, 0.9), (3, 1.0))))
    assert {"50%", "100%", "1", "2", "3", "Epoch", "accuracy", "validation"} <= set(texts(root))
    assert not [text for text in texts(root) if re.fullmatch(r"\d+\.5", text)]


def test_higher_is_higher_and_later_is_to_the_right() -> None:
    root, _, _ = drawn(Series("a", ((1, 0.5), (2, 0.9))))
    [[(x1, y1), (x2, y2)]] = lines(root)
    assert x2 > x1
    assert y2 < y1


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_curve_that_never_changes_is_drawn(value: float) -> None:
    root, _, _ = drawn(Series("a", ((1, value), (2, value))))
    [[(_, y1), (_, y2)]] = lines(root)
    assert y1 == y2
    assert f"{100 * value:g}%" in texts(root)


def test_curves_share_their_axes() -> None:
    root, _, _ = drawn(Series("a", ((1, 0.5), (4, 0.9))), Series("b", ((1, 0.5), (2, 0.9)), 1))
    first, second = lines(root)
    assert first[0] == second[0]
    assert first[1][1] == second[1][1]
    assert second[1][0] < first[1][0]


def test_one_outlier_of_the_loss_does_not_press_the_others_down() -> None:
    points = ((1, 1000.0), *((float(epoch), 1.0 / epoch) for epoch in range(2, 30)))
    root, (_, height), _ = drawn(Series("loss", points), axes=LOSS)
    [line] = lines(root)
    assert line[-1][1] - line[1][1] > height / 4


def test_a_long_curve_of_one_run_does_not_cut_the_other() -> None:
    low = tuple((float(epoch), 0.2) for epoch in range(1, 200))
    root, _, _ = drawn(Series("a", low), Series("b", ((1, 1.3), (2, 1.2))), axes=LOSS)
    _, high = lines(root)
    assert high[0][1] < high[1][1]


@pytest.mark.parametrize("points", [(), ((1, 0.5),), ((1, 0.5), (1, 0.5)), ((0, 0.0), (1, 0.0))])
@pytest.mark.parametrize("axes", [PERCENT, LOSS], ids=["percent", "loss"])
def test_few_points_are_drawn_too(points, axes) -> None:
    _, _, svg = drawn(Series("a", points), axes=axes, marks=(Mark(1, "best"),))
    assert "nan" not in svg
    assert "inf" not in svg


def test_what_is_no_number_is_left_out() -> None:
    _, _, svg = drawn(Series("a", ((1, math.nan), (2, 0.5), (3, math.inf))), axes=LOSS)
    assert "nan" not in svg
    assert "inf" not in svg


def test_a_long_training_makes_no_large_file() -> None:
    points = tuple((float(epoch), 0.5 + epoch % 2 / 4) for epoch in range(1, 200_001))
    _, _, svg = drawn(Series("a", points))
    assert len(svg) < 20_000


def test_names_are_texts() -> None:
    name = '<script>"&\x1b\n\ufffe\ud800'
    root, _, svg = drawn(Series(name, ((1, 0.5),)), marks=(Mark(1, name),))
    assert "<script" not in svg
    assert any("<script>" in text for text in texts(root))

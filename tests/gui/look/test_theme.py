import re
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox, QWidget

from gui.look.icons import IconColor, icon
from gui.look.theme import (
    DARK,
    LIGHT,
    SchemeChoice,
    ThemeSwitch,
    class_color,
    make_palette,
    style_sheet,
    theme_for,
)

SURFACES = ("background", "surface", "surface_alt")


def luminance(color: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("theme", "text", "surface"),
    [
        (theme, text, surface)
        for theme, text, surface in product(
            (LIGHT, DARK),
            ("text", "text_muted", "warning", "danger", "info"),
            SURFACES,
        )
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_texts_are_readable_on_every_surface(theme, text, surface):
    assert contrast(getattr(theme, text), getattr(theme, surface)) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_and_the_main_button_can_be_seen(theme):
    assert all(contrast(theme.control_line, getattr(theme, surface)) >= 3 for surface in SURFACES)
    assert contrast(theme.on_accent, theme.accent) >= 4.5
    assert contrast(theme.text, theme.accent_soft) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_style_sheet_is_filled_in_and_names_files_that_are_there(theme):
    sheet = style_sheet(theme)
    assert "$" not in sheet
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    for file in files:
        assert Path(file).read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_palette_tells_its_theme(theme):
    assert theme_for(make_palette(theme)) is theme


def test_choosing_changes_the_colors_of_widgets(qtbot):
    app = QApplication.instance()
    before = (app.styleSheet(), app.palette())
    switch = ThemeSwitch(app, SchemeChoice.LIGHT)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    try:
        assert theme_for(widget.palette()) is LIGHT
        switch.choose(SchemeChoice.DARK)
        assert theme_for(widget.palette()) is DARK
    finally:
        app.setStyleSheet(before[0])
        app.setPalette(before[1])


def test_fourteen_classes_have_fourteen_colors():
    assert len({class_color(index).name() for index in range(14)}) == 14


def test_icons_follow_the_scheme(qtbot):
    app = QApplication.instance()
    before = QPalette(app.palette())
    drawn = icon("play", IconColor.TEXT)
    try:
        images = []
        for theme in (LIGHT, DARK):
            app.setPalette(make_palette(theme))
            image = drawn.pixmap(24, 24).toImage()
            images.append(
                {
                    image.pixelColor(x, y).name()
                    for x, y in product(range(24), range(24))
                    if image.pixelColor(x, y).alpha() == 255
                }
            )
    finally:
        app.setPalette(before)
    assert LIGHT.text.lower() in images[0]
    assert DARK.text.lower() in images[1]


@pytest.mark.parametrize("editor", [QLineEdit, QSpinBox, QComboBox])
def test_what_is_invalid_has_a_red_edge_also_with_the_focus(qtbot, editor):
    app = QApplication.instance()
    before = (app.styleSheet(), app.palette())
    ThemeSwitch(app, SchemeChoice.LIGHT)
    window = QWidget()
    widget = editor(window)
    widget.resize(200, 32)
    widget.setProperty("invalid", True)
    qtbot.addWidget(window)
    try:
        with qtbot.waitActive(window):
            window.show()
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus, timeout=5_000)
        edge = widget.grab().toImage().pixelColor(100, 1).name()
        assert edge == LIGHT.danger.lower()
    finally:
        app.setStyleSheet(before[0])
        app.setPalette(before[1])

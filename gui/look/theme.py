"""Colours, space and type of the window: the one place where they are decided."""

from dataclasses import dataclass, fields
from enum import StrEnum
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from resources import resource_path

GRID = 8
"""Pixels at 100%; all space is a multiple of it, 4 inside controls."""

CONTROL_HEIGHT = 32
_DARK_BELOW = 128


class SchemeChoice(StrEnum):
    """The colour scheme that the user wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """One colour scheme, each colour as `#RRGGBB`.

    Attributes:
        background: The window.
        surface: Cards, lists, plots.
        surface_alt: Rail, hover, table headers.
        line: Hairlines; never the only sign of a control.
        control_line: Edges of inputs, 3:1 on all surfaces.
        text_muted: Help and units, 4.5:1 on all surfaces.
        accent: The one main button of a page, selection, focus.
        accent_soft: Selected rows and lit drop targets behind `text`.
        earlier_run: Curves of earlier runs.
    """

    background: str
    surface: str
    surface_alt: str
    line: str
    control_line: str
    text: str
    text_muted: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    warning: str
    danger: str
    info: str
    earlier_run: str


LIGHT = Theme(
    background="#FAFAF7",
    surface="#FFFFFF",
    surface_alt="#F1F0EA",
    line="#DEDCD3",
    control_line="#858A83",
    text="#1F2421",
    text_muted="#586059",
    accent="#2A6B4A",
    accent_hover="#215A3D",
    accent_soft="#DDEBE2",
    on_accent="#FFFFFF",
    warning="#8F5B0C",
    danger="#A83228",
    info="#22609E",
    earlier_run="#B9BDB6",
)
DARK = Theme(
    background="#161917",
    surface="#1E2220",
    surface_alt="#272C29",
    line="#353B37",
    control_line="#6E7771",
    text="#ECEFEA",
    text_muted="#A7B0A9",
    accent="#74C69A",
    accent_hover="#8AD3AC",
    accent_soft="#23402F",
    on_accent="#0D1410",
    warning="#E3B65A",
    danger="#F2857B",
    info="#7FB6EC",
    earlier_run="#515853",
)

# Okabe and Ito, "Color Universal Design" (2008), in their order without black.
_CLASS_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
_TINT = 0.45


def class_color(index: int) -> QColor:
    """Return the colour of a class: the Okabe-Ito set, then its tints, then from the start."""
    color = QColor(_CLASS_COLORS[index % len(_CLASS_COLORS)])
    if (index // len(_CLASS_COLORS)) % 2:
        channels = (color.red(), color.green(), color.blue())
        color = QColor(*(round(part + (255 - part) * _TINT) for part in channels))
    return color


def theme_for(palette: QPalette) -> Theme:
    """Return the scheme that a widget's palette was made from."""
    lightness = palette.color(QPalette.ColorRole.Window).lightness()
    return DARK if lightness < _DARK_BELOW else LIGHT


class ThemeSwitch:
    """Apply the colours to the application and follow the system's scheme.

    Args:
        app: The application.
        choice: The scheme that the user wants.
    """

    def __init__(self, app: QApplication, choice: SchemeChoice = SchemeChoice.SYSTEM) -> None:
        self._app = app
        self._choice = choice
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self._apply()

    def choose(self, choice: SchemeChoice) -> None:
        """Change to other colours at once."""
        self._choice = choice
        self._apply()

    def _on_scheme_changed(self, _scheme: Qt.ColorScheme) -> None:
        if self._choice is SchemeChoice.SYSTEM:
            self._apply()

    def _apply(self) -> None:
        theme = self._theme()
        self._app.setPalette(make_palette(theme))
        self._app.setStyleSheet(style_sheet(theme))

    def _theme(self) -> Theme:
        if self._choice is SchemeChoice.SYSTEM:
            is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
            return DARK if is_dark else LIGHT
        return DARK if self._choice is SchemeChoice.DARK else LIGHT


def make_palette(theme: Theme) -> QPalette:
    """Make the palette of a scheme, for what style sheets don't reach."""
    role = QPalette.ColorRole
    palette = QPalette()
    colors = {
        role.Window: theme.background,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.surface_alt,
        role.Text: theme.text,
        role.PlaceholderText: theme.text_muted,
        role.Button: theme.surface,
        role.ButtonText: theme.text,
        role.ToolTipBase: theme.surface_alt,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.info,
        role.LinkVisited: theme.info,
        role.Light: theme.surface,
        role.Midlight: theme.surface_alt,
        role.Mid: theme.line,
        role.Dark: theme.control_line,
        role.Shadow: theme.control_line,
        role.Accent: theme.accent,
    }
    for key, color in colors.items():
        palette.setColor(key, QColor(color))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(theme.control_line))
    return palette


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a scheme."""
    template = resource_path("style.qss").read_text(encoding="utf-8")
    colors = {field.name: getattr(theme, field.name) for field in fields(theme)}
    scheme = "dark" if theme is DARK else "light"
    folder = resource_path("icons").as_posix()
    return Template(template).substitute(colors, icons=folder, scheme=scheme)

"""Texts of the window in the user's language.

`pyside6-lupdate` finds them by the names of these functions; `core.text` makes those of core.
"""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core.text import Argument, Text, filled, with_count
from resources import LANGUAGES


def tr(source: str, *arguments: Argument) -> str:
    """Translate a text, and put arguments in the places of `%1` to `%9`.

    Args:
        source: English, a literal.
        arguments: As for `core.text.Text`; an `int` gets the separators of the language.
    """
    return _translated(source, arguments, None)


def tr_count(source: str, comment: str, count: int, *arguments: Argument) -> str:
    """Translate a text that has a plural: `tr_count("%n image(s)", "", 3)`.

    Args:
        source: As for `core.text.count_text`.
        comment: For translators; "" if the source says enough.
        count: At least 0.
        arguments: As for `tr`.
    """
    del comment
    return _translated(source, arguments, count)


def shown(text: str) -> str:
    """Translate a text that core has made; other texts, such as names, stay as they are."""
    return _translated(text.source, text.arguments, text.number) if isinstance(text, Text) else text


def install_language(application: QCoreApplication, locale: QLocale | None = None) -> None:
    """Let Qt's texts and ours be those of the system's language, where there is a translation.

    Args:
        application: It keeps the translators.
        locale: In place of the system's.
    """
    chosen = locale or QLocale()
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (("qtbase", qt_folder), ("fieldguide", str(LANGUAGES))):
        translator = QTranslator(application)
        if translator.load(chosen, name, "_", folder):
            application.installTranslator(translator)


def _translated(source: str, arguments: tuple[Argument, ...], count: int | None) -> str:
    if count is None:
        found = QCoreApplication.translate("", source)
    else:
        number = QLocale().toString(count)
        found = QCoreApplication.translate("", source, "", count)
        # Without a translation Qt returns the source, its %n filled: English forms are chosen here.
        if found == source.replace("%n", str(count)):
            found = with_count(source, count, number)
        else:  # Qt fills in plain digits.
            found = found.replace(str(count), number, 1)
    shown_arguments = tuple(shown(a) if isinstance(a, str) else a for a in arguments)
    return filled(found, shown_arguments, QLocale().toString)

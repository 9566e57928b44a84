"""A made-up language with accented letters and long words: whatever isn't translated stands out.

`python -m tests.pseudo_language` puts it into `resources/languages` as the system's language.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from PySide6.QtCore import QLocale

from core.text import with_count
from tests.conftest import CHECKOUT

sys.path.insert(0, str(CHECKOUT / "packaging"))
import languages

_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED = "åƀçđéƒĝĥïĵķļɱñöþɋŕšţûʋŵẋÿžÅƁÇĐÉƑĜĤÎĴĶĻḾÑÖÞɊŔŠŢÛṼŴẊÝŽ"
_TABLE = str.maketrans(_PLAIN, _ACCENTED)
# Places of arguments, tags of rich text, keys of menus and their letters, line breaks.
_KEPT = re.compile(r"%L?[n1-9]|</?\w+[^>]*>|&\w+;|&\w|\n")
_EXTRA = 0.35


def pseudo(text: str) -> str:
    """A text as it reads in the made-up language."""
    parts, last = [], 0
    for kept in _KEPT.finditer(text):
        parts += [text[last : kept.start()].translate(_TABLE), kept.group()]
        last = kept.end()
    parts.append(text[last:].translate(_TABLE))
    return re.sub(r"\w+", lambda word: _lengthened(word.group()), "".join(parts))


def _lengthened(word: str) -> str:
    if not word.endswith(tuple(_ACCENTED)):
        return word
    return word + "ñ" * round(_EXTRA * len(word))


def make_pseudo_language(folder: Path, code: str = "") -> Path:
    """Translate all texts of the window.

    Args:
        folder: Where to put it.
        code: Of the language whose place it takes; by default the system's.

    Returns:
        The compiled translation.
    """
    translation = folder / f"fieldguide_{code or QLocale().name()}.ts"
    translation.unlink(missing_ok=True)
    languages.collect_texts(translation)
    tree = ElementTree.parse(translation)
    for message in tree.iter("message"):
        source, target = message.find("source"), message.find("translation")
        assert source is not None
        assert target is not None
        target.attrib.pop("type", None)
        forms = target.findall("numerusform")
        for count, form in zip((1, 2), forms, strict=False):
            form.text = pseudo(with_count(str(source.text), count, "%n"))
        if not forms:
            target.text = pseudo(str(source.text))
    tree.write(translation, encoding="utf-8", xml_declaration=True)
    return languages.compile_language(translation)


if __name__ == "__main__":
    made = make_pseudo_language(languages.LANGUAGES)
    made.with_suffix(".ts").unlink()
    print(f"Remove it again afterwards: {made}")

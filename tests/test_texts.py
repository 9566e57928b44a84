"""Texts of the window are found by lupdate, and have places for their arguments."""

import ast
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import pseudo_language
from tests.conftest import CHECKOUT

SOURCES = sorted(path for top in ("core", "gui") for path in (CHECKOUT / top).rglob("*.py"))
# Where the functions are, and the one that joins texts which are told elsewhere.
APART = {"core/text.py", "gui/look/language.py"}
# A sentence from `backbones.json`, which lupdate gets from `packaging/languages.py`.
DATA = {"core/backbones/catalogue.py"}
PLURAL = {"tr_count", "count_text"}
NAMES = PLURAL | {"tr", "Text"}


@dataclass(frozen=True)
class Call:
    """A call that makes a text."""

    where: str
    node: ast.Call

    @property
    def source(self) -> str | None:
        """The text; None if it is no literal."""
        first = self.node.args[0]
        is_text = isinstance(first, ast.Constant) and isinstance(first.value, str)
        return str(first.value) if is_text else None

    @property
    def is_plural(self) -> bool:
        return ast.unparse(self.node.func) in PLURAL

    @property
    def arguments(self) -> list[ast.expr]:
        """What goes to the places."""
        return self.node.args[3 if self.is_plural else 1 :]


def calls() -> Iterator[Call]:
    for path in SOURCES:
        name = path.relative_to(CHECKOUT).as_posix()
        if name not in APART:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in NAMES and node.args:
                    yield Call(f"{name}:{node.lineno}", node)


CALLS = list(calls())


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict[str, bool]:
    """The texts that lupdate finds, and whether each has a plural."""
    folder: Path = tmp_path_factory.mktemp("language")
    pseudo_language.make_pseudo_language(folder, "eo")
    messages = ElementTree.parse(folder / "fieldguide_eo.ts").iter("message")
    texts = {}
    for message in messages:
        assert message.find("comment") is None, message.findtext("source")
        texts[message.findtext("source") or ""] = message.get("numerus") == "yes"
    return texts


def test_every_text_is_one_literal():
    odd = [call.where for call in CALLS if call.source is None]
    assert [where for where in odd if where.partition(":")[0] not in DATA] == []


def test_every_place_has_its_argument():
    odd = []
    for call in CALLS:
        if call.source is None or any(isinstance(each, ast.Starred) for each in call.arguments):
            continue
        places = {int(place) for place in re.findall(r"%([1-9])", call.source)}
        # A text without arguments may be filled in later, or show a percent sign.
        if call.arguments and places != set(range(1, len(call.arguments) + 1)):
            odd.append((call.where, call.source))
        if call.is_plural != ("%n" in call.source or "(s)" in call.source):
            odd.append((call.where, call.source))
    assert odd == []


def test_lupdate_finds_every_text(found):
    for call in CALLS:
        if call.source is not None:
            assert found.get(call.source) == call.is_plural, call.where


def test_no_text_is_filled_in_by_hand():
    """Places are filled by the functions, all at once: an argument may hold `%2`."""
    by_hand = [
        f"{path.relative_to(CHECKOUT)}:{number}"
        for path in SOURCES
        if path.relative_to(CHECKOUT).as_posix() not in APART
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"""\.replace\(["']%[1-9n]""", line)
    ]
    assert by_hand == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Add", "Åđđñ"),
        ("&File", "&Fïļéñ"),
        ("%1 of %n", "%1 öƒñ %n"),
        ("<b>Add</b> &amp; go", "<b>Åđđñ</b> &amp; ĝöñ"),
    ],
)
def test_the_pseudo_language_keeps_places_tags_and_keys(text, expected):
    assert pseudo_language.pseudo(text) == expected

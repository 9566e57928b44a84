"""Code calls a thing by one word, the field's: `docs/glossary.md` has them."""

import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

# What each stands for is the word that is used.
AVOIDED = {
    "picture": "image",
    "pictures": "images",
    "pic": "image",
    "photo": "image",
    "fit": "resize_mode",
    "share": "fraction",
    "shares": "fractions",
    "ema": "ema_decay",
    "colour": "color",
    "person": "user",
    "people": "users",
    "whoever": "user",
    "mend": "repair",
    "surest": "most_confident",
    "rightly": "correctly",
    "wrongly": "incorrectly",
}
# Programs that lie beside exports of every version; their names are published.
PUBLISHED = ("core/export/predict/", "core/export/tftrt/run_tftrt.py")
# Where "fit" is the verb.
ALLOWED = {"fit", "fit_temperature", "is_fit_name", "must_fit", "ema_decay"}
SOURCES = sorted(path for top in ("core", "gui") for path in (CHECKOUT / top).rglob("*.py"))


def words(name: str) -> list[str]:
    """`["image", "menu"]` for `ImageMenu` and `image_menu`."""
    return [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def identifiers(path: Path) -> Iterator[tuple[str, int]]:
    """All names in a file, with their lines."""
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.NAME:
                yield token.string, token.start[0]


def avoided_in(name: str) -> str:
    """The avoided word in a name; "" if there is none."""
    if name.lstrip("_") in ALLOWED:
        return ""
    return next((word for word in words(name) if word in AVOIDED), "")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CHECKOUT).as_posix())
def test_names_hold_no_avoided_word(path):
    if path.relative_to(CHECKOUT).as_posix().startswith(PUBLISHED):
        pytest.skip("its names are published")
    found = {
        f"{name} (line {line}): say {AVOIDED[word]}"
        for name, line in identifiers(path)
        if (word := avoided_in(name))
    }
    assert found == set()
    assert not avoided_in(path.stem)


@pytest.mark.parametrize(
    ("name", "word"),
    [("PictureMenu", "picture"), ("_shares", "shares"), ("shared", ""), ("benefit", "")],
)
def test_an_avoided_word_is_found_as_a_word(name, word):
    assert avoided_in(name) == word

"""A `labels.txt` has a line for each class, whoever reads it."""

import pytest

from core.models.one_line_label import label_lines, labels_file
from tests.core.test_plain_text import SEPARATORS

BLANK = ["", " ", "\u00a0\u2003", "\u200b", "\u2800", "\u3164", "\t", "\ufeff"]


@pytest.mark.parametrize("separator", [*SEPARATORS, "\r\n", "\n\r", *"\x1b\0\u202e"])
def test_every_reader_finds_as_many_lines_as_classes(separator: str) -> None:
    labels = [f"a{separator}b", separator, f"{separator}c", f"d{separator}", "e"]
    content = labels_file(labels)
    assert len(content.decode("utf-8").splitlines()) == len(labels)
    assert content.count(b"\n") == len(labels)
    assert b"\r" not in content
    assert content.decode("utf-8").splitlines()[-1] == "e"


@pytest.mark.parametrize("label", BLANK, ids=ascii)
def test_no_line_is_blank(label: str) -> None:
    (line,) = label_lines([label])
    assert line.strip()
    assert line.isprintable()


def test_names_without_such_characters_stay() -> None:
    labels = ["ヒマワリ", "زهرة", "🌷", " e ", "a|b", "-1", "a\\nb"]
    assert label_lines(labels) == labels


def test_classes_that_became_alike_are_told_apart() -> None:
    labels = ["a\nb", "a\\nb", "a\\nb (2)", "\udcff", "\\udcff"]
    lines = label_lines(labels)
    assert len(set(lines)) == len(labels)
    assert lines == ["a\\nb (3)", "a\\nb", "a\\nb (2)", "\\udcff (2)", "\\udcff"]

import pytest

from core.plain_text import escape_controls, markdown_text

SEPARATORS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize(
    "sign", [*SEPARATORS, "\r\n", "\0", "\x1b[31m", "\x9b", "\u202e", "\ufeff"]
)
def test_controls_are_escaped(sign: str) -> None:
    escaped = escape_controls(f"a{sign}b")
    assert escaped.startswith("a\\")
    assert len(escaped.splitlines()) == 1
    assert escaped[1:].isascii()


@pytest.mark.parametrize(
    "text", ["ヒマワリ", "\u0645\u06cc\u200c\u062e", "👩\u200d🌾", "\u05e9\u200f", "a b\\n"]
)
def test_words_of_any_script_stay(text: str) -> None:
    assert escape_controls(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("cat", "cat"),
        ("learning_rate", "learning_rate"),
        ("_bold_ **x**", r"\_bold\_ \*\*x\*\*"),
        ("a|b`c`", r"a\|b\`c\`"),
        ("# head", r"\# head"),
        ("<img src=x>", r"\<img src=x\>"),
        ("- list", "&#45; list"),
        ("1. one", "&#49;. one"),
        ("12) twelve", "&#49;2) twelve"),
        ("7.", "&#55;."),
        ("0.001", "0.001"),
        ("1.0", "1.0"),
        ("-5", "-5"),
        ("+", "&#43;"),
        ("---", "&#45;--"),
        ("===", "&#61;=="),
        ("=x", "=x"),
        ("    code ", "&#32;&#32;&#32;&#32;code&#32;"),
        ("two\nlines", r"two\\nlines"),
        ("\udcff", r"\\udcff"),
    ],
)
def test_markdown_shows_any_text_as_it_is(text: str, shown: str) -> None:
    assert markdown_text(text) == shown

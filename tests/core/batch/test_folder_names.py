import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.batch.folder_names import folder_names, safe_name, unknown_folder_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("cat", "cat"),
        ("grün 花", "grün 花"),
        ("a/b\\c", "a_b_c"),
        ("what?", "what_"),
        ("two\nlines", "two_lines"),
        ("dots...", "dots"),
        (" spaces ", "spaces"),
        ("..", "class"),
        ("", "class"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1", "_com1"),
        ("console", "console"),
        ("lone \udce9", "lone _"),
    ],
)
def test_a_name_that_every_system_takes(label, name):
    assert safe_name(label) == name


def test_no_two_classes_share_a_folder():
    names = folder_names(["a/b", "a_b", "A_B", "cat", "Cat"])
    assert list(names.values()) == ["a_b", "a_b (2)", "A_B (3)", "cat", "Cat (2)"]


def test_the_unknown_have_a_folder_of_their_own():
    assert unknown_folder_name(folder_names(["cat"])) == "unknown"
    assert unknown_folder_name(folder_names(["Unknown"])) == "unknown (2)"


@given(st.lists(st.text(), unique=True, max_size=8))
def test_any_labels_get_distinct_names_of_fair_length(labels):
    names = folder_names(labels)
    assert list(names) == labels
    assert len({name.casefold() for name in names.values()}) == len(labels)
    for name in names.values():
        assert 0 < len(name.encode()) < 220
        assert name not in (".", "..")
        assert not set(name) & set('<>:"/\\|?*\0\n')
        assert name == name.strip(" ").rstrip(".")

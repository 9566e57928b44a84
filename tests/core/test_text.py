import pickle

import pytest

from core.errors import DatasetError
from core.text import Text, count_text, decimal_text, sentences


def test_text_reads_as_english():
    assert Text("%2 is larger than %1", "ten", "eleven") == "eleven is larger than ten"


def test_numbers_have_separators_and_what_is_no_quantity_has_none():
    assert Text("%1 files in %2", 12345, "2026") == "12,345 files in 2026"


def test_an_argument_may_look_like_a_place():
    assert Text("%1 and %2", "100%2", "b") == "100%2 and b"


def test_a_text_without_arguments_may_hold_percent_signs():
    assert Text("80%1") == "80%1"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "There are 0 classes (all of them)."),
        (1, "There is 1 class (all of them)."),
        (1200, "There are 1,200 classes (all of them)."),
    ],
)
def test_plural_is_chosen(count, text):
    assert count_text("There (is|are) %n class(es) (all of them).", "", count) == text


def test_count_stands_beside_other_arguments():
    assert count_text("%n picture(s) in %1", "", 1, "roses") == "1 picture in roses"


@pytest.mark.parametrize("text", [Text("%1 is empty", "a"), count_text("%n file(s)", "", 3, "a")])
def test_what_it_was_made_of_survives_errors_and_other_processes(text):
    error = pickle.loads(pickle.dumps(DatasetError(text)))
    raised = str(error)

    assert raised == text
    assert isinstance(raised, Text)
    assert (raised.source, raised.arguments, raised.number) == (
        text.source,
        text.arguments,
        text.number,
    )


def test_sentences_side_by_side_stay_texts():
    both = sentences(Text("One."), "", Text("Two %1.", "b"), "Three.")
    assert both == "One. Two b. Three."
    assert both.arguments[1].source == "Two %1."
    assert sentences() == ""
    many = [f"{number}." for number in range(25)]
    assert sentences(*many) == " ".join(many)


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (1e-5, None, "0.00001"),
        (0.2, None, "0.2"),
        (123456.0, 2, "120000"),
        (3.46e-6, 2, "0.0000035"),
        (0.0, 2, "0"),
        (-1e-7, None, "-0.0000001"),
    ],
)
def test_numbers_have_no_exponent(number, digits, text):
    assert decimal_text(number, digits) == text

"""What the window says of figures that accuracy alone would hide."""

import numpy as np

from core.data.dataset import Split
from gui.look.figure_texts import baseline_text, note_texts, recall_text, summary_text
from tests.measured import measured


def test_of_many_classes_the_three_lowest_recalls_are_told():
    matrix = np.diag([9] * 8)
    matrix[5, 5], matrix[5, 0] = 3, 6
    assert recall_text(measured(matrix)) == (
        "Recall: “f” 33.3% of 9, “a” 100.0% of 9, “b” 100.0% of 9, "
        "5 more classes on the page Results"
    )


def test_many_classes_with_few_images_are_one_sentence():
    assert note_texts(measured(np.diag([9, 1, 2, 3, 4]))) == [
        "4 classes have fewer than 5 test pictures (“b”, “c”, “d” and 1 more), so their recalls "
        "are rough estimates. Add more pictures of them."
    ]


def test_one_image_is_not_many():
    found = measured(np.diag([9, 1]), split=Split.VALIDATION)
    assert note_texts(found)[0].startswith("“b” has only 1 validation picture, so")


def test_classes_without_images_are_said_to_be_left_out():
    (text,) = note_texts(measured(np.diag([9, 0, 0])))
    assert text.startswith("2 classes have no pictures here (“b”, “c”)")
    assert text.endswith("balanced accuracy leaves them out.")


def test_long_and_odd_names_leave_room_in_their_line():
    labels = ("two\nlines " + "x" * 300, "rose")
    text = baseline_text(measured([[9, 0], [0, 9]], (9, 3), labels=labels))
    assert text.startswith("Majority baseline 50.0% (always “two lines xxx")
    assert len(text) < 90


def test_without_training_counts_nothing_is_said_of_a_baseline():
    assert baseline_text(measured([[9, 0], [0, 9]])) == ""
    assert "baseline" not in summary_text(measured([[9, 0], [0, 9]]))

"""What is said of figures that accuracy alone would hide."""

import numpy as np
import pytest

from core.data.dataset import Split
from core.evaluation.figure_words import meaning_sentences, note_sentences
from tests.measured import measured


def test_figures_that_confirm_each_other_need_no_words():
    assert note_sentences(measured([[50, 0], [1, 49]], (50, 50))) == []


def test_a_misleading_accuracy_is_told_with_what_one_answer_would_reach():
    found = measured([[100, 0], [32, 1]], (500, 160), labels=("daisy", "rose"))
    assert meaning_sentences(found) == [
        "Always answering “daisy” would reach 75.19%, so accuracy says little here.",
        "Recall differs between classes: with each counted the same, accuracy is 51.52%.",
    ]


@pytest.mark.parametrize(
    ("count", "split", "words"),
    [
        (2, Split.TEST, "only 2 test pictures"),
        (1, Split.TEST, "only 1 test picture"),
        (4, Split.VALIDATION, "only 4 validation pictures"),
    ],
)
def test_a_class_with_few_images_is_told(count, split, words):
    found = measured(np.diag([9, count]), split=split, labels=("daisy", "rose"))
    assert note_sentences(found) == [
        f"“rose” has {words}, so its recall is a rough figure. Add more pictures of it."
    ]


def test_five_images_are_enough_to_say_nothing():
    assert note_sentences(measured(np.diag([9, 5]))) == []


def test_many_such_classes_are_one_sentence():
    assert note_sentences(measured(np.diag([9, 2, 2, 1, 4]))) == [
        "4 classes have fewer than 5 test pictures (“b”, “c”, “d” and 1 more), so their recalls "
        "are rough figures. Add more pictures of them."
    ]


def test_a_class_without_images_is_said_to_be_left_out():
    assert note_sentences(measured(np.diag([9, 0]))) == [
        "“b” has no test pictures: its recall is not known, and balanced accuracy leaves it out."
    ]
    assert note_sentences(measured(np.diag([9, 0, 0]))) == [
        "2 classes have no test pictures (“b”, “c”): their recalls are not known, and balanced "
        "accuracy leaves them out."
    ]

"""Balanced accuracy, baseline and recalls in the terminal."""

import numpy as np

from core.cli.figure_lines import note_lines, recall_lines, summary_lines
from tests.measured import measured


def test_the_summary_has_balanced_accuracy_and_baseline():
    found = measured([[100, 0], [32, 1]], (500, 160), labels=("daisy", "rose"))
    assert summary_lines(found) == [
        "Balanced accuracy: 51.52%, the mean recall of the classes",
        "Majority baseline: 75.19%, by always answering “daisy”, the class with the most "
        "training pictures",
    ]


def test_a_model_without_training_counts_has_no_baseline():
    assert len(summary_lines(measured([[1, 0], [0, 1]]))) == 1


def test_recalls_come_with_their_images_lowest_first():
    found = measured([[100, 0], [32, 1]], labels=("daisy", "rose"))
    assert recall_lines(found) == [
        "  Recall  pictures  class, lowest recall first",
        "   3.03%        33  rose",
        " 100.00%       100  daisy",
    ]


def test_of_many_classes_the_ten_lowest_are_shown_and_the_others_counted():
    labels = tuple(f"c{index}" for index in range(52))
    matrix = np.diag([9] * 52)
    matrix[40, 40], matrix[40, 0] = 1, 8
    _heading, first, *others, more = recall_lines(measured(matrix, labels=labels))
    assert first == "  11.11%         9  c40"
    assert len(others) == 9
    assert more.startswith("… and 42 more")


def test_notes_are_marked():
    assert note_lines(measured(np.diag([9, 2])))[0].startswith("Note: “b” has only 2 test")

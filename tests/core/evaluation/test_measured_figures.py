"""What accuracy alone would hide, against values worked out by hand."""

import json

import numpy as np
import pytest

from core.data.dataset import Split
from core.evaluation.measured_figures import figures_to_json_dict
from tests.measured import measured

# Of 100 daisies all are found, of 33 roses one: the example that accuracy hides.
RARE = [[100, 0], [32, 1]]


def test_every_class_counts_the_same_in_balanced_accuracy() -> None:
    found = measured(RARE)
    assert found.accuracy == 101 / 133
    assert found.balanced_accuracy == pytest.approx((1 + 1 / 33) / 2)


def test_balanced_accuracy_leaves_classes_without_images_out_and_says_which() -> None:
    found = measured([[3, 1, 0], [0, 2, 0], [0, 0, 0]])
    assert found.balanced_accuracy == pytest.approx((3 / 4 + 1) / 2)
    assert found.unmeasured_classes() == ["c"]


def test_a_class_that_is_never_answered_has_recall_zero_and_counts() -> None:
    assert measured([[4, 0], [2, 0]]).balanced_accuracy == 0.5


def test_without_an_image_nothing_is_known() -> None:
    found = measured([[0, 0], [0, 0]], training_counts=(3, 2))
    assert (found.balanced_accuracy, found.majority_accuracy) == (None, None)


def test_the_baseline_is_the_largest_class_of_the_training_not_of_the_test() -> None:
    found = measured([[2, 0], [0, 8]], training_counts=(60, 40))
    assert found.majority_label == "a"
    assert found.majority_accuracy == 0.2


def test_of_equally_large_classes_the_first_is_the_baseline() -> None:
    assert measured(RARE, training_counts=(5, 5)).majority_label == "a"


def test_the_baseline_reaches_nothing_where_its_class_has_no_images() -> None:
    assert measured([[0, 0], [1, 3]], training_counts=(9, 1)).majority_accuracy == 0.0


@pytest.mark.parametrize("counts", [(), (0, 0)])
def test_without_training_counts_there_is_no_baseline(counts: tuple[int, ...]) -> None:
    found = measured(RARE, training_counts=counts)
    assert (found.majority_label, found.majority_accuracy) == (None, None)
    assert not found.is_little_above_majority


@pytest.mark.parametrize(
    ("matrix", "counts", "is_near_majority", "differs"),
    [
        ([[100, 0], [32, 1]], (500, 160), True, True),  # 75.9%, majority 75.2%
        ([[97, 0], [0, 3]], (97, 3), True, False),  # all right, but so would be 97%
        ([[50, 0], [1, 49]], (50, 50), False, False),
        ([[10, 40], [0, 1]], (50, 50), True, True),  # worse than always answering “a”
        ([[60, 0], [20, 20]], (10, 90), False, True),
    ],
)
def test_figures_that_mislead_are_known(matrix, counts, is_near_majority, differs) -> None:
    found = measured(matrix, training_counts=counts)
    assert found.is_little_above_majority is is_near_majority
    assert found.differs_between_classes is differs


def test_classes_with_fewer_than_five_images_are_scarce() -> None:
    found = measured(np.diag([5, 4, 1, 0]))
    assert found.scarce_classes() == [("b", 4), ("c", 1)]
    assert [metrics.is_scarce for metrics in found.per_class] == [False, True, True, False]


def test_classes_come_with_the_lowest_recall_first() -> None:
    found = measured([[2, 0, 0], [1, 1, 0], [0, 0, 0]])
    assert found.measured_classes() == [("b", 0.5, 2), ("a", 1.0, 2)]


def test_json_has_the_published_keys_and_any_label() -> None:
    labels = ("line\nbreak", "byte \udce9")
    found = measured([[1, 1], [0, 0]], (3, 1), Split.VALIDATION, labels)
    content = json.loads(json.dumps(figures_to_json_dict(found), allow_nan=False))
    assert content == {
        "balanced_accuracy": 0.5,
        "majority_accuracy": 1.0,
        "per_class": {
            "line\nbreak": {"precision": 1.0, "recall": 0.5, "f1": 2 / 3, "num_images": 2},
            "byte \udce9": {"precision": 0.0, "recall": None, "f1": None, "num_images": 0},
        },
        "measured_on": "validation",
    }


def test_json_of_nothing_measured_is_null() -> None:
    content = figures_to_json_dict(None)
    assert set(content.values()) == {None}
    assert content.keys() == figures_to_json_dict(measured(RARE)).keys()


def test_a_thousand_classes_are_no_trouble() -> None:
    labels = tuple(f"class {index}" for index in range(1000))
    found = measured(np.eye(1000, dtype=int), (7,) * 1000, labels=labels)
    assert found.balanced_accuracy == 1.0
    assert found.majority_accuracy == 1 / 1000
    assert len(found.scarce_classes()) == 1000

from pathlib import Path

import pytest

from core.data.dataset import FindingKind, LabeledImage, Split
from core.data.scanning.class_findings import class_findings


def found(splits: dict[str, list[Split | None]]) -> list[tuple[FindingKind, str]]:
    """Kinds and details for classes whose images are in these splits."""
    images = [
        LabeledImage(Path(f"{index}-{number}.jpg"), index, split)
        for index, given in enumerate(splits.values())
        for number, split in enumerate(given)
    ]
    return [(each.kind, each.detail) for each in class_findings(list(splits), images)]


TRAINING, TEST = Split.TRAINING, Split.TEST


@pytest.mark.parametrize("other", ["Daisy", "daisy ", "dai sy", "DAI_SY"])
def test_names_that_differ_in_case_or_blanks_are_told_with_both(other):
    [(kind, detail)] = found({"daisy": [TRAINING], other: [TEST]})
    assert kind is FindingKind.SIMILAR_CLASSES
    assert "“daisy”" in detail
    assert f"“{other}”" in detail


def test_a_class_in_one_split_alone_is_told():
    [(kind, detail)] = found({"daisy": [TRAINING, TEST], "rose": [TEST]})
    assert kind is FindingKind.ONE_SPLIT
    assert detail == "The class “rose” is in the test split alone."


@pytest.mark.parametrize(
    "splits",
    [
        {"a": [None], "b": [None]},
        {"a": [TRAINING], "b": [TRAINING]},
        {"a": [TRAINING, TEST], "b": [TRAINING, TEST]},
        {"a1": [TRAINING, TEST], "a2": [TRAINING, TEST, None]},
    ],
)
def test_the_usual_has_no_findings(splits):
    assert found(splits) == []

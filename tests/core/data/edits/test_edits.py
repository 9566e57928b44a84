import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import Dataset, Finding, FindingKind, LabeledImage, Split
from core.data.edits.edits import NO_EDITS, Edits

CAT, DOG, OLD_DOG, FOX = (Path(f"/p/{name}.jpg") for name in ("cat/1", "dog/1", "dog/2", "fox/1"))
FINDING = Finding(DOG, FindingKind.UNREADABLE, "d")
SCANNED = Dataset(
    ("cat", "dog", "fox"),
    (
        LabeledImage(CAT, 0),
        LabeledImage(DOG, 1),
        LabeledImage(OLD_DOG, 1, Split.TEST),
        LabeledImage(FOX, 2),
    ),
    (FINDING,),
)
LABELS = SCANNED.labels


def classes(edits: Edits, dataset: Dataset = SCANNED) -> dict[str, list[Path]]:
    """Images by class, in order, after the edits."""
    edited = edits.apply(dataset)
    found: dict[str, list[Path]] = {label: [] for label in edited.labels}
    for image in edited.images:
        found[edited.labels[image.class_index]].append(image.path)
    return found


def test_no_edits_leave_the_dataset_alone():
    assert NO_EDITS.apply(SCANNED) is SCANNED


def test_a_renamed_class_takes_its_place_in_the_order():
    edits = NO_EDITS.rename_class(LABELS, "cat", "zebra")
    assert list(classes(edits).items()) == [
        ("dog", [DOG, OLD_DOG]),
        ("fox", [FOX]),
        ("zebra", [CAT]),
    ]


def test_splits_and_findings_stay():
    edited = NO_EDITS.rename_class(LABELS, "dog", "wolf").apply(SCANNED)
    assert edited.findings == (FINDING,)
    assert [image.split for image in edited.images if image.path == OLD_DOG] == [Split.TEST]


def test_names_from_the_user_stay_known_as_such():
    scanned = replace(SCANNED, named_labels=frozenset({"dog", "fox"}))
    edits = NO_EDITS.rename_class(LABELS, "dog", "wolf").move([CAT], "lion")
    assert edits.apply(scanned).named_labels == {"wolf", "fox", "lion"}


def test_a_class_renamed_to_another_is_merged_with_it():
    edits = NO_EDITS.rename_class(LABELS, "fox", "dog")
    assert classes(edits) == {"cat": [CAT], "dog": [DOG, OLD_DOG, FOX]}


def test_merged_classes_are_renamed_together():
    edits = NO_EDITS.rename_class(LABELS, "fox", "dog").rename_class(LABELS, "dog", "canine")
    assert classes(edits) == {"canine": [DOG, OLD_DOG, FOX], "cat": [CAT]}


def test_a_class_renamed_back_is_no_edit():
    edits = NO_EDITS.rename_class(LABELS, "cat", "tom").rename_class(LABELS, "tom", "cat")
    assert edits == NO_EDITS


def test_names_can_be_exchanged():
    edits = NO_EDITS.rename_class(LABELS, "cat", "between")
    edits = edits.rename_class(LABELS, "dog", "cat").rename_class(LABELS, "between", "dog")
    assert classes(edits) == {"cat": [DOG, OLD_DOG], "dog": [CAT], "fox": [FOX]}


def test_a_rename_takes_moved_images_along():
    edits = NO_EDITS.move([DOG], "cat").rename_class(LABELS, "cat", "tom")
    assert classes(edits) == {"dog": [OLD_DOG], "fox": [FOX], "tom": [CAT, DOG]}


def test_a_new_class_of_moved_images_can_be_renamed_and_removed():
    moved = NO_EDITS.move([DOG], "puppy")
    assert classes(moved.rename_class(LABELS, "puppy", "pup"))["pup"] == [DOG]
    assert classes(moved.remove_class(LABELS, "puppy")) == {
        "cat": [CAT],
        "dog": [OLD_DOG],
        "fox": [FOX],
    }


def test_a_moved_image_stays_when_its_scanned_class_is_removed():
    edits = NO_EDITS.move([DOG], "cat").remove_class(LABELS, "dog")
    assert classes(edits) == {"cat": [CAT, DOG], "fox": [FOX]}


def test_edits_hold_for_classes_that_are_not_there_at_the_moment():
    edits = NO_EDITS.rename_class(["lynx"], "lynx", "cat").rename_class(LABELS, "cat", "feline")
    assert edits.label_of(Path("/p/lynx/1.jpg"), "lynx") == "feline"


def test_excluded_and_removed_images_take_no_part():
    edits = NO_EDITS.exclude([DOG, FOX]).move([CAT], None)
    assert classes(edits) == {"dog": [OLD_DOG]}
    assert classes(edits.include([FOX])) == {"dog": [OLD_DOG], "fox": [FOX]}


def test_the_class_of_one_image_is_told():
    edits = NO_EDITS.rename_class(LABELS, "cat", "tom").move([DOG], None).exclude([FOX])
    assert edits.label_of(CAT, "cat") == "tom"
    assert edits.label_of(DOG, "dog") is None
    assert edits.label_of(FOX, "fox") == "fox"


def test_moving_a_file_of_two_classes_settles_which():
    dataset = Dataset(("a", "b"), (LabeledImage(CAT, 0), LabeledImage(CAT, 1)), ())
    assert classes(NO_EDITS.move([CAT], "b"), dataset) == {"b": [CAT]}


@pytest.mark.parametrize("name", ["", " \t"])
def test_a_blank_name_is_refused(name):
    with pytest.raises(ValueError, match="must not be blank"):
        NO_EDITS.rename_class(LABELS, "cat", name)
    with pytest.raises(ValueError, match="must not be blank"):
        NO_EDITS.move([CAT], name)


def test_both_spellings_of_a_letter_are_one_class():
    edits = NO_EDITS.move([CAT], "cafe\u0301").move([DOG], "caf\xe9")
    assert classes(edits)["caf\xe9"] == [CAT, DOG]


def test_edits_follow_images_that_moved_on_disk():
    edits = NO_EDITS.move([CAT, Path("/q/1.jpg")], "x").exclude([DOG])
    assert edits.moved_on_disk(Path("/p"), Path("/new/p")) == Edits(
        image_labels={Path("/new/p/cat/1.jpg"): "x", Path("/q/1.jpg"): "x"},
        excluded=frozenset({Path("/new/p/dog/1.jpg")}),
    )


def test_edits_come_back_from_json_as_they_were():
    odd = Path("/p/caf\udce9 \U0001f33b\n.jpg")  # with a byte that is no UTF-8
    edits = NO_EDITS.rename_class(LABELS, "cat", "名前").remove_class(LABELS, "fox")
    edits = edits.move([odd], "new").move([DOG], None).exclude([odd, CAT])
    assert Edits.from_json_dict(json.loads(json.dumps(edits.to_json_dict()))) == edits
    assert Edits.from_json_dict({}) == NO_EDITS


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"labels": {}},
        {"class_names": []},
        {"class_names": {"cat": 1}},
        {"class_names": {"cat": ""}},
        {"picture_labels": {"": "cat"}},
        {"picture_labels": {"/p/1.jpg": ["cat"]}},
        {"excluded": {"/p/1.jpg": True}},
        {"excluded": [1]},
        {"excluded": ["nul\0"]},
    ],
)
def test_content_of_another_kind_is_refused(content):
    with pytest.raises(ValueError, match=r"must|Unknown"):
        Edits.from_json_dict(content)

from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage
from core.data.edited_pictures import REMOVED, EditedPictures
from core.data.edits import NO_EDITS, Edits
from core.data.picture_table import PictureTable

PATHS = [Path(f"/p/{name}.jpg") for name in ("cat/1", "cat/2", "dog/1", "fox/1")]
DATASET = Dataset(
    ("cat", "dog", "fox"),
    tuple(LabeledImage(path, index) for path, index in zip(PATHS, (0, 0, 1, 2), strict=True)),
    (),
)
TABLE = PictureTable.from_dataset(DATASET)
LABELS = TABLE.labels


def now(edits: Edits, table: PictureTable = TABLE) -> list[str | None]:
    pictures = EditedPictures(table, edits)
    return [pictures.label(row) for row in range(len(table))]


def test_without_edits_all_is_as_scanned():
    pictures = EditedPictures(TABLE, NO_EDITS)
    assert pictures.labels == LABELS
    assert pictures.class_indices.tolist() == [0, 0, 1, 2]
    assert pictures.counts.tolist() == [2, 1, 1]
    assert not pictures.excluded.any()


def test_a_renamed_class_takes_its_place_in_the_order():
    pictures = EditedPictures(TABLE, NO_EDITS.rename_class(LABELS, "cat", "zebra"))
    assert pictures.labels == ("dog", "fox", "zebra")
    assert pictures.class_indices.tolist() == [2, 2, 0, 1]


def test_merged_classes_count_together():
    pictures = EditedPictures(TABLE, NO_EDITS.rename_class(LABELS, "cat", "dog"))
    assert (pictures.labels, pictures.counts.tolist()) == (("dog", "fox"), [3, 1])
    assert pictures.rows("dog").tolist() == [0, 1, 2]


def test_a_removed_class_is_gone():
    pictures = EditedPictures(TABLE, NO_EDITS.remove_class(LABELS, "cat"))
    assert pictures.labels == ("dog", "fox")
    assert pictures.class_indices.tolist() == [REMOVED, REMOVED, 0, 1]
    assert pictures.counts.tolist() == [1, 1]
    assert pictures.rows().tolist() == [2, 3]
    assert pictures.rows("cat").tolist() == []


def test_excluded_pictures_stay_and_count_for_nothing():
    pictures = EditedPictures(TABLE, NO_EDITS.exclude([PATHS[0], Path("/elsewhere.jpg")]))
    assert pictures.excluded.tolist() == [True, False, False, False]
    assert pictures.counts.tolist() == [1, 1, 1]
    assert pictures.rows("cat").tolist() == [0, 1]


def test_moved_pictures_make_new_classes_and_leave_old_ones_empty():
    edits = NO_EDITS.move([PATHS[2]], "puppy").move([PATHS[3]], None)
    pictures = EditedPictures(TABLE, edits)
    assert pictures.labels == ("cat", "dog", "fox", "puppy")
    assert pictures.counts.tolist() == [2, 0, 0, 1]
    assert now(edits) == ["cat", "cat", "puppy", None]


def test_moves_of_pictures_that_are_not_here_make_no_class():
    pictures = EditedPictures(TABLE, NO_EDITS.move([Path("/elsewhere.jpg")], "new"))
    assert pictures.labels == LABELS


def test_a_file_of_two_classes_that_was_moved_is_in_one():
    both = (LabeledImage(PATHS[0], 0), LabeledImage(PATHS[0], 1))
    table = PictureTable.from_dataset(Dataset(("cat", "dog"), both, ()))
    assert now(NO_EDITS.move([PATHS[0]], "dog"), table) == ["dog", None]


def test_no_pictures_at_all_are_no_error():
    pictures = EditedPictures(PictureTable.from_dataset(Dataset((), (), ())), NO_EDITS)
    assert (pictures.labels, pictures.counts.tolist()) == ((), [])
    assert pictures.rows().tolist() == []


@pytest.mark.parametrize(
    "edits",
    [
        NO_EDITS,
        NO_EDITS.rename_class(LABELS, "cat", "fox").exclude([PATHS[0]]),
        NO_EDITS.move(PATHS[:2], "zoo").remove_class(LABELS, "dog"),
        NO_EDITS.move([PATHS[3]], "cat").rename_class(LABELS, "cat", "10").exclude(PATHS[1:3]),
    ],
)
def test_what_is_shown_is_what_is_trained_on(edits):
    pictures = EditedPictures(TABLE, edits)
    dataset = edits.apply(DATASET)
    shown = {
        TABLE.path(row): pictures.label(row)
        for row in pictures.rows().tolist()
        if not pictures.excluded[row]
    }
    assert shown == {image.path: dataset.labels[image.class_index] for image in dataset.images}
    with_pictures = zip(pictures.labels, pictures.counts, strict=True)
    assert tuple(label for label, count in with_pictures if count) == dataset.labels

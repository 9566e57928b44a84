from pathlib import Path

import pytest

from core.data.dataset import Dataset, LabeledImage
from core.data.edits.edited_images import REMOVED, EditedImages
from core.data.edits.edits import NO_EDITS, Edits
from core.data.edits.image_table import ImageTable

PATHS = [Path(f"/p/{name}.jpg") for name in ("cat/1", "cat/2", "dog/1", "fox/1")]
DATASET = Dataset(
    ("cat", "dog", "fox"),
    tuple(LabeledImage(path, index) for path, index in zip(PATHS, (0, 0, 1, 2), strict=True)),
    (),
)
TABLE = ImageTable.from_dataset(DATASET)
LABELS = TABLE.labels


def now(edits: Edits, table: ImageTable = TABLE) -> list[str | None]:
    images = EditedImages(table, edits)
    return [images.label(row) for row in range(len(table))]


def test_without_edits_all_is_as_scanned():
    images = EditedImages(TABLE, NO_EDITS)
    assert images.labels == LABELS
    assert images.class_indices.tolist() == [0, 0, 1, 2]
    assert images.counts.tolist() == [2, 1, 1]
    assert not images.excluded.any()


def test_a_renamed_class_takes_its_place_in_the_order():
    images = EditedImages(TABLE, NO_EDITS.rename_class(LABELS, "cat", "zebra"))
    assert images.labels == ("dog", "fox", "zebra")
    assert images.class_indices.tolist() == [2, 2, 0, 1]


def test_merged_classes_count_together():
    images = EditedImages(TABLE, NO_EDITS.rename_class(LABELS, "cat", "dog"))
    assert (images.labels, images.counts.tolist()) == (("dog", "fox"), [3, 1])
    assert images.rows("dog").tolist() == [0, 1, 2]


def test_a_removed_class_is_gone():
    images = EditedImages(TABLE, NO_EDITS.remove_class(LABELS, "cat"))
    assert images.labels == ("dog", "fox")
    assert images.class_indices.tolist() == [REMOVED, REMOVED, 0, 1]
    assert images.counts.tolist() == [1, 1]
    assert images.rows().tolist() == [2, 3]
    assert images.rows("cat").tolist() == []


def test_excluded_images_stay_and_count_for_nothing():
    images = EditedImages(TABLE, NO_EDITS.exclude([PATHS[0], Path("/elsewhere.jpg")]))
    assert images.excluded.tolist() == [True, False, False, False]
    assert images.counts.tolist() == [1, 1, 1]
    assert images.rows("cat").tolist() == [0, 1]


def test_moved_images_make_new_classes_and_leave_old_ones_empty():
    edits = NO_EDITS.move([PATHS[2]], "puppy").move([PATHS[3]], None)
    images = EditedImages(TABLE, edits)
    assert images.labels == ("cat", "dog", "fox", "puppy")
    assert images.counts.tolist() == [2, 0, 0, 1]
    assert now(edits) == ["cat", "cat", "puppy", None]


def test_moves_of_images_that_are_not_here_make_no_class():
    images = EditedImages(TABLE, NO_EDITS.move([Path("/elsewhere.jpg")], "new"))
    assert images.labels == LABELS


def test_a_file_of_two_classes_that_was_moved_is_in_one():
    both = (LabeledImage(PATHS[0], 0), LabeledImage(PATHS[0], 1))
    table = ImageTable.from_dataset(Dataset(("cat", "dog"), both, ()))
    assert now(NO_EDITS.move([PATHS[0]], "dog"), table) == ["dog", None]


def test_no_images_at_all_are_no_error():
    images = EditedImages(ImageTable.from_dataset(Dataset((), (), ())), NO_EDITS)
    assert (images.labels, images.counts.tolist()) == ((), [])
    assert images.rows().tolist() == []


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
    images = EditedImages(TABLE, edits)
    dataset = edits.apply(DATASET)
    shown = {
        TABLE.path(row): images.label(row)
        for row in images.rows().tolist()
        if not images.excluded[row]
    }
    assert shown == {image.path: dataset.labels[image.class_index] for image in dataset.images}
    with_images = zip(images.labels, images.counts, strict=True)
    assert tuple(label for label, count in with_images if count) == dataset.labels

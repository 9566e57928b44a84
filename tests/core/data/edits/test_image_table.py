import pickle
from pathlib import Path

from core.data.dataset import Dataset, LabeledImage, Split
from core.data.edits.image_table import ImageTable

PATHS = [Path(path) for path in ("/p/a/1.jpg", "/p/a/2.jpg", "/p/b/1.jpg", "/top \udce9.jpg")]
DATASET = Dataset(
    ("a", "b"),
    (
        LabeledImage(PATHS[0], 0),
        LabeledImage(PATHS[1], 0, Split.TEST),
        LabeledImage(PATHS[2], 1, Split.TRAINING),
        LabeledImage(PATHS[3], 1),
        LabeledImage(PATHS[0], 1),  # in both classes
    ),
    (),
)
TABLE = ImageTable.from_dataset(DATASET)


def table(*paths: Path, label: str = "a", split: Split | None = None) -> ImageTable:
    images = tuple(LabeledImage(path, 0, split) for path in paths)
    return ImageTable.from_dataset(Dataset((label,), images, ()))


def test_a_table_says_what_the_dataset_does():
    assert len(TABLE) == 5
    assert [TABLE.path(row) for row in range(5)] == [*PATHS, PATHS[0]]
    assert TABLE.labels == ("a", "b")
    assert TABLE.class_indices.tolist() == [0, 0, 1, 1, 1]
    splits = [None if code < 0 else tuple(Split)[code] for code in TABLE.splits]
    assert splits == [None, Split.TEST, Split.TRAINING, None, None]


def test_a_folder_is_stored_once():
    assert TABLE.folders == ("/p/a", "/p/b", "/")


def test_rows_are_found_by_path():
    absent = [Path("/p/c/1.jpg"), Path("/p/a/3.jpg")]
    assert TABLE.rows_of([PATHS[2], PATHS[0], *absent]) == {PATHS[0]: 0, PATHS[2]: 2}
    assert TABLE.find([PATHS[0]]) == [(0, PATHS[0]), (4, PATHS[0])]
    assert TABLE.find([]) == []


def test_an_empty_table_is_one_too():
    empty = ImageTable.from_dataset(Dataset((), (), ()))
    assert len(empty) == 0
    assert empty.rows_of(PATHS) == {}
    assert empty.same_as(pickle.loads(pickle.dumps(empty)))


def test_tables_are_the_same_if_all_of_them_is():
    assert TABLE.same_as(pickle.loads(pickle.dumps(TABLE)))
    first = table(PATHS[0])
    assert not first.same_as(table(PATHS[1]))
    assert not first.same_as(table(PATHS[2]))
    assert not first.same_as(table(PATHS[0], label="b"))
    assert not first.same_as(table(PATHS[0], split=Split.TEST))
    assert not first.same_as(table(PATHS[0], PATHS[1]))


def test_many_images_take_little_room():
    many = table(*(Path(f"/a/long/path/to/a/folder/{n // 1000}/{n:06}.jpg") for n in range(10_000)))
    assert len(pickle.dumps(many)) < 300_000

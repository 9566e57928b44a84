"""Folders whose sub-folders are parts of one set, or classes, or may be both."""

import shutil
from pathlib import Path

import pytest

from core.data.dataset import FindingKind, ImageSource, Split
from core.data.edits.edits import NO_EDITS
from core.data.scanning.scan import scan_images
from core.data.scanning.trainable import require_trainable
from core.errors import DatasetError


@pytest.fixture
def make(tmp_path):
    def run(*folders, images=3):
        for folder in folders:
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
            for number in range(images):
                (tmp_path / folder / f"{number}.jpg").touch()
        return tmp_path / folders[0].partition("/")[0]

    return run


def scan(*sources):
    named = [s if isinstance(s, ImageSource) else ImageSource(s) for s in sources]
    return scan_images(named)


def crossed(outer, inner, root="p"):
    return [f"{root}/{a}/{b}" for a in outer for b in inner]


def merged(dataset):
    return [(f.path, f.detail) for f in dataset.findings if f.kind is FindingKind.MERGED_FOLDERS]


def unclear(dataset):
    return [f for f in dataset.findings if f.kind is FindingKind.UNCLEAR_FOLDERS]


@pytest.mark.parametrize(
    "outer",
    [
        ("batch1", "batch2"),
        ("2021", "2022"),
        ("images_A", "images_B"),
        ("mysplit1", "mysplit2"),
        ("session 1", "session 2", "session 3"),
        ("train_a", "train_b"),
        ("camera 1", "day 2"),
    ],
)
def test_parts_with_equal_class_folders_are_merged_and_told(make, outer):
    root = make(*crossed(outer, ("cat", "dog")))
    dataset = scan(root)
    assert dataset.labels == ("cat", "dog")
    assert len(dataset.images) == 6 * len(outer)
    assert {image.split for image in dataset.images} == {None}
    [(path, detail)] = merged(dataset)
    assert path == root
    assert ", ".join(outer) in detail
    assert "--class NAME FOLDER" in detail
    assert len(dataset.findings) == 1


def test_names_of_classes_may_differ_a_little_between_parts(make):
    root = make("p/batch1/Cat", "p/batch1/guinea pig", "p/batch2/cat", "p/batch2/guinea-pig")
    assert "Cat" in scan(root).labels
    make("p/batch2/dog")
    assert "dog" in scan(root).labels
    make("p/batch2/cow", "p/batch2/ox")
    assert scan(root).labels == ("batch1", "batch2")


def test_parts_that_say_their_split_keep_it(make):
    root = make(*crossed(("kaggle train", "scraped test"), ("cat", "dog")))
    dataset = scan(root)
    assert dataset.labels == ("cat", "dog")
    for image in dataset.images:
        is_training = "train" in image.path.parts[-3]
        assert image.split is (Split.TRAINING if is_training else Split.TEST)
    [(_, detail)] = merged(dataset)
    assert "each with its split: kaggle train, scraped test" in detail


def test_prepared_folders_side_by_side_are_merged_with_their_splits(make):
    root = make(
        *crossed(("north/train", "north/test", "south/train", "south/test"), ("cat", "dog"))
    )
    dataset = scan(root)
    assert dataset.labels == ("cat", "dog")
    assert len(dataset.images) == 24
    assert all(image.split.startswith(image.path.parts[-3]) for image in dataset.images)
    assert merged(dataset)[0][0] == root


def test_other_outer_names_stay_the_classes_and_both_readings_are_told(make):
    root = make(*crossed(("car", "bus"), ("front", "back")))
    dataset = scan(root)
    assert dataset.labels == ("bus", "car")
    [finding] = dataset.findings
    assert finding.kind is FindingKind.UNCLEAR_FOLDERS
    assert finding.path == root
    assert finding.folders == (root / "bus", root / "car")
    assert "bus, car" in finding.detail
    assert "back, front" in finding.detail


def test_each_of_both_readings_can_be_said(make):
    root = make(*crossed(("car", "bus"), ("front", "back")))
    [finding] = unclear(scan(root))
    inner = scan(*finding.folders)
    assert inner.labels == ("back", "front")
    assert not unclear(inner)
    [(path, detail)] = merged(inner)
    assert path is None
    assert "2 classes are in several folders and were merged: back, front" in detail
    outer = scan(*(ImageSource(folder, folder.name) for folder in finding.folders))
    assert outer.labels == ("bus", "car")
    assert outer.findings == ()


def test_folders_in_an_archive_or_in_a_split_can_not_be_added_by_themselves(make):
    root = make(*crossed(("train/car", "train/bus", "test/car", "test/bus"), ("front", "back")))
    found = unclear(scan(root))
    assert [finding.folders for finding in found] == [(), ()]


@pytest.mark.parametrize("outer", ["car", "train"])
def test_an_archives_folders_are_told_but_can_not_be_added(make, tmp_path, outer):
    names = {"car": ("car", "bus"), "train": ("train", "test")}[outer]
    inner = {"car": ("front", "back"), "train": (".",)}[outer]
    make(*crossed(names, inner))
    path = Path(shutil.make_archive(str(tmp_path / "set"), "zip", tmp_path / "p"))
    (finding,) = scan(path).findings
    expected = {"car": FindingKind.UNCLEAR_FOLDERS, "train": FindingKind.SPLITS_ONLY}[outer]
    assert (finding.kind, finding.folders) == (expected, ())


@pytest.mark.parametrize(
    "inner", [("2021", "2022"), ("batch 1", "batch 2"), ("images_a", "images_b")]
)
def test_classes_whose_folders_are_parts_are_classes(make, inner):
    dataset = scan(make(*crossed(("car", "bus"), inner)))
    assert dataset.labels == ("bus", "car")
    assert not unclear(dataset)
    assert [path.name for path, _ in merged(dataset)] == ["bus", "car"]


def test_numbers_in_numbers_are_unclear_unless_classes_follow(make):
    root = make(*crossed(("2021", "2022"), ("5", "6")))
    assert scan(root).labels == ("2021", "2022")
    assert unclear(scan(root))
    root = make(*crossed(("2021/5", "2021/6", "2022/5", "2022/6"), ("cat", "dog"), "q"))
    dataset = scan(root)
    assert dataset.labels == ("cat", "dog")
    assert [path for path, _ in merged(dataset)] == [root, root / "2021", root / "2022"]


def test_splits_inside_the_classes_are_kept(make):
    dataset = scan(make(*crossed(("cat", "dog"), ("train", "val", "test"))))
    assert dataset.labels == ("cat", "dog")
    assert all(image.split.startswith(image.path.parts[-2]) for image in dataset.images)
    assert dataset.findings == ()


def test_folders_merged_into_a_class_are_told_with_their_number(make):
    root = make("p/garden/rose", "p/garden/tulip", "p/meadow/daisy", "p/meadow/poppy")
    dataset = scan(root)
    assert dataset.labels == ("garden", "meadow")
    (garden, detail), (meadow, _) = merged(dataset)
    assert (garden, meadow) == (root / "garden", root / "meadow")
    assert detail == "All folders in it are one class, “garden”: 6 pictures are from rose, tulip."


def test_a_folder_in_several_classes_is_told_unless_all_have_it_alone(make):
    root = make("p/garden/rose", "p/meadow/rose", "p/field/tulip")
    assert [path.name for path, _ in merged(scan(root))] == ["garden", "meadow"]
    root = make("q/cat/images", "q/dog/images")
    assert scan(root).findings == ()


def test_many_merged_folders_are_not_all_named(make):
    root = make("p/a", *(f"p/b/{number}" for number in range(9)))
    [(_, detail)] = merged(scan(root))
    assert detail.endswith("27 pictures are from 0, 1, 2, 3, 4 ….")


def test_a_class_in_several_folders_is_told_once(make):
    make("p/garden/rose", "p/garden/tulip")
    root = make("p/meadow/rose")
    dataset = scan(root / "garden/rose", root / "garden/tulip", root / "meadow/rose")
    [(path, detail)] = merged(dataset)
    assert path is None
    assert detail.startswith("1 class is in several folders and was merged: rose, in ")
    assert str(root / "garden") in detail
    assert str(root / "meadow") in detail


def test_the_same_folder_twice_merges_nothing(make):
    root = make("p/cat", "p/dog")
    assert scan(root, root, root / "cat").findings == ()


def test_what_the_user_named_is_not_asked_about(make):
    root = make(*crossed(("car", "bus"), ("front", "back")))
    dataset = scan(*(ImageSource(root / name, "vehicle") for name in ("car", "bus")))
    assert dataset.findings == ()


def test_classes_that_the_user_named_like_splits_are_classes(make):
    root = make("p/train", "p/test")
    dataset = scan(root)
    [finding] = dataset.findings
    assert finding.kind is FindingKind.SPLITS_ONLY
    assert finding.folders == (root / "test", root / "train")
    with pytest.raises(DatasetError, match="--class NAME FOLDER"):
        require_trainable(dataset)
    named = scan(*(ImageSource(folder, folder.name) for folder in finding.folders))
    assert named.findings == ()
    require_trainable(named)


@pytest.mark.parametrize(
    ("others", "refused"),
    [
        (["q/cat", "q/dog"], "2 classes are named as splits are: test, train"),
        (["p/unlabeled"], "2 classes are named as splits are: test, train"),
    ],
    ids=["another-folder", "beside"],
)
def test_splits_are_told_beside_classes(make, others, refused):
    root = make("p/train", "p/test", *others)
    dataset = scan(*sorted({root, root.parent / others[0].partition("/")[0]}))
    (finding,) = [f for f in dataset.findings if f.kind is FindingKind.SPLITS_ONLY]
    assert finding.path == root
    assert "named like splits: test, train" in finding.detail
    with pytest.raises(DatasetError, match=refused):
        require_trainable(dataset)
    renamed = NO_EDITS.rename_class(dataset.labels, "train", "locomotive")
    renamed = renamed.rename_class(dataset.labels, "test", "exam")
    require_trainable(renamed.apply(dataset))


def test_one_folder_named_like_a_split_is_told_unless_class_folders_are_beside_it(make):
    root = make("p/train", "p/bus", "q/cat")
    dataset = scan(root / "train", root.parent / "q/cat")
    (finding,) = dataset.findings
    assert (finding.kind, finding.folders) == (FindingKind.SPLITS_ONLY, (root / "train",))
    with pytest.raises(DatasetError, match=r"1 class is named as splits are: train\."):
        require_trainable(dataset)
    for sources in (
        [root],
        [root / "train", root / "bus"],
        [ImageSource(root / "train", "train"), root.parent / "q/cat"],
        [root / "train", ImageSource(root.parent / "q/cat", "train"), root / "bus"],
        [root / "train", ImageSource(root / "bus", "train"), root.parent / "q/cat"],
    ):
        dataset = scan(*sources)
        assert "train" in dataset.labels
        assert dataset.findings == ()
        require_trainable(dataset)


def test_folders_named_like_splits_one_by_one_are_told_each(make):
    root = make("p/train", "p/test")
    found = scan(root / "train", root / "test").findings
    assert [(f.kind, f.path, f.folders) for f in found] == [
        (FindingKind.SPLITS_ONLY, root / name, (root / name,)) for name in ("train", "test")
    ]

"""Folders whose classes are told by lists in them, as Roboflow and Kaggle give them."""

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from core.data.dataset import FindingKind, ImageSource, Split
from core.data.scanning.scan import scan_images, scan_usable_images
from core.data.scanning.trainable import require_trainable
from core.errors import DatasetError


@pytest.fixture
def root(tmp_path):
    return tmp_path / "p"


def put(folder, *names, **lists):
    """Images, and lists by their stem."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    for stem, content in lists.items():
        (folder / f"{stem}.csv").write_text(content)


def scan(*paths):
    return scan_images([ImageSource(path) for path in paths])


def rows(dataset):
    return {
        (str(image.path.parent.name), image.path.name): (
            dataset.labels[image.class_index],
            image.split,
        )
        for image in dataset.images
    }


def kinds(dataset):
    return [finding.kind for finding in dataset.findings]


def roboflow(root):
    header = "filename, cat, dog\n"
    put(root / "train", "1.jpg", "2.jpg", _classes=header + "1.jpg, 1, 0\n2.jpg, 0, 1\n")
    put(root / "valid", "1.jpg", _classes=header + "1.jpg, 0, 1\n")
    put(root / "test", "3.jpg", "4.jpg", _classes=header + "3.jpg, 1, 1\n4.jpg, 1, 0\n")
    (root / "README.roboflow.txt").touch()


ROBOFLOW = {
    ("train", "1.jpg"): ("cat", Split.TRAINING),
    ("train", "2.jpg"): ("dog", Split.TRAINING),
    ("valid", "1.jpg"): ("dog", Split.VALIDATION),
    ("test", "4.jpg"): ("cat", Split.TEST),
}


def test_roboflows_lists_in_the_folders_of_splits(root):
    roboflow(root)
    dataset = scan(root)
    assert rows(dataset) == ROBOFLOW
    counts = Counter(kinds(dataset))
    assert counts[FindingKind.LIST_USED] == 3
    assert counts[FindingKind.BAD_ROW] == 1  # two classes
    assert counts[FindingKind.LEFT_OUT] == 1


def test_roboflows_folders_one_by_one_and_in_a_zip(root, tmp_path):
    roboflow(root)
    one_by_one = scan(*(root / name for name in ("train", "valid", "test")))
    # A list of one class is none by itself.
    assert rows(one_by_one)["train", "2.jpg"] == ("dog", Split.TRAINING)
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for path in root.rglob("*.*"):
            archive.write(path, path.relative_to(root))
    assert rows(scan(tmp_path / "p.zip")) == ROBOFLOW


def test_a_split_without_a_list_is_left_out(root):
    roboflow(root)
    (root / "valid/_classes.csv").unlink()
    dataset = scan(root)
    assert set(rows(dataset)) == set(ROBOFLOW) - {("valid", "1.jpg")}
    assert FindingKind.LEFT_OUT in kinds(dataset)


def test_kaggles_list_beside_its_folder(root):
    put(root / "train", "a.jpg", "b.jpg")
    put(root / "test", "c.jpg")
    put(root, train="id,breed\na,pug\nb,boxer\n", sample_submission="id,pug,boxer\nc,0.5,0.5\n")
    dataset = scan(root)
    assert rows(dataset) == {
        ("train", "a.jpg"): ("pug", None),
        ("train", "b.jpg"): ("boxer", None),
    }
    used, left_out = dataset.findings
    assert (used.kind, used.path) == (FindingKind.LIST_USED, root / "train.csv")
    assert used.detail == "The classes of 2 pictures are taken from this list."
    assert left_out.detail == "1 picture here has no class in a list and is left out."


@pytest.mark.parametrize("folder", ["images", "jpeg", ".", "set/images"])
def test_a_list_beside_images_or_above_them(root, folder):
    put(root / folder, "a.jpg", "b.jpg")
    put(root, labels="image,label\na.jpg,cat\nb.jpg,dog\n")
    assert scan(root).labels == ("cat", "dog")


def test_a_folder_named_from_elsewhere_has_its_list(root, monkeypatch):
    put(root / "images", "a.jpg", "b.jpg")
    put(root, labels="image,label\na.jpg,cat\nimages/../images/b.jpg,dog\n")
    monkeypatch.chdir(root / "images")
    dataset = scan(Path(".."))
    assert dataset.labels == ("cat", "dog")
    assert kinds(dataset) == [FindingKind.LIST_USED]


def test_a_list_in_the_only_folder(root):
    put(root / "images", "a.jpg", "b.jpg", labels="image,label\na.jpg,cat\nb.jpg,dog\n")
    assert scan(root).labels == ("cat", "dog")


def test_lists_named_like_splits_give_them(root):
    put(
        root,
        *(f"images/{number}.jpg" for number in range(4)),
        train="path,label\nimages/0.jpg,cat\nimages/1.jpg,dog\n",
        test="path,label\nimages/2.jpg,cat\nimages/3.jpg,dog\n",
    )
    splits = [split for _, split in rows(scan(root)).values()]
    assert Counter(splits) == {Split.TRAINING: 2, Split.TEST: 2}


def test_one_list_for_folders_of_splits_takes_them(root):
    put(root / "train", "a.jpg", "b.jpg")
    put(root / "test", "c.jpg")
    put(root, labels="path,label\na.jpg,cat\nb.jpg,dog\nc.jpg,dog\n")
    assert rows(scan(root))["test", "c.jpg"] == ("dog", Split.TEST)
    assert rows(scan(root))["train", "a.jpg"] == ("cat", Split.TRAINING)


def test_several_lists_are_refused_with_their_names(root):
    list_ = "path,label\na.jpg,{}\nb.jpg,{}\n"
    put(root, "a.jpg", "b.jpg", first=list_.format(1, 2), second=list_.format(2, 1))
    with pytest.raises(DatasetError, match="several lists") as caught:
        scan(root)
    for name in ("first.csv", "second.csv"):
        assert str(root / name) in str(caught.value)
        assert scan(root / name).labels == ("1", "2")
    named = scan_images([ImageSource(root, "cat")])
    assert named.labels == ("cat",)
    _, failed = scan_usable_images([ImageSource(root)])
    assert len(failed) == 1


def test_lists_beside_class_folders_are_left_alone(root):
    put(root / "cat", "a.jpg")
    put(root / "dog", "b.jpg")
    put(root, metadata="path,label\ncat/a.jpg,x\ndog/b.jpg,y\n")
    dataset = scan(root)
    assert dataset.labels == ("cat", "dog")
    assert dataset.findings == ()


@pytest.mark.parametrize(
    "content",
    ["path,label\na.jpg,rose\nb.jpg,rose\n", "when,where\n1,2\n", "path,label\nx.jpg,a\ny.jpg,b\n"],
    ids=["one-class", "other-table", "other-pictures"],
)
def test_a_table_that_tells_no_classes_changes_nothing(root, content):
    put(root / "rose", "a.jpg", "b.jpg", notes=content)
    put(root / "lily", "c.jpg")
    for paths in ([root], [root / "rose", root / "lily"]):
        dataset = scan(*paths)
        assert dataset.labels == ("lily", "rose")
        assert dataset.findings == ()


def test_a_list_that_can_not_be_read_is_told_before_folders_become_classes(root):
    put(root / "images_part_1", "a.jpg")
    put(root / "images_part_2", "b.jpg")
    put(root, metadata="image_id,dx\na,nv\nb,mel\n")
    (finding,) = scan(root).findings
    assert finding.kind is FindingKind.UNUSED_LIST
    assert "metadata.csv has no column named label or class" in finding.detail
    put(root / "q/images", "a.jpg")
    put(root / "q", metadata="image_id,dx\na,nv\n")
    with pytest.raises(DatasetError, match=r"Only one class.*metadata\.csv has no column"):
        require_trainable(scan(root / "q"))


def test_a_list_of_unknown_columns_tells_the_classes_and_by_which_one(root):
    put(root / "train", *(f"{name}.jpg" for name in "abcd"))
    put(root, train="id,species,date\na.jpg,cat,1\nb.jpg,cat,1\nc.jpg,dog,1\nd.jpg,dog,1\n")
    for source in (root, root / "train.csv"):
        dataset = scan(source)
        assert dataset.labels == ("cat", "dog")
        (used,) = dataset.findings
        assert (used.kind, used.path) == (FindingKind.LIST_USED, root / "train.csv")
        assert used.detail == (
            "The classes of 4 pictures are taken from the column “species” of this list."
        )


def test_a_table_of_unknown_columns_does_not_divide_a_class_folder(root):
    put(root / "rose", "a.jpg", "b.jpg", notes="image,observer\na.jpg,Ann\nb.jpg,Ann\n")
    (root / "rose/c.jpg").touch()
    (root / "rose/notes.csv").write_text("image,observer\na.jpg,Ann\nb.jpg,Ann\nc.jpg,Bob\n")
    put(root / "lily", "c.jpg")
    dataset = scan(root / "rose", root / "lily")
    assert (dataset.labels, dataset.findings) == (("lily", "rose"), ())
    with pytest.raises(DatasetError, match=r"notes\.csv isn't used.*column “observer”"):
        require_trainable(scan(root / "rose"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,label\nx.jpg,a\ny.jpg,b\n", r"no picture in its folder\. .*x\.jpg: Line 2 of"),
        ("id,label\na.jpg,cat\nb.jpg,cat\n", r"train\.csv names one class alone: cat\."),
        (
            "id,species,place\na.jpg,x,y\nb.jpg,x,z\nc.jpg,y,z\nd.jpg,y,y\n",
            "several may be it: species, place",
        ),
    ],
    ids=["other-pictures", "one-class", "several"],
)
@pytest.mark.parametrize("folders", [("train",), ("train", "test")])
def test_why_a_list_is_not_used_is_told_where_folders_give_no_classes(
    root, content, message, folders
):
    for folder in folders:
        put(root / folder, *(f"{name}.jpg" for name in ("abcd" if folder == "train" else "efg")))
    put(root, train=content)
    dataset = scan(root)
    (detail,) = [f.detail for f in dataset.findings if f.kind is FindingKind.UNUSED_LIST]
    assert re.search(message, detail)
    with pytest.raises(DatasetError, match=message):
        require_trainable(dataset)


def test_a_list_that_does_not_count_hides_no_list_below(root):
    put(root, readme="when,where\n1,2\n")
    put(root / "images", "a.jpg", "b.jpg", labels="image,label\na.jpg,cat\nb.jpg,dog\n")
    assert scan(root).labels == ("cat", "dog")


def test_a_table_in_one_of_several_class_folders_is_not_told(root):
    put(root / "rose", "a.jpg", notes="image,colour\na.jpg,red\n")
    put(root / "lily", "b.jpg")
    assert scan(root / "rose", root / "lily").findings == ()


def test_a_list_of_pictures_elsewhere_is_not_used(root, tmp_path):
    put(tmp_path / "other", "x.jpg", "y.jpg")
    put(root, "a.jpg", list="path,label\n../other/x.jpg,cat\n../other/y.jpg,dog\n")
    assert scan(root).labels == ("p",)


def test_a_first_picture_of_several_classes_hides_no_columns(root):
    put(root, "1.jpg", "2.jpg", _classes="filename,cat,dog\n1.jpg,1,1\n2.jpg,0,1\n1.jpg,1,0\n")
    assert scan(root).labels == ("cat", "dog")

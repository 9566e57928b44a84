import os
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from core.data.dataset import Finding, FindingKind, ImageSource, Split
from core.data.folders import folder_tree
from core.data.folders.folder_tree import _MAX_DEPTH
from core.data.scanning.scan import scan_images, scan_usable_images
from core.data.scanning.trainable import require_trainable
from core.errors import DatasetError


def touch(*paths):
    """Make files; a scan doesn't look into those that are named like images."""
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def make_many_files(folder, count, num_classes=10):
    """`count` empty image files in class folders, for tests and benchmarks of scanning."""
    for index in range(num_classes):
        (folder / f"class {index}").mkdir(parents=True)
    for number in range(count):
        (folder / f"class {number % num_classes}/{number:06}.jpg").touch()


@pytest.fixture
def scan(tmp_path):
    def run(*sources, **more):
        named = [s if isinstance(s, ImageSource) else ImageSource(s) for s in sources]
        return scan_images(named, archive_dir=tmp_path / "archives", **more)

    return run


def per_class(dataset):
    return {
        label: sum(image.class_index == index for image in dataset.images)
        for index, label in enumerate(dataset.labels)
    }


def kinds(dataset):
    return [finding.kind for finding in dataset.findings]


def test_sub_folders_of_a_parent_are_classes(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/cat/old/2.PNG", tmp_path / "p/dog/1.jpg")
    touch(tmp_path / "p/README.md", tmp_path / "p/dog/notes.txt")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 2, "dog": 1}
    assert dataset.findings == ()


def test_class_folders_may_be_named_one_by_one(tmp_path, scan):
    touch(tmp_path / "a/cat/1.jpg", tmp_path / "b/dog/1.jpg", tmp_path / "b/dog/in/2.jpg")
    assert per_class(scan(tmp_path / "a/cat", tmp_path / "b/dog")) == {"cat": 1, "dog": 2}


def test_images_come_in_the_same_order_whatever_the_disk_says(tmp_path, scan):
    touch(*(tmp_path / f"p/{label}/{n}.jpg" for label in ("b10", "B2", "a") for n in (2, 10, 1)))
    dataset = scan(tmp_path / "p")
    assert dataset.labels == ("a", "B2", "b10")
    assert [image.class_index for image in dataset.images] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert [image.path.name for image in dataset.images[:3]] == ["1.jpg", "10.jpg", "2.jpg"]
    assert all(image.path.is_absolute() for image in dataset.images)


def test_a_relative_source_gives_absolute_paths(tmp_path, scan, monkeypatch):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    monkeypatch.chdir(tmp_path / "p")
    dataset = scan(Path())
    assert [image.path for image in dataset.images] == [
        tmp_path / "p/cat/1.jpg",
        tmp_path / "p/dog/1.jpg",
    ]
    assert scan(Path("cat")).labels == ("cat",)


def test_hidden_folders_and_files_are_passed_over(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    touch(tmp_path / "p/.ipynb_checkpoints/1.jpg", tmp_path / "p/__MACOSX/cat/1.jpg")
    touch(tmp_path / "p/cat/._1.jpg", tmp_path / "p/cat/.hidden/1.jpg", tmp_path / "p/.DS_Store")
    touch(tmp_path / "p/dog/Thumbs.db", tmp_path / "p/dog/desktop.ini")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    assert dataset.findings == ()


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        (("train", "val", "test"), set(Split)),
        (("Training", "VALIDATION", "Testing"), set(Split)),
        (("train", "valid"), {Split.TRAINING, Split.VALIDATION}),
        (("train",), {Split.TRAINING}),
        (("val", "test"), {Split.VALIDATION, Split.TEST}),
        (("training_set", "test_set"), {Split.TRAINING, Split.TEST}),
        (("train2017", "val2017"), {Split.TRAINING, Split.VALIDATION}),
    ],
)
def test_prepared_folders_set_the_split(tmp_path, scan, names, splits):
    touch(*(tmp_path / f"p/{name}/{label}/1.jpg" for name in names for label in ("cat", "dog")))
    touch(tmp_path / f"p/{names[0]}/bird/1.jpg")
    dataset = scan(tmp_path / "p")
    assert dataset.labels == ("bird", "cat", "dog")
    assert {image.split for image in dataset.images} == splits
    assert all(image.path.parts[-3].lower().startswith(image.split[:3]) for image in dataset.images)


def test_folders_of_splits_in_other_words_and_depths_set_the_split(tmp_path, scan):
    for split in ("train", "test"):
        for label in ("forest", "street"):
            touch(tmp_path / f"p/seg_{split}/seg_{split}/{label}/1.jpg")
    touch(tmp_path / "p/seg_pred/seg_pred/1.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"forest": 2, "street": 2}
    assert {image.split for image in dataset.images} == {Split.TRAINING, Split.TEST}
    (finding,) = dataset.findings
    assert finding.kind is FindingKind.LEFT_OUT
    one_by_one = scan(tmp_path / "p/seg_train", tmp_path / "p/seg_test")
    assert {image.split for image in one_by_one.images} == {Split.TRAINING, Split.TEST}


def test_words_of_splits_in_unlike_names_are_classes(tmp_path, scan):
    touch(tmp_path / "p/train tracks/old/1.jpg", tmp_path / "p/test tubes/new/1.jpg")
    assert scan(tmp_path / "p").labels == ("test tubes", "train tracks")


def test_a_prepared_test_folder_of_loose_images_is_left_out(tmp_path, scan):
    touch(tmp_path / "p/train/cat/1.jpg", tmp_path / "p/train/dog/1.jpg", tmp_path / "p/test/1.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    (finding,) = dataset.findings
    assert (finding.kind, finding.path) == (FindingKind.LEFT_OUT, tmp_path / "p/test")


def test_a_class_of_trains_is_no_split(tmp_path, scan):
    touch(tmp_path / "p/train/1.jpg", tmp_path / "p/test/1.jpg", tmp_path / "p/bus/1.jpg")
    assert scan(tmp_path / "p").labels == ("bus", "test", "train")
    touch(tmp_path / "q/train/steam/1.jpg", tmp_path / "q/bus/red/1.jpg")
    assert scan(tmp_path / "q").labels == ("bus", "train")


def test_prepared_folders_may_be_named_one_by_one(tmp_path, scan):
    for name in ("train", "test"):
        touch(tmp_path / f"p/{name}/cat/1.jpg", tmp_path / f"p/{name}/dog/1.jpg")
    dataset = scan(tmp_path / "p/train", tmp_path / "p/test")
    assert Counter(image.split for image in dataset.images) == {Split.TRAINING: 2, Split.TEST: 2}
    assert {image.split for image in scan(tmp_path / "p/train").images} == {None}


def test_a_folder_around_the_parent_does_no_harm(tmp_path, scan):
    touch(tmp_path / "p/photos/set/cat/1.jpg", tmp_path / "p/photos/set/dog/1.jpg")
    assert scan(tmp_path / "p").labels == ("cat", "dog")


def test_a_stray_image_does_not_make_the_parent_a_class(tmp_path, scan):
    touch(*(tmp_path / f"p/{label}/{n}.jpg" for label in ("cat", "dog") for n in range(8)))
    touch(tmp_path / "p/cover.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 8, "dog": 8}
    assert kinds(dataset) == [FindingKind.LEFT_OUT]


def test_images_beside_sub_folders_make_one_class(tmp_path, scan):
    touch(tmp_path / "rose/1.jpg", tmp_path / "rose/2.jpg", tmp_path / "rose/more/3.jpg")
    touch(tmp_path / "rose/less/4.jpg")
    assert per_class(scan(tmp_path / "rose")) == {"rose": 4}


def test_the_same_class_from_two_sources_merges(tmp_path, scan):
    touch(tmp_path / "a/cat/1.jpg", tmp_path / "a/dog/1.jpg", tmp_path / "b/cat/1.jpg")
    touch(tmp_path / "b/bird/1.jpg")
    assert per_class(scan(tmp_path / "a", tmp_path / "b")) == {"bird": 1, "cat": 2, "dog": 1}


def test_spellings_of_one_accent_merge(tmp_path, scan):
    for form in ("NFC", "NFD"):
        touch(tmp_path / form / unicodedata.normalize(form, "Café") / "1.jpg")
        touch(tmp_path / form / "tea/1.jpg")
    assert per_class(scan(tmp_path / "NFC", tmp_path / "NFD")) == {"Caf\u00e9": 2, "tea": 2}


def test_a_file_reached_twice_counts_once(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    (tmp_path / "p/cat/again.jpg").symlink_to("1.jpg")
    (tmp_path / "link").symlink_to("p")
    dataset = scan(tmp_path / "p", tmp_path / "link", tmp_path / "p/cat")
    assert per_class(dataset) == {"cat": 1, "dog": 1}


def test_a_file_linked_into_two_classes_is_a_conflict(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    (tmp_path / "p/dog/cat.jpg").symlink_to("../cat/1.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 2}
    assert kinds(dataset) == [FindingKind.LABEL_CONFLICT]


def test_a_file_linked_into_two_splits_is_a_leak(tmp_path, scan):
    touch(tmp_path / "p/train/cat/1.jpg", tmp_path / "p/train/dog/1.jpg")
    touch(tmp_path / "p/test/cat/1.jpg", tmp_path / "p/test/dog/1.jpg")
    (tmp_path / "p/test/cat/2.jpg").symlink_to("../../train/cat/1.jpg")
    dataset = scan(tmp_path / "p")
    assert len(dataset.images) == 4
    assert kinds(dataset) == [FindingKind.SPLIT_LEAK]


def test_an_empty_class_folder_is_reported(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    (tmp_path / "p/bird").mkdir()
    dataset = scan(tmp_path / "p")
    assert dataset.labels == ("cat", "dog")
    assert [(f.kind, f.path) for f in dataset.findings] == [
        (FindingKind.EMPTY_CLASS, tmp_path / "p/bird")
    ]


def test_link_loops_end(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    (tmp_path / "p/cat/up").symlink_to("..")
    (tmp_path / "p/dog/self").symlink_to(".")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset)["dog"] == 1
    assert FindingKind.LINK_LOOP in kinds(dataset)


def test_links_that_multiply_folders_end(tmp_path, scan):
    """Thirty folders with two links each to the next: a billion ways to the last."""
    for number in range(30):
        touch(tmp_path / f"chain/{number}/x.jpg")
        (tmp_path / f"chain/{number}/a").symlink_to(f"../{number + 1}")
        (tmp_path / f"chain/{number}/b").symlink_to(f"../{number + 1}")
    touch(tmp_path / "chain/30/x.jpg")
    dataset = scan(ImageSource(tmp_path / "chain/0", "one"))
    assert per_class(dataset) == {"one": 31}


def test_very_deep_folders_are_cut_off(tmp_path, scan):
    deep = tmp_path / "p/cat"
    touch(deep / "1.jpg", tmp_path / "p/dog/1.jpg")
    deep = deep.joinpath(*["d"] * (_MAX_DEPTH + 5))
    touch(deep / "2.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    assert "deep" in dataset.findings[0].detail


def test_broken_links_are_missing(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    (tmp_path / "p/cat/2.jpg").symlink_to("nowhere.jpg")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    assert kinds(dataset) == [FindingKind.MISSING]


def test_files_of_an_empty_class_folder_are_told_there_alone(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/2.jpg", tmp_path / "p/fox/a.pdf")
    (finding,) = scan(tmp_path / "p").findings
    assert (finding.kind, finding.path) == (FindingKind.EMPTY_CLASS, tmp_path / "p/fox")
    assert "1 PDF document" in finding.detail
    touch(tmp_path / "p/cat/b.pdf")
    other, empty = scan(tmp_path / "p").findings
    assert other.detail == "1 other file is left out: 1 PDF document (b.pdf)."
    assert empty.kind is FindingKind.EMPTY_CLASS
    touch(tmp_path / "q/fox/3.jpg")
    (other,) = scan(tmp_path / "p", tmp_path / "q/fox").findings
    assert other.detail.startswith("2 other files")


def test_an_unreadable_class_folder_is_not_called_empty(tmp_path, scan, monkeypatch):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    real, dog = os.scandir, os.fspath(tmp_path / "p/dog")

    def scandir(path):
        if os.fspath(path) == dog:
            raise PermissionError(13, "Permission denied", dog)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    dataset = scan(tmp_path / "p")
    assert kinds(dataset) == [FindingKind.UNREADABLE_FOLDER]
    with pytest.raises(DatasetError, match=r"p/dog: This folder can't be read: Permission denied"):
        require_trainable(dataset)


def test_an_unreadable_folder_is_a_finding(tmp_path, scan, monkeypatch):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg", tmp_path / "p/dog/locked/2.jpg")
    real = os.scandir

    def scandir(path):
        if os.fspath(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    assert dataset.findings == (
        Finding(
            tmp_path / "p/dog/locked",
            FindingKind.UNREADABLE_FOLDER,
            "This folder can't be read: Permission denied.",
        ),
    )


ODD_NAMES = [
    "-rf",
    "it's",
    'say "hi"',
    "a\nb",
    "日本語",
    "عربى",
    "🌷",
    "  ",
    "a;b,c",
    "%s{}",
    "con",
]


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_any_name_will_do(tmp_path, scan, name):
    touch(tmp_path / f"p/{name}/{name}.jpg", tmp_path / "p/other/1.jpg")
    dataset = scan(tmp_path / "p")
    assert name in dataset.labels
    assert tmp_path / f"p/{name}/{name}.jpg" in {image.path for image in dataset.images}


def test_names_that_are_no_unicode_will_do(tmp_path, scan):
    name = os.fsdecode(b"caf\xe9")
    touch(tmp_path / f"p/{name}/{name}.jpg", tmp_path / "p/other/1.jpg")
    dataset = scan(tmp_path / "p")
    assert dataset.labels == (name, "other")
    assert dataset.images[0].path.exists()


def test_a_single_image_needs_its_class(tmp_path, scan):
    touch(tmp_path / "1.jpg", tmp_path / "2", tmp_path / "more/3.jpg")
    with pytest.raises(DatasetError, match="--class NAME"):
        scan(tmp_path / "1.jpg")
    dataset = scan(
        ImageSource(tmp_path / "1.jpg", "cat"),
        ImageSource(tmp_path / "2", "cat"),
        ImageSource(tmp_path / "more", "dog"),
    )
    assert per_class(dataset) == {"cat": 2, "dog": 1}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: None, "not there"),
        (lambda p: p.mkdir(), "holds no pictures.*one subfolder of pictures per class"),
        (
            lambda p: touch(p / "a.txt", p / "b/c.doc"),
            "holds 2 files, and none is a picture.*1 text file and 1 office document",
        ),
        (lambda p: p.write_bytes(b""), "no folder, archive"),
    ],
    ids=["missing", "empty", "no-pictures", "other-file"],
)
def test_a_source_without_images_is_refused(tmp_path, scan, make, message):
    make(tmp_path / "source")
    with pytest.raises(DatasetError, match=message) as caught:
        scan(tmp_path / "source")
    assert str(tmp_path / "source") in str(caught.value)


START = b"\xff\xd8\xff\xe0\0\x10JFIF\0"


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_images_without_the_suffix_of_one_are_found(tmp_path, scan):
    for name in ("07", "08.jpg_large", "09.jpg?w=600", "x.jpeg.1"):
        put(tmp_path / "p/cat" / name, START)
    put(tmp_path / "p/x.jpg/1", START)  # a folder, whatever its name
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 4, "x.jpg": 1}
    assert dataset.findings == ()


def test_one_finding_tells_what_is_left_out_of_a_source(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg", tmp_path / "p/dog/2")
    put(tmp_path / "p/cat/IM0001", bytes(128) + b"DICM")
    put(tmp_path / "p/dog/in/film.mp4", b"")
    touch(tmp_path / "p/dog/a.txt", tmp_path / "p/Thumbs.db", tmp_path / "p/.DS_Store")
    os.mkfifo(tmp_path / "p/dog/07")
    os.mkfifo(tmp_path / "p/dog/pipe.jpg")
    (tmp_path / "p/dog/08").symlink_to("nowhere")
    dataset = scan(tmp_path / "p")
    assert per_class(dataset) == {"cat": 1, "dog": 1}
    (finding,) = dataset.findings
    assert (finding.kind, finding.path) == (FindingKind.OTHER_FILES, tmp_path / "p")
    assert finding.detail.startswith("7 other files are left out: 2 pipes, sockets or devices")
    for told in ("1 DICOM file (IM0001)", "(film.mp4)", "1 text file", "1 empty file (2)"):
        assert told in finding.detail
    assert "1 link to no file (08)" in finding.detail


def test_files_that_lie_beside_images_everywhere_are_no_finding(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg", tmp_path / "p/_classes.csv")
    touch(
        *(tmp_path / "p/cat" / name for name in ("1.txt", "1.json", "1.xml", "a.py", "Thumbs.db"))
    )
    put(tmp_path / "p/README", b"Read this.")
    put(tmp_path / "p/LICENSE", b"Do what you want.")
    assert scan(tmp_path / "p").findings == ()


def test_a_class_folder_without_images_is_told_with_its_files(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")
    touch(*(tmp_path / f"p/scan/{number}.dcm" for number in range(12)))
    dataset = scan(tmp_path / "p")
    (detail,) = [f.detail for f in dataset.findings if f.kind is FindingKind.EMPTY_CLASS]
    assert "“scan”" in detail
    assert "12 files, and none is a picture that Fieldguide reads: 12 DICOM files" in detail
    assert "Export" in detail


def test_a_folder_without_images_says_what_it_holds(tmp_path, scan):
    touch(*(tmp_path / f"p/{label}/{n}.dcm" for label in "ab" for n in range(6)))
    with pytest.raises(DatasetError) as caught:
        scan(tmp_path / "p")
    assert str(caught.value).startswith(
        f"{tmp_path / 'p'} holds 12 files, and none is a picture that Fieldguide reads: "
        "12 DICOM files"
    )


def test_a_single_odd_image_needs_its_class_too(tmp_path, scan):
    put(tmp_path / "07", START)
    with pytest.raises(DatasetError, match="--class NAME"):
        scan(tmp_path / "07")


def test_opening_many_files_can_be_stopped(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(folder_tree, "_PROGRESS_EVERY", 3)
    for number in range(10):
        put(tmp_path / f"p/cat/{number}", START)
    counts = []
    scan(tmp_path / "p", on_progress=counts.append)
    assert counts == [0, 0, 0, 0, 10]


def test_no_source_and_no_class_name_are_refused(tmp_path, scan):
    with pytest.raises(DatasetError, match="No images were given"):
        scan()
    touch(tmp_path / "1.jpg")
    with pytest.raises(DatasetError, match="class name"):
        scan(ImageSource(tmp_path / "1.jpg", " "))
    with pytest.raises(DatasetError, match="not there"):
        scan(Path("a\0b"))


def test_progress_counts_images(tmp_path, scan):
    touch(*(tmp_path / f"p/{label}/{n}.jpg" for label in "ab" for n in range(5)))
    counts = []
    scan(tmp_path / "p", on_progress=counts.append)
    assert counts == sorted(counts)
    assert counts[-1] == 10


def test_two_thousand_files_are_listed_without_opening_any(tmp_path, scan, monkeypatch):
    make_many_files(tmp_path / "p", 2000)

    def fail(*arguments, **keywords):
        raise AssertionError("a file was opened")

    monkeypatch.setattr(Path, "open", fail)
    monkeypatch.setattr("builtins.open", fail)
    assert len(scan(tmp_path / "p").images) == 2000


def test_one_class_is_not_trainable(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/cat/2.jpg")
    (tmp_path / "p/dog").mkdir()
    with pytest.raises(DatasetError, match=r"“cat” with 2 pictures.*folder above.*“dog”"):
        require_trainable(scan(tmp_path / "p"))


@pytest.mark.parametrize("names", [("train", "valid", "test"), ("train_set", "test_set")])
def test_splits_without_class_folders_are_no_classes(tmp_path, scan, names):
    touch(*(tmp_path / f"p/{name}/{number}.jpg" for name in names for number in range(3)))
    with pytest.raises(DatasetError, match="All classes are named like splits"):
        require_trainable(scan(tmp_path / "p"))


@pytest.mark.parametrize(("count", "test_split"), [(1, 0.0), (2, 0.1)])
def test_too_small_a_class_is_not_trainable(tmp_path, scan, count, test_split):
    touch(*(tmp_path / f"p/cat/{n}.jpg" for n in range(5)))
    touch(*(tmp_path / f"p/dog/{n}.jpg" for n in range(count)))
    with pytest.raises(DatasetError, match="“dog”"):
        require_trainable(scan(tmp_path / "p"), test_split=test_split)
    touch(tmp_path / "p/dog/one-more.jpg")
    require_trainable(scan(tmp_path / "p"), test_split=test_split)


def test_a_source_behind_a_locked_folder_is_named(tmp_path, scan, monkeypatch):
    def locked(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_dir", locked)
    with pytest.raises(DatasetError, match=r"Can't look at .*source: Permission denied"):
        scan(tmp_path / "source")


def scan_usable(tmp_path, *paths):
    sources = [ImageSource(path) for path in paths]
    dataset, failed = scan_usable_images(sources, archive_dir=tmp_path / "archives")
    return dataset, [source.path for source, _ in failed]


def test_usable_sources_are_scanned_as_ever(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "q/dog/1.jpg")
    dataset, failed = scan_usable(tmp_path, tmp_path / "p", tmp_path / "q")
    assert failed == []
    assert dataset == scan(tmp_path / "p", tmp_path / "q")


def test_sources_that_can_not_be_used_are_passed_over(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "empty/notes.txt", tmp_path / "single.jpg")
    (tmp_path / "bad.zip").write_bytes(b"PK")
    bad = [tmp_path / name for name in ("empty", "single.jpg", "bad.zip", "absent")]
    dataset, failed = scan_usable(tmp_path, *bad[:2], tmp_path / "p", *bad[2:])
    assert failed == bad
    assert dataset == scan(tmp_path / "p")


def test_no_usable_source_gives_no_images(tmp_path):
    dataset, failed = scan_usable(tmp_path, tmp_path / "absent")
    assert (dataset.labels, dataset.images, dataset.findings) == ((), (), ())
    assert failed == [tmp_path / "absent"]


def test_prepared_splits_stay_when_another_source_fails(tmp_path):
    touch(tmp_path / "train/cat/1.jpg", tmp_path / "test/cat/2.jpg")
    named = [tmp_path / name for name in ("train", "absent", "test")]
    dataset, failed = scan_usable(tmp_path, *named)
    assert failed == [tmp_path / "absent"]
    assert [image.split for image in dataset.images] == [Split.TEST, Split.TRAINING]


def test_what_progress_raises_comes_through(tmp_path, scan):
    touch(tmp_path / "p/cat/1.jpg", tmp_path / "p/dog/1.jpg")

    def broken(count):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        scan(tmp_path / "p", on_progress=broken)

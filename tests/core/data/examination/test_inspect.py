import hashlib
import shutil
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import FindingKind, ImageSource
from core.data.examination import image_examination
from core.data.examination.image_index import ImageIndex
from core.data.examination.inspect import find_problems, label_conflicts
from core.data.scanning.scan import scan_images
from core.text import Text
from tests.odd_images import make_odd_images


def image(path, seed, quality=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(20, 220, (6, 6, 3), np.uint8)
    soft = Image.fromarray(noise).resize((96, 96), Image.Resampling.BICUBIC)
    soft.save(path, **({"quality": quality} if quality else {}))
    return path


def scanned(folder):
    return scan_images([ImageSource(folder)], archive_dir=folder / "unused")


@pytest.fixture
def problems(tmp_path):
    with ImageIndex(tmp_path / "index.sqlite") as index:
        yield lambda dataset, **more: find_problems(dataset, index, **more)


@pytest.fixture
def folder(tmp_path):
    """Two classes of 20 different images each."""
    for number in range(20):
        image(tmp_path / f"photos/cat/{number:02}.png", number)
        image(tmp_path / f"photos/dog/{number:02}.png", 100 + number)
    return tmp_path / "photos"


def kinds(findings):
    return Counter(finding.kind for finding in findings)


def test_sound_images_have_no_findings(folder, problems):
    assert problems(scanned(folder)) == ()


def test_odd_images_are_told_apart_and_left_alone(folder, problems):
    expected = make_odd_images(folder / "cat")
    before = {p: hashlib.sha256(p.read_bytes()).digest() for p in folder.rglob("*") if p.is_file()}
    findings = problems(scanned(folder))
    after = {p: hashlib.sha256(p.read_bytes()).digest() for p in folder.rglob("*") if p.is_file()}
    unusable = {
        f.path.name: f.detail
        for f in findings
        if f.kind in (FindingKind.UNREADABLE, FindingKind.NOT_AN_IMAGE)
    }
    assert unusable.keys() == {name for name, reason in expected.items() if reason}
    assert all(expected[name] in detail for name, detail in unusable.items())
    assert after == before


def test_files_of_something_else_are_told_from_damaged_images(folder, problems):
    make_odd_images(folder / "cat")
    found = {f.path.name: f for f in problems(scanned(folder)) if f.path}
    assert {name for name, f in found.items() if f.kind is FindingKind.NOT_AN_IMAGE} == {
        "web-page.jpg",
        "zeros.jpg",
        "text.png",
        "drawing.png",
        "document.jpg",
        "noise.jpg",
        "postscript.jpg",
    }
    assert found["web-page.jpg"].detail == "This file is a web page (HTML), not a picture."
    assert found["empty.jpg"].kind is FindingKind.UNREADABLE


def test_copies_name_their_original(folder, problems):
    original = folder / "cat/00.png"
    shutil.copy(original, folder / "cat/copy.png")
    image(folder / "dog/reencoded.jpg", 100, quality=80)
    first, second = problems(scanned(folder))
    assert (first.kind, first.path) == (FindingKind.DUPLICATE, folder / "cat/copy.png")
    assert str(original) in first.detail
    assert (second.kind, second.path) == (FindingKind.NEAR_DUPLICATE, folder / "dog/reencoded.jpg")
    assert str(folder / "dog/00.png") in second.detail


def test_an_image_in_two_classes_is_a_conflict(folder, problems):
    shutil.copy(folder / "cat/00.png", folder / "dog/zz.png")
    found = [f for f in problems(scanned(folder)) if f.kind is FindingKind.LABEL_CONFLICT]
    both = [folder / "cat/00.png", folder / "dog/zz.png"]
    assert [conflict.path for conflict in found] == both
    for conflict, own, other in zip(found, ("cat", "dog"), reversed(both), strict=True):
        assert f"in the class “{own}”, and its exact duplicate {other} in" in conflict.detail


def test_a_third_copy_in_a_class_is_in_conflict_too(folder, problems):
    shutil.copy(folder / "cat/00.png", folder / "cat/copy.png")
    shutil.copy(folder / "cat/00.png", folder / "dog/zz.png")
    found = [f for f in problems(scanned(folder)) if f.kind is FindingKind.LABEL_CONFLICT]
    places = {conflict.path: conflict.detail for conflict in found}
    assert set(places) == {folder / each for each in ("cat/00.png", "cat/copy.png", "dog/zz.png")}
    assert str(folder / "dog/zz.png") in places[folder / "cat/copy.png"]


def test_a_copy_across_given_splits_is_a_leak(tmp_path, problems):
    for number in range(40):
        split = "test" if number % 4 == 0 else "train"
        image(tmp_path / f"photos/{split}/{number % 2}/{number:02}.png", number)
    image(tmp_path / "photos/test/1/leak.jpg", 1, quality=85)
    findings = problems(scanned(tmp_path / "photos"))
    (leak,) = [f for f in findings if f.kind is FindingKind.SPLIT_LEAK]
    assert leak.path == tmp_path / "photos/test/1/leak.jpg"
    assert "training split" in leak.detail


def test_small_classes_and_imbalance_are_reported(folder, problems):
    for path in sorted((folder / "dog").iterdir())[1:]:
        path.unlink()
    findings = problems(scanned(folder))
    assert kinds(findings) == {FindingKind.TOO_FEW: 1, FindingKind.IMBALANCE: 1}
    assert "“dog” has 1 usable picture;" in findings[0].detail


def test_a_second_look_decodes_nothing(folder, problems, monkeypatch):
    make_odd_images(folder / "cat")
    first = problems(scanned(folder))

    def fail(*arguments):
        raise AssertionError("decoded again")

    monkeypatch.setattr(image_examination, "_examine_file", fail)
    assert problems(scanned(folder)) == first


def test_a_vanished_file_is_a_finding(folder, problems):
    dataset = scanned(folder)
    (folder / "cat/00.png").unlink()
    findings = problems(dataset)
    assert findings[0].path == folder / "cat/00.png"
    assert "not there" in findings[0].detail


def test_progress_counts_up_and_stopping_ends_early(folder, problems, monkeypatch):
    monkeypatch.setattr(image_examination, "_BATCH", 10)
    counts = []
    problems(scanned(folder), on_progress=counts.append, threads=2)
    assert counts == [10, 20, 30, 40]
    stopped = []
    problems(scanned(folder), on_progress=stopped.append, should_stop=lambda: len(stopped) >= 2)
    assert stopped == [10, 20]


def test_all_copies_of_a_conflict_are_left_out():
    sha256s = [b"a", b"b", b"a", b"c", b"a", b"c"]
    assert label_conflicts(sha256s, [0, 0, 1, 1, 0, 1]).tolist() == [0, 2, 4]


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        (FindingKind.DUPLICATE, "1 exact duplicate", "2 exact duplicates"),
        (FindingKind.NOT_AN_IMAGE, "1 file that is no picture", "2 files that are no pictures"),
        (FindingKind.TOO_FEW, "1 class with few pictures", "2 classes with few pictures"),
    ],
)
def test_findings_of_a_kind_are_counted_in_words(kind, one, two):
    assert (kind.counted(1), kind.counted(2)) == (one, two)


def test_details_can_be_translated(folder, problems):
    make_odd_images(folder / "cat")
    findings = problems(scanned(folder))
    assert all(isinstance(finding.detail, Text) for finding in findings)
    (document,) = [f.detail for f in findings if f.path and f.path.name == "document.jpg"]
    assert document.source == "%1 is a PDF document, not a picture."

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.data.dataset import ImageSource, Split
from core.data.edits.edits import NO_EDITS
from core.library.changes import Changes, changes_since
from core.runs.run_folder import RunFolder
from core.runs.run_images import RunImage, write_run_images
from core.settings.config import TrainConfig

LABELS = ("cat", "dog")


@pytest.fixture
def zoo(tmp_path) -> dict[Path, str]:
    labels = {}
    for label in LABELS:
        for number in range(3):
            path = tmp_path / "zoo" / label / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"image")
            labels[path] = label
    return labels


def make_run(tmp_path: Path, used: dict[Path, str], edits=NO_EDITS) -> Path:
    run = RunFolder.create(tmp_path / "run", TrainConfig(), [ImageSource(tmp_path / "zoo")], edits)
    write_run_images(
        run.images_path,
        LABELS,
        [
            RunImage(path, LABELS.index(label), Split.TRAINING, bytes(32))
            for path, label in used.items()
        ],
    )
    return run.path


def changes_in(run: Path, labels: dict[Path, str]) -> Changes:
    return changes_since(run, {str(path): label for path, label in labels.items()})


def begun(run: Path, minutes: int) -> Path:
    """Let a run have begun some minutes from now."""
    config = json.loads((run / "config.json").read_text())
    config["created"] = (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()
    (run / "config.json").write_text(json.dumps(config))
    return run


def test_the_same_images_are_no_change(tmp_path, zoo):
    changes = changes_in(make_run(tmp_path, zoo), zoo)
    assert changes == Changes()
    assert (changes.total, changes.text) == (0, "")


def test_another_class_and_images_that_are_gone(tmp_path, zoo):
    run = make_run(tmp_path, zoo)
    first, second, *_ = zoo
    now = zoo | {first: "dog"}
    del now[second]
    changes = changes_in(run, now)
    assert changes == Changes(num_relabeled=1, num_removed=1)
    assert changes.text == (
        "1 label changed since. 1 picture removed since. Train again to use them."
    )


def test_a_renamed_class_relabels_its_images(tmp_path, zoo):
    run = make_run(tmp_path, zoo)
    now = {path: "tiger" if label == "cat" else label for path, label in zoo.items()}
    assert changes_in(run, now).num_relabeled == 3


def test_images_that_came_later_are_added(tmp_path, zoo):
    run = begun(make_run(tmp_path, zoo), minutes=-5)
    late = tmp_path / "zoo/cat/late.png"
    late.write_bytes(b"image")
    assert changes_in(run, zoo | {late: "cat"}) == Changes(num_added=1)


def test_an_image_that_the_run_could_not_read_is_not_added(tmp_path, zoo):
    damaged = tmp_path / "zoo/cat/damaged.png"
    damaged.write_bytes(b"")
    run = begun(make_run(tmp_path, zoo), minutes=5)
    assert changes_in(run, zoo | {damaged: "cat"}).num_added == 0


def test_images_of_a_folder_that_the_run_did_not_have_are_added(tmp_path, zoo):
    other = tmp_path / "other/owl/1.png"
    other.parent.mkdir(parents=True)
    other.write_bytes(b"image")
    assert changes_in(make_run(tmp_path, zoo), zoo | {other: "owl"}).num_added == 1


def test_an_image_that_was_excluded_then_is_added_when_it_is_included(tmp_path, zoo):
    first, *others = zoo
    used = {path: zoo[path] for path in others}
    run = make_run(tmp_path, used, NO_EDITS.exclude([first]))
    assert changes_in(run, used) == Changes()
    assert changes_in(run, zoo) == Changes(num_added=1)


def test_a_run_without_a_record_of_its_images_has_no_changes(tmp_path, zoo):
    run = make_run(tmp_path, zoo)
    (run / "images.jsonl").write_text("{")
    assert changes_in(run, {}) == Changes()
    (run / "images.jsonl").unlink()
    assert changes_in(run, {}) == Changes()


def test_images_of_an_archive_that_could_not_be_read_are_not_new(tmp_path, zoo):
    archive = tmp_path / "zoo.zip"
    archive.write_bytes(b"")
    run = make_run(tmp_path, zoo)
    config = json.loads((run / "config.json").read_text())
    config["sources"] = [{"path": str(archive), "label": None}]
    (run / "config.json").write_text(json.dumps(config))
    damaged = tmp_path / "cache/archives/damaged.png"
    assert changes_in(begun(run, 1), zoo | {damaged: "cat"}) == Changes()


@pytest.mark.parametrize("text", ["", "[]", '{"labels": ["a"]}\n["x", 7]', '{"labels": 1}', "\x80"])
def test_a_damaged_record_of_images_is_no_change(tmp_path, zoo, text):
    run = make_run(tmp_path, zoo)
    (run / "images.jsonl").write_text(text, "latin-1")
    assert changes_in(run, zoo) == Changes()

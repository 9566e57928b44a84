"""From what was named to split features, and all that may be wrong with it; no TensorFlow."""

import hashlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.dataset import ImageSource, Split
from core.data.edits.edits import NO_EDITS
from core.data.pixels.decoder import DECODER_VERSION, Decoding
from core.errors import ArchiveError, BackboneError, DatasetError, RunError, StorageError
from core.messages import reporter
from core.messages.control import Command, RunControl
from core.messages.events import (
    DatasetSplit,
    EpochFinished,
    Event,
    ImageSkipped,
    PhaseProgressed,
    RunStarted,
    TrainingCancelled,
    Warned,
)
from core.messages.requests import ResumeRequest, RunRequest, TrainRequest
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images, write_run_images
from core.runs.run_predictions import RunPrediction, write_run_predictions
from core.settings.config import TrainConfig
from core.training import run as run_module
from core.training.run import TrainingRun
from core.training.run_data import RunData
from tests.odd_images import make_odd_images
from tests.program import SAMPLE

CONFIG = TrainConfig(validation_split=0.2, test_split=0.2)


@dataclass
class Prepared:
    """What a run came to before its head would be trained."""

    events: list[Event]
    data: RunData | None = None

    @property
    def split(self) -> DatasetSplit:
        (event,) = (event for event in self.events if isinstance(event, DatasetSplit))
        return event

    @property
    def skipped(self) -> dict[str, str]:
        """Reasons by file name."""
        return {e.path.name: e.reason for e in self.events if isinstance(e, ImageSkipped)}


@pytest.fixture
def prepare(monkeypatch) -> Callable[..., Prepared]:
    """Carries out a request as far as the head."""
    prepared = Prepared([])

    def keep(run, folder, config, data) -> None:
        prepared.data = data

    monkeypatch.setattr(run_module.TrainingRun, "_finish", keep)
    monkeypatch.setattr(run_module.TrainingRun, "_report_device", lambda *_: None)
    monkeypatch.setattr(run_module, "configure_tensorflow", lambda config: None)
    # It would lead this process's own output away.
    monkeypatch.setattr(run_module, "continue_log_in", lambda path: None)

    def carry_out(
        request: RunRequest,
        on_event: Callable[[Event, RunControl], None] = lambda event, control: None,
    ) -> Prepared:
        control = RunControl()
        prepared.events, prepared.data = [], None

        def send(event: Event) -> None:
            prepared.events.append(event)
            on_event(event, control)

        TrainingRun(request, send, control).carry_out()
        return replace(prepared)

    return carry_out


def request(*paths: Path, config: TrainConfig = CONFIG, output: Path | None = None) -> TrainRequest:
    return TrainRequest(
        sources=tuple(ImageSource(path) for path in paths), config=config, output=output
    )


def image(path: Path, seed: int) -> Path:
    """An image like no other."""
    path.parent.mkdir(parents=True, exist_ok=True)
    blocks = np.random.default_rng(seed).integers(0, 256, (6, 6, 3), np.uint8)
    Image.fromarray(blocks).resize((60, 60), Image.Resampling.NEAREST).save(path)
    return path


def classes(folder: Path, **counts: int) -> Path:
    """A folder of classes with these numbers of images."""
    for index, (name, count) in enumerate(counts.items()):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            image(folder / name / f"{number}.png", 1000 * index + number)
    return folder


def contents(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Hash, mode and time of every file."""
    return {
        str(path): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_class_is_in_every_split(prepare):
    done = prepare(request(SAMPLE))
    for split in Split:
        assert set(done.data.splits[split].classes()) == {0, 1, 2}
    rows = np.concatenate([done.data.splits[split].rows for split in Split])
    assert sorted(rows) == list(range(48))


def test_the_seed_decides_the_split(prepare):
    def validation(seed: int) -> set[str]:
        data = prepare(request(SAMPLE, config=replace(CONFIG, seed=seed))).data
        return {image.path.name for image in data.images if image.split is Split.VALIDATION}

    assert validation(1) == validation(1)
    assert validation(1) != validation(2)


def test_features_of_known_images_come_from_the_cache(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=4, b=4)
    assert prepare(request(folder)).split.cached_features == 0
    image(folder / "a/new.png", 99)
    done = prepare(request(folder))
    assert done.split.cached_features == 8
    again = prepare(request(folder))
    assert again.split.cached_features == 9
    np.testing.assert_array_equal(
        again.data.splits[Split.TEST].vectors, done.data.splits[Split.TEST].vectors
    )


def test_odd_images_are_used_or_named_and_none_is_touched(prepare, tmp_path):
    expected = make_odd_images(tmp_path / "pictures/odd")
    shutil.copytree(SAMPLE / "grass", tmp_path / "pictures/grass")
    before = contents(tmp_path / "pictures")
    done = prepare(request(tmp_path / "pictures"))
    used = {image.path.name for image in done.data.images}
    for name, reason in expected.items():
        if reason is None:
            assert name in used
        else:
            assert reason in done.skipped[name], name
            assert name not in used
    assert contents(tmp_path / "pictures") == before


def test_an_image_in_two_classes_is_left_out_and_the_run_goes_on(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=4, b=4)
    shutil.copy(folder / "a/0.png", folder / "b/copy.png")
    done = prepare(request(folder))
    assert set(done.skipped) == {"0.png", "copy.png"}
    assert "in two classes" in done.skipped["copy.png"]
    assert len(done.data.images) == 7


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"a": 5}, "At least two classes"),
        ({"a": 5, "b": 0}, "“b”|At least two classes"),
        ({"a": 5, "b": 1}, "“b” has 1 usable picture"),
        ({"a": 5, "b": 2}, "“b” has 2 usable pictures.*or set the test fraction to 0"),
    ],
    ids=["one class", "empty class", "one picture", "two pictures"],
)
def test_too_few_images_are_named_and_leave_no_run_behind(prepare, tmp_path, counts, message):
    folder = classes(tmp_path / "pictures", **counts)
    with pytest.raises(DatasetError, match=message):
        prepare(request(folder, output=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_two_images_a_class_do_without_a_test_split(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=2, b=2)
    done = prepare(request(folder, config=replace(CONFIG, test_split=0.0)))
    assert (done.split.num_training, done.split.num_validation, done.split.num_test) == (2, 2, 0)


def test_a_class_of_unusable_images_is_named(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=4)
    (folder / "b").mkdir()
    for number in range(3):
        (folder / "b" / f"{number}.jpg").write_bytes(b"no picture")
    with pytest.raises(DatasetError, match=r"No picture of the class “b” can be used"):
        prepare(request(folder))


def test_an_archive_that_reaches_outside_is_named(prepare, tmp_path):
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/ok.png", image(tmp_path / "ok.png", 1).read_bytes())
        archive.writestr("../../outside.png", b"x")
    with pytest.raises((ArchiveError, DatasetError), match=r"evil\.zip"):
        prepare(request(path))
    assert not list(tmp_path.parent.glob("outside.png"))


def test_an_archive_of_classes_trains(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=3, b=3)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    assert prepare(request(Path(archive))).split.labels == ("a", "b")


@pytest.mark.parametrize("source", ["absent", "text.txt", "empty"])
def test_what_holds_no_images_is_named(prepare, tmp_path, source):
    (tmp_path / "text.txt").write_text("words")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match=source):
        prepare(request(tmp_path / source))


def test_a_folder_that_may_not_be_read_is_named(prepare, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    folder = classes(tmp_path / "pictures", a=4, b=4)
    (folder / "b").chmod(0)
    with pytest.raises(DatasetError, match=r"pictures/b"):
        prepare(request(folder))


@pytest.mark.parametrize("handle", ["no-such-backbone", "/no/such/folder", "../x.tar.gz"])
def test_a_backbone_that_is_not_there_is_named(prepare, tmp_path, handle):
    with pytest.raises(BackboneError, match=handle):
        prepare(request(SAMPLE, config=replace(CONFIG, backbone=handle), output=tmp_path / "run"))
    assert not (tmp_path / "run").exists(), "the same --output serves for the next try"


def test_an_output_that_holds_something_is_left_alone(prepare, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RunError, match="isn't empty"):
        prepare(request(SAMPLE, output=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_edits_decide_classes_and_images(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=4, b=4, c=4, d=4)
    edits = NO_EDITS.rename_class("abcd", "c", "b").remove_class("abcd", "d")
    edits = edits.move([folder / "b/0.png"], "a").exclude([folder / "a/0.png"])
    done = prepare(replace(request(folder, output=tmp_path / "run"), edits=edits))
    assert done.split.labels == ("a", "b")
    trained = {(image.path.parent.name, image.class_index) for image in done.data.images}
    assert trained == {("a", 0), ("b", 0), ("b", 1), ("c", 1)}
    assert len(done.data.images) == 11
    # A run that was stopped before it had its images finds the edits in its folder.
    (tmp_path / "run/images.jsonl").unlink()
    assert prepare(ResumeRequest(run_dir=tmp_path / "run")).split == replace(
        done.split, cached_features=11
    )


def test_edits_that_leave_one_class_are_refused(prepare, tmp_path):
    folder = classes(tmp_path / "pictures", a=4, b=4)
    edits = NO_EDITS.rename_class("ab", "b", "a")
    with pytest.raises(DatasetError, match=r"Only one class was found: “a” with 8 pictures"):
        prepare(replace(request(folder), edits=edits))


@pytest.fixture
def begun(prepare, tmp_path) -> Path:
    """A run that has its images and no more, with an empty cache."""
    classes(tmp_path / "pictures", a=4, b=4)
    prepare(request(tmp_path / "pictures", output=tmp_path / "run"))
    shutil.rmtree(Path(os.environ["FIELDGUIDE_HOME"]) / "cache")
    return tmp_path / "run"


def test_a_resumed_run_keeps_its_images_and_their_splits(prepare, begun, tmp_path):
    first = (begun / "images.jsonl").read_bytes()
    image(tmp_path / "pictures/a/added.png", 77)
    done = prepare(ResumeRequest(run_dir=begun))
    assert len(done.data.images) == 8
    assert (begun / "images.jsonl").read_bytes() == first


def test_a_run_that_an_earlier_version_split_keeps_that_split(prepare, begun):
    """Classes of four with one image to learn from, which is no split of today's."""
    record = begun / "images.jsonl"
    labels, images = read_run_images(record)
    kinds = (Split.TEST, Split.TEST, Split.VALIDATION, Split.TRAINING)
    earlier = [replace(image, split=kinds[place % 4]) for place, image in enumerate(images)]
    assert earlier != images
    write_run_images(record, labels, earlier)
    done = prepare(ResumeRequest(run_dir=begun))
    assert done.data.images == earlier
    assert (done.split.num_training, done.split.num_validation, done.split.num_test) == (2, 2, 4)
    assert done.data.splits[Split.TEST].rows.tolist() == [0, 1, 4, 5]
    assert read_run_images(record) == (labels, earlier)


def test_a_run_of_another_decoder_is_not_mixed_with_this_one(prepare, begun):
    record = begun / "images.jsonl"
    labels, images = read_run_images(record)
    write_run_images(record, labels, images, Decoding(DECODER_VERSION - 1))
    with pytest.raises(RunError, match=r"another version .* can't be resumed. Start a new"):
        prepare(ResumeRequest(run_dir=begun))


def test_sixteen_bit_images_are_read_by_the_brightest_of_the_set(prepare, tmp_path):
    """Dark ones too, and those of a resumed run."""
    for place in range(8):
        gray = np.random.default_rng(place).integers(0, 4096 >> place % 3, (32, 32), np.uint16)
        path = tmp_path / "bits" / "ab"[place % 2] / f"{place}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(gray).save(path)
    chosen = request(tmp_path / "bits", output=tmp_path / "run")
    first = prepare(chosen)
    assert first.data.decoding == Decoding(sample_bits=12)
    assert any("12 bits" in e.message for e in first.events if isinstance(e, Warned))
    again = prepare(ResumeRequest(run_dir=tmp_path / "run"))
    assert again.data.decoding == Decoding(sample_bits=12)


def test_an_image_that_changed_since_is_named(prepare, begun, tmp_path):
    changed = image(tmp_path / "pictures/b/2.png", 78)
    with pytest.raises(DatasetError, match=rf"{changed} has changed since the run began"):
        prepare(ResumeRequest(run_dir=begun))
    assert (begun / "images.jsonl").exists(), "the run is kept"


def test_an_image_that_has_gone_is_named(prepare, begun, tmp_path):
    (tmp_path / "pictures/b/2.png").unlink()
    with pytest.raises(DatasetError, match=r"b/2\.png, a picture of this run"):
        prepare(ResumeRequest(run_dir=begun))


def test_an_image_that_has_gone_is_not_missed_while_its_features_are_cached(prepare, tmp_path):
    classes(tmp_path / "pictures", a=4, b=4)
    prepare(request(tmp_path / "pictures", output=tmp_path / "run"))
    shutil.rmtree(tmp_path / "pictures")
    assert prepare(ResumeRequest(run_dir=tmp_path / "run")).split.cached_features == 8


def stop_when(kind: type, condition: Callable[[Event], bool] = lambda event: True):
    def on_event(event: Event, control: RunControl) -> None:
        if isinstance(event, kind) and condition(event):
            control.obey(Command.STOP)

    return on_event


def test_a_stop_at_the_very_start_cancels(prepare, tmp_path):
    done = prepare(request(SAMPLE, output=tmp_path / "run"), stop_when(RunStarted))
    assert done.events[-1] == TrainingCancelled(tmp_path / "run", None, 0)


def test_a_stop_while_features_are_computed_keeps_those(
    prepare, tmp_path, monkeypatch, fieldguide_home
):
    monkeypatch.setattr(reporter, "_INTERVAL_S", 0.0)
    stop = stop_when(PhaseProgressed, lambda event: event.total == 48 and event.done >= 5)
    done = prepare(request(SAMPLE, output=tmp_path / "run"), stop)
    assert done.events[-1] == TrainingCancelled(tmp_path / "run", None, 0)
    assert done.data is None
    (cache,) = (fieldguide_home / "cache/features").glob("*.sqlite")
    connection = sqlite3.connect(cache)
    (num_stored,) = connection.execute("SELECT COUNT(*) FROM vectors").fetchone()
    connection.close()
    assert 5 <= num_stored < 48
    going_on = prepare(ResumeRequest(run_dir=tmp_path / "run"))
    assert going_on.split.cached_features == num_stored


def test_a_full_disk_for_the_cache_is_named_and_nothing_is_lost(
    prepare, small_disk, tmp_path, monkeypatch
):
    home = small_disk.path / "home"
    monkeypatch.setenv("FIELDGUIDE_HOME", str(home))
    (small_disk.path / "other").write_bytes(bytes(2**21 - 2**17))
    with pytest.raises(StorageError, match=f"{home}.*Free some space"):
        prepare(request(SAMPLE, output=tmp_path / "run"))
    small_disk.make_room()
    assert len(prepare(ResumeRequest(run_dir=tmp_path / "run")).data.images) == 48


def test_a_stop_of_a_resumed_run_still_names_its_model(prepare, begun):
    (begun / "model").mkdir()
    (begun / "model/model.json").write_text("{}")
    for epoch in (1, 2):
        RunFolder(begun).append_epoch(EpochFinished(epoch, 2, 0.5, 0.5, 0.5, 0.5, 0.1, True, 1.0))
    done = prepare(ResumeRequest(run_dir=begun), stop_when(RunStarted))
    assert done.events[-1] == TrainingCancelled(begun, begun / "model", 2)


def test_a_stop_of_a_resumed_older_run_tells_how_good_its_model_is(prepare, begun):
    """Its `model.json` lacks the training counts; the record of images has them."""
    (begun / "model").mkdir()
    (begun / "model/model.json").write_text("{}")
    labels, images = read_run_images(begun / "images.jsonl")
    predictions = [
        RunPrediction(image.path, image.class_index, image.split, ((0, 0.9), (1, 0.1)))
        for image in images
        if image.split is not Split.TRAINING
    ]
    write_run_predictions(begun, labels, predictions)
    event = prepare(ResumeRequest(run_dir=begun), stop_when(RunStarted)).events[-1]
    assert isinstance(event, TrainingCancelled)
    tested = [image.class_index for image in images if image.split is Split.TEST]
    assert event.test_accuracy == tested.count(0) / len(tested)
    assert event.figures is not None
    assert event.figures.measured_on is Split.TEST
    assert event.figures.balanced_accuracy == 0.5
    trained = [image.class_index for image in images if image.split is Split.TRAINING]
    assert event.figures.training_counts == (trained.count(0), trained.count(1))


def test_what_was_merged_is_a_warning_and_nothing_is_skipped(tmp_path, prepare):
    for part in ("batch1", "batch2"):
        for index, label in enumerate(("cat", "dog")):
            for number in range(4):
                seed = 1000 * index + 10 * number + int(part[-1])
                image(tmp_path / f"p/{part}/{label}/{number}.png", seed)
    prepared = prepare(request(tmp_path / "p"))
    assert prepared.data is not None
    assert list(prepared.data.labels) == ["cat", "dog"]
    assert prepared.skipped == {}
    [warning] = [e.message for e in prepared.events if isinstance(e, Warned)]
    assert warning.startswith(f"{tmp_path / 'p'}: ")
    assert "batch1, batch2" in warning


def test_splits_without_classes_are_refused_unless_the_user_calls_them_classes(tmp_path, prepare):
    folders = [tmp_path / "p" / name for name in ("train", "test")]
    for index, folder in enumerate(folders):
        for number in range(4):
            image(folder / f"{number}.png", 100 * index + number)
    with pytest.raises(DatasetError, match="All classes are named like splits"):
        prepare(request(tmp_path / "p"))
    named = tuple(ImageSource(folder, folder.name) for folder in folders)
    prepared = prepare(TrainRequest(sources=named, config=CONFIG))
    assert prepared.data is not None
    assert list(prepared.data.labels) == ["test", "train"]


def test_fewer_training_images_leave_the_held_out_ones_as_they_are(prepare):
    def images(limit: int) -> dict[Split, set[str]]:
        config = replace(CONFIG, images_per_class=limit)
        done = prepare(request(SAMPLE, config=config))
        for split in Split:
            assert len(done.data.splits[split].rows) == sum(
                image.split is split for image in done.data.images
            )
        return {
            split: {str(image.path) for image in done.data.images if image.split is split}
            for split in Split
        }

    whole, four, two = images(0), images(4), images(2)
    assert (len(four[Split.TRAINING]), len(two[Split.TRAINING])) == (12, 6)
    assert two[Split.TRAINING] < four[Split.TRAINING] < whole[Split.TRAINING]
    for split in (Split.VALIDATION, Split.TEST):
        assert two[split] == four[split] == whole[split]


def test_a_resumed_run_keeps_its_fewer_images_and_their_vectors(prepare, tmp_path):
    config = replace(CONFIG, images_per_class=2)
    first = prepare(request(SAMPLE, config=config, output=tmp_path / "run"))
    again = prepare(ResumeRequest(run_dir=tmp_path / "run"))
    assert again.data.images == first.data.images
    np.testing.assert_array_equal(
        again.data.splits[Split.TRAINING].vectors, first.data.splits[Split.TRAINING].vectors
    )

"""The worker for images: real files, and where it matters a real child process."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.data.dataset import FindingKind, ImageSource
from core.data.edits.edits import NO_EDITS
from core.errors import WorkerCrashedError
from core.messages.control import Command, RunControl
from core.messages.events import (
    Event,
    ImagesChecked,
    ImagesCounted,
    ImagesFound,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
)
from core.messages.requests import CheckImagesRequest, CountImagesRequest
from core.worker.image_check import check_images
from core.worker.image_worker import run_image_worker
from core.worker.process import WorkerProcess
from tests import fake_targets
from tests.conftest import CHECKOUT
from tests.models import PHOTOS


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """Two cats that are the same, a coffee, and a coffee that is no image."""
    folder = tmp_path / "pictures"
    for name, copy in (("cat", "cat/1"), ("cat", "cat/2"), ("coffee", "coffee/1")):
        (folder / copy).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PHOTOS / f"{name}.jpg", folder / f"{copy}.jpg")
    (folder / "coffee/bad.jpg").write_bytes(b"")
    return folder


def request(*paths: Path, edits=NO_EDITS) -> CheckImagesRequest:
    return CheckImagesRequest(sources=tuple(ImageSource(path) for path in paths), edits=edits)


def checked(asked: CheckImagesRequest, control: RunControl | None = None) -> list[Event]:
    events: list[Event] = []
    check_images(asked, events.append, control or RunControl())
    return events


def found(events: list[Event]) -> ImagesFound:
    (event,) = (event for event in events if isinstance(event, ImagesFound))
    return event


def kinds(events: list[Event]) -> dict[str, FindingKind]:
    """What the check found, by file name."""
    assert isinstance(events[-1], ImagesChecked)
    return {f.path.name: f.kind for f in events[-1].findings if f.path is not None}


def test_a_child_finds_and_checks_images(images):
    events = list(WorkerProcess(run_image_worker).events(request(images)))
    assert events[0] == PhaseStarted(Phase.SCANNING)
    assert found(events).table.labels == ("cat", "coffee")
    assert len(found(events).table) == 4
    assert PhaseStarted(Phase.CHECKING, 4) in events
    progress = [event for event in events if isinstance(event, PhaseProgressed)]
    assert (progress[-1].phase, progress[-1].done) == (Phase.CHECKING, 4)
    assert kinds(events) == {"2.jpg": FindingKind.DUPLICATE, "bad.jpg": FindingKind.UNREADABLE}


def test_a_source_that_fails_leaves_the_others(tmp_path, images):
    (tmp_path / "damaged.zip").write_bytes(b"PK")
    asked = request(tmp_path / "absent", images, tmp_path / "damaged.zip")
    event = found(checked(asked))
    assert len(event.table) == 4
    assert [source for source, _ in event.failed] == [asked.sources[0], asked.sources[2]]
    assert "is not there" in event.failed[0][1]
    assert "damaged.zip" in event.failed[1][1]


@pytest.mark.parametrize("names", [(), ("absent",)])
def test_without_a_usable_source_the_table_is_empty(tmp_path, names):
    events = checked(request(*(tmp_path / name for name in names)))
    assert len(found(events).table) == 0
    assert len(found(events).failed) == len(names)
    assert events[-1] == ImagesChecked(())


def test_edits_change_what_is_checked_and_not_what_is_found(images):
    edits = NO_EDITS.exclude([images / "cat/1.jpg"]).remove_class(["coffee"], "coffee")
    events = checked(request(images, edits=edits))
    assert len(found(events).table) == 4
    assert found(events).table.labels == ("cat", "coffee")
    assert PhaseStarted(Phase.CHECKING, 1) in events
    assert kinds(events) == {}


def test_edits_that_remove_all_leave_nothing_to_check(images):
    edits = NO_EDITS.remove_class(["cat"], "cat").remove_class(["coffee"], "coffee")
    assert checked(request(images, edits=edits))[-1] == ImagesChecked(())


def test_a_stop_while_scanning_ends_the_check(images):
    control = RunControl()
    control.obey(Command.STOP)
    assert checked(request(images), control)[-1] == ImagesChecked((), is_complete=False)


def test_a_stop_while_checking_is_told(images):
    control = RunControl()
    events: list[Event] = []

    def send(event: Event) -> None:
        events.append(event)
        if event == PhaseStarted(Phase.CHECKING, 4):
            control.obey(Command.STOP)

    check_images(request(images), send, control)
    assert found(events)
    assert events[-1] == ImagesChecked((), is_complete=False)


def test_what_goes_wrong_is_no_failed_training(images, fieldguide_home):
    (fieldguide_home / "cache").write_text("in the way")
    events = list(WorkerProcess(run_image_worker).events(request(images)))
    assert isinstance(events[-1], RequestFailed)
    assert events[-1].traceback == ""


def test_a_count_looks_at_no_image(images):
    asked = CountImagesRequest(sources=(ImageSource(images),))
    events = list(WorkerProcess(run_image_worker).events(asked))
    assert events == [ImagesCounted(num_classes=2, num_images=4)]


def test_a_count_of_nothing_fails(tmp_path):
    asked = CountImagesRequest(sources=(ImageSource(tmp_path),))
    (event,) = WorkerProcess(run_image_worker).events(asked)
    assert isinstance(event, RequestFailed)
    assert "holds no pictures" in event.message


def test_other_requests_are_a_bug():
    *_, event = WorkerProcess(run_image_worker).events(fake_targets.request())
    assert "looks at images only" in event.message


def test_a_crash_speaks_of_no_training():
    with pytest.raises(WorkerCrashedError, match=r"^The worker process ended.*Try again\.$"):
        list(WorkerProcess(fake_targets.dies).events(request()))


def test_the_child_loads_no_tensorflow():
    code = "import sys, core.worker.image_worker; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    packages = {name.split(".")[0] for name in done.stdout.split()}
    assert not packages & {"tensorflow", "tf_keras", "ai_edge_litert", "rich", "PySide6"}

"""Exports of a small trained model, in this process: order, refusals, what is left behind."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from core.backbones.prepare import prepare_backbone
from core.backbones.refusal import UntrustedModelError
from core.data.dataset import ImageSource
from core.errors import DatasetError, ExportError, ModelError, StorageError
from core.export.artifact_folder import read_exports
from core.export.export_run import export_model
from core.export.formats.format import export_formats
from core.export.formats.saved_model import SAVED_MODEL
from core.export.formats.tflite import TFLITE
from core.export_spec.artifact import ArtifactResult, Verdict
from core.export_spec.export_options import ExportOptions
from core.messages.control import Command, RunControl
from core.messages.events import Phase, PhaseStarted, RequestCancelled
from core.messages.export_events import ArtifactFinished, ArtifactStarted, ExportFinished
from core.messages.requests import ExportRequest
from core.models.litert_head import DenseWeights, join_litert
from core.models.model_info import read_model_info
from tests.program import SAMPLE, SHORT, Program
from tests.tunable_backbone import save_tunable_pyramid
from tests.untrusted_models import add_const, edit, function_named

pytestmark = pytest.mark.slow
ONLY_TFLITE = (TFLITE,)


@pytest.fixture(scope="module")
def backbone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small one: what is exported here matters less than when."""
    return save_tunable_pyramid(tmp_path_factory.mktemp("small") / "small")


@pytest.fixture(scope="module")
def first_run(program: Program, backbone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    run_dir = tmp_path_factory.mktemp("runs") / "first"
    outcome = program.train(*SHORT, "--backbone", backbone, "--output", run_dir)
    assert outcome.code == 0, outcome
    return run_dir


@pytest.fixture
def run_dir(first_run: Path, tmp_path: Path) -> Path:
    """A run folder of the test's own, in a path that TensorFlow can't load from."""
    folder = tmp_path / "a [run] of mine"
    ignored = shutil.ignore_patterns("checkpoint", "events.*")
    return Path(shutil.copytree(first_run, folder, ignore=ignored))


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def export(run_dir, control=None, on_event=lambda _event: None, trust=False, **options):
    events = []

    def send(event):
        events.append(event)
        on_event(event)

    chosen = ExportOptions(**({"formats": ONLY_TFLITE} | options))
    request = ExportRequest(model_dir=run_dir / "model", options=chosen, trust=trust)
    export_model(request, send, control or RunControl())
    return events


def make_untrusted(model_dir: Path, written: Path) -> None:
    """Have a model write a file whenever it is asked about images."""

    def change(meta_graph) -> None:
        output = meta_graph.signature_def["serving_default"].outputs["probabilities"].name
        (call,) = (n for n in meta_graph.graph_def.node if n.name == output.partition(":")[0])
        function = function_named(meta_graph, call.attr["f"].func.name)
        name = add_const(function.node_def, "file", str(written))
        function.node_def.add(name="write", op="WriteFile", input=[name, name])
        function.signature.control_output.append("write")
        function.control_ret["write"] = "write"

    edit(model_dir / "saved_model", change)


def results(events) -> tuple[ArtifactResult, ...]:
    assert isinstance(events[-1], ExportFinished)
    return events[-1].results


def test_events_come_in_order_and_nothing_else_is_left(run_dir, workplace):
    events = export(run_dir)
    kinds = [type(e) if not isinstance(e, PhaseStarted) else e.phase for e in events]
    order = [
        kind
        for kind in dict.fromkeys(kinds)
        if isinstance(kind, Phase) or kind in (ArtifactStarted, ArtifactFinished, ExportFinished)
    ]
    assert order == [
        Phase.READING_IMAGES,
        Phase.EVALUATING,
        ArtifactStarted,
        Phase.CONVERTING,
        Phase.VERIFYING,
        ArtifactFinished,
        ExportFinished,
    ]
    assert list(workplace.iterdir()) == []
    assert [path.name for path in (run_dir / "exports").iterdir()] == ["tflite"]


def test_all_is_cleared_before_the_end_is_told(run_dir, workplace):
    """Whoever hears the end lets the process go at once."""
    left = []

    def look(event):
        if isinstance(event, ExportFinished):
            left.extend(workplace.iterdir())

    export(run_dir, on_event=look)
    assert left == []


def test_what_was_exported_is_read_again(run_dir):
    made = results(export(run_dir))
    assert read_exports(run_dir / "exports") == made
    created = read_model_info(run_dir / "model").created
    assert read_exports(run_dir / "exports", created) == made
    assert read_exports(run_dir / "exports", "2020") == ()
    (run_dir / "exports/tflite/export.json").write_text("{")
    assert read_exports(run_dir / "exports") == ()


def test_a_model_below_the_accuracy_required_is_not_exported(run_dir):
    # Images of a class under another name can't all be right.
    wrong = run_dir.parent / "wrong"
    shutil.copytree(SAMPLE / "grass", wrong / "brick")
    shutil.copytree(SAMPLE / "gravel", wrong / "grass")
    with pytest.raises(ExportError, match=r"below the 100\.00% required, so nothing"):
        export(run_dir, require_accuracy=1.0, images=(ImageSource(wrong),))
    assert not (run_dir / "exports").exists()


def test_an_artifact_that_disagrees_has_failed_and_says_so(run_dir, backbone):
    prepared = prepare_backbone(str(backbone))
    assert prepared.litert_path is not None
    always_the_first = DenseWeights(
        np.zeros((prepared.info.feature_dim, 3), np.float32), np.array([9, 0, 0], np.float32)
    )
    other = join_litert(prepared.litert_path, [always_the_first])
    (run_dir / "model/model.tflite").write_bytes(other)
    (result,) = results(export(run_dir))
    assert result.verdict is Verdict.FAILED
    assert "prediction differs from the model's" in result.problems[0]
    assert result.folder is not None
    assert "**FAILED: don't use it.**" in (result.folder / "README.md").read_text()
    assert json.loads((result.folder / "export.json").read_text())["passed"] is False


def test_one_format_that_fails_does_not_stop_the_others(run_dir):
    (run_dir / "model/model.tflite").unlink()
    formats = (TFLITE, SAVED_MODEL)
    failed, made = results(export(run_dir, formats=formats, version=3))
    assert "holds no model.tflite" in failed.error
    assert failed.folder is None
    assert made.verdict is Verdict.PASSED
    assert made.path == run_dir / "exports/saved-model/saved_model/3"
    assert (made.path / "saved_model.pb").is_file()


def test_a_later_export_replaces_an_earlier_one(run_dir):
    (first,) = results(export(run_dir))
    assert first.folder is not None
    (first.folder / "old.txt").write_text("old")
    (second,) = results(export(run_dir))
    assert second.folder == first.folder
    assert not (first.folder / "old.txt").exists()


def test_an_output_that_can_not_be_written_is_named(run_dir, tmp_path):
    (tmp_path / "file").write_text("")
    (result,) = results(export(run_dir, output=tmp_path / "file"))
    assert str(tmp_path / "file") in result.error
    assert f"Move {tmp_path / 'file'} away" in result.error


def test_a_stop_leaves_the_finished_and_nothing_half_made(run_dir, workplace):
    control = RunControl()

    def stop_at_the_second(event):
        if isinstance(event, ArtifactStarted) and event.position == 2:
            control.obey(Command.STOP)

    formats = (SAVED_MODEL, TFLITE)
    events = export(run_dir, control, stop_at_the_second, formats=formats)
    assert isinstance(events[-1], RequestCancelled)
    assert [path.name for path in (run_dir / "exports").iterdir()] == ["saved-model"]
    assert list(workplace.iterdir()) == []


def test_what_a_killed_export_left_is_removed_by_the_next(run_dir, workplace):
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    left, in_use = (workplace / f"fieldguide-export-{n}-x" for n in (process.pid, os.getpid()))
    for folder in (left, in_use):
        folder.mkdir()
    with pytest.raises(DatasetError):
        export(run_dir, images=(ImageSource(SAMPLE.parent / "icons", "grass"),))
    assert list(workplace.iterdir()) == [in_use]


def test_no_room_to_work_is_told_with_its_place(run_dir, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(StorageError, match=r"No space left on device\. Free some space"):
        export(run_dir)


def test_no_room_for_the_models_copy_is_one_sentence(run_dir, small_disk, monkeypatch):
    small_disk.fill(left=2**15)
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk.path))
    with pytest.raises(StorageError) as caught:
        export(run_dir, formats=ONLY_TFLITE)
    assert str(caught.value).startswith("Can't copy the model to ")
    assert str(caught.value).endswith(
        ": No space left on device. Free some space there, or choose a folder on another disk."
    )
    assert "[" not in str(caught.value)
    assert [path.name for path in small_disk.path.iterdir()] == ["other"]


def test_an_output_on_a_full_disk_is_one_sentence(run_dir, small_disk):
    small_disk.fill(left=2**15)
    (result,) = results(export(run_dir, formats=ONLY_TFLITE, output=small_disk.path / "exports"))
    assert result.error == (
        f"Can't write the export {small_disk.path / 'exports/tflite'}: No space left on device. "
        "Free some space there, or choose a folder on another disk."
    )
    assert list((small_disk.path / "exports").iterdir()) == []


def test_a_model_with_links_that_lead_out_is_not_exported(run_dir, tmp_path):
    (tmp_path / "secret").write_text("secret")
    assets = run_dir / "model/saved_model/assets"
    assets.mkdir(exist_ok=True)
    (assets / "words.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(StorageError, match=r"words\.txt is a link that leads out"):
        export(run_dir, formats=(SAVED_MODEL,))
    assert not (run_dir / "exports").exists()


def test_model_from_elsewhere_runs_nothing_until_it_is_trusted(run_dir, tmp_path):
    written = tmp_path / "written"
    make_untrusted(run_dir / "model", written)
    every = export_formats()
    with pytest.raises(UntrustedModelError, match="WriteFile in the function") as caught:
        export(run_dir, formats=every)
    assert str(run_dir / "model") in str(caught.value)
    assert not written.exists()
    assert not (run_dir / "exports").exists()
    (made,) = results(export(run_dir, trust=True))
    assert written.exists()
    assert made.verdict is Verdict.PASSED
    (again,) = results(export(run_dir))
    assert again.verdict is Verdict.PASSED


def test_model_without_a_saved_model_is_an_error_of_the_model(run_dir):
    (run_dir / "model" / "saved_model" / "saved_model.pb").unlink()
    with pytest.raises(ModelError, match=r"saved_model\.pb"):
        export(run_dir)

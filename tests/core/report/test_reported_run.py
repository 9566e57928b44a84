"""What a report knows of a run, and what it says is missing."""

import hashlib
import json
from pathlib import Path

import pytest

from core.data.dataset import Split
from core.data.edits.edits import NO_EDITS
from core.errors import RunError
from core.report.reported_run import read_reported_run, run_folder_of
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from tests.reported_runs import LABELS, finished_run
from tests.run_folders import make_run


def test_a_finished_run_is_known_whole(tmp_path: Path) -> None:
    run = read_reported_run(finished_run(tmp_path))
    assert run.gaps == ()
    assert run.labels == LABELS
    assert run.counts()[Split.TRAINING, 0] == 4
    assert run.end is not None
    assert run.end.seconds == 75
    assert run.figures is not None
    assert run.figures.measured_on is Split.TEST
    assert run.checksum == hashlib.sha256(b"weights").hexdigest()
    assert len(run.created) == len("2026-01-02 03:04")


@pytest.mark.parametrize(
    ("lost", "gap"),
    [
        ("model/model.json", "no model"),
        ("model/model.tflite", "no LiteRT file"),
        ("predictions.jsonl", "no results"),
        ("images.jsonl", "no record of the pictures"),
        ("history.jsonl", "no curves"),
    ],
)
def test_what_is_lost_is_said_and_the_rest_is_told(tmp_path: Path, lost: str, gap: str) -> None:
    path = finished_run(tmp_path)
    (path / lost).unlink()
    run = read_reported_run(path)
    assert [each for each in run.gaps if gap in each]
    assert run.labels == LABELS
    assert run.figures is not None or lost == "predictions.jsonl"


@pytest.mark.parametrize("damaged", ["model/model.json", "predictions.jsonl", "images.jsonl"])
def test_what_is_damaged_is_said_by_name(tmp_path: Path, damaged: str) -> None:
    path = finished_run(tmp_path)
    (path / damaged).write_text("{ nonsense")
    [gap] = [each for each in read_reported_run(path).gaps if "can't be used" in each]
    assert Path(damaged).name in gap


def test_a_run_that_hasnt_finished_has_no_model_yet(tmp_path: Path) -> None:
    run = read_reported_run(make_run(tmp_path, LABELS, {}, training_counts=(2, 2, 2)))
    assert "The run hasn't finished, so it has no model yet." in run.gaps
    assert run.labels == LABELS
    assert run.figures is None


def test_a_folder_that_is_no_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="is not a run folder"):
        read_reported_run(tmp_path)


def test_name_and_note_come_from_the_run_or_else_the_folder(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    assert read_reported_run(path).name == "run"
    (path / "run.json").write_text(json.dumps({"schema": 1, "name": "Best", "note": "for Ann"}))
    run = read_reported_run(path)
    assert (run.name, run.note) == ("Best", "for Ann")
    for content in ('{"name": 7, "note": []}', "[]", "{", '{"name": "  "}'):
        (path / "run.json").write_text(content)
        run = read_reported_run(path)
        assert (run.name, run.note) == ("run", "")


def test_the_model_folder_stands_for_its_run(tmp_path: Path) -> None:
    path = finished_run(tmp_path)
    assert run_folder_of(path / "model") == path
    assert run_folder_of(path) == path


def test_edits_are_noticed(tmp_path: Path) -> None:
    assert not read_reported_run(finished_run(tmp_path)).is_edited
    edits = NO_EDITS.rename_class(LABELS, "rose", "Rose")
    edited = RunFolder.create(tmp_path / "edited", TrainConfig(), [], edits)
    assert read_reported_run(edited.path).is_edited

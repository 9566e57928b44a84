"""Commands take a run by its name."""

import json
import shutil
from pathlib import Path

import pytest

from core.cli.classify_arguments import window_call
from core.cli.main import main
from core.library.entry import Entry
from core.library.library import create_entry
from core.project.project import Project
from core.runs.run_label import RunLabel, write_run_label
from tests.models import LABELS, PHOTOS
from tests.reported_runs import finished_run


@pytest.fixture
def entry() -> Entry:
    return create_entry(Project(name="Flowers"))


@pytest.fixture
def run(entry: Entry, tmp_path: Path, monkeypatch) -> Path:
    """A run called "Best one" of a project of the library."""
    made = finished_run(tmp_path / "made")
    entry.runs_dir.mkdir()
    path = entry.runs_dir / "2026-11-27 02.15.57"
    shutil.move(made, path)
    write_run_label(path, RunLabel("Best one"))
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize(("suffix", "start"), [("html", b"<!DOCTYPE"), ("pdf", b"%PDF-")])
def test_a_report(fieldguide, run: Path, tmp_path: Path, suffix: str, start: bytes) -> None:
    output = tmp_path / f"report.{suffix}"
    done = fieldguide("report", "Best one", "--output", output)
    assert (done.returncode, done.stderr) == (0, f"Report written to {output}\n".encode())
    assert output.read_bytes().startswith(start)


def test_a_resumed_run(run: Path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(
        "core.cli.run_display.follow_run", lambda request, *, as_json: asked.append(request) or 0
    )
    assert main(["resume", "best one"]) == 0
    assert asked[0].run_dir == run


def test_a_model_that_classifies(run: Path, model: Path, capsys) -> None:
    shutil.rmtree(run / "model")
    shutil.copytree(model, run / "model")
    assert main(["classify", "--model", "Best one", "--json", str(PHOTOS / "cat.jpg")]) == 0
    assert json.loads(capsys.readouterr().out)["label"] == "cat"
    images = run.parent / "images"
    for name in LABELS:
        (images / name).mkdir(parents=True)
        shutil.copy(PHOTOS / f"{name}.jpg", images / name)
    assert main(["evaluate", str(images), "--model", "Best one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == 1.0


def test_a_model_that_is_exported(run: Path, monkeypatch) -> None:
    asked = []

    def note(request, _display):
        asked.append(request)
        raise KeyboardInterrupt

    monkeypatch.setattr("core.cli.run_display.displayed_events", note)
    main(["export", "--format", "onnx", "--model", "Best one"])
    assert asked[0].model_dir == run / "model"


def test_a_model_of_the_small_window(run: Path, capsys) -> None:
    assert window_call(["--window", "--model", "Best one", "a.jpg"]).model == str(run)
    with pytest.raises(SystemExit) as end:
        window_call(["--window", "--model", "Worst", "a.jpg"])
    assert end.value.code == 1
    assert "no run is called that" in capsys.readouterr().err


@pytest.mark.parametrize(
    "call",
    [
        ["resume", "Best"],
        ["report", "Best", "--output", "r.html"],
        ["classify", "a.jpg", "--model", "Best"],
        ["export", "--format", "onnx", "--model", "Best"],
    ],
    ids=lambda call: call[0],
)
def test_a_name_of_several_runs_is_one_line_that_lists_them(
    entry: Entry, tmp_path: Path, call: list[str], capsys
) -> None:
    first = finished_run(tmp_path / "a")
    second = finished_run(tmp_path / "b")
    entry.refer_to_runs([first])
    create_entry(Project(name="Trees")).refer_to_runs([second])
    for run_dir in (first, second):
        write_run_label(run_dir, RunLabel("Best"))
    assert main(call) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "2 runs are called “Best”" in line
    assert f"{first} (project “Flowers”)" in line
    assert f"{second} (project “Trees”)" in line

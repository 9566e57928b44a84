"""`fieldguide report`, as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli.main import main
from core.cli.report_arguments import pdf_call
from tests.conftest import CHECKOUT
from tests.program import Outcome
from tests.reported_runs import finished_run


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    return finished_run(tmp_path)


def test_html_is_written_and_said(run_dir: Path, tmp_path: Path, capsys) -> None:
    output = tmp_path / "new folder" / "report.html"
    assert main(["report", str(run_dir), "--output", str(output)]) == 0
    assert output.read_bytes().startswith(b"<!DOCTYPE html>")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"Report written to {output}\n"


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_an_existing_file_is_kept_without_force(fieldguide, run_dir, tmp_path, suffix) -> None:
    output = tmp_path / f"report.{suffix}"
    output.write_text("precious")
    call = ("report", run_dir, "--output", output)
    refused = fieldguide(*call)
    assert refused.returncode == 1
    assert output.read_text() == "precious"
    [line] = refused.stderr.decode().splitlines()
    assert "exists already and is not overwritten" in line
    assert fieldguide(*call, "--force").returncode == 0
    assert output.read_bytes()[:5] in (b"<!DOC", b"%PDF-")


@pytest.mark.parametrize("suffix", ["html", "pdf"])
def test_a_folder_that_is_no_run_is_one_line(fieldguide, tmp_path: Path, suffix: str) -> None:
    done = fieldguide("report", tmp_path, "--output", tmp_path / f"r.{suffix}")
    assert done.returncode == 1
    [line] = done.stderr.decode().splitlines()
    assert "is not a run folder" in line
    assert not list(tmp_path.glob("r.*"))


def test_another_suffix_is_wrong_usage(fieldguide, run_dir: Path) -> None:
    done = fieldguide("report", run_dir, "--output", "report.docx")
    assert done.returncode == 2
    assert b"must end in .html or .pdf" in done.stderr


def test_a_pdf_needs_no_display(run_dir: Path, tmp_path: Path) -> None:
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    output = tmp_path / "report.pdf"
    done = subprocess.run(
        [sys.executable, CHECKOUT / "main.py", "report", run_dir, "--output", output],
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, f"Report written to {output}\n")
    assert output.read_bytes().startswith(b"%PDF-")


def test_a_report_as_html_loads_neither_qt_nor_tensorflow(run_dir: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from main import main; main(); "
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    output = tmp_path / "report.html"
    done = subprocess.run(
        [sys.executable, "-c", code, "report", run_dir, "--output", output],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert not {"PySide6", "tensorflow", "gui"} & set(done.stdout.split())


def test_only_a_pdf_is_the_windows_part(tmp_path: Path) -> None:
    assert pdf_call(["run", "--output", "a.html"]) is None
    call = pdf_call(["run", "other", "--output", "a.pdf", "--force"])
    assert call is not None
    assert (call.runs, call.output.name, call.force) == (
        (Path("run"), Path("other")),
        "a.pdf",
        True,
    )
    assert call.output.is_absolute()


def test_a_full_disk_is_one_line_and_no_file(fieldguide, run_dir: Path, small_disk) -> None:
    small_disk.fill(4096)
    for suffix in ("html", "pdf"):
        done = fieldguide("report", run_dir, "--output", small_disk.path / f"report.{suffix}")
        assert done.returncode == 1
        [line] = done.stderr.decode().splitlines()
        assert "No space left on device" in line
        assert f"report.{suffix}" in line
    assert [path.name for path in small_disk.path.iterdir()] == ["other"]


@pytest.mark.slow
def test_a_run_that_was_really_trained_is_reported(trained: Outcome, runs: Path, tmp_path) -> None:
    assert trained.code == 0
    output = tmp_path / "report.html"
    assert main(["report", str(runs / "first"), "--output", str(output)]) == 0
    page = output.read_text(encoding="utf-8")
    accuracy = f"{100 * trained.last['test_accuracy']:.1f}%"
    assert f'<span class="value">{accuracy}</span>' in page
    assert page.count("data:image/jpeg;base64,") > 10
    assert "This file is not there." not in page
    assert "changed since the training" not in page
    assert 'class="note">The run' not in page

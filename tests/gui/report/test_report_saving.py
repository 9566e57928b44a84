"""Reports are saved from the window, in the background."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.report.report_saving import ReportSaving
from tests.reported_runs import finished_run


@pytest.fixture
def saving(qtbot) -> ReportSaving:
    window = QWidget()
    qtbot.addWidget(window)
    return ReportSaving(window)


@pytest.mark.parametrize(("suffix", "start"), [("html", b"<!DOCTYPE"), ("pdf", b"%PDF-")])
def test_a_report_is_written_and_said(qtbot, saving, tmp_path: Path, suffix, start) -> None:
    path = tmp_path / f"report.{suffix}"
    path.write_text("as the dialog has asked, this is replaced")
    statuses: list[str] = []
    saving.status_changed.connect(statuses.append)
    with qtbot.waitSignal(saving.saved, timeout=30_000) as saved:
        saving.save([finished_run(tmp_path)], path)
    assert saved.args == [path]
    assert path.read_bytes().startswith(start)
    qtbot.waitUntil(lambda: statuses == ["Writing the report", ""])


def test_a_run_that_is_gone_is_said(qtbot, saving, tmp_path: Path) -> None:
    with qtbot.waitSignal(saving.failed, timeout=30_000) as failed:
        saving.save([tmp_path / "gone"], tmp_path / "report.html")
    assert "is not a run folder" in failed.args[0]
    assert not (tmp_path / "report.html").exists()


def test_the_dialog_saves_what_it_was_asked_for(qtbot, saving, tmp_path: Path) -> None:
    saving.ask([finished_run(tmp_path)])
    [dialog] = saving.parent().findChildren(QFileDialog)
    assert dialog.defaultSuffix() == "html"
    dialog.filterSelected.emit("PDF (*.pdf)")
    assert dialog.defaultSuffix() == "pdf"
    with qtbot.waitSignal(saving.saved, timeout=30_000):
        dialog.fileSelected.emit(str(tmp_path / "mine.pdf"))
    assert (tmp_path / "mine.pdf").read_bytes().startswith(b"%PDF-")
    dialog.close()


def test_a_name_of_another_form_is_refused(qtbot, saving, tmp_path: Path) -> None:
    saving.ask([tmp_path])
    [dialog] = saving.parent().findChildren(QFileDialog)
    with qtbot.waitSignal(saving.failed) as failed:
        dialog.fileSelected.emit(str(tmp_path / "mine.docx"))
    assert ".html or .pdf" in failed.args[0]
    dialog.close()

"""The file of a report: whole or not there, and never written over by accident."""

from pathlib import Path

import pytest

from core.errors import StorageError
from core.report.report_file import ReportForm, report_form, require_free, write_report_file


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.html", ReportForm.HTML),
        ("a.HTM", ReportForm.HTML),
        ("a.b.Pdf", ReportForm.PDF),
        ("a.docx", None),
        ("html", None),
    ],
)
def test_the_suffix_tells_the_form(name: str, form: ReportForm | None) -> None:
    assert report_form(Path(name)) is form


def test_an_existing_file_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report_file(path, b"first", force=False)
    with pytest.raises(StorageError, match="exists already and is not overwritten"):
        write_report_file(path, b"second", force=False)
    assert path.read_bytes() == b"first"
    write_report_file(path, b"second", force=True)
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_that_leads_nowhere_is_something_too(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.symlink_to(tmp_path / "gone")
    with pytest.raises(StorageError, match="exists already"):
        require_free(path, force=False)


def test_a_folder_is_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "report.html"
    folder.mkdir()
    with pytest.raises(StorageError, match="is a folder"):
        write_report_file(folder, b"", force=True)


def test_a_full_disk_leaves_what_was_there(small_disk) -> None:
    path = small_disk.path / "report.html"
    path.write_bytes(b"first")
    small_disk.fill(20_000)
    with pytest.raises(StorageError, match=r"Can't write .*report\.html: .*space"):
        write_report_file(path, bytes(100_000), force=True)
    assert path.read_bytes() == b"first"
    assert sorted(each.name for each in small_disk.path.iterdir()) == ["other", "report.html"]

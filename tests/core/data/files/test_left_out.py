import pytest

from core.data.files.left_out import LeftOut
from core.data.files.other_content import OtherContent


@pytest.fixture
def several():
    left_out = LeftOut()
    for number in range(8):
        left_out.add(OtherContent.TEXT, f"{number}.txt", by_name=True)
    for number in range(3):
        left_out.add(OtherContent.PDF, f"{number}.pdf", by_name=True)
    left_out.add(OtherContent.VIDEO, "film.mp4", by_name=True)
    return left_out


def test_one_sentence_tells_number_and_kinds(several):
    assert several.finding_text() == (
        "12 other files are left out: 8 text files, 3 PDF documents (such as 0.pdf) and "
        "1 video (film.mp4)."
    )


def test_one_file_is_told_in_the_singular():
    left_out = LeftOut()
    left_out.add(OtherContent.UNKNOWN, "07", by_name=False)
    assert left_out.finding_text() == "1 other file is left out: 1 file of an unknown format (07)."


def test_images_of_other_formats_and_pointers_come_with_advice():
    left_out = LeftOut()
    left_out.add(OtherContent.DICOM, "IM0001", by_name=False)
    left_out.add(OtherContent.LFS_POINTER, "1", by_name=False)
    text = left_out.nothing_found_text("/x")
    assert text.startswith("/x holds 2 files, and none is a picture that Fieldguide reads: 1 DICOM")
    assert "Export pictures of other formats as PNG or TIFF first." in text
    assert "“git lfs pull”" in text


def test_a_place_without_any_file_holds_no_pictures():
    assert LeftOut().nothing_found_text("/x") == "/x holds no pictures."
    assert LeftOut().nothing_found_reason() == "holds no picture"
    assert "“cat” holds no pictures" in LeftOut().empty_class_text("cat")


def test_the_example_is_the_first_by_name_of_those_that_are_missed():
    left_out, other = LeftOut(), LeftOut()
    left_out.add(OtherContent.WEB_PAGE, "a.html", by_name=True)
    left_out.add(OtherContent.WEB_PAGE, "09", by_name=False)
    other.add(OtherContent.WEB_PAGE, "08", by_name=False)
    left_out.add_all(other)
    assert "3 web pages (such as 08)" in left_out.finding_text()


def test_a_name_of_an_archive_fits_the_record(tmp_path):
    left_out = LeftOut()
    left_out.add(OtherContent.UNKNOWN, "\udce9" * 1_000_000, by_name=False)
    left_out.write(tmp_path / "a.jsonl")
    assert LeftOut.read(tmp_path / "a.jsonl") == left_out


def test_names_keep_their_percent_signs():
    left_out = LeftOut()
    left_out.add(OtherContent.UNKNOWN, "%1%n(s)", by_name=False)
    assert "(%1%n(s))" in left_out.finding_text()


@pytest.mark.parametrize(
    ("content", "name", "by_name", "is_notable"),
    [
        (OtherContent.TEXT, "a.txt", True, False),
        (OtherContent.ANNOTATIONS, "a.json", True, False),
        (OtherContent.WEB_PAGE, "a.html", True, False),
        (OtherContent.TEXT, "README", False, False),
        (OtherContent.TEXT, "07", False, True),
        (OtherContent.WEB_PAGE, "07", False, True),
        (OtherContent.EMPTY, "README", False, True),
        (OtherContent.VIDEO, "a.mp4", True, True),
        (OtherContent.DICOM, "a.dcm", True, True),
    ],
)
def test_only_what_a_user_may_miss_is_notable(content, name, by_name, is_notable):
    left_out = LeftOut()
    left_out.add(content, name, by_name=by_name)
    assert left_out.is_notable is is_notable


def test_what_was_written_is_read(several, tmp_path):
    several.add(OtherContent.UNKNOWN, "caf\udce9", by_name=False)
    several.write(tmp_path / "a.jsonl")
    assert LeftOut.read(tmp_path / "a.jsonl") == several
    LeftOut().write(tmp_path / "b.jsonl")
    assert LeftOut.read(tmp_path / "b.jsonl") == LeftOut()


@pytest.mark.parametrize(
    "line",
    [
        "[",
        "[]",
        '{"content": "pdf"}',
        '{"content": "gold", "count": 1, "name": "a"}',
        '{"content": "pdf", "count": -1, "name": "a"}',
        '{"content": "pdf", "count": "1", "name": "a"}',
    ],
)
def test_a_damaged_record_is_refused(tmp_path, line):
    (tmp_path / "a.jsonl").write_text(line + "\n")
    with pytest.raises(ValueError, match=r"."):
        LeftOut.read(tmp_path / "a.jsonl")

import codecs
import os
import unicodedata

import pytest

from core.csv_cells import text_cell
from core.data.dataset import FindingKind, ImageSource, Split
from core.data.lists.csv_list import read_csv_list
from core.data.scanning.scan import scan_images
from core.errors import DatasetError


@pytest.fixture
def read(tmp_path):
    for name in ("1.jpg", "2.jpg", "in/3.jpg", "a, b.jpg", "no-suffix"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()

    def run(content, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        found = read_csv_list(path)
        rows = [(os.path.relpath(i.path, tmp_path), i.label, i.split) for i in found.images]
        return rows, [finding.kind for finding in found.findings]

    return run


ROWS = [("1.jpg", "cat", None), ("in/3.jpg", "dog", None)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("1.jpg,cat\nin/3.jpg,dog\n", "list.csv"),
        ("path,label\n1.jpg,cat\nin/3.jpg,dog", "list.csv"),
        ("Label , FileName\ncat,1.jpg\n\n dog , in/3.jpg \n", "list.csv"),
        ("class;id;image\r\ncat;7;1.jpg\r\ndog;8;in/3.jpg\r\n", "list.csv"),
        ("file\tclass\n1.jpg\tcat\nin/3.jpg\tdog\n", "list.TSV"),
        (codecs.BOM_UTF8 + b"path,label\n1.jpg,cat\nin/3.jpg,dog\n", "list.csv"),
        ("path,label\n1.jpg,cat\nin/3.jpg,dog\n".encode("utf-16"), "list.csv"),
        ("path,label\n1.jpg,cat\nin\\3.jpg,dog\n", "list.csv"),
        ("image_id,breed\n1,cat\n3,dog\n", "labels.csv"),
        ("id,category\n1.JPG,cat\nIN/3.jpg,dog\n", "list.csv"),
        ("image,label\nC:\\data\\1.jpg,cat\nC:\\data\\in\\3.jpg,dog\n", "list.csv"),
        ("/home/somebody/1.jpg,cat\n3.jpg,dog\n", "list.csv"),
        ("filename,cat,dog\n1.jpg,1,0\nin/3.jpg,0,1\n", "_classes.csv"),
    ],
    ids=[
        *("bare", "header", "swapped", "semicolons", "tsv", "bom", "utf-16", "backslash"),
        *("no-suffix", "case", "windows", "elsewhere", "one-hot"),
    ],
)
def test_lists_of_many_makers_are_read(read, content, name):
    rows, findings = read(content, name)
    assert rows == ROWS
    assert findings == []


def test_splits_are_read(read):
    rows, _ = read("path,label,set\n1.jpg,a,Train\n2.jpg,a,valid\nin/3.jpg,b,TEST\nno-suffix,b,\n")
    assert [split for _, _, split in rows] == [Split.TRAINING, Split.VALIDATION, Split.TEST, None]
    rows, _ = read("1.jpg,a,val\n")
    assert rows == [("1.jpg", "a", Split.VALIDATION)]
    rows, _ = read("val,1.jpg,a\ntrain,2.jpg,b\n")
    assert rows == [("1.jpg", "a", Split.VALIDATION), ("2.jpg", "b", Split.TRAINING)]


def test_windows_text_is_read_and_finds_files(read, tmp_path):
    (tmp_path / "größe.jpg").touch()
    rows, _ = read("path,label\ngröße.jpg,Käfer\n".encode("cp1252"))
    assert rows == [("größe.jpg", "Käfer", None)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_unicode_forms_find_each_other(read, tmp_path, form):
    name = unicodedata.normalize("NFD" if form == "NFC" else "NFC", "größe.jpg")
    (tmp_path / name).touch()
    rows, _ = read(unicodedata.normalize(form, "größe.jpg") + ",a\n")
    assert rows == [(name, "a", None)]


def test_what_is_not_clear_stays_missing(read, tmp_path):
    for name in ("other/3.jpg", "train/9.jpg", "test/8.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    rows, findings = read("3.jpg,a\ntrain/8.jpg,a\nin/9.jpg,a\n/x/cat/9.jpg,a\n/x/in/3.jpg,b\n")
    assert rows == [("in/3.jpg", "b", None)]
    assert findings == [FindingKind.MISSING] * 4


@pytest.mark.parametrize(
    ("content", "split"),
    [
        ("id,species,date\n1.jpg,cat,2024\n2.jpg,cat,2024\nin/3.jpg,dog,2024\n", None),
        ("id,species\n1.jpg,cat\n2.jpg,cat\nin/3.jpg,dog\n", None),
        ("name,label\n1.jpg,cat\n2.jpg,cat\nin/3.jpg,dog\n", None),
        ("image,species\n1.jpg,cat\n2.jpg,cat\nin/3.jpg,dog\n", None),
        ("Art;Bild;Grad;Tag\ncat;1;.5;3/8/24\ncat;2;.5;3/8/24\ndog;3;.7;4/8/24\n", None),
        ("bild,cat,dog\n1.jpg,1,0\n2.jpg,1,0\nin/3.jpg,0,1\n", None),
        ("bild,art,teil\n1.jpg,cat,val\n2.jpg,cat,val\nin/3.jpg,dog,val\n", Split.VALIDATION),
        ("bild,art\n2.jpg,cat\n1.jpg,cat\nin/3.jpg,dog\n", None),
    ],
    ids=["date", "two", "named-label", "named-path", "german", "one-hot", "split", "order"],
)
def test_cells_tell_the_columns_that_names_do_not(read, content, split):
    rows, findings = read(content)
    assert sorted(rows) == [
        ("1.jpg", "cat", split),
        ("2.jpg", "cat", split),
        ("in/3.jpg", "dog", split),
    ]
    assert findings == []


@pytest.mark.parametrize(
    "content", ["bild,art\n1.jpg,cat\n3.jpg,dog\n", "bild,art\n1,cat\n3,dog\n"]
)
def test_a_header_of_two_unknown_names_is_no_picture(read, content):
    assert read(content) == (ROWS, [])


def test_a_first_picture_that_is_gone_is_no_header(read):
    rows, findings = read("gone,cat\n1,cat\n3,dog\n")
    assert (rows, findings) == (ROWS, [FindingKind.MISSING])


def test_long_cells_are_numbers_or_not_at_once(read):
    number = "1" * 100_000
    with pytest.raises(DatasetError, match="no column named label"):
        read(f"path,x\n1.jpg,{number}\n2.jpg,{number}\nin/3.jpg,{number}2\n")


def test_a_class_may_be_called_like_a_column(read):
    rows, _ = read("1.jpg,target\nin/3.jpg,class\n")
    assert rows == [("1.jpg", "target", None), ("in/3.jpg", "class", None)]


def test_a_row_of_several_classes_is_a_finding(read):
    rows, findings = read("filename,cat,dog\n1.jpg,1,0\n2.jpg,1,1\nin/3.jpg,0,0\n")
    assert rows == [("1.jpg", "cat", None)]
    assert findings == [FindingKind.BAD_ROW] * 2


def test_quoted_cells_and_any_script(read):
    rows, _ = read('path,label\n"a, b.jpg","日本 ""x"""\n')
    assert rows == [("a, b.jpg", '日本 "x"', None)]


@pytest.mark.parametrize("name", ["=1.jpg", "-1.jpg", "@1.jpg", "+1.jpg", "'=1.jpg"])
def test_cells_as_our_tables_write_them_are_read(read, tmp_path, name):
    (tmp_path / name).touch()
    rows, findings = read(f"path,label\n{text_cell(name)},{text_cell('-cat')}\n")
    assert rows == [(name, "-cat", None)]
    assert findings == []


def test_names_that_are_no_utf8_are_found(read, tmp_path):
    name = os.fsdecode(b"\xe9.jpg")
    (tmp_path / name).touch()
    rows, _ = read(b"path,label\n\xe9.jpg,caf\xe9\n")
    assert rows == [(name, "café", None)]


def test_absolute_paths_are_kept(read, tmp_path):
    rows, _ = read(f"{tmp_path}/1.jpg,cat\n")
    assert rows == [("1.jpg", "cat", None)]


def test_rows_that_cannot_be_used_become_findings(read):
    rows, findings = read("path,label,split\n1.jpg,\ngone.jpg,cat\n2.jpg,cat,later\n1.jpg,cat\n")
    assert rows == [("1.jpg", "cat", None)]
    assert findings == [FindingKind.BAD_ROW, FindingKind.MISSING, FindingKind.BAD_ROW]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("path,species\n1.jpg,cat\n", "no column named label or class.*path, species"),
        ("name,label\ngone.jpg,cat\n", "no column named path"),
        ("path,day\n1.jpg,2024\n2.jpg,2024\nin/3.jpg,2025\nno-suffix,2025\n", "no column named l"),
        (
            "id,species,place\n1.jpg,a,x\n2.jpg,a,y\nin/3.jpg,b,y\nno-suffix,b,x\n",
            "several may be it: species, place",
        ),
        (b"\xff\xfe\x00", "no readable CSV"),
    ],
    ids=["no-label", "no-path", "dates", "several", "broken-utf-16"],
)
def test_lists_that_cannot_be_understood_are_refused(read, content, message):
    with pytest.raises(DatasetError, match=message):
        read(content)


def test_a_list_without_end_is_not_read(tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(DatasetError, match=r"large\.csv is larger than 512 MiB"):
        read_csv_list(tmp_path / "large.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DatasetError, match=r"pipe\.csv is no file"):
        read_csv_list(tmp_path / "pipe.csv")


def test_a_list_is_a_source(tmp_path, read):
    read("path,label,split\n1.jpg,cat,train\n2.jpg,dog,train\ngone.jpg,dog,test\n1.jpg,cat,train\n")
    dataset = scan_images([ImageSource(tmp_path / "list.csv")], archive_dir=tmp_path / "archives")
    assert dataset.labels == ("cat", "dog")
    assert [image.path.name for image in dataset.images] == ["1.jpg", "2.jpg"]
    (missing,) = dataset.findings
    assert (missing.kind, missing.path) == (FindingKind.MISSING, tmp_path / "gone.jpg")
    assert "Line 4 of list.csv" in missing.detail


def test_a_list_of_nothing_is_refused(tmp_path, read):
    read("gone.jpg,cat\n")
    with pytest.raises(DatasetError, match="lists no picture that is there"):
        scan_images([ImageSource(tmp_path / "list.csv")], archive_dir=tmp_path / "archives")

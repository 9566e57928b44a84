"""Files are images by name, or by their first bytes where the name says nothing."""

import io
import os
import socket
from pathlib import Path

import pytest
from PIL import Image

from core.data.files import recognition
from core.data.files.other_content import CONTENT_BY_SUFFIX, OtherContent
from core.data.files.recognition import content_of_file, content_of_start, is_image_file
from core.image_reading import foreign_content
from core.image_reading.image_formats import IMAGE_SUFFIXES
from tests.odd_images import odd_images, quartered


def encoded(form, **options):
    """An image file's bytes."""
    with io.BytesIO() as file:
        quartered().save(file, form, **options)
        return file.getvalue()


JPEG = encoded("JPEG")
FORMS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "ICO", "JPEG2000"]
ODD_NAMES = ["07", "08.jpg_large", "09.jpg?w=600", "x.jpeg.1", "a.", "IMG.2021.01", "a.php", "Bild"]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("form", FORMS)
def test_an_odd_name_hides_no_image(tmp_path, name, form):
    (tmp_path / name).write_bytes(encoded(form))
    assert is_image_file(tmp_path / name)


@pytest.mark.parametrize(
    "image", [each for each in odd_images() if each.reason is None], ids=lambda each: each.name
)
def test_every_image_that_can_be_read_is_recognised_without_its_name(image):
    assert content_of_start(image.content[: recognition.START_BYTES]) is None


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", OtherContent.EMPTY),
        (b"plain words", OtherContent.TEXT),
        ("schöne Grüße".encode(), OtherContent.TEXT),
        ("schöne Grüße".encode()[:4], OtherContent.TEXT),  # cut within a letter
        (b"BMW and others\0\1", OtherContent.UNKNOWN),
        (b"BM" + bytes(100), OtherContent.UNKNOWN),
        (b"P6 hello \xff\xfe\0", OtherContent.UNKNOWN),
        (b"\0\0\1\0\0\0", OtherContent.UNKNOWN),
        (bytes(3000), OtherContent.UNKNOWN),
        (b"%PDF-1.7\n", OtherContent.PDF),
        (b"PK\3\4rest", OtherContent.ARCHIVE),
        (bytes(128) + b"DICM" + bytes(50), OtherContent.DICOM),
        (b"II*\0" + bytes(124) + b"DICM" + bytes(50), OtherContent.DICOM),
        (b"8BPS\0\1", OtherContent.PHOTOSHOP),
        (b"II*\0\x10\0\0\0CR\2\0", OtherContent.CAMERA_RAW),
        (b"\0\0\0\x18ftypisom", OtherContent.VIDEO),
        (b"<!DOCTYPE html><html>404", OtherContent.WEB_PAGE),
        (b"<?xml version='1.0'?><svg>", OtherContent.SVG),
        (b"version https://git-lfs.github.com/spec/v1\n", OtherContent.LFS_POINTER),
        (b"\x7fELF\2", OtherContent.PROGRAM),
        (b"gimp xcf v011", OtherContent.UNREAD_IMAGE),
        (b"\x93NUMPY\1\0", OtherContent.DATA),
        (b"\x93\xa1\xf3\x99\x01", OtherContent.UNKNOWN),
    ],
)
def test_other_files_are_told_by_their_first_bytes(tmp_path, content, expected):
    (tmp_path / "07").write_bytes(content)
    assert content_of_file(str(tmp_path / "07")) is expected
    assert not is_image_file(tmp_path / "07")


def test_every_reason_of_foreign_content_is_a_kind_of_its_own():
    """None may fall into "unknown", which tells a user less."""
    starts = [start for start, _ in foreign_content._SIGNATURES]
    starts += [bytes(offset) + start for offset, start, _ in foreign_content._UNREAD_FORMATS]
    starts += [b"<html>", b"<svg>", b"<?xml?>", b"RIFF\0\0\0\0AVI "]
    for start in starts:
        assert content_of_start(start + b"\0") is not OtherContent.UNKNOWN, start


@pytest.mark.parametrize("name", ["a.txt", "a.CSV", "a.json", "a.pdf", "a.MP4", "a.dcm", "a.nef"])
def test_a_known_suffix_of_something_else_needs_no_reading(tmp_path, name, monkeypatch):
    (tmp_path / name).write_bytes(JPEG)
    monkeypatch.setattr(recognition.os, "open", None)
    assert not is_image_file(tmp_path / name)


def test_an_image_by_name_needs_no_reading(tmp_path, monkeypatch):
    monkeypatch.setattr(recognition.os, "open", None)
    assert is_image_file(tmp_path / "gone.jpg")


def test_no_suffix_has_two_meanings():
    assert not CONTENT_BY_SUFFIX.keys() & IMAGE_SUFFIXES
    suffixes = [suffix for content in OtherContent for suffix in content.suffixes]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.timeout(20)
def test_what_is_no_regular_file_is_no_image_and_nobody_waits(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "07")
    (tmp_path / "08").mkdir()
    (tmp_path / "09").symlink_to("nowhere")
    (tmp_path / "10").symlink_to("10")
    (tmp_path / "11").symlink_to("/dev/zero")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("12")
        for name in ("07", "08", "09", "10", "11", "12", "13"):
            assert not is_image_file(tmp_path / name), name
    assert not is_image_file(Path("a\0b"))
    assert content_of_file(str(tmp_path / "07")) is OtherContent.NO_FILE
    assert content_of_file(str(tmp_path / "11")) is OtherContent.NO_FILE


def test_a_link_to_an_image_is_one(tmp_path):
    (tmp_path / "07").write_bytes(JPEG)
    (tmp_path / "08").symlink_to("07")
    assert is_image_file(tmp_path / "08")


def test_a_file_that_cant_be_opened_is_told_so(tmp_path, monkeypatch):
    (tmp_path / "07").write_bytes(JPEG)
    for error, expected in (
        (PermissionError(13, "Permission denied"), OtherContent.FORBIDDEN),
        (OSError(5, "Input/output error"), OtherContent.UNREADABLE),
    ):

        def refuse(*_arguments, error=error):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(recognition.os, "open", refuse)
            assert content_of_file(str(tmp_path / "07")) is expected
            assert not is_image_file(tmp_path / "07")


def test_a_huge_sparse_file_is_read_at_its_start_alone(tmp_path):
    with (tmp_path / "07").open("wb") as file:
        file.write(JPEG)
        file.truncate(1 << 40)
    assert is_image_file(tmp_path / "07")


def test_the_bitmaps_of_all_header_sizes_are_recognised():
    for mode in ("1", "L", "RGB", "RGBA"):
        with io.BytesIO() as file:
            Image.new(mode, (9, 9)).save(file, "BMP")
            assert content_of_start(file.getvalue()) is None

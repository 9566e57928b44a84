"""Thumbnails in a report: small, few, and honest about what is missing."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from core.report import report_image
from core.report.report_image import SIDE, ReportImages


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    Image.effect_noise((900, 600), 60).convert("RGB").save(path)
    return path


def test_an_image_becomes_a_small_jpeg_of_its_proportions(photo: Path) -> None:
    found = ReportImages().image(photo)
    assert found.size == (SIDE, SIDE * 600 // 900)
    assert Image.open(io.BytesIO(found.jpeg)).size == found.size
    assert found.problem == ""


@pytest.mark.parametrize("content", [None, b"no image", b""], ids=["missing", "text", "empty"])
def test_in_place_of_an_image_that_cant_be_read_stands_why(tmp_path: Path, content) -> None:
    path = tmp_path / "x.jpg"
    if content is not None:
        path.write_bytes(content)
    found = ReportImages().image(path)
    assert found.jpeg == b""
    assert found.path == path
    assert found.problem.startswith("This file ")


def test_a_path_that_no_file_can_have_is_told_like_a_missing_file(tmp_path: Path) -> None:
    assert ReportImages().image(Path("a\0b")).problem


def test_a_file_that_has_changed_since_the_training_says_so(photo: Path) -> None:
    known = hashlib.sha256(photo.read_bytes()).digest()
    assert ReportImages(hashes={photo: known}).image(photo).problem == ""
    changed = ReportImages(hashes={photo: bytes(32)}).image(photo)
    assert changed.jpeg
    assert changed.problem == "changed since the training"


def test_an_image_is_read_once_and_counted_each_time(photo, monkeypatch) -> None:
    images = ReportImages()
    size = len(images.image(photo).jpeg)
    monkeypatch.setattr(report_image, "_MOST_BYTES", 2 * size)
    photo.unlink()
    assert images.image(photo).jpeg
    assert images.image(photo).jpeg
    assert images.image(photo).problem == "left out to keep the report small"

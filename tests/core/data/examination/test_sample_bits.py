"""How many bits the samples of a set use: from all its images, not from one."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image

from core.data.dataset import FindingKind, ImageSource
from core.data.examination import sample_bits as module
from core.data.examination.image_index import ImageIndex
from core.data.examination.inspect import find_problems
from core.data.examination.sample_bits import find_sample_bits
from core.data.pixels.decoder import decode_image
from core.data.scanning.scan import scan_images
from tests.program import SAMPLE

PHOTO = np.asarray(Image.open(next(SAMPLE.rglob("*.jpg"))).convert("L").resize((64, 48)))
DARK = PHOTO // 8


def twelve_bits(gray):
    return np.rint(gray.astype(np.float64) * 4095 / 255).astype(np.uint16)


def tiff(values, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, **options)
    return buffer.getvalue()


def png(values, significant_bits=None):
    buffer = io.BytesIO()
    Image.fromarray(values).save(buffer, "PNG")
    content = buffer.getvalue()
    if significant_bits is None:
        return content
    data = b"sBIT" + bytes([significant_bits])
    chunk = struct.pack(">I", 1) + data + struct.pack(">I", zlib.crc32(data))
    return content[:33] + chunk + content[33:]


def found(folder, files):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with ImageIndex(folder / "index.sqlite") as index:
        bits = find_sample_bits([folder / name for name in files], index, lambda: None)
    return bits and bits.bits


@pytest.mark.parametrize("encode", [tiff, png], ids=["tiff", "png"])
def test_a_dark_image_has_the_white_of_its_set(tmp_path, encode):
    dark, bright = encode(twelve_bits(DARK)), encode(twelve_bits(PHOTO))
    assert found(tmp_path, {"dark.tif": dark, "bright.tif": bright}) == 12
    pixels = decode_image(dark, size=None, sample_bits=12)
    assert np.abs(pixels[..., 0].astype(int) - DARK).max() <= 1


def test_one_picture_is_told_of_as_one(tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(tiff(twelve_bits(PHOTO)))
    with ImageIndex(tmp_path / "index.sqlite") as index:
        bits = find_sample_bits([path], index, lambda: None)
    assert bits.text() == (
        "1 picture has 16 bits a value and does not say how many of them are in use. By the "
        f"largest value of all, in {path}, it is read as 12 bits."
    )


def test_without_its_set_an_image_is_read_by_its_own_largest_value(tmp_path):
    assert found(tmp_path, {"dark.tif": tiff(twelve_bits(DARK))}) == 10
    alone = decode_image(tiff(twelve_bits(PHOTO)), size=None)
    assert np.abs(alone[..., 0].astype(int) - PHOTO).max() <= 1


@pytest.mark.parametrize(
    "content",
    [
        tiff(PHOTO),
        tiff(twelve_bits(PHOTO), extratags=[(281, "H", 1, 4095, True)]),
        png(twelve_bits(PHOTO), 12),
        tiff(DARK.astype(np.uint16) * 257),
        tiff(PHOTO / np.float32(255)),
        b"II*\0 and no more",
        b"",
    ],
    ids=["8 bits", "MaxSampleValue", "sBIT", "scaled from 8 bits", "float", "damaged", "empty"],
)
def test_a_set_that_says_its_bits_has_nothing_to_find_out(tmp_path, content):
    assert found(tmp_path, {"a.tif": content}) is None


def test_formats_without_such_samples_are_not_even_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "may_be_undeclared", lambda _path: pytest.fail("was opened"))
    assert found(tmp_path, {"a.jpg": b"", "b.WEBP": b""}) is None


def test_a_picture_of_a_larger_range_is_named_with_how_many_it_darkens(tmp_path):
    bright = PHOTO.astype(np.uint16) * 256 + 3
    files = {
        "a.tif": tiff(twelve_bits(PHOTO)),
        "b.tif": tiff(twelve_bits(DARK)),
        "c.tif": tiff(bright),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with ImageIndex(tmp_path / "index.sqlite") as index:
        bits = find_sample_bits([tmp_path / name for name in files], index, lambda: None)
    assert (bits.bits, bits.num_images, bits.num_dim) == (16, 3, 2)
    assert "3 pictures have 16 bits a value" in bits.text()
    assert (
        f"in {tmp_path / 'c.tif'}, they are read as 16 bits. 2 of them are then almost"
        in bits.text()
    )


def test_a_stop_ends_the_search(tmp_path):
    def stop():
        raise KeyboardInterrupt

    with ImageIndex(tmp_path / "index.sqlite") as index, pytest.raises(KeyboardInterrupt):
        find_sample_bits([tmp_path / "a.tif"], index, stop)


def test_the_check_says_what_is_assumed_and_what_is_odd(tmp_path):
    for name in ("cat", "dog"):
        (tmp_path / "set" / name).mkdir(parents=True)
    (tmp_path / "set/cat/bits.tif").write_bytes(tiff(twelve_bits(PHOTO)))
    (tmp_path / "set/cat/flat.png").write_bytes(png(np.full((40, 40), 80, np.uint8)))
    pages = tiff(np.stack([PHOTO, PHOTO, DARK]), photometric="minisblack")
    (tmp_path / "set/dog/pages.tif").write_bytes(pages)
    with ImageIndex(tmp_path / "index.sqlite") as index:
        problems = find_problems(scan_images([ImageSource(tmp_path / "set")]), index)
    by_kind = {f.kind: f for f in problems}
    assert "12 bits" in by_kind[FindingKind.UNDECLARED_BITS].detail
    assert by_kind[FindingKind.UNDECLARED_BITS].sample_bits == 12
    assert by_kind[FindingKind.FLAT].path == tmp_path / "set/cat/flat.png"
    assert "3 pictures" in by_kind[FindingKind.MANY_PAGES].detail
    assert [f.path for f in problems if f.kind is FindingKind.FLAT] == [
        tmp_path / "set/cat/flat.png"
    ]

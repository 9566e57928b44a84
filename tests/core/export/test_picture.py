"""The reader that is copied beside artifacts sees what the program's own decoder sees."""

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.data.files.image_files import read_image_file
from core.data.pixels.decoder import ResizeMode, decode_image
from core.errors import ImageError
from core.models.predict_program import copy_predict_program
from tests.odd_images import encoded, odd_images, quartered

ODD = odd_images()
SIZE = (20, 24)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The module, imported as it lies beside an artifact."""
    folder = tmp_path_factory.mktemp("artifact")
    copy_predict_program("tflite.py", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        import picture

        yield picture
    for name in [n for n in sys.modules if n == "picture" or n.startswith("image_reading")]:
        del sys.modules[name]


def assert_as_the_program(
    reader: Any, path: Path, size: tuple[int, int], resize_mode: ResizeMode
) -> None:
    """The same pixels, or a refusal of both for the same reason."""
    expected, reason = None, ""
    try:
        expected = decode_image(read_image_file(path), size=size, resize_mode=resize_mode)
    except ImageError as error:
        reason = str(error)
    if expected is not None:
        assert np.array_equal(reader.read_picture(path, size, resize_mode.value), expected)
        return
    with pytest.raises(reader.PictureError) as refused:
        reader.read_picture(path, size, resize_mode.value)
    assert str(refused.value) == reason


@pytest.mark.parametrize("artifact", ["../model.tflite", "/etc/passwd", "a/../../b"])
def test_a_model_outside_of_the_folder_is_refused(artifact, reader, tmp_path):
    with pytest.raises(ValueError, match="outside of its folder"):
        reader.artifact_path(tmp_path, {"artifact": artifact})
    inside = reader.artifact_path(tmp_path, {"artifact": "saved_model/1"})
    assert inside == tmp_path / "saved_model/1"
    assert reader.artifact_path(tmp_path, {}, "model.tflite") == tmp_path / "model.tflite"


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize("image", ODD, ids=lambda image: image.name)
def test_odd_images_are_read_or_refused_alike(reader, image, resize_mode, tmp_path):
    path = tmp_path / image.name
    path.write_bytes(image.content)
    assert_as_the_program(reader, path, SIZE, resize_mode)


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_large_photographs_are_reduced_alike(reader, resize_mode, orientation, tmp_path):
    random = np.random.default_rng(0).integers(0, 256, (900, 1300, 3), np.uint8)
    path = tmp_path / "large.jpg"
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(random).save(path, quality=90, exif=exif)
    assert_as_the_program(reader, path, (40, 160), resize_mode)


def more_odd_files() -> dict[str, bytes]:
    """Kinds that are told apart by a few bytes, and pictures cut or bent in every way."""
    photo = encoded(quartered((300, 200)), "JPEG", quality=90)
    png = encoded(quartered((300, 200)), "PNG")
    lab = io.BytesIO()
    Image.new("LAB", (30, 20), (100, 120, 140)).save(lab, "TIFF")
    floats = io.BytesIO()
    Image.fromarray(np.full((4, 4), np.nan, np.float32)).save(floats, "TIFF")
    files = {
        "lab.tif": lab.getvalue(),
        "no-number.tif": floats.getvalue(),
        "film.jpg": b"\0\0\0\x18ftypisom" + bytes(50),
        "sound.jpg": b"RIFF\0\0\0\0WAVEfmt ",
        "archive.jpg": b"PK\x03\x04" + bytes(50),
        "program.jpg": b"\x7fELF" + bytes(50),
        "gzip.jpg": b"\x1f\x8b\x08" + bytes(50),
        "lfs.jpg": b"version https://git-lfs.github.com/spec/v1\n",
        "text.ppm": b"P3\n2 1\n255\n255 0 0  0 255 0\n",
        "tga.jpg": encoded(quartered(), "TGA"),
        "eps.jpg": encoded(quartered(), "EPS"),
        "damaged-exif.jpg": encoded(quartered(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "bomb.png": png[:16] + b"\0\0\xff\xff\0\0\xff\xff" + png[24:],
    }
    for fraction in (0.1, 0.5, 0.9):
        files[f"cut-{fraction}.jpg"] = photo[: int(fraction * len(photo))]
        files[f"cut-{fraction}.png"] = png[: int(fraction * len(png))]
    random = np.random.default_rng(9)
    for number in range(10):
        for name, content in (("jpg", photo), ("png", png)):
            bent = bytearray(content)
            bent[random.integers(20, len(bent))] ^= 0xFF
            files[f"bent-{number}.{name}"] = bytes(bent)
    return files


MORE = more_odd_files()


@pytest.mark.parametrize("name", MORE)
def test_more_odd_files_are_read_or_refused_alike(reader, name, tmp_path):
    path = tmp_path / name
    path.write_bytes(MORE[name])
    assert_as_the_program(reader, path, SIZE, ResizeMode.SQUASH)


def test_what_is_no_file_is_refused_alike(reader, tmp_path):
    for path in (tmp_path, tmp_path / "missing.jpg"):
        assert_as_the_program(reader, path, SIZE, ResizeMode.SQUASH)


class Silent:
    """A classifier that is never asked."""

    size, fit, labels = SIZE, "squash", ("a", "b")

    def probabilities(self, images):
        return np.full((len(images), 2), 0.5, np.float32)


def test_each_refusal_is_a_line_with_the_files_name_and_the_code_is_1(reader, tmp_path, capsys):
    paths = []
    for image in ODD:
        path = tmp_path / image.name
        path.write_bytes(image.content)
        paths.append(str(path))
    assert reader.classify_files(Silent(), paths, "") == 1
    printed = capsys.readouterr()
    refused = [str(tmp_path / image.name) for image in ODD if image.reason]
    lines = printed.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == refused
    for line, image in zip(lines, [image for image in ODD if image.reason], strict=True):
        assert image.reason.lower() in line.lower()
    assert len(printed.out.splitlines()) == len(ODD) - len(refused)
    whole = [str(tmp_path / image.name) for image in ODD if not image.reason]
    assert reader.classify_files(Silent(), whole, "") == 0


def test_a_heic_image_without_its_package_names_it(tmp_path):
    """In a Python of its own, in which the package can't be imported."""
    copy_predict_program("tflite.py", tmp_path)
    heic = next(image for image in ODD if image.name == "plain.heic")
    (tmp_path / heic.name).write_bytes(heic.content)
    code = (
        "import sys; sys.modules['pi_heif'] = None\n"
        "from picture import read_picture\nread_picture('plain.heic', (8, 8), 'pad')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    last = done.stderr.splitlines()[-1]
    assert re.search(r"PictureError: is of the format HEIF, which needs the package pi-heif", last)

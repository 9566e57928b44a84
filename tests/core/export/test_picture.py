"""The reader that is copied beside artifacts sees what the program's own decoder sees."""

import ast
import io
import json
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
from core.image_reading.decoding import decoded
from core.image_reading.image_formats import IMAGE_FORMATS
from core.models.predict_program import OPTIONAL_PACKAGES, copy_predict_program
from tests import pixels_program
from tests.deep_images import deep_images, with_bent_bytes
from tests.odd_images import encoded, odd_images, quartered
from tests.program import CHECKOUT

ODD = odd_images()
DEEP = deep_images()
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


@pytest.mark.parametrize("resize_mode", ResizeMode)
@pytest.mark.parametrize("image", DEEP, ids=lambda image: image.name)
def test_images_of_more_bits_are_read_or_refused_alike(reader, image, resize_mode, tmp_path):
    path = tmp_path / image.name
    path.write_bytes(image.content)
    assert_as_the_program(reader, path, SIZE, resize_mode)
    assert is_read(reader, path) == image.is_usable


@pytest.mark.parametrize("image", DEEP, ids=lambda image: image.name)
def test_damaged_ones_are_read_or_refused_alike(reader, image, tmp_path):
    for number in range(3):
        path = tmp_path / f"{number}-{image.name}"
        path.write_bytes(with_bent_bytes(image.content, number))
        assert_as_the_program(reader, path, SIZE, ResizeMode.SQUASH)


@pytest.mark.parametrize("sample_bits", [8, 12, 16, None])
def test_the_bits_of_the_training_images_count_as_in_the_program(reader, sample_bits, tmp_path):
    image = next(image for image in DEEP if image.name == "16-bit-12-bits.tif")
    path = tmp_path / image.name
    path.write_bytes(image.content)
    found = reader.read_picture(path, SIZE, "squash", sample_bits)
    assert np.array_equal(found, decoded(image.content, SIZE, "squash", sample_bits))


def is_read(reader: Any, path: Path) -> bool:
    try:
        reader.read_picture(path, SIZE, "squash")
    except reader.PictureError:
        return False
    return True


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

    size, fit, sample_bits, labels = SIZE, "squash", None, ("a", "b")
    unknown_threshold = 0.0

    def probabilities(self, images):
        return np.full((len(images), 2), 0.5, np.float32)


def test_each_refusal_is_a_line_with_the_files_name_and_the_code_is_1(reader, tmp_path, capsys):
    paths = []
    for image in ODD:
        path = tmp_path / image.name
        path.write_bytes(image.content)
        paths.append(str(path))
    assert reader.classify_files(Silent(), paths) == 1
    printed = capsys.readouterr()
    refused = [str(tmp_path / image.name) for image in ODD if image.reason]
    lines = printed.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == refused
    for line, image in zip(lines, [image for image in ODD if image.reason], strict=True):
        assert image.reason.lower() in line.lower()
    assert len(printed.out.splitlines()) == len(ODD) - len(refused)
    whole = [str(tmp_path / image.name) for image in ODD if not image.reason]
    assert reader.classify_files(Silent(), whole) == 0


def test_an_answer_below_the_threshold_is_unknown(reader, tmp_path, capsys):
    path = tmp_path / "a.png"
    Image.new("RGB", (30, 20)).save(path)
    classifier = Silent()
    for threshold, expected in ((0.5, "a 0.5000"), (0.501, "unknown (a 0.5000)")):
        classifier.unknown_threshold = threshold
        assert reader.classify_files(classifier, [str(path)]) == 0
        assert capsys.readouterr().out == f"{path}: {expected}\n"


def test_a_folder_and_a_file_that_never_was_are_said(reader, tmp_path, capsys):
    paths = [str(tmp_path), str(tmp_path / "never.jpg")]
    assert reader.classify_files(Silent(), paths) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{tmp_path}: is a folder; name the picture files in it",
        f"{tmp_path}/never.jpg: is not there",
    ]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All images of this module as files, by name."""
    folder = tmp_path_factory.mktemp("everything")
    contents = {image.name: image.content for image in (*ODD, *DEEP)} | MORE
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in contents}


def read_without(without: str, paths: dict[str, Path], folder: Path) -> dict[str, str]:
    """What `picture.py` reads in a Python of its own that lacks some modules, or the reasons."""
    copy_predict_program("tflite.py", folder)
    arguments = [folder, *map(str, SIZE), "squash", without, *paths.values()]
    done = subprocess.run(
        [sys.executable, pixels_program.__file__, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    answers = found["pixels"] | {path: f"- {reason}" for path, reason in found["refused"].items()}
    return {name: answers[str(path)] for name, path in paths.items()}


@pytest.fixture(scope="module")
def complete(everything: dict[str, Path], tmp_path_factory: pytest.TempPathFactory):
    """What is read where nothing is missing."""
    return read_without("", everything, tmp_path_factory.mktemp("complete"))


# Of each package, the images that are refused for want of it, beside those of `DEEP`, which say so.
WITHOUT = {
    "tifffile": {
        *(image.name for image in ODD if image.name.endswith(".tif") and not image.reason),
        *("lab.tif", "no-number.tif", "channels.tif"),
    },
    "imagecodecs": {
        *("16-bit.png", "16-bit-rgb.png", "12-in-16-bit.png", "12-bit.jp2"),
        *("linear.tif", "planes.tif"),
    },
    "pi_heif": {"plain.heic", "orientation-6.heic", "truncated.heic"},
    "PIL.AvifImagePlugin": {"plain.avif", "orientation-6.avif"},
}
PACKAGE = {"pi_heif": "pi-heif", "PIL.AvifImagePlugin": "Pillow 11.3 or later"}


@pytest.mark.parametrize("module", WITHOUT)
def test_a_runtime_that_lacks_a_package_names_it_and_reads_all_else(
    module: str, everything: dict[str, Path], complete: dict[str, str], tmp_path: Path
):
    found = read_without(module, everything, tmp_path)
    changed = {name for name in found if found[name] != complete[name]}
    assert changed == WITHOUT[module] | {image.name for image in DEEP if module in image.needs}
    for name in changed:
        assert found[name].startswith("- is of the format ")
        assert found[name].endswith(f", which needs the package {PACKAGE.get(module, module)}")


def test_a_runtime_with_numpy_and_pillow_alone_reads_the_usual_formats(
    everything: dict[str, Path], complete: dict[str, str], tmp_path: Path
):
    found = read_without("tifffile,imagecodecs,pi_heif", everything, tmp_path)
    changed = {name for name in found if found[name] != complete[name]}
    assert changed == set.union(
        *(WITHOUT[module] for module in ("tifffile", "imagecodecs", "pi_heif")),
        {image.name for image in DEEP if image.needs},
    )
    assert all(", which needs the package " in found[name] for name in changed)


# Builds of Pillow and imagecodecs that leave something out, as small computers have them.
@pytest.mark.parametrize(
    ("module", "name", "package"),
    [
        ("PIL._avif", "plain.avif", "Pillow with AVIF"),
        ("PIL._webp", "plain.webp", "Pillow with WEBP"),
        ("PIL._imagingcms", "profile.jpg", "Pillow with _imagingcms"),
        ("imagecodecs._jpegxl", "plain.jxl", "imagecodecs with jpegxl_decode"),
        ("imagecodecs._imcd", "16-bit-lzw.tif", "imagecodecs with lzw_decode"),
        ("imagecodecs._cms", "16-bit-profile.tif", "imagecodecs with cms_transform"),
    ],
)
def test_a_package_that_lacks_a_part_is_named_with_it(
    module, name, package, everything, complete, tmp_path
):
    chosen = {name: everything[name], "plain.ppm": everything["plain.ppm"]}
    found = read_without(module, chosen, tmp_path)
    assert found["plain.ppm"] == complete["plain.ppm"]
    assert found[name].endswith(f", which needs the package {package}")


def test_the_reader_loads_what_a_file_asks_for_and_no_more(everything, tmp_path):
    copy_predict_program("tflite.py", tmp_path)
    for name, expected in (
        ("orientation-6.jpg", []),
        ("transparent.png", []),
        ("plain.heic", ["pi_heif"]),
        ("plain.jxl", ["imagecodecs"]),
    ):
        arguments = [tmp_path, *map(str, SIZE), "squash", "", everything[name]]
        done = subprocess.run(
            [sys.executable, pixels_program.__file__, *arguments],
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout)["modules"] == expected


def test_damaged_tiffs_are_told_in_the_readers_words_alone(reader, tmp_path):
    copy_predict_program("tflite.py", tmp_path)
    image = next(image for image in DEEP if image.name == "16-bit-big.tif")
    paths = [tmp_path / f"{number}.tif" for number in range(40)]
    for number, path in enumerate(paths):
        path.write_bytes(with_bent_bytes(image.content[:400], number) + image.content[400:])
    arguments = [tmp_path, *map(str, SIZE), "squash", "", *paths]
    done = subprocess.run(
        [sys.executable, pixels_program.__file__, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["refused"]
    assert done.stderr == ""


COPIED = sorted(
    path
    for folder in ("image_reading", "export/predict", "export/verification")
    for path in (CHECKOUT / "core" / folder).glob("*.py")
    if folder != "export/verification" or path.name == "check_program.py"
)


@pytest.mark.parametrize("path", COPIED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_runs_beside_exports_is_python_3_9(path):
    """`test_old_runtimes` runs it with one."""
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))
    newer = {"slots", "kw_only", "strict"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            assert not newer & {keyword.arg for keyword in node.keywords}, node.lineno


def packages_of_the_reader() -> set[str]:
    """What it imports beside NumPy and Pillow, by the names under which they are installed."""
    found = {each.package for each in IMAGE_FORMATS if each.package and each.register}
    for path in (CHECKOUT / "core/image_reading").glob("*.py"):
        found |= set(re.findall(r'require\("(\w+)"', path.read_text(encoding="utf-8")))
    return found


def test_every_package_of_the_reader_is_named_where_users_look(reader):
    assert packages_of_the_reader() == {"pi-heif", "tifffile", "imagecodecs"}
    for package in packages_of_the_reader():
        assert f"`{package}`" in OPTIONAL_PACKAGES
        assert f"\n    {package} " in reader.__doc__
        assert f"`{package}`" in (CHECKOUT / "docs/user-guide.md").read_text(encoding="utf-8")


def test_every_program_says_that_some_pictures_need_more():
    programs = set((CHECKOUT / "core/export/predict").glob("*.py"))
    named = {path for path in programs if "see picture.py" in path.read_text(encoding="utf-8")}
    others = {path.name for path in programs - named}
    assert others == {"__init__.py", "picture.py", "command_line.py", "cuda_memory.py"}


def test_every_format_names_its_package_if_pillow_alone_does_not_do():
    for each in IMAGE_FORMATS:
        assert not each.plugin or each.plugin.startswith("PIL.") or each.package


def test_an_earlier_program_beside_a_model_is_replaced_as_a_whole(tmp_path):
    """A model of an earlier version has other files, which the new program has no use for."""
    for name in ("predict.py", "picture.py", "foreign_content.py", "image_reading/gone.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("import what_is_gone\n")
    copy_predict_program("onnx.py", tmp_path)
    names = {path.name for path in (CHECKOUT / "core/image_reading").glob("*.py")}
    assert {path.name for path in (tmp_path / "image_reading").iterdir()} == names
    assert "what_is_gone" not in (tmp_path / "predict.py").read_text()
    found = read_without("", {}, tmp_path)
    assert found == {}

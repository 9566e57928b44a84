"""The Python program in the folder of a model or an export, and an example that calls it."""

import shutil
from pathlib import Path

from core.own_source import source_root

_PROGRAMS = source_root() / "core/export/predict"
# What each of them imports.
_READER = source_root() / "core/image_reading"

LOADING_EXAMPLE = (
    "from picture import read_picture",
    "from predict import Classifier",
    "",
    'model = Classifier(".")',
    'pixels = read_picture("photo.jpg", model.size, model.fit, model.sample_bits)',
    "probabilities = model.probabilities(pixels[None])[0]",
    "print(model.labels[probabilities.argmax()], probabilities.max())",
)
"""Lines of Python that classify an image as the program does, run in the folder."""

OPTIONAL_PACKAGES = (
    "NumPy and Pillow, 10.1 or later, read JPEG, PNG, WebP, GIF, BMP, JPEG 2000 and PPM, and AVIF "
    "from Pillow 11.3 on. HEIC needs the package `pi-heif`, TIFF `tifffile`; 16-bit PNG, 12-bit "
    "and lossless JPEG, JPEG XL and some 16-bit and compressed TIFF need `imagecodecs`. Where one "
    "is missing, the picture is refused with the name of the package; "
    "`pip install pi-heif tifffile imagecodecs` installs all three."
)
"""What `predict.py` reads with which packages beside its runtime, in Markdown."""


def copy_predict_program(program: str, folder: Path) -> None:
    """Copy `predict.py`, and the modules with which it reads images, into a model's folder.

    Args:
        program: Which of `core/export/predict`, such as `onnx.py`.

    Raises:
        OSError: If it can't be written.
    """
    shutil.copyfile(_PROGRAMS / program, folder / "predict.py")
    for name in ("picture.py", "command_line.py"):
        shutil.copyfile(_PROGRAMS / name, folder / name)
    reader = folder / _READER.name
    shutil.rmtree(reader, ignore_errors=True)
    reader.mkdir()
    for module in _READER.glob("*.py"):
        shutil.copyfile(module, reader / module.name)

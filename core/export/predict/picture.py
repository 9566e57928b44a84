"""Reads a picture file as Fieldguide does: upright, over white, scaled to the model's size.

The folder `image_reading` is Fieldguide's own reader: what Fieldguide refuses is refused here, for
the same reasons, or with the name of a package that is missing. NumPy and Pillow, 10.1 or later,
read JPEG, PNG, WebP, GIF, BMP, JPEG 2000 and PPM, and AVIF from Pillow 11.3 on. Others need more:

    pi-heif       HEIC
    tifffile      TIFF
    imagecodecs   16-bit PNG, 12-bit and lossless JPEG, JPEG XL, some 16-bit and compressed TIFFs
"""

import json
import sys
from pathlib import Path

import numpy as np
from image_reading.decoding import decoded
from image_reading.file_content import file_content
from image_reading.unreadable import UnreadableError


class PictureError(ValueError):
    """A file that can't be used; the message is the reason, without the path."""


class DescribedModel:
    """A model in a folder, as its description says.

    It has `labels`, `size` (height and width), `fit`, `sample_bits` (of 16, in the training
    pictures; None if they all say it themselves), and `unknown_threshold`, the probability below
    which a picture is unknown (0 for none).
    """

    def __init__(self, folder):
        self._folder, self._about = Path(folder), read_description(folder)
        self.labels, self.fit = self._about["labels"], self._about["fit"]
        self.size = self._about["input_size"]
        self.sample_bits = self._about.get("sample_bits")
        self.unknown_threshold = self._about.get("unknown_threshold", 0.0)

    def artifact(self, default=""):
        """Where the model lies; see `artifact_path`."""
        return artifact_path(self._folder, self._about, default)


def read_description(folder):
    """What the model beside this program takes and gives: `labels`, `input_size`, `fit`.

    It is the `export.json` of an export, or the `model.json` of a model folder.
    """
    names = ("export.json", "model.json")
    path = next(path for path in (Path(folder, name) for name in names) if path.exists())
    return json.loads(path.read_text(encoding="utf-8"))


def classify_files(classifier, paths):
    """Print a line for each picture file: its path, the class and the probability.

    Below the model's threshold it is unknown, with the most probable class beside it.

    Returns:
        The program's exit code: 1 if a file could not be used.
    """
    code = 0
    for path in paths:
        try:
            if Path(path).is_dir():
                raise PictureError("is a folder; name the picture files in it")
            picture = read_picture(path, classifier.size, classifier.fit, classifier.sample_bits)
        except PictureError as error:
            print(f"{path}: {error}", file=sys.stderr)
            code = 1
            continue
        (row,) = classifier.probabilities(picture[np.newaxis])
        answer = f"{classifier.labels[row.argmax()]} {row.max():.4f}"
        is_unknown = row.max() < classifier.unknown_threshold
        print(f"{path}: unknown ({answer})" if is_unknown else f"{path}: {answer}")
    return code


def artifact_path(folder, about, default=""):
    """Where the model lies: in the folder of this program, whatever its description says.

    Args:
        default: Its name, where the description has none: that of a model folder.
    """
    artifact = Path(about.get("artifact", default))
    if artifact.is_absolute() or ".." in artifact.parts:
        raise ValueError(f"The description names a model outside of its folder: {artifact}")
    return Path(folder) / artifact


def read_picture(path, size, fit, sample_bits=None):
    """RGB pixels, uint8 `(height, width, 3)`, of a picture file; of an animation the first frame.

    Args:
        size: `(height, width)` that the model takes.
        fit: "squash", "crop" or "pad", what to do when the proportions differ.
        sample_bits: How many bits the model's training pictures use of 16; None if it is not known.

    Raises:
        PictureError: If the file can't be used.
    """
    try:
        content, _ = file_content(Path(path))
        return decoded(content, tuple(size), fit, sample_bits)
    except UnreadableError as error:
        raise PictureError(str(error)) from error

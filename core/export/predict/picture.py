"""Reads a picture file as Fieldguide does: upright, over white, scaled to the model's size.

What Fieldguide refuses is refused here, for the same reasons.
"""

import io
import json
import re
import stat
import sys
import warnings
from pathlib import Path

import numpy as np
from foreign_content import foreign_reason
from PIL import Image, ImageOps, UnidentifiedImageError

BILINEAR = Image.Resampling.BILINEAR
MAX_PIXELS = 178_956_970
MAX_BYTES = 1 << 30
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF", "JPEG2000", "ICO")
ORIENTATION = 0x0112
SIGNS_OF_TRUNCATION = re.compile("truncated|incomplete|end.of.file|eof|not enough|bytes but only")
HEIF_BRANDS = b"heic heix heim heis hevc hevx hevm hevs mif1 msf1".split()


class PictureError(ValueError):
    """A file that can't be used; the message is the reason, without the path."""


def read_description(folder):
    """What the model beside this program takes and gives: `labels`, `input_size`, `fit`.

    It is the `export.json` of an export, or the `model.json` of a model folder.
    """
    names = ("export.json", "model.json")
    path = next(path for path in (Path(folder, name) for name in names) if path.exists())
    return json.loads(path.read_text(encoding="utf-8"))


def classify_files(classifier, paths, usage):
    """Print a line for each picture file: its path, the class and the probability.

    Returns:
        The program's exit code: 1 if a file could not be used.
    """
    if not paths:
        sys.exit(usage)
    code = 0
    for path in paths:
        try:
            picture = read_picture(path, classifier.size, classifier.fit)
        except PictureError as error:
            print(f"{path}: {error}", file=sys.stderr)
            code = 1
            continue
        (row,) = classifier.probabilities(picture[np.newaxis])
        print(f"{path}: {classifier.labels[row.argmax()]} {row.max():.4f}")
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


def read_picture(path, size, fit):
    """RGB pixels, uint8 `(height, width, 3)`, of a picture file; of an animation the first frame.

    Args:
        size: `(height, width)` that the model takes.
        fit: "squash", "crop" or "pad", what to do when the proportions differ.

    Raises:
        PictureError: If the file can't be used.
    """
    content = _content(path)
    reason = foreign_reason(content)
    if reason:
        raise PictureError(reason)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's about odd files that it reads all the same
        try:
            with _opened(content) as image:
                _refuse_too_many_pixels(*image.size)
                _decode_smaller(image, size, fit)
                picture = _rgb(_upright(image))
        except PictureError:
            raise
        except Exception as error:  # whatever Pillow raises for a damaged file
            raise PictureError(_plain_reason(error)) from error
        try:
            return np.array(_fitted(picture, size, fit), np.uint8)
        except Exception as error:  # such as too little memory
            size = f"{picture.width}×{picture.height}"
            raise PictureError(f"can't be resized from {size}") from error


def _content(path):
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            raise PictureError("is not a regular file")
        if status.st_size > MAX_BYTES:
            raise PictureError(f"is larger than {MAX_BYTES >> 30} GiB")
        return Path(path).read_bytes()
    except FileNotFoundError as error:
        raise PictureError("is not there") from error
    except MemoryError as error:
        raise PictureError("is too large for this computer's memory") from error
    except OSError as error:
        raise PictureError(f"can't be read: {error.strerror or error}") from error


def _opened(content):
    Image.init()
    names = [name for name in FORMATS if name in Image.OPEN]
    if content[4:8] == b"ftyp" and content[8:12] in HEIF_BRANDS:
        names.append(_heif())
    try:
        return Image.open(io.BytesIO(content), formats=names)
    except UnidentifiedImageError as error:
        if content[4:12] in (b"ftypavif", b"ftypavis") and "AVIF" not in names:
            raise PictureError("is an AVIF picture, which needs Pillow 11.3 or later") from error
        if any(True for _ in _openers(content, names)):
            damage = "is damaged: it begins as a picture, but can't be read"
            raise PictureError(damage) from error
        raise PictureError("is of an unknown format, not a picture") from error
    except Image.DecompressionBombError:
        for opener in _openers(content, names):
            with opener(io.BytesIO(content), "") as image:
                _refuse_too_many_pixels(*image.size)
        raise


def _heif():
    """Name of the format of HEIC photographs, ready to be opened."""
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise PictureError("is a HEIC picture, which needs the package pi-heif") from error
    register_heif_opener()
    return "HEIF"


def _openers(content, names):
    """Pillow's openers of the formats that a file's first bytes speak for."""
    for name in names:
        opener, accepts = Image.OPEN[name]
        if accepts is None or accepts(content[:16]) is True:
            yield opener


def _refuse_too_many_pixels(width, height):
    if width * height > MAX_PIXELS:
        raise PictureError(f"is {width}×{height} pixels, more than the {MAX_PIXELS:,} allowed")


def _plain_reason(error):
    if isinstance(error, MemoryError):
        return "needs more memory than there is"
    if isinstance(error, Image.DecompressionBombError):
        return f"has more than the {MAX_PIXELS:,} pixels allowed"
    if isinstance(error, EOFError) or SIGNS_OF_TRUNCATION.search(str(error).lower()):
        return "is cut off (truncated)"
    return "is damaged"


def _decode_smaller(image, size, fit):
    """Let the JPEG decoder leave out detail, down to twice the size that is wanted."""
    if image.format not in ("JPEG", "MPO"):
        return
    width, height = image.size
    is_turned = _orientation(image) >= 5
    height, width = _scaled((width, height) if is_turned else (height, width), size, fit)
    image.draft(None, (2 * height, 2 * width) if is_turned else (2 * width, 2 * height))


def _upright(image):
    # Some formats carry their orientation behind the pixels.
    image.load()
    return image if _orientation(image) == 1 else ImageOps.exif_transpose(image)


def _orientation(image):
    """By EXIF or XMP, 1 to 8; a damaged mark counts as none."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - whatever Pillow raises for a damaged mark
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _rgb(image):
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_wide_values(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        picture = image.convert("RGBA")
        canvas = Image.new("RGB", picture.size, "white")
        canvas.paste(picture, mask=picture.getchannel("A"))
        return canvas
    if image.mode == "LAB":
        raise PictureError("has colours in the CIELAB space, which can't be read")
    return image.convert("RGB")


def _from_wide_values(image):
    """From 16 bits a pixel, or 32, which mostly hold what a camera of 8 or 16 bits took."""
    values = np.asarray(image, np.float64)
    low, high = 0, 65535
    if not image.mode.startswith("I;16") and image.format != "PPM":
        finite = values[np.isfinite(values)]
        if not finite.size:
            raise PictureError("holds no finite pixel value")
        low, high = finite.min(), finite.max()
        if image.mode == "I" and low >= 0 and high <= 65535:
            low, high = 0, 255 if high <= 255 else 65535
    scaled = (values - low) * (255 / (high - low if high > low else 1))
    gray = np.nan_to_num(np.rint(scaled), nan=0.0).clip(0, 255).astype(np.uint8)
    if isinstance(image.info.get("transparency"), int):
        gray[values == image.info["transparency"]] = 255
    return Image.fromarray(gray).convert("RGB")


def _scaled(picture, size, fit):
    """`(height, width)` to which a picture of `(height, width)` is scaled."""
    if fit == "squash":
        return size
    factors = size[0] / picture[0], size[1] / picture[1]
    factor = max(factors) if fit == "crop" else min(factors)
    return [max(1, int(side * factor + 0.5)) for side in picture]


def _fitted(image, size, fit):
    height, width = size
    if (image.height, image.width) == (height, width):
        return image
    scaled_height, scaled_width = _scaled((image.height, image.width), size, fit)
    if fit == "crop":
        top, left = (scaled_height - height) // 2, (scaled_width - width) // 2
        across, down = image.width / scaled_width, image.height / scaled_height
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        return image.resize((width, height), BILINEAR, box=box)
    resized = image.resize((scaled_width, scaled_height), BILINEAR)
    if fit == "pad":
        canvas = Image.new("RGB", (width, height), "white")
        canvas.paste(resized, ((width - scaled_width) // 2, (height - scaled_height) // 2))
        return canvas
    return resized

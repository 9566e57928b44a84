"""Reads a picture file as Fieldguide does: upright, over white, scaled to the model's size."""

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

try:  # for HEIC photographs, where it is installed
    from pi_heif import register_heif_opener
except ImportError:
    pass
else:
    register_heif_opener()

BILINEAR = Image.Resampling.BILINEAR


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
        except (OSError, ValueError, SyntaxError) as error:
            print(f"{path}: can't be used: {error}", file=sys.stderr)
            code = 1
            continue
        (row,) = classifier.probabilities(picture[np.newaxis])
        print(f"{path}: {classifier.labels[row.argmax()]} {row.max():.4f}")
    return code


def artifact_path(folder, about):
    """Where the model lies: in the folder of this program, whatever `export.json` says."""
    artifact = Path(about["artifact"])
    if artifact.is_absolute() or ".." in artifact.parts:
        raise ValueError(f"export.json names a model outside of its folder: {artifact}")
    return Path(folder) / artifact


def read_picture(path, size, fit):
    """RGB pixels, uint8 `(height, width, 3)`, of a picture file.

    Args:
        size: `(height, width)` that the model takes.
        fit: "squash", "crop" or "pad", what to do when the proportions differ.
    """
    with Image.open(path) as image:
        _decode_smaller(image, size, fit)
        image.load()
        return np.array(_fitted(_rgb(ImageOps.exif_transpose(image)), size, fit), np.uint8)


def _decode_smaller(image, size, fit):
    """Let the JPEG decoder leave out detail, down to twice the size that is wanted."""
    if image.format not in ("JPEG", "MPO"):
        return
    width, height = image.size
    is_turned = image.getexif().get(0x0112, 1) >= 5
    height, width = _scaled((width, height) if is_turned else (height, width), size, fit)
    image.draft(None, (2 * height, 2 * width) if is_turned else (2 * width, 2 * height))


def _rgb(image):
    if image.mode == "F" or image.mode.startswith("I"):
        return _from_wide_values(image)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        picture = image.convert("RGBA")
        canvas = Image.new("RGB", picture.size, "white")
        canvas.paste(picture, mask=picture.getchannel("A"))
        return canvas
    return image.convert("RGB")


def _from_wide_values(image):
    """From 16 bits a pixel, or 32, which mostly hold what a camera of 8 or 16 bits took."""
    values = np.asarray(image, np.float64)
    finite = values[np.isfinite(values)]
    low, high = finite.min(), finite.max()
    if image.mode.startswith("I;16") or image.format == "PPM":
        low, high = 0, 65535
    elif image.mode == "I" and low >= 0 and high <= 65535:
        low, high = 0, 255 if high <= 255 else 65535
    scaled = (values - low) * (255 / (high - low if high > low else 1))
    gray = np.nan_to_num(np.rint(scaled)).clip(0, 255).astype(np.uint8)
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

"""Bring images to the size that a model takes."""

from __future__ import annotations

from PIL import Image

from .samples import BACKGROUND

# With Pillow's antialiasing this is what `tf.image.resize(method="bilinear", antialias=True)`
# does, so that preprocessing inside an exported graph can agree with it.
_FILTER = Image.Resampling.BILINEAR


def scaled_size(
    image: tuple[int, int], target: tuple[int, int], resize_mode: str
) -> tuple[int, int]:
    """Size to which an image is scaled before it is cropped or padded.

    Args:
        image: Its `(height, width)`.
        target: The wanted `(height, width)`.
        resize_mode: "squash" gives `target`; with "crop" no side is below `target`, with "pad" none
            above it.

    Returns:
        `(height, width)`, each the nearest whole number (halves up) and at least 1.
    """
    if resize_mode == "squash":
        return target
    factors = (target[0] / image[0], target[1] / image[1])
    factor = max(factors) if resize_mode == "crop" else min(factors)
    height, width = (max(1, int(side * factor + 0.5)) for side in image)
    return height, width


def resized(image: Image.Image, target: tuple[int, int], resize_mode: str) -> Image.Image:
    """Bring an upright `RGB` image to `(height, width)`.

    Cropping starts and padding places the image at half the difference, rounded down.

    Args:
        resize_mode: "squash" stretches both sides, "crop" keeps the centre, "pad" puts white
            beside.
    """
    height, width = target
    if (image.height, image.width) == target:
        return image
    if resize_mode == "squash":
        return image.resize((width, height), _FILTER)
    scaled_height, scaled_width = scaled_size((image.height, image.width), target, resize_mode)
    if resize_mode == "crop":
        top, left = (scaled_height - height) // 2, (scaled_width - width) // 2
        # Only the part that is kept is computed: scaling a 10,000×1 image whole would
        # need gigabytes.
        across, down = image.width / scaled_width, image.height / scaled_height
        box = (left * across, top * down, (left + width) * across, (top + height) * down)
        return image.resize((width, height), _FILTER, box=box)
    canvas = Image.new("RGB", (width, height), BACKGROUND)
    corner = ((width - scaled_width) // 2, (height - scaled_height) // 2)
    canvas.paste(image.resize((scaled_width, scaled_height), _FILTER), corner)
    return canvas

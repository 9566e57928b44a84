"""Random changes to images, from which a model learns which differences don't matter."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.choice import Choice
from core.data.pixels.decoder import ResizeMode, decode_image, decode_image_about
from core.data.pixels.image_warp import warp
from core.text import Text

AUGMENTATION_VERSION = 1
"""Part of cache keys; raise it when the same draw makes other pixels than before."""

# "Going deeper with convolutions", Szegedy et al. 2015, section 6.
_WIDEST_ASPECT = 4 / 3
# Where a window is enlarged, the image is decoded so much larger at most, to keep details.
_LARGEST_DECODING = 1.5
_LUMINANCE = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as Pillow's mode L
_CUTOUT_GREY = 128
_NUM_DRAWS = 14
_MEAN_STEP = 8  # every 8th pixel both ways says how bright an image is


class Flip(Choice):
    """Which mirror images an image may be replaced with."""

    NONE = "none", Text("None")
    HORIZONTAL = "horizontal", Text("Left and right")
    BOTH = "both", Text("Both ways")


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How far each kind of change may go; `TrainConfig` has units and ranges.

    Every change is drawn for each image, uniformly unless said otherwise.

    Attributes:
        flip: Each direction with probability one half.
        rotation: By -rotation to rotation degrees.
        zoom: Scale between 1 / (1 + zoom) and 1 + zoom, uniform in its logarithm.
        shift: By -shift to shift of each side.
        crop: A window of 1 - crop to 1 of the area anywhere in the image, its proportions
            changed by 3/4 to 4/3 (Szegedy et al., 2015).
        brightness: Values times 1 - brightness to 1 + brightness.
        contrast: Distance from the mean luminance times 1 - contrast to 1 + contrast.
        saturation: Distance from grey times 1 - saturation to 1 + saturation.
        cutout: A grey square whose middle is anywhere, so that part of it may lie outside
            (DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks
            with Cutout", 2017).
    """

    flip: Flip = Flip.NONE
    rotation: float = 0.0
    zoom: float = 0.0
    shift: float = 0.0
    crop: float = 0.0
    brightness: float = 0.0
    contrast: float = 0.0
    saturation: float = 0.0
    cutout: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether any image is ever changed."""
        return self != Augmentation()


def random_for(seed: int, epoch: int, sha256: bytes) -> np.random.Generator:
    """What decides an image's changes: seed, epoch and content alone, not its place.

    Args:
        seed: Not negative.
        epoch: Number of the epoch or of the augmented version, not negative.
        sha256: Of the file's content.
    """
    return np.random.default_rng([seed, epoch, int.from_bytes(sha256, "big")])


def augment(
    pixels: NDArray[np.uint8], augmentation: Augmentation, random: np.random.Generator
) -> NDArray[np.uint8]:
    """A randomly changed copy of an image.

    Args:
        pixels: RGB `(height, width, 3)`; left as it is.
        augmentation: What may be changed. With nothing active the copy is equal.
        random: Asked for equally many numbers whatever is active, so that a change of one
            setting leaves the others' draws as they were.

    Returns:
        The same shape.
    """
    size = (pixels.shape[0], pixels.shape[1])
    return _Draw(augmentation, random).applied(pixels, size)


def decode_augmented(
    content: bytes,
    *,
    size: tuple[int, int],
    resize_mode: ResizeMode,
    augmentation: Augmentation,
    random: np.random.Generator,
    sample_bits: int | None = None,
) -> NDArray[np.uint8]:
    """Decode an image file and change it; see `decode_image` and `augment`.

    Where only a part will be seen, more pixels are decoded, so that details stay.

    Raises:
        ImageError: With the reason, if it is no usable image.
    """
    draw = _Draw(augmentation, random)
    factor = draw.decoding_factor()
    height, width = (math.ceil(side * factor) for side in size)
    decode = decode_image_about if draw.resamples else decode_image
    pixels = decode(content, size=(height, width), resize_mode=resize_mode, sample_bits=sample_bits)
    return draw.applied(pixels, size)


class _Draw:
    """What happens to one image."""

    def __init__(self, augmentation: Augmentation, random: np.random.Generator) -> None:
        draws = random.random(_NUM_DRAWS).tolist()
        signed = [2 * draw - 1 for draw in draws]
        self._augmentation = augmentation
        self._mirrors_x = augmentation.flip is not Flip.NONE and draws[0] < 0.5
        self._mirrors_y = augmentation.flip is Flip.BOTH and draws[1] < 0.5
        self._angle = math.radians(signed[2] * augmentation.rotation)
        scale = math.exp(-signed[3] * math.log1p(augmentation.zoom))
        area = 1 - draws[6] * augmentation.crop
        # No window is longer than the image.
        widest = min(_WIDEST_ASPECT, 1 / area)
        aspect = math.exp(signed[7] * math.log(widest))
        window = (math.sqrt(area * aspect), math.sqrt(area / aspect))
        self._seen = (window[0] * scale, window[1] * scale)
        self._offset = (
            signed[4] * augmentation.shift + signed[8] * (1 - window[0]) / 2,
            signed[5] * augmentation.shift + signed[9] * (1 - window[1]) / 2,
        )
        self._brightness = 1 + signed[10] * augmentation.brightness
        self._contrast = 1 + signed[11] * augmentation.contrast
        self._saturation = 1 + signed[12] * augmentation.saturation
        # The square's place has a draw to itself, cut in two.
        place = draws[13] * 2**20
        self._hole = (math.floor(place) / 2**20, place % 1.0)

    @property
    def resamples(self) -> bool:
        """Whether pixels of the result lie between those of the image."""
        a = self._augmentation
        return bool(a.rotation or a.zoom or a.shift or a.crop)

    def decoding_factor(self) -> float:
        """How much larger than the result to decode."""
        return min(max(1.0, 1 / min(self._seen)), _LARGEST_DECODING)

    def applied(self, pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
        """The changed image in `(height, width)`."""
        changed = self._moved(pixels, size)
        changed = self._recolored(changed)
        if self._augmentation.cutout:
            self._cut_out(changed)
        return changed

    def _moved(self, pixels: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
        if not self.resamples:
            # Mirrored exactly: no value is mixed with its neighbours.
            y_step, x_step = (
                -1 if mirrors else 1 for mirrors in (self._mirrors_y, self._mirrors_x)
            )
            return pixels[::y_step, ::x_step].copy()
        return warp(pixels, self._matrix((pixels.shape[0], pixels.shape[1]), size), size)

    def _matrix(self, source: tuple[int, int], target: tuple[int, int]) -> NDArray[np.float64]:
        """From pixels of the result to pixels of the source; see `warp`."""
        height, width = target
        cos, sin = math.cos(self._angle), math.sin(self._angle)
        x_scale = -self._seen[0] if self._mirrors_x else self._seen[0]
        y_scale = -self._seen[1] if self._mirrors_y else self._seen[1]
        # Scaled before it is turned, so that nothing is sheared.
        turned = np.array([[cos * x_scale, -sin * y_scale], [sin * x_scale, cos * y_scale]])
        middle = np.array([width / 2, height / 2])
        target_middle = middle + np.array(self._offset) * (width, height)
        matrix: NDArray[np.float64] = np.column_stack([turned, target_middle - turned @ middle])
        matrix *= np.array([[source[1] / width], [source[0] / height]])
        return matrix

    def _recolored(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Brightness, contrast and color as one matrix, with nothing clipped in between."""
        a = self._augmentation
        if not (a.brightness or a.contrast or a.saturation):
            return pixels
        gain = self._brightness * self._contrast
        mixing = self._saturation * np.eye(3) + (1 - self._saturation) * _LUMINANCE
        mean = pixels[::_MEAN_STEP, ::_MEAN_STEP].mean(axis=(0, 1)) @ _LUMINANCE
        offset = self._brightness * (1 - self._contrast) * mean
        matrix = np.column_stack([gain * mixing, np.full(3, offset)])
        image = Image.fromarray(pixels).convert("RGB", tuple(matrix.ravel().tolist()))
        return np.array(image, dtype=np.uint8)

    def _cut_out(self, pixels: NDArray[np.uint8]) -> None:
        sides = pixels.shape[:2]
        spans = []
        for side, place in zip(sides, self._hole, strict=True):
            length = round(side * self._augmentation.cutout)
            start = math.floor(place * side) - length // 2
            spans.append(slice(max(start, 0), max(start + length, 0)))
        pixels[spans[0], spans[1]] = _CUTOUT_GREY

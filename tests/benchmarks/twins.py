"""One model on the same photographs in other files: more bits, planes, floats, profiles.

The model is trained on 300 flowers photographs of each class; 100 others of each class are
written as each kind of file and classified. Each kind is compared with its 8-bit twin, photograph
by photograph.
"""

import io
import json
from collections.abc import Callable
from itertools import chain
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from core.evaluation.metrics import paired_change_interval
from tests.benchmarks.surroundings import fieldguide, own_home, photo_data

_SEED = 5
_NUM_TEST = 100  # of each class
_NUM_TRAINING = 300

_Encode = Callable[[NDArray[np.uint8]], bytes]
# Chromaticities of red, green and blue, as in the standards' texts.
_DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
_ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_SRGB_PRIMARIES = ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06))


def main() -> list[str]:
    """Measure; gives lines of Markdown."""
    with own_home() as home:
        training, test = _chosen_photographs()
        _link(training, home / "training")
        fieldguide("train", home / "training", "--seed", str(_SEED), "--json")
        right = {name: _right(test, encode, home) for name, encode in _twins().items()}
    twin, *others = right.items()
    lines = [
        f"| {len(twin[1])} photographs as | classified correctly | change, 95% interval |",
        "|---|---|---|",
        f"| {twin[0]} | {100 * np.mean(twin[1]):.1f}% | |",
    ]
    for name, hits in others:
        gained, lost = int(np.sum(hits & ~twin[1])), int(np.sum(~hits & twin[1]))
        low, high = paired_change_interval(gained, lost, len(hits))
        change = np.mean(hits) - np.mean(twin[1])
        lines.append(
            f"| {name} | {100 * np.mean(hits):.1f}% | {100 * change:+.1f} points "
            f"({100 * low:+.1f} to {100 * high:+.1f}) |"
        )
    return lines


def _chosen_photographs() -> tuple[list[Path], list[Path]]:
    training, test = [], []
    for folder in sorted((photo_data() / "flowers").iterdir()):
        paths = sorted(folder.glob("*.jpg"))
        order = np.random.default_rng(_SEED).permutation(len(paths))
        chosen = [paths[place] for place in order]
        test += chosen[:_NUM_TEST]
        training += chosen[_NUM_TEST : _NUM_TEST + _NUM_TRAINING]
    return training, test


def _link(paths: list[Path], folder: Path) -> None:
    for path in paths:
        (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
        (folder / path.parent.name / path.name).symlink_to(path)


def _right(test: list[Path], encode: _Encode, home: Path) -> NDArray[np.bool_]:
    """Which of the photographs are classified correctly, written as this kind of file."""
    folder = home / "twins"
    folder.mkdir(exist_ok=True)
    for number, path in enumerate(test):
        with Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))
        (folder / f"{number:04}.img").write_bytes(encode(pixels))
    files = [folder / f"{number:04}.img" for number in range(len(test))]
    told = [json.loads(line) for line in fieldguide("classify", *files, "--json").splitlines()]
    labels = {Path(line["path"]).name: line["label"] for line in told}
    return np.array([labels[f.name] == p.parent.name for f, p in zip(files, test, strict=True)])


def _twins() -> dict[str, _Encode]:
    twelve: _Encode = lambda rgb: _tiff(_scaled(rgb, 4095))  # noqa: E731
    return {
        "8-bit PNG": lambda rgb: _png(rgb),
        "12 bits in 16, undeclared (TIFF)": twelve,
        "12 bits in 16, MaxSampleValue (TIFF)": lambda rgb: _tiff(
            _scaled(rgb, 4095), extratags=[(281, "H", 3, (4095,) * 3, True)]
        ),
        "16 bits in planes, big-endian (TIFF)": lambda rgb: _tiff(
            np.moveaxis(rgb.astype(np.uint16) * 257, -1, 0),
            planarconfig="separate",
            byteorder=">",
        ),
        "floating-point in [0, 1] (TIFF)": lambda rgb: _tiff(rgb / np.float32(255)),
        "16 bits, lossless (JPEG XL)": lambda rgb: imagecodecs.jpegxl_encode(
            rgb.astype(np.uint16) * 257, lossless=True
        ),
        "Display P3 (PNG)": _with_profile(_profile(_DISPLAY_P3, 2.2)),
        "Adobe RGB (PNG)": _with_profile(_profile(_ADOBE_RGB, 2.19921875)),
        "linear, 16 bits (TIFF)": _linear,
    }


def _tiff(values: NDArray[np.generic], **options: object) -> bytes:
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, values, photometric="rgb", **options)
    return buffer.getvalue()


def _png(rgb: NDArray[np.uint8], profile: bytes | None = None) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "PNG", icc_profile=profile)
    return buffer.getvalue()


def _scaled(rgb: NDArray[np.uint8], largest: int) -> NDArray[np.uint16]:
    return np.rint(rgb.astype(np.float64) * largest / 255).astype(np.uint16)


def _with_profile(profile: bytes) -> _Encode:
    return lambda rgb: _png(_converted(rgb, profile, np.uint8), profile)


def _linear(rgb: NDArray[np.uint8]) -> bytes:
    profile = _profile(_SRGB_PRIMARIES, 1.0)
    values = _converted(rgb, profile, np.uint16)
    return _tiff(values, extratags=[(34675, "B", len(profile), profile, True)])


def _profile(primaries: tuple[tuple[float, float], ...], gamma: float) -> bytes:
    return bytes(
        imagecodecs.cms_profile(
            "rgb",
            whitepoint=[0.3127, 0.329, 1.0],
            primaries=list(chain.from_iterable((x, y, 1.0) for x, y in primaries)),
            gamma=gamma,
        )
    )


def _converted(
    rgb: NDArray[np.uint8], profile: bytes, dtype: type[np.unsignedinteger]
) -> NDArray[np.unsignedinteger]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # From 16 bits: rounding in between is not what is compared.
    converted = imagecodecs.cms_transform(
        rgb.astype(np.uint16) * 257,
        srgb,
        profile,
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype=np.dtype(dtype).name,
        intent=1,
    )
    return np.asarray(converted)


if __name__ == "__main__":
    print("\n".join(main()))

"""One model on the same photographs in other files: more bits, planes, floats, profiles.

The model is trained on 300 flowers photographs of each class; 100 others of each class are
written as each kind of file and classified. Each kind is compared with its 8-bit twin, photograph
by photograph.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from core.evaluation.metrics import paired_change_interval
from tests.benchmarks.surroundings import fieldguide, own_home, photo_data
from tests.icc_profiles import ADOBE_RGB, DISPLAY_P3, LINEAR, RgbSpace

_SEED = 5
_NUM_TEST = 100  # of each class
_NUM_TRAINING = 300

_Encode = Callable[[NDArray[np.uint8]], bytes]


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
    return {
        "8-bit PNG": _png,
        "12 bits in 16, undeclared (TIFF)": lambda rgb: _tiff(_scaled(rgb, 4095)),
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
        "Display P3 (PNG)": _in_space(DISPLAY_P3),
        "Adobe RGB (PNG)": _in_space(ADOBE_RGB),
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


def _in_space(space: RgbSpace) -> _Encode:
    return lambda rgb: _png(space.encoded(rgb).astype(np.uint8), space.profile())


def _linear(rgb: NDArray[np.uint8]) -> bytes:
    profile = LINEAR.profile()
    values = LINEAR.encoded(rgb, 65535).astype(np.uint16)
    return _tiff(values, extratags=[(34675, "B", len(profile), profile, True)])


if __name__ == "__main__":
    print("\n".join(main()))

"""Make the small photos whose contents the tests know, from scikit-image's free images.

Run with scikit-image installed: `python packaging/sample/make_known_photos.py`.
"""

import argparse
from importlib.resources import files
from pathlib import Path

from PIL import Image

LONG_SIDE = 320
PHOTOS = {"chelsea.png": "cat.jpg", "coffee.png": "coffee.jpg", "rocket.jpg": "rocket.jpg"}


def main() -> None:
    """Write one JPEG of `LONG_SIDE` pixels a photo; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("tests/data/known_photos"))
    output = parser.parse_args().output
    output.mkdir(parents=True, exist_ok=True)
    for source, name in PHOTOS.items():
        with files("skimage.data").joinpath(source).open("rb") as file, Image.open(file) as image:
            photo = image.convert("RGB")
        photo.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
        photo.save(output / name, quality=90, optimize=True)


if __name__ == "__main__":
    main()

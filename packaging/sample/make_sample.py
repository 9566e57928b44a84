"""Make the sample set (`resources/sample/`): three kinds of ground, 16 images each.

Needs scikit-image, whose wheel holds the textures; see README.md in this folder.
"""

import argparse
from importlib.resources import files
from pathlib import Path

from PIL import Image

TEXTURES = ("brick", "grass", "gravel")
TILE_SIDE = 128  # pixels; the textures are 512 by 512, which gives 4 by 4 tiles
JPEG_QUALITY = 90


def main() -> None:
    """Cut every texture into tiles that share no pixel; see `--help`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("resources/sample"))
    output: Path = parser.parse_args().output
    for texture in TEXTURES:
        source = files("skimage.data").joinpath(f"{texture}.png")
        with source.open("rb") as file, Image.open(file) as image:
            write_tiles(image.convert("RGB"), output / texture)


def write_tiles(texture: Image.Image, folder: Path) -> None:
    """Write a texture's tiles as `NAME_00.jpg`, `NAME_01.jpg`, ..., row by row."""
    folder.mkdir(parents=True, exist_ok=True)
    corners = [
        (left, top)
        for top in range(0, texture.height - TILE_SIDE + 1, TILE_SIDE)
        for left in range(0, texture.width - TILE_SIDE + 1, TILE_SIDE)
    ]
    for number, (left, top) in enumerate(corners):
        tile = texture.crop((left, top, left + TILE_SIDE, top + TILE_SIDE))
        path = folder / f"{folder.name}_{number:02d}.jpg"
        tile.save(path, quality=JPEG_QUALITY, optimize=True)


if __name__ == "__main__":
    main()

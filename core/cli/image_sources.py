"""The arguments that say which images a command is about."""

import argparse
from pathlib import Path

from core.data.dataset import ImageSource


def add_image_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `IMAGES...` and `--class NAME IMAGE...`."""
    parser.add_argument(
        "images",
        nargs="*",
        type=Path,
        metavar="IMAGES",
        help="class folders, a folder of class folders, prepared train/val/test folders, a .zip "
        "or .tar.gz of these, or a .csv of path,label",
    )
    parser.add_argument(
        "--class",
        dest="classes",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "IMAGE"),
        help="pictures or folders of pictures that belong to the class NAME; may be repeated",
    )


def image_sources(
    parser: argparse.ArgumentParser, arguments: argparse.Namespace
) -> tuple[ImageSource, ...]:
    """What the two arguments name; ends the program with a usage error if it is nothing."""
    sources = [ImageSource(path) for path in arguments.images]
    for name, *paths in arguments.classes:
        if not paths:
            parser.error(f"--class {name} needs at least one picture")
        sources += [ImageSource(Path(path), name) for path in paths]
    if not sources:
        parser.error("name the images: a folder with one sub-folder per class, for example")
    return tuple(sources)

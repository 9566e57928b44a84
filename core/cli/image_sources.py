"""The arguments that name the images of a command."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from core.data.dataset import ImageSource
from core.data.edits.edits import Edits
from core.project.project import Project
from core.project.project_file import is_project_file, read_project
from core.settings.config import TrainConfig


@dataclass(frozen=True, slots=True)
class ChosenImages:
    """The images that the command line names.

    Attributes:
        edits: Of the project file among the images, if there is one.
        config: Likewise; the defaults without one.
        project_file: That file; None if there is none.
    """

    sources: tuple[ImageSource, ...]
    edits: Edits
    config: TrainConfig
    project_file: Path | None = None


def add_image_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `IMAGES...` and `--class NAME IMAGE...`."""
    parser.add_argument(
        "images",
        nargs="*",
        type=Path,
        metavar="IMAGES",
        help="class folders, a folder of class folders, train/val/test folders, a .zip or "
        ".tar.gz of these, a .csv of path,label, or a .fieldguide project",
    )
    parser.add_argument(
        "--class",
        dest="classes",
        nargs="+",
        action="append",
        default=[],
        metavar=("NAME", "IMAGE"),
        help="pictures or folders of pictures of the class NAME; may be repeated",
    )


def chosen_images(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> ChosenImages:
    """Return the images of both arguments; exit with a usage error if there are none.

    Raises:
        ProjectError: If a project file among them can't be opened.
    """
    project_files = [path for path in arguments.images if is_project_file(path)]
    if len(project_files) > 1:
        parser.error(f"only one project can be used: {project_files[0]} or {project_files[1]}")
    project = read_project(project_files[0]) if project_files else Project()
    sources = [*project.sources]
    sources += [ImageSource(path) for path in arguments.images if path not in project_files]
    for name, *paths in arguments.classes:
        if not paths:
            parser.error(f"--class {name} needs at least one picture")
        sources += [ImageSource(Path(path), name) for path in paths]
    if not sources and project_files:
        parser.error(f"{project_files[0]} has no images yet; add some")
    if not sources:
        parser.error("name the images, for example a folder with one subfolder per class")
    file = project_files[0] if project_files else None
    return ChosenImages(tuple(sources), project.edits, project.config, file)

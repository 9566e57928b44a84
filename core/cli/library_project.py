"""The project of the library that a command's runs belong to."""

from pathlib import Path

from core.cli.image_sources import ChosenImages
from core.cli.output import complain
from core.errors import FieldguideError
from core.library.entry import Entry
from core.library.library import entry_for_images, entry_of_file
from core.project.project import Project
from core.settings.config import TrainConfig


def project_of(chosen: ChosenImages, config: TrainConfig) -> Entry | None:
    """Return the project that was named, else that of the images, which is made if needed.

    Args:
        config: The settings of a project that is made.

    Returns:
        None if the library can't be written; the user is told.
    """
    try:
        if chosen.project_file is not None:
            return entry_of_file(chosen.project_file)
        return entry_for_images(Project(sources=chosen.sources, config=config))
    except FieldguideError as error:
        complain(f"Note: the run is not listed in a project: {error}")
        return None


def list_run(entry: Entry | None, run_dir: Path) -> None:
    """List a run that was made outside the project's folder."""
    if entry is None:
        return
    try:
        entry.refer_to_runs([run_dir])
    except FieldguideError as error:
        complain(f"Note: the run is not listed in its project: {error}")

"""Projects of the library with pictures and finished runs, made in no time."""

from pathlib import Path

from PIL import Image

from core.data.dataset import ImageSource
from core.library.entry import Entry
from core.library.library import create_entry
from core.project.project import Project
from core.runs.run_folder import RunFolder
from core.settings.config import TrainConfig
from core.storage.app_dirs import data_dir
from tests.reported_runs import finished_run


def make_pictures(folder: Path) -> Path:
    """Two classes of two images each."""
    for name, color in (("cat", 40), ("dog", 200)):
        (folder / name).mkdir(parents=True)
        for number in range(2):
            Image.new("RGB", (24, 18), (color, 90, 60 * number)).save(
                folder / name / f"{number}.png"
            )
    return folder


def make_project(pictures: Path, name: str = "", config: TrainConfig | None = None) -> Entry:
    """A project of a folder of pictures."""
    return create_entry(
        Project(sources=(ImageSource(pictures),), name=name, config=config or TrainConfig())
    )


def add_run(entry: Entry, name: str, config: TrainConfig | None = None) -> Path:
    """A finished run in a project's folder, with images of its own."""
    made = finished_run(data_dir().parent / f"images of {entry.folder.name} {name}", config=config)
    run = entry.runs_dir / name
    run.parent.mkdir(exist_ok=True)
    return made.rename(run)


def add_stopped_run(entry: Entry, name: str) -> Path:
    """A run that was begun and has no model."""
    sources = [ImageSource(entry.folder)]
    return RunFolder.create(entry.runs_dir / name, TrainConfig(), sources).path

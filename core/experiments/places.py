"""Where experiments are: those of each project of the library, and those of no project."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import ExperimentError
from core.experiments.experiment import Experiment
from core.experiments.experiment_file import list_experiments
from core.library.entry import Entry
from core.library.library import describe, entries
from core.storage.app_dirs import data_dir, runs_dir
from core.text import Text


@dataclass(frozen=True, slots=True)
class ExperimentPlace:
    """A folder of experiments, and the folder in which their runs are made.

    Attributes:
        entry: The project that they belong to; None for those of no project.
    """

    experiments_dir: Path
    runs_dir: Path
    entry: Entry | None = None

    @property
    def project_name(self) -> str:
        """Name of the project; "" for none."""
        return describe(self.entry).name if self.entry is not None else ""


@dataclass(frozen=True, slots=True)
class PlacedExperiment:
    """An experiment, and the project that it belongs to.

    Attributes:
        project_name: "" for none.
    """

    experiment: Experiment
    project_name: str


def place_of(entry: Entry | None) -> ExperimentPlace:
    """Return where a project's experiments are; None for those of no project."""
    if entry is None:
        return ExperimentPlace(data_dir() / "experiments", runs_dir())
    return ExperimentPlace(entry.experiments_dir, entry.runs_dir, entry)


def all_experiments() -> list[PlacedExperiment]:
    """Return the experiments of all projects and of none that can be read, the latest first."""
    found = []
    for place in _places():
        experiments = list_experiments(place.experiments_dir)
        name = place.project_name if experiments else ""
        found += [PlacedExperiment(experiment, name) for experiment in experiments]
    return sorted(found, key=lambda placed: placed.experiment.created, reverse=True)


def find_experiment(name: str) -> tuple[Path, ExperimentPlace]:
    """Return the folder of an experiment by its name, or by its path.

    Raises:
        ExperimentError: If there is none, or several have the name.
    """
    found = [
        (place.experiments_dir / name, place)
        for place in _places()
        if _is_name(name) and (place.experiments_dir / name).is_dir()
    ]
    if len(found) > 1:
        folders = ", ".join(str(folder) for folder, _ in found)
        raise ExperimentError(
            Text("Several projects have an experiment “%1”. Name its folder: %2.", name, folders)
        )
    if found:
        return found[0]
    folder = Path(name).absolute()
    if not folder.is_dir():
        raise ExperimentError(
            Text("There is no experiment “%1”. `fieldguide experiment --list` lists them.", name)
        )
    for place in _places():
        if folder.parent == place.experiments_dir.absolute():
            return folder, place
    return folder, place_of(None)


def _places() -> Iterator[ExperimentPlace]:
    yield place_of(None)
    for entry in entries():
        yield place_of(entry)


def _is_name(text: str) -> bool:
    return Path(text).name == text and text not in (".", "..")

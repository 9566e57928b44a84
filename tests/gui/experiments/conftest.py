"""Experiments of a project in the library, finished and not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.data.dataset import ImageSource
from core.experiments.experiment import Experiment, Kind, RunState, State, make_experiment
from core.experiments.experiment_file import create_folder, write_experiment
from core.experiments.ready_made import with_steps
from core.experiments.tries import parse_try
from core.library.entry import Entry
from core.library.library import create_entry
from core.project.project import Project
from core.settings.config import TrainConfig
from gui.project.project_controller import ProjectController
from gui.project.settings import Settings
from tests.core.experiments.fake_worker import FakeWorkers
from tests.program import SAMPLE

STEPS = with_steps(TrainConfig())


def made(
    *tries: str,
    accuracy: Callable[[dict, int], float] = lambda settings, seed: 0.8 + seed / 100,
    num_seeds: int = 3,
    num_done: int | None = None,
    name: str = "an experiment",
    num_training: Callable[[dict], int] = lambda settings: 700,
) -> Experiment:
    """A grid of which all or the first runs are finished, with these test accuracies."""
    experiment = make_experiment(
        name=name,
        sources=[ImageSource(SAMPLE)],
        config=STEPS,
        tries=[parse_try(text) for text in tries],
        num_seeds=num_seeds,
        num_trials=4,
    )
    if experiment.kind is Kind.SEARCH:
        return experiment
    runs = [
        replace(
            run,
            state=RunState.FINISHED,
            val_accuracy=accuracy(run.settings, run.seed),
            test_accuracy=accuracy(run.settings, run.seed),
            seconds=2.0,
            num_training=num_training(run.settings),
            num_validation=100,
            num_test=200,
            test_key=str(run.seed),
        )
        for run in experiment.runs[:num_done]
    ]
    state = State.FINISHED if len(runs) == len(experiment.runs) else State.UNFINISHED
    return replace(experiment, runs=[*runs, *experiment.runs[len(runs) :]], state=state)


def stored(experiment: Experiment, experiments_dir: Path) -> Path:
    folder = create_folder(experiments_dir, experiment.name)
    write_experiment(folder, replace(experiment, name=folder.name))
    return folder


@pytest.fixture
def workers() -> FakeWorkers:
    return FakeWorkers()


@pytest.fixture
def entry() -> Entry:
    return create_entry(Project(sources=(ImageSource(SAMPLE),), config=STEPS))


@pytest.fixture
def project(entry, qapp) -> ProjectController:
    controller = ProjectController(Settings())
    controller.open(entry.project_file)
    yield controller
    controller.save_now()

"""Experiments on disk: a folder each with `experiment.json`, which is whole or absent."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from core.data.dataset import ImageSource
from core.data.edits.edits import NO_EDITS, Edits
from core.errors import ExperimentError, StorageError
from core.experiments.experiment import Experiment, ExperimentRun, Kind, RunState, State
from core.experiments.tries import try_from_json_dict, try_to_json_dict, value_list
from core.library.relocation import EXPERIMENT_FILE
from core.settings.config import SETTINGS, TrainConfig
from core.storage.atomic_file import write_json_atomically
from core.storage.json_file import MIB, read_json
from core.storage.storage_message import storage_message
from core.text import Text

EXPERIMENT_SCHEMA = 1
_MOST_BYTES = 256 * MIB  # as much as a project, whose edits it repeats
_FIGURES = ("val_accuracy", "test_accuracy", "balanced_accuracy", "seconds")
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_LONGEST_NAME = 100


def write_experiment(folder: Path, experiment: Experiment) -> None:
    """Write the state of an experiment.

    Raises:
        StorageError: If it can't be written; the earlier state stays.
    """
    content: dict[str, Any] = {
        "schema": EXPERIMENT_SCHEMA,
        "name": experiment.name,
        "created": experiment.created,
        "kind": experiment.kind,
        "ready": experiment.ready,
        "state": experiment.state,
        "sources": [
            {"path": str(source.path.absolute()), "label": source.label}
            for source in experiment.sources
        ],
        "config": experiment.config.to_json_dict(),
        "tries": [try_to_json_dict(tried) for tried in experiment.tries],
        "seeds": list(experiment.seeds),
        "num_trials": experiment.num_trials,
        "runs": [run_to_json_dict(run) for run in experiment.runs],
    }
    if experiment.edits != NO_EDITS:
        content["edits"] = experiment.edits.to_json_dict()
    write_json_atomically(folder / EXPERIMENT_FILE, content)


def read_experiment(folder: Path) -> Experiment:
    """Read an experiment; its name is that of its folder, which may have been renamed.

    Raises:
        ExperimentError: If there is none, or its file is damaged or of another version.
    """
    path = folder / EXPERIMENT_FILE
    if not path.is_file():
        raise ExperimentError(
            Text("%1 holds no experiment: there is no %2 in it.", str(folder), EXPERIMENT_FILE)
        )
    try:
        content = read_json(path, _MOST_BYTES)
        if content["schema"] != EXPERIMENT_SCHEMA:
            raise ValueError(
                Text("its schema is %1, not %2", repr(content["schema"]), str(EXPERIMENT_SCHEMA))
            )
        return replace(_experiment(content), name=folder.name)
    except (
        *(OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError),
        ExperimentError,
    ) as error:
        raise ExperimentError(
            Text("%1 can't be used: %2. Start a new experiment.", str(path), str(error).rstrip("."))
        ) from error


def list_experiments(experiments_dir: Path) -> list[Experiment]:
    """Return all experiments that can be read, the latest first."""
    found = []
    try:
        folders = list(experiments_dir.iterdir())
    except OSError:
        return []
    for folder in folders:
        try:
            found.append(read_experiment(folder))
        except ExperimentError:
            continue
    return sorted(found, key=lambda experiment: experiment.created, reverse=True)


def require_name(name: str) -> str:
    """Return a name that a folder can have on every system.

    Raises:
        ExperimentError: If it can't.
    """
    name = name.strip()
    is_usable = name.isprintable() and not set(name) & _NOT_IN_NAMES
    if not name or not is_usable or name.startswith(".") or name.endswith("."):
        raise ExperimentError(Text("“%1” can't be the name of an experiment.", name))
    if len(name) > _LONGEST_NAME:
        raise ExperimentError(
            Text("The name of an experiment may have %1 characters at most.", _LONGEST_NAME)
        )
    return name


def create_folder(experiments_dir: Path, name: str) -> Path:
    """Make the folder of a new experiment; a number tells those of one name apart.

    Raises:
        StorageError: If it can't be made.
    """
    path = experiments_dir / name
    for number in count(2):
        try:
            path.mkdir(parents=True)
            return path
        except FileExistsError:
            path = experiments_dir / f"{name} {number}"
        except OSError as error:
            raise StorageError(storage_message("make", path, error)) from error
    raise AssertionError


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes from carrying out the same experiment.

    Raises:
        ExperimentError: If another one does.
        StorageError: If the folder can't be written.
    """
    # Imported here: it takes 40 ms.
    from filelock import FileLock, Timeout

    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ExperimentError(
            Text("The experiment %1 is being carried out already.", str(folder))
        ) from error
    except OSError as error:
        raise StorageError(storage_message("write to", folder, error)) from error
    try:
        yield
    finally:
        lock.release()


def run_to_json_dict(run: ExperimentRun) -> dict[str, Any]:
    """Return a run as plain JSON."""
    return {
        "settings": run.settings,
        "seed": run.seed,
        "state": run.state,
        "run_dir": None if run.run_dir is None else str(run.run_dir),
        **{name: getattr(run, name) for name in _FIGURES},
        "message": run.message,
        "reports": [list(report) for report in run.reports],
        "num_training": run.num_training,
        "num_validation": run.num_validation,
        "num_test": run.num_test,
        "test_key": run.test_key,
    }


def _experiment(content: dict[str, Any]) -> Experiment:
    config = TrainConfig.from_json_dict(content["config"])
    seeds = content["seeds"]
    if not seeds or not all(type(seed) is int for seed in seeds):
        raise ValueError(Text("its seeds are no numbers"))
    experiment = Experiment(
        name=str(content["name"]),
        created=str(content["created"]),
        sources=tuple(map(_source, content["sources"])),
        edits=Edits.from_json_dict(content.get("edits", {})),
        config=config,
        tries=tuple(map(try_from_json_dict, content["tries"])),
        seeds=tuple(seeds),
        kind=Kind(content["kind"]),
        num_trials=int(content["num_trials"]),
        ready=str(content["ready"]),
        state=State(content["state"]),
        runs=[_run(run) for run in content["runs"]],
    )
    for run in experiment.runs:
        run.config(config)  # must be valid
    return experiment


def _run(content: dict[str, Any]) -> ExperimentRun:
    for name in content["settings"]:
        if name not in SETTINGS or name == "seed":
            raise ValueError(Text("a run has an unknown setting"))
    return ExperimentRun(
        settings={
            name: value_list(name, [value]).values[0] for name, value in content["settings"].items()
        },
        seed=int(content["seed"]),
        state=RunState(content["state"]),
        run_dir=None if content["run_dir"] is None else _path(content["run_dir"]),
        **{name: _figure(content[name]) for name in _FIGURES},
        message=str(content["message"]),
        reports=tuple((int(epoch), float(value)) for epoch, value in content["reports"]),
        num_training=_count(content.get("num_training")),
        num_validation=_count(content.get("num_validation")),
        num_test=_count(content.get("num_test")),
        test_key=str(content.get("test_key", "")),
    )


def _figure(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(Text("a figure is no number"))
    return float(value)


def _count(value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 0):
        raise ValueError(Text("a number of pictures is no number"))
    return value


def _source(content: dict[str, Any]) -> ImageSource:
    label = content["label"]
    if label is not None and (not isinstance(label, str) or not label.strip()):
        raise ValueError(Text("a source has no valid class name"))
    return ImageSource(_path(content["path"]), label)


def _path(value: object) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(Text("a path is not valid"))
    return Path(value)

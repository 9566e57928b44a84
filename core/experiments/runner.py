"""Carry out an experiment: one training after another, each in a worker of its own."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TypeAlias

from core.data.dataset import Split
from core.errors import RunError, WorkerCrashedError
from core.experiments.experiment import Experiment, ExperimentRun, Kind, RunState, State
from core.experiments.experiment_file import locked, read_experiment, write_experiment
from core.experiments.search import is_rung, propose, should_stop, trials_of
from core.experiments.setting_words import settings_text
from core.messages.events import (
    DatasetSplit,
    EpochFinished,
    Event,
    Phase,
    PhaseStarted,
    RequestFailed,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
)
from core.messages.requests import ResumeRequest, RunRequest, TrainRequest
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images
from core.runs.run_label import RUN_LABEL_FILE, RunLabel, write_run_label
from core.worker.process import WorkerProcess

# The cause of several failures in a row, such as a full disk, would make the others fail too.
_MOST_FAILURES = 3


@dataclass(frozen=True, slots=True)
class RunBegan:
    """A run of the experiment begins, or is resumed.

    Attributes:
        number: Its position among the runs.
    """

    number: int
    run: ExperimentRun


@dataclass(frozen=True, slots=True)
class RunMoved:
    """Something happened in the run that is under way."""

    number: int
    event: Event


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run is finished, stopped early or failed; it is recorded."""

    number: int
    run: ExperimentRun


@dataclass(frozen=True, slots=True)
class ExperimentEnded:
    """All runs are over, or the experiment was stopped.

    Attributes:
        message: Why it can't continue; "" if that isn't so.
    """

    experiment: Experiment
    message: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to do."""
        return self.experiment.state is State.FINISHED


ExperimentEvent: TypeAlias = RunBegan | RunMoved | RunEnded | ExperimentEnded


class ExperimentRunner:
    """Carries out what is left of an experiment; may be used once.

    Runs share feature vectors through the cache, so all but the first train a head only. While
    one trains, the process of the next one loads TensorFlow.

    Args:
        folder: Of the experiment, with its `experiment.json`.
        runs_dir: Where run folders are made.
        trust: Whether the user trusts the backbones even if they may do more than compute.
        make_process: Makes a worker; None for a process of its own. Tests pass others.
    """

    def __init__(
        self,
        folder: Path,
        runs_dir: Path,
        *,
        trust: bool = False,
        make_process: Callable[[], WorkerProcess] | None = None,
    ) -> None:
        self._folder, self._runs_dir, self._trust = folder, runs_dir, trust
        self._make_process = make_process or WorkerProcess
        self._process: WorkerProcess | None = None
        self._spare: WorkerProcess | None = None
        self._is_stopping = False
        self._is_stopped_early = False
        self.experiment = read_experiment(folder)

    def request_stop(self) -> None:
        """Stop the run that is under way, to be resumed later, and begin no other."""
        self._is_stopping = True
        if self._process is not None:
            self._process.request_stop()

    def request_pause(self) -> None:
        """Ask the run that is under way to pause."""
        if self._process is not None:
            self._process.request_pause()

    def request_resume(self) -> None:
        """Let a paused run continue."""
        if self._process is not None:
            self._process.request_resume()

    def kill(self) -> None:
        """End the worker at once; its run keeps its last checkpoint."""
        self._is_stopping = True
        if self._process is not None:
            self._process.kill()

    def events(self) -> Iterator[ExperimentEvent]:
        """Carry out the runs that are left, and yield what happens; the last is the end.

        Raises:
            ExperimentError: If another process carries it out, or its file was damaged.
            StorageError: If its state can't be written. What was recorded stays.
        """
        with locked(self._folder):
            self.experiment = read_experiment(self._folder)
            self._try_failed_again()
            try:
                yield from self._all_runs()
            finally:
                self._close_processes()

    def _all_runs(self) -> Iterator[ExperimentEvent]:
        failures = 0
        while not self._is_stopping:
            number = self._next()
            if number is None:
                self._save(state=State.FINISHED)
                break
            yield from self._carry_out(number)
            run = self.experiment.runs[number]
            failures = failures + 1 if run.state is RunState.FAILED else 0
            if failures == _MOST_FAILURES and self._next() is not None:
                yield ExperimentEnded(self.experiment, run.message)
                return
        yield ExperimentEnded(self.experiment)

    def _next(self) -> int | None:
        """Return the position of the run to carry out; a search adds one if there is none."""
        for state in (RunState.RUNNING, RunState.PENDING):
            for number, run in enumerate(self.experiment.runs):
                if run.state is state:
                    return number
        experiment = self.experiment
        if experiment.kind is Kind.GRID or len(trials_of(experiment)) >= experiment.num_trials:
            return None
        settings = propose(experiment)
        if settings is None:
            return None
        added = [ExperimentRun(settings=settings, seed=seed) for seed in experiment.seeds]
        self.experiment = replace(experiment, runs=[*experiment.runs, *added])
        return len(experiment.runs)

    def _carry_out(self, number: int) -> Iterator[ExperimentEvent]:
        run = self.experiment.runs[number]
        run_dir = self._run_dir(number, run)
        # Written before the run begins: after a kill it is known where it is.
        self._note(number, state=RunState.RUNNING, run_dir=run_dir, message="")
        yield RunBegan(number, self.experiment.runs[number])
        self._is_stopped_early, started = False, time.monotonic()
        self._process, self._spare = self._spare or self._make_process(), None
        request = self._request(self.experiment.runs[number], run_dir)
        last: Event | None = None
        for event in _events_to_the_end(self._process, request):
            last = event
            self._follow(number, event)
            yield RunMoved(number, event)
        self._process = None
        assert last is not None, "a worker ends with a terminal event"
        if self._record(number, last, time.monotonic() - started):
            yield RunEnded(number, self.experiment.runs[number])

    def _follow(self, number: int, event: Event) -> None:
        match event:
            case RunStarted(run_dir):
                self._describe(number, run_dir)
                if self._is_stopping and self._process is not None:
                    self._process.request_stop()  # it may have been too early before
            case DatasetSplit():
                self._note(
                    number,
                    num_training=event.num_training,
                    num_validation=event.num_validation,
                    num_test=event.num_test,
                )
            case PhaseStarted(Phase.TRAINING):
                # Not before: two that load TensorFlow at once are slower than one by one.
                self._begin_spare(number)
            case EpochFinished() if not event.is_exact and is_rung(event.epoch):
                self._look_at_rung(number, event)
            case _:
                pass

    def _begin_spare(self, number: int) -> None:
        experiment = self.experiment
        is_last = number == experiment.num_runs - 1
        if self._spare is None and not is_last and not self._is_stopping:
            self._spare = self._make_process()
            self._spare.start()

    def _look_at_rung(self, number: int, event: EpochFinished) -> None:
        """Note the accuracy at a rung of a search, and stop a run that others are better than."""
        experiment, run = self.experiment, self.experiment.runs[number]
        is_first_seed = run.seed == experiment.seeds[0]
        if experiment.kind is not Kind.SEARCH or not is_first_seed or self._is_stopped_early:
            return
        if any(epoch >= event.epoch for epoch, _ in run.reports):
            return  # an earlier part of the run came as far
        self._note(number, reports=(*run.reports, (event.epoch, event.val_accuracy)))
        if should_stop(self.experiment, self.experiment.runs[number]):
            self._is_stopped_early = True
            if self._process is not None:
                self._process.request_stop()

    def _record(self, number: int, last: Event, elapsed: float) -> bool:
        """Write down how a run ended, and return whether it did.

        Args:
            elapsed: Seconds since it began, for those that don't tell.
        """
        match last:
            case TrainingFinished():
                state, seconds = RunState.FINISHED, last.seconds
            case TrainingCancelled() if self._is_stopped_early and not self._is_stopping:
                state, seconds = RunState.STOPPED, elapsed
            case RequestFailed():
                self._note(number, state=RunState.FAILED, message=last.message)
                return True
            case TrainingCancelled():
                return False  # stopped by the user, to be resumed
            case _:
                raise AssertionError(f"{last} is no end of a run")
        figures = last.figures
        self._note(
            number,
            state=state,
            val_accuracy=last.val_accuracy,
            test_accuracy=last.test_accuracy,
            balanced_accuracy=figures.balanced_accuracy if figures is not None else None,
            seconds=seconds,
            test_key=_test_key(self.experiment.runs[number].run_dir),
        )
        if state is RunState.STOPPED:
            self._drop_other_seeds(number)
        return True

    def _drop_other_seeds(self, number: int) -> None:
        """Leave out the other seeds of settings that a search gave up."""
        settings = self.experiment.runs[number].settings
        kept = [
            run
            for run in self.experiment.runs
            if run.settings != settings or run.state is not RunState.PENDING
        ]
        self._save(runs=kept)

    def _request(self, run: ExperimentRun, run_dir: Path) -> RunRequest:
        if _is_begun(run_dir):
            return ResumeRequest(run_dir=run_dir, trust=self._trust)
        return TrainRequest(
            sources=self.experiment.sources,
            config=run.config(self.experiment.config),
            output=run_dir,
            edits=self.experiment.edits,
            trust=self._trust,
        )

    def _run_dir(self, number: int, run: ExperimentRun) -> Path:
        """Return the folder that a run was begun in, or one that isn't used yet."""
        if run.run_dir is not None and (_is_begun(run.run_dir) or _is_free(run.run_dir)):
            return run.run_dir
        name = f"{self.experiment.name} {number + 1:03}"
        path = self._runs_dir.absolute() / name
        for other in count(2):
            if _is_free(path):
                break
            path = path.with_name(f"{name} ({other})")
        return path

    def _describe(self, number: int, run_dir: Path) -> None:
        """Note in the run's folder which experiment it belongs to."""
        if not (run_dir / RUN_LABEL_FILE).exists():
            run = self.experiment.runs[number]
            name = f"{settings_text(run.settings)}, seed {run.seed}"
            write_run_label(run_dir, RunLabel(name, experiment=self.experiment.name))

    def _try_failed_again(self) -> None:
        """Count failed runs among those that are left: the disk may have room now."""
        if not self.experiment.num_failed:
            return
        runs = [
            replace(run, state=RunState.PENDING, message="")
            if run.state is RunState.FAILED
            else run
            for run in self.experiment.runs
        ]
        self._save(runs=runs, state=State.UNFINISHED)

    def _note(self, number: int, **changes: object) -> None:
        runs = list(self.experiment.runs)
        runs[number] = replace(runs[number], **changes)  # type: ignore[arg-type]
        self._save(runs=runs)

    def _save(self, **changes: object) -> None:
        changed = replace(self.experiment, **changes)  # type: ignore[arg-type]
        write_experiment(self._folder, changed)
        self.experiment = changed

    def _close_processes(self) -> None:
        if self._spare is not None:
            self._spare.kill()
            self._spare.close()
            self._spare = None
        if self._process is not None:  # it was left in the middle
            self._process.kill()
            self._process = None


def _events_to_the_end(process: WorkerProcess, request: RunRequest) -> Iterator[Event]:
    try:
        yield from process.events(request)
    except WorkerCrashedError as error:
        yield RequestFailed.of(request, str(error))


def _test_key(run_dir: Path | None) -> str:
    """Return what tells the test images of a run from others; "" without a record of them."""
    try:
        _, images = read_run_images(RunFolder(run_dir).images_path if run_dir else Path())
    except RunError:
        return ""
    contents = sorted(image.sha256 for image in images if image.split is Split.TEST)
    return hashlib.sha256(b"".join(contents)).hexdigest() if contents else ""


def _is_begun(run_dir: Path) -> bool:
    """Return whether a folder holds a run that can be read."""
    try:
        RunFolder.open(run_dir).read_config()
    except RunError:
        return False
    return True


def _is_free(run_dir: Path) -> bool:
    """Return whether a run can be made in a folder: there is none, or an empty one."""
    with suppress(OSError):
        return not run_dir.exists() or (run_dir.is_dir() and not any(run_dir.iterdir()))
    return False

"""An experiment in the terminal, as JSON lines, and as a table."""

import csv
import io
import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from core.cli.output import one_line
from core.csv_cells import text_cell
from core.evaluation.figure_words import percent_text
from core.experiments.conclusion import Conclusion, Group, conclusion
from core.experiments.expectation import Expectation, expected, remaining_seconds
from core.experiments.experiment import Experiment, ExperimentRun, Kind, RunState, State
from core.experiments.experiment_file import run_to_json_dict
from core.experiments.places import PlacedExperiment
from core.experiments.runner import (
    ExperimentEnded,
    ExperimentEvent,
    RunBegan,
    RunEnded,
    RunMoved,
)
from core.experiments.setting_words import label_of, settings_text, value_text
from core.messages.events import EpochFinished, PhaseStarted, Warned
from core.storage.atomic_file import write_bytes_atomically

_MINUTE, _HOUR = 60, 3600
_PRINTED = (
    *("settings", "seed", "val_accuracy", "test_accuracy", "balanced_accuracy"),
    *("seconds", "run_dir", "state", "message"),
)


class ExperimentJson:
    """Prints a JSON object for each run, and one at the end, on standard output."""

    def begin(self, experiment: Experiment) -> None:
        """Print what an earlier part of the experiment has done."""
        for run in experiment.runs:
            if run.state.is_over:
                self._print(run)

    def show(self, event: ExperimentEvent) -> None:
        """Print a run that has ended, or the end."""
        if isinstance(event, RunEnded):
            self._print(event.run)
        if isinstance(event, ExperimentEnded):
            experiment = event.experiment
            name = "experiment_finished" if event.is_complete else "experiment_stopped"
            values = {
                "event": name,
                "name": experiment.name,
                "runs": experiment.num_over,
                "failed": experiment.num_failed,
            }
            print(json.dumps(values), flush=True)

    def say_stopping(self) -> None:
        """Do nothing: the last line tells."""

    def close(self) -> None:
        """Do nothing."""

    def _print(self, run: ExperimentRun) -> None:
        values = run_to_json_dict(run)
        line = {"event": "run"} | {key: values[key] for key in _PRINTED}
        print(json.dumps(line), flush=True)


class ExperimentTerminal:
    """Shows progress on standard error and the result on standard output.

    Args:
        class_sizes: Number of images of each class; empty if not known.
    """

    def __init__(self, class_sizes: Sequence[int]) -> None:
        # Names of backbones may look like markup or like emoji codes.
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._sizes = tuple(class_sizes)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[left]}"),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None, left="")
        self._experiment: Experiment | None = None
        self._began_at = time.monotonic()
        self._done_before = 0
        self._title = ""
        self._warnings: set[str] = set()

    def begin(self, experiment: Experiment) -> None:
        """Say what is planned."""
        self._experiment, self._done_before = experiment, experiment.num_over
        self._say(f"Experiment: {experiment.name}")
        num_left = experiment.num_runs - experiment.num_over
        text = f"{_runs_text(experiment.num_runs)}"
        if experiment.kind is Kind.SEARCH:
            text = f"up to {text}"
        if experiment.num_over:
            text += f", {num_left} left"
        elif self._sizes:
            found = expected(experiment, sum(self._sizes), len(self._sizes))
            text += f"; expected time: {expected_text(found)}"
        self._say(text[0].upper() + text[1:])
        self._progress.start()

    def show(self, event: ExperimentEvent) -> None:
        """Show one event."""
        match event:
            case RunBegan(number, run):
                self._title = f"{number + 1}: {settings_text(run.settings)}, seed {run.seed}"
                self._move("")
            case RunMoved(_, PhaseStarted(phase)):
                self._move(phase.text)
            case RunMoved(_, EpochFinished(epoch)):
                self._move(f"epoch {epoch}")
            case RunMoved(_, Warned(message)) if message not in self._warnings:
                self._warnings.add(message)
                self._say(f"Note: {message}")
            case RunEnded(number, run):
                self._say(_run_text(number, run))
                self._note_end()
            case ExperimentEnded(experiment):
                self._end(experiment)
            case _:
                pass

    def say_stopping(self) -> None:
        """Say that the run is stopping, which may take some seconds."""
        self._say("Stopping. Press Ctrl-C again to end it at once.")

    def close(self) -> None:
        """Remove the progress bar."""
        self._progress.stop()

    def _say(self, text: str) -> None:
        self._console.print(one_line(text), soft_wrap=True)

    def _move(self, activity: str) -> None:
        text = f"{self._title}  {activity}".strip()
        self._progress.update(self._task, description=one_line(text))

    def _note_end(self) -> None:
        experiment = self._experiment
        if experiment is None:
            return
        self._done_before += 1
        total = experiment.num_runs
        elapsed = time.monotonic() - self._began_at
        done = max(1, self._done_before - experiment.num_over)
        left = remaining_seconds(elapsed, done, total - self._done_before)
        time_left = f"  about {duration_text(left)} left" if left else ""
        self._progress.update(
            self._task,
            total=total,
            completed=self._done_before,
            left=f"{self._done_before}/{total}" + time_left,
        )

    def _end(self, experiment: Experiment) -> None:
        self._progress.stop()
        for line in result_lines(experiment):
            print(one_line(line))
        if experiment.state is not State.FINISHED or experiment.num_failed:
            name = shlex.quote(experiment.name)
            self._say(f"Continue with: fieldguide experiment --resume {name}")


def result_lines(experiment: Experiment) -> list[str]:
    """Return the final table, and a sentence with what it shows."""
    found = conclusion(experiment)
    if not any(group.accuracies for group in found.groups):
        return []
    lines = _aligned(_table(experiment, found))
    if found.sentence:
        lines += ["", found.sentence]
    return [*lines, found.method] if found.method else lines


def list_lines(experiments: Sequence[PlacedExperiment], *, as_json: bool) -> list[str]:
    """Return a line for each experiment, the latest first."""
    if as_json:
        return [json.dumps(_listed(each)) for each in experiments]
    rows = [["name", "created", "runs", "state", "project"]]
    for placed in experiments:
        each = placed.experiment
        runs = f"{each.num_over} of {each.num_runs}"
        rows.append([each.name, each.created, runs, str(each.state), placed.project_name or "–"])
    return [one_line(line) for line in _aligned(rows)] if experiments else []


def _listed(placed: PlacedExperiment) -> dict[str, Any]:
    each = placed.experiment
    return {
        "event": "experiment",
        "name": each.name,
        "created": each.created,
        "kind": each.kind,
        "state": each.state,
        "planned": each.num_runs,
        "runs": each.num_over,
        "failed": each.num_failed,
        "project": placed.project_name or None,
    }


def write_csv(path: Path, experiment: Experiment) -> None:
    """Write a table with a row for each run.

    Raises:
        StorageError: If it can't be written.
    """
    names = [tried.name for tried in experiment.tries]
    figures = ("val_accuracy", "test_accuracy", "balanced_accuracy", "seconds")
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*names, "seed", "state", *figures, "run_dir", "message"])
    for run in experiment.runs:
        numbers = [getattr(run, name) for name in figures]
        folder = "" if run.run_dir is None else text_cell(str(run.run_dir))
        writer.writerow(
            [
                *(_cell(run.settings[name]) for name in names),
                *(run.seed, str(run.state)),
                *("" if number is None else number for number in numbers),
                *(folder, text_cell(run.message)),
            ]
        )
    write_bytes_atomically(path, file.getvalue().encode("utf-8", "surrogateescape"))


def expected_text(found: Expectation) -> str:
    """Write the expected time: one, or from that with all features cached to that with none."""
    low, high = duration_text(found.cached_seconds), duration_text(found.seconds)
    return f"about {high}" if low == high else f"{low} to {high}, depending on cached features"


def duration_text(seconds: float) -> str:
    """Write a time to wait: "40 s", "3 min", "1 h 5 min"."""
    if seconds < 2 * _MINUTE:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / _MINUTE)
    return f"{minutes} min" if seconds < _HOUR else f"{minutes // 60} h {minutes % 60} min"


def _cell(value: Any) -> Any:  # noqa: ANN401 - of any setting
    return text_cell(str(value)) if isinstance(value, str) else value


def _table(experiment: Experiment, found: Conclusion) -> list[list[str]]:
    names = [tried.name for tried in experiment.tries]
    split = "test" if found.is_test else "validation"
    rows = [[*(label_of(name) for name in names), "runs", f"{split} accuracy", "time"]]
    groups = list(found.groups)
    if experiment.kind is Kind.SEARCH:
        groups.sort(key=lambda group: (not group.is_stopped, group.mean or 0.0), reverse=True)
    rows += [
        [
            *(value_text(name, group.settings[name]) for name in names),
            str(len(group.accuracies)),
            _accuracy_text(group),
            "" if group.seconds is None else f"{group.seconds:.1f} s",
        ]
        for group in groups
    ]
    return rows


def _accuracy_text(group: Group) -> str:
    if group.mean is None:
        return "failed" if group.num_failed else "–"
    text = percent_text(group.mean)
    if group.is_stopped:
        return f"{text}, stopped early"
    if group.interval is None:
        return text
    return f"{text} ({percent_text(group.interval[0])} to {percent_text(group.interval[1])})"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _run_text(number: int, run: ExperimentRun) -> str:
    text = f"{number + 1}. {settings_text(run.settings)}, seed {run.seed}: "
    if run.state is RunState.FAILED:
        return f"{text}failed: {run.message}"
    parts = []
    if run.val_accuracy is not None:
        parts.append(f"validation {percent_text(run.val_accuracy)}")
    if run.test_accuracy is not None:
        parts.append(f"test {percent_text(run.test_accuracy)}")
    if run.seconds is not None:
        parts.append(f"{run.seconds:.1f} s")
    if run.state is RunState.STOPPED:
        parts.append("stopped early: others did better after as many epochs")
    return text + ", ".join(parts)


def _runs_text(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"

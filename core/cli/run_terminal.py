"""A run's events as text: a progress bar on a terminal, plain lines elsewhere."""

import shlex

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from core.cli.export_texts import verdict_line
from core.cli.figure_lines import note_lines, recall_lines, summary_lines
from core.cli.output import one_line
from core.data.dataset import Split
from core.evaluation.figure_words import VALIDATION_NOTE, percent_text
from core.messages.events import (
    BackboneImported,
    BatchFinished,
    DatasetSplit,
    DeviceReported,
    EpochFinished,
    Event,
    ImagesChecked,
    ImagesCounted,
    ImagesFound,
    ImageSkipped,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    ProvisionalAccuracy,
    RequestFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TrainingCancelled,
    TrainingFinished,
    Warned,
)
from core.messages.export_events import ArtifactFinished, ArtifactStarted


class TerminalDisplay:
    """Shows progress on standard error and the result on standard output."""

    def __init__(self) -> None:
        # Names of files and classes may look like markup or like emoji codes.
        self._console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self._output = Console(highlight=False, soft_wrap=True, markup=False, emoji=False)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._progress.start()
        self._task: TaskID | None = None
        self._device = ""

    def say_stopping(self) -> None:
        """Say that the run is stopping, which may take some seconds."""
        self._say("Stopping. Press Ctrl-C again to end it at once.")

    def close(self) -> None:
        """Remove the progress bar."""
        self._progress.stop()

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case RunStarted(run_dir):
                self._say(f"Run folder: {run_dir}")
            case PhaseStarted(phase, total):
                self._start(phase, total)
            case PhaseProgressed(phase, done, total, rate):
                self._move(phase, done, total, rate)
            case ImageSkipped(path, reason):
                self._say(f"Left out: {path}: {reason}")
            case Warned(message):
                self._say(f"Note: {message}")
            case DeviceReported(name) if name != self._device:
                self._device = name
                self._say(_device_text(event))
            case ProvisionalAccuracy():
                self._say(_provisional_text(event))
            case DatasetSplit():
                self._say(_split_text(event))
            case EpochFinished():
                self._say(_epoch_text(event))
            case TrainingFinished():
                self._show_result(event)
            case TrainingCancelled():
                self._show_cancelled(event)
            case RunPaused() | RunResumed():
                self._say("Paused" if isinstance(event, RunPaused) else "Resumed")
            case BatchFinished() | BackboneImported() | RequestFailed():
                pass  # shown as progress, or by the command that asked
            case ArtifactStarted(target, position, num_targets):
                self._say(f"{target.name} ({position} of {num_targets})")
            case ArtifactFinished(result):
                self._say(verdict_line(result))
            case ImagesFound() | ImagesChecked() | ImagesCounted():
                pass  # no part of a run

    def _say(self, text: str) -> None:
        self._console.print(one_line(text), soft_wrap=True)

    def _start(self, phase: Phase, total: int | None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(phase.text, total=total, count="", rate="")
        if not self._console.is_terminal:
            self._say(phase.text)

    def _move(self, phase: Phase, done: int, total: int | None, rate: float) -> None:
        if self._task is None:
            return
        count, speed = _progress_texts(phase, done, total, rate)
        self._progress.update(self._task, completed=done, total=total, count=count, rate=speed)

    def _show_result(self, event: TrainingFinished) -> None:
        self._print_result(
            f"Trained {event.epochs} epochs in {event.seconds:.1f} s; "
            f"epoch {event.best_epoch} was the best.",
            *_accuracy_lines(event, event.test_interval),
            f"Model: {event.model_dir}",
        )

    def _show_cancelled(self, event: TrainingCancelled) -> None:
        self._say(_cancelled_text(event))
        figures = event.figures
        self._print_result(*_accuracy_lines(event, figures.interval if figures else None))

    def _print_result(self, *lines: str) -> None:
        self._progress.stop()
        for line in lines:
            self._output.print(one_line(line))


def _accuracy_lines(
    event: TrainingFinished | TrainingCancelled, test_interval: tuple[float, float] | None
) -> list[str]:
    """Return accuracies, and what helps to read the most honest of them."""
    lines, figures = [], event.figures
    if event.val_accuracy is not None:
        lines.append(f"Validation accuracy: {percent_text(event.val_accuracy)}")
    if figures is not None and figures.measured_on is Split.VALIDATION:
        lines[-1] += f" ({_interval_text(figures.interval)}), {VALIDATION_NOTE}"
    if event.test_accuracy is not None and test_interval is not None:
        lines.append(
            f"Test accuracy: {percent_text(event.test_accuracy)} "
            f"({_interval_text(test_interval)}), on pictures not used in training"
        )
    if figures is not None:
        lines += [*summary_lines(figures), *recall_lines(figures), *note_lines(figures)]
    return lines


def _interval_text(interval: tuple[float, float]) -> str:
    low, high = (percent_text(bound) for bound in interval)
    return f"95% interval {low} to {high}"


def _progress_texts(phase: Phase, done: int, total: int | None, rate: float) -> tuple[str, str]:
    """Return count and speed."""
    if phase is Phase.DOWNLOADING:
        end = f"/{total / 1e6:.1f}" if total else ""
        return f"{done / 1e6:.1f}{end} MB", f"{rate / 1e6:.1f} MB/s"
    return f"{done}/{total if total else '?'}", f"{rate:.0f} {phase.unit}/s"


def _device_text(event: DeviceReported) -> str:
    if event.memory_total is None:
        return f"Device: {event.name}"
    return f"Device: {event.name}, {event.memory_total / 1024**3:.0f} GB"


def _provisional_text(event: ProvisionalAccuracy) -> str:
    return (
        f"Provisional, with {event.num_images} pictures: accuracy about "
        f"{percent_text(event.accuracy)} ({_interval_text(event.interval)})"
    )


def _split_text(event: DatasetSplit) -> str:
    return (
        f"{len(event.labels)} classes: {event.num_training} pictures for training, "
        f"{event.num_validation} for validation, {event.num_test} for testing "
        f"({event.cached_features} feature vectors from the cache)"
    )


def _epoch_text(event: EpochFinished) -> str:
    mark = " *" if event.is_best else ""
    kind = "Iteration" if event.is_exact else "Epoch"
    if event.is_fine_tuning:
        kind = "Fine-tuning epoch"
    return (
        f"{kind} {event.epoch}/{event.num_epochs}  loss {event.loss:.4f}  "
        f"accuracy {percent_text(event.accuracy)}  validation loss {event.val_loss:.4f}  "
        f"validation accuracy {percent_text(event.val_accuracy)}{mark}"
    )


def _cancelled_text(event: TrainingCancelled) -> str:
    if event.model_dir is None:
        return "Stopped before the end of the first epoch; nothing was trained."
    return (
        f"Stopped after {event.epochs} epochs. The best weights so far are kept in "
        f"{event.model_dir}; resume with: fieldguide resume {shlex.quote(str(event.run_dir))}"
    )

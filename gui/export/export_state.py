"""State of exports: controllers change it, the Export page listens and shows it."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportFormat


@dataclass(frozen=True, slots=True)
class FormatProgress:
    """How far an export under way is with one format.

    Attributes:
        text: What is being done, fit to show.
        fraction: How much of it is done, in [0, 1]; None where its end isn't known.
        results: Artifacts of the format, once all that were asked for are made.
    """

    text: str = ""
    fraction: float | None = 0.0
    results: tuple[ArtifactResult, ...] = ()


class ExportState(QObject):
    """The export under way or the last one; knows neither widgets nor processes.

    Attributes:
        is_running: Whether an export is under way.
        is_stopping: Whether it was asked to end.
        outcome: How the last one ended, fit to show; "" if that no longer matters.
        text: What the export is doing, fit to show.
        hint: What else is to be known of it, fit to show.
        fraction: How much is done, in [0, 1]; None where the end isn't known.
        results: All exports of the model.

    Signals:
        running_changed: `is_running` or `outcome`.
        progress_changed: `text`, `hint`, `fraction` or `is_stopping`.
        format_changed: An `ExportFormat` and its `FormatProgress`.
        results_changed: `results`.
    """

    running_changed = Signal()
    progress_changed = Signal()
    format_changed = Signal(object, object)
    results_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.is_running = self.is_stopping = False
        self.outcome = self.text = self.hint = ""
        self.fraction: float | None = None
        self.results: tuple[ArtifactResult, ...] = ()

    def begin(self) -> None:
        """Say that an export is under way."""
        self._set_running(is_running=True, outcome="")

    def end(self, outcome: str = "") -> None:
        """Say that none is under way, and how the last one ended."""
        self._set_running(is_running=False, outcome=outcome)

    def forget_outcome(self) -> None:
        """Say that how the last one ended no longer matters."""
        self.outcome = ""

    def set_progress(self, text: str, hint: str, fraction: float | None) -> None:
        """Say how far the export is, unless it was asked to end."""
        if not self.is_stopping:
            self.text, self.hint, self.fraction = text, hint, fraction
            self.progress_changed.emit()

    def set_stopping(self, text: str) -> None:
        """Say that the export will end soon."""
        self.set_progress(text, "", None)
        self.is_stopping = True
        self.progress_changed.emit()

    def set_format(self, chosen: ExportFormat, progress: FormatProgress) -> None:
        """Say how far the export is with one format."""
        self.format_changed.emit(chosen, progress)

    def set_results(self, results: Iterable[ArtifactResult]) -> None:
        """Say which exports of the model there are."""
        self.results = tuple(results)
        self.results_changed.emit()

    def put(self, result: ArtifactResult) -> None:
        """Add an export, in place of an earlier one for the same target."""
        others = [other for other in self.results if other.target != result.target]
        self.set_results([*others, result])

    def _set_running(self, *, is_running: bool, outcome: str) -> None:
        self.is_running, self.is_stopping, self.outcome = is_running, False, outcome
        self.running_changed.emit()

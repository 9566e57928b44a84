"""Turns the events of an export into what the page Export shows."""

from PySide6.QtCore import QObject

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget
from core.messages.events import Event, ImageSkipped, Phase, PhaseProgressed, PhaseStarted
from core.messages.export_events import ArtifactFinished, ArtifactStarted
from gui.export.export_state import ExportState, FormatProgress
from gui.export.export_texts import target_name
from gui.look.language import tr, tr_count
from gui.look.phase_texts import phase_text


class ExportDisplay(QObject):
    """Follows the events of one export after the other.

    Args:
        state: Where it says how far the export is.
    """

    def __init__(self, state: ExportState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._targets: tuple[ExportTarget, ...] = ()
        self._target: ExportTarget | None = None
        self._position = 0
        self._num_skipped = 0
        self._finished: list[ArtifactResult] = []

    @property
    def finished(self) -> tuple[ArtifactResult, ...]:
        """Artifacts that this export has finished so far."""
        return tuple(self._finished)

    def begin(self, targets: tuple[ExportTarget, ...]) -> None:
        """Show that an export of these begins."""
        self._targets, self._target, self._position = targets, None, 0
        self._finished, self._num_skipped = [], 0
        for target in targets:
            self._state.set_format(target.format, FormatProgress(tr("waiting")))
        self._state.set_progress(tr("Starting"), "", None)

    def show(self, event: Event) -> None:
        """Show an event; the terminal ones are the controller's."""
        match event:
            case ArtifactStarted(target, position, _):
                self._target, self._position = target, position
                self._show_phase(Phase.CONVERTING, 0, None)
            case ArtifactFinished(result):
                self._on_finished(result)
            case PhaseStarted(phase, total):
                self._show_phase(phase, 0, total)
            case PhaseProgressed(phase, done, total, _):
                self._show_phase(phase, done, total)
            case ImageSkipped():
                self._num_skipped += 1

    def status(self) -> str:
        """Return the text of the status bar."""
        if self._target is None:
            return tr("Exporting")
        return tr("Exporting: %1 of %2", self._position, len(self._targets))

    def _on_finished(self, result: ArtifactResult) -> None:
        self._finished.append(result)
        self._state.put(result)
        chosen = result.target.format
        left = [each for each in self._targets[self._position :] if each.format is chosen]
        if not left:
            made = tuple(each for each in self._finished if each.target.format is chosen)
            self._state.set_format(chosen, FormatProgress(results=made))
        self._target = None
        self._show_total(tr("%1 is done", target_name(result.target)), 0.0)

    def _show_phase(self, phase: Phase, done: int, total: int | None) -> None:
        text = tr("%1 %2 of %3", phase_text(phase), done, total) if total else phase_text(phase)
        fraction = done / total if total else None
        target = self._target
        if target is None:
            self._state.set_progress(text, self._hint(), fraction)
            return
        of_format = tr("%1: %2", target.precision.upper(), text) if target.precision else text
        self._state.set_format(target.format, FormatProgress(of_format, fraction))
        # Verifying is the second half of an artifact's work, as far as that can be told.
        half = 0.5 + (fraction or 0.0) / 2 if phase is Phase.VERIFYING else 0.0
        self._show_total(tr("%1: %2", target_name(target), text), half)

    def _show_total(self, text: str, part: float) -> None:
        count = len(self._targets)
        done = self._position - 1 + part if self._target is not None else self._position
        numbers = tr("%1 of %2", self._position, count)
        hint = " · ".join(filter(None, (numbers, self._hint())))
        self._state.set_progress(text, hint, done / count)

    def _hint(self) -> str:
        if not self._num_skipped:
            return ""
        return tr_count("%n picture(s) could not be used", "", self._num_skipped)

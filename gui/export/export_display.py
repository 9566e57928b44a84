"""Shows on the page Export how an export goes."""

from PySide6.QtCore import QObject

from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget
from core.messages.events import Event, ImageSkipped, Phase, PhaseProgressed, PhaseStarted
from core.messages.export_events import ArtifactFinished, ArtifactStarted
from gui.export.export_page import ExportPage
from gui.export.export_texts import target_name
from gui.look.language import tr
from gui.look.wording import number, pictures
from gui.widgets.phase_texts import phase_text


class ExportDisplay(QObject):
    """Follows the events of one export after the other.

    Args:
        page: Where it is shown.
    """

    def __init__(self, page: ExportPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._targets: tuple[ExportTarget, ...] = ()
        self._target: ExportTarget | None = None
        self._position = 0
        self._num_skipped = 0
        self._finished: list[ArtifactResult] = []

    @property
    def finished(self) -> tuple[ArtifactResult, ...]:
        """What this export has brought so far."""
        return tuple(self._finished)

    def begin(self, targets: tuple[ExportTarget, ...]) -> None:
        """An export of these begins."""
        self._targets, self._target, self._position = targets, None, 0
        self._finished, self._num_skipped = [], 0
        for target in targets:
            self._page.cards.cards[target.format].show_progress(tr("waiting"), 0.0)
        self._page.panel.show_progress(tr("Starting"), "", None)

    def show(self, event: Event) -> None:
        """Show what an event says; the terminal ones are the controller's."""
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
        """What the status bar says."""
        if self._target is None:
            return tr("Exporting")
        text = tr("Exporting: %1 of %2", self._position)
        return text.replace("%2", number(len(self._targets)))

    def _on_finished(self, result: ArtifactResult) -> None:
        self._finished.append(result)
        self._page.table_model.put(result)
        chosen = result.target.format
        left = [each for each in self._targets[self._position :] if each.format is chosen]
        if not left:
            made = [each for each in self._finished if each.target.format is chosen]
            self._page.cards.cards[chosen].show_idle(made)
        self._target = None
        self._show_total(tr("%1 is done", target_name(result.target)), 0.0)

    def _show_phase(self, phase: Phase, done: int, total: int | None) -> None:
        text = self._phase_text(phase, done, total)
        share = done / total if total else None
        if self._target is None:
            self._page.panel.show_progress(text, self._hint(), share)
            return
        card = self._page.cards.cards[self._target.format]
        prefix = f"{self._target.precision.upper()}: " if self._target.precision else ""
        card.show_progress(prefix + text, share)
        # Verifying is the second half of an artifact's work, as far as that can be told.
        half = 0.5 + (share or 0.0) / 2 if phase is Phase.VERIFYING else 0.0
        self._show_total(f"{target_name(self._target)}: {text}", half)

    def _show_total(self, text: str, part: float) -> None:
        count = len(self._targets)
        done = self._position - 1 + part if self._target is not None else self._position
        numbers = tr("%1 of %2", self._position)
        numbers = numbers.replace("%2", number(count))
        hint = " · ".join(filter(None, (numbers, self._hint())))
        self._page.panel.show_progress(text, hint, done / count)

    def _phase_text(self, phase: Phase, done: int, total: int | None) -> str:
        text = phase_text(phase)
        if self._target is not None:  # it follows the target's name
            text = text[:1].lower() + text[1:]
        if not total:
            return text
        amount = tr("%1 %2 of %3", text, done)
        return amount.replace("%3", number(total))

    def _hint(self) -> str:
        if not self._num_skipped:
            return ""
        return tr("%1 could not be used", pictures(self._num_skipped))

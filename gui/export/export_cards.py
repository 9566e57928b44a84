"""The formats to choose from, a card each."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.export.formats.format import export_formats
from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportFormat
from gui.export.export_card import ExportCard
from gui.export.export_state import ExportState, FormatProgress
from gui.look.theme import GRID


class ExportCards(QWidget):
    """Below each other, in the order in which exports are made.

    Args:
        state: How far exports are.

    Signals:
        chosen_changed: Other formats are chosen.
    """

    chosen_changed = Signal()

    def __init__(self, state: ExportState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[ExportFormat, ExportCard] = {
            chosen: ExportCard(chosen) for chosen in export_formats()
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for card in self.cards.values():
            card.check.setChecked(card.format.is_chosen_at_first)
            card.toggled.connect(self._on_card_toggled)
            layout.addWidget(card)
        state.format_changed.connect(self._on_format_changed)

    def chosen(self) -> tuple[ExportFormat, ...]:
        """Return the formats that are chosen."""
        return tuple(card.format for card in self.cards.values() if card.check.isChecked())

    def choose(self, formats: Iterable[ExportFormat]) -> None:
        """Choose these formats and no others."""
        wanted = set(formats)
        for card in self.cards.values():
            card.check.setChecked(card.format in wanted)

    def set_model_size(self, num_bytes: int) -> None:
        """Show how large artifacts will be."""
        for card in self.cards.values():
            card.set_model_size(num_bytes)

    def set_locked(self, is_locked: bool) -> None:
        """Accept no choice for the time being."""
        for card in self.cards.values():
            card.check.setEnabled(not is_locked)

    def show_results(self, results: Iterable[ArtifactResult]) -> None:
        """Show the verdicts on each format; no export is under way."""
        found = tuple(results)
        for card in self.cards.values():
            card.show_idle([each for each in found if each.target.format is card.format])

    def _on_format_changed(self, chosen: ExportFormat, progress: FormatProgress) -> None:
        if progress.results:
            self.cards[chosen].show_idle(progress.results)
        else:
            self.cards[chosen].show_progress(progress.text, progress.fraction)

    def _on_card_toggled(self, _is_chosen: bool) -> None:
        self.chosen_changed.emit()

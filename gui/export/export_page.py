"""The page Export: formats on the left, exports on the right, progress below."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.export_spec.export_format import ExportTarget
from core.models.model_info import ModelInfo
from gui.export.export_cards import ExportCards
from gui.export.export_details import ExportDetails
from gui.export.export_model_bar import ExportModelBar
from gui.export.export_panel import ExportPanel
from gui.export.export_settings import ExportSettings
from gui.export.export_state import ExportState
from gui.export.export_table import ExportTable
from gui.export.export_table_model import ExportTableModel
from gui.look.language import tr, tr_count
from gui.look.theme import CONTROL_HEIGHT, GRID
from gui.widgets.banner import Banner
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel

_FORM_WIDTH = 45 * GRID


class ExportPage(QWidget):
    """Lays out its parts and says what the user wants; a controller answers.

    Attributes:
        state: What the page shows of exports; a controller changes it.
        tftrt: The settings of TF-TRT, for the controller that checks them.

    Signals:
        export_requested: An `ExportOptions`.
        cancel_requested: The export is to end.
        output_changed: Another output folder was chosen.
        train_requested: There is no model and the user wants one.
        folder_chosen: A model folder or run folder to export instead.
        project_model_requested: The project's own model is wanted again.
        show_requested: The path of an artifact to show in its folder.
    """

    export_requested = Signal(object)
    cancel_requested = Signal()
    output_changed = Signal()
    train_requested = Signal()
    folder_chosen = Signal(Path)
    project_model_requested = Signal()
    show_requested = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = ExportState(self)
        self.banner = Banner()
        self.model_bar = ExportModelBar()
        self.cards = ExportCards(self.state)
        self.settings = ExportSettings()
        self.tftrt = self.settings.tftrt
        self.panel = ExportPanel(self.state)
        self.table_model = ExportTableModel(self)
        self.table = ExportTable(self.table_model)
        self.details = ExportDetails()
        self._output: Path | None = None
        self._default_output: Path | None = None
        self._results = QStackedWidget()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()
        self.show_no_model()

    def show_no_model(self) -> None:
        """Show that there is nothing to export."""
        self._stack.setCurrentIndex(1)

    def show_model(
        self, folder: Path, info: ModelInfo, size_bytes: int, *, is_projects: bool
    ) -> None:
        """Show the model to export.

        Args:
            size_bytes: Of its LiteRT file; 0 if there is none.
            is_projects: Whether it is the model of the project's last run.
        """
        self.model_bar.show_model(folder, info, is_projects=is_projects)
        self.cards.set_model_size(size_bytes)
        self.state.forget_outcome()
        self._stack.setCurrentIndex(0)
        self._show_state()

    def set_default_output(self, folder: Path) -> None:
        """Show where exports go unless another folder is chosen."""
        self.settings.set_default_output(folder)
        self._default_output = folder
        self._output = self.settings.output() or folder
        self._show_state()

    def output(self) -> Path | None:
        """Return the output folder that was chosen; None for the default."""
        return self.settings.output()

    def select(self, target: ExportTarget) -> None:
        """Show the details of an export, at once or when it comes."""
        self.table.select(target)

    @property
    def has_model(self) -> bool:
        """Whether there is something to export."""
        return self._stack.currentIndex() == 0

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Export"))
        title.setProperty("role", "title")
        title.setMinimumHeight(CONTROL_HEIGHT)
        self._stack.addWidget(self._make_filled())
        self._stack.addWidget(
            EmptyState(
                "package-check",
                tr("Train a model first"),
                tr(
                    "Export a trained model to files for phones, servers and other programs. Each "
                    "is compared with the model before you use it."
                ),
                (
                    (tr("Go to Train"), self.train_requested.emit),
                    (tr("Choose model…"), self.model_bar.ask_for_folder),
                ),
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(title)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _make_filled(self) -> QWidget:
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self._make_form_area())
        middle.addWidget(self._make_results(), 1)
        filled = QWidget()
        layout = QVBoxLayout(filled)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.model_bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self.panel)
        return filled

    def _make_form_area(self) -> QScrollArea:
        form = QWidget()
        form.setProperty("role", "scrolled")
        inner = QVBoxLayout(form)
        inner.setContentsMargins(0, 0, GRID, 0)
        inner.setSpacing(GRID)
        inner.addWidget(self.cards)
        inner.addWidget(self.settings)
        inner.addStretch(1)
        area = QScrollArea()
        area.setWidget(form)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(_FORM_WIDTH)
        area.setAccessibleName(tr("Formats"))
        area.viewport().setAutoFillBackground(False)
        return area

    def _make_results(self) -> QStackedWidget:
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(GRID)
        splitter.addWidget(self.table)
        splitter.addWidget(self.details)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        self._results.addWidget(splitter)
        self._results.addWidget(
            EmptyState(
                "package-check",
                tr("Nothing exported yet"),
                tr(
                    "Choose formats on the left, then “Export and verify”. Each export classifies "
                    "pictures that the model has not seen, and is compared with the model here."
                ),
            )
        )
        return self._results

    def _connect(self) -> None:
        self.cards.chosen_changed.connect(self._on_chosen_changed)
        self.settings.changed.connect(self._on_settings_changed)
        self.table.current_changed.connect(self.details.show_result)
        self.panel.start_requested.connect(self._on_start_requested)
        self.panel.cancel_requested.connect(self.cancel_requested)
        self.model_bar.folder_chosen.connect(self.folder_chosen)
        self.model_bar.project_model_requested.connect(self.project_model_requested)
        self.details.show_requested.connect(self.show_requested)
        self.state.running_changed.connect(self._on_running_changed)
        self.state.results_changed.connect(self._on_results_changed)

    def _show_state(self) -> None:
        is_empty = not self.state.results and not self.state.is_running
        self._results.setCurrentIndex(1 if is_empty else 0)
        if self.state.is_running:
            return
        chosen = self.cards.chosen()
        fault = "" if chosen else tr("Choose at least one format.")
        fault = fault or self.settings.fault()
        text = self.state.outcome or tr_count("%n format(s) chosen", "", len(chosen))
        hint = fault
        if not fault and self._output is not None:
            hint = tr("Output folder: %1", str(self._output))
        self.panel.show_idle(text, hint, can_start=not fault)

    def _on_running_changed(self) -> None:
        is_running = self.state.is_running
        self.cards.set_locked(is_running)
        self.settings.set_locked(is_running)
        self.model_bar.set_locked(is_running)
        if not is_running:
            self.cards.show_results(self.state.results)
        self._show_state()

    def _on_results_changed(self) -> None:
        self.table_model.set_rows(self.state.results)
        if not self.state.is_running:
            self.cards.show_results(self.state.results)
        self._show_state()

    def _on_chosen_changed(self) -> None:
        if any(chosen.has_precision for chosen in self.cards.chosen()):
            self.settings.open_tftrt()
        self.state.forget_outcome()
        self._show_state()

    def _on_settings_changed(self) -> None:
        output = self.settings.output() or self._default_output
        is_other = output != self._output
        self._output = output
        self.state.forget_outcome()
        self._show_state()
        if is_other:
            self.output_changed.emit()

    def _on_start_requested(self) -> None:
        self.export_requested.emit(self.settings.options(self.cards.chosen()))

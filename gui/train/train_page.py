"""The Train page: settings at the left, plots at the right, the run below."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import StorageError
from core.messages.events import BatchFinished, EpochFinished, ProvisionalAccuracy
from gui.look.icons import icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.train.plot_legend import PlotLegend
from gui.train.run_panel import RunPanel
from gui.train.run_state import RunState, Stage
from gui.train_settings.config_form import ConfigForm
from gui.widgets.banner import Banner, Severity
from gui.widgets.empty_state import EmptyState
from gui.widgets.plain_text import PlainLabel

if TYPE_CHECKING:
    from gui.train.provisional_plot import ProvisionalPlot
    from gui.train.training_plot import TrainingPlot

_FORM_WIDTH = 49 * GRID  # as much as the preview of augmentation takes


class TrainPage(QWidget):
    """Show form, plots and run panel; `plot` is made when it is first needed.

    Attributes:
        run_state: The run that the page shows.
        form: The settings.
        banner: Tells what went wrong.

    Signals:
        first_shown: The page came to the front for the first time.
        measure_requested: Measure how fast the chosen backbone is on this computer.
        start_requested: Start a new run.
        pause_requested: Pause the run, or continue it.
        stop_requested: Stop the run soon and keep the best weights so far.
        resume_requested: Resume the run that was stopped.
        images_requested: Add images, of which there are none.
        results_requested: Show how good the model is.
        classify_requested: Classify a picture with the model.
        compare_requested: Compare its run with others.
        export_requested: Export the model.
    """

    first_shown = Signal()
    measure_requested = Signal()
    start_requested = Signal()
    pause_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal()
    images_requested = Signal()
    results_requested = Signal()
    classify_requested = Signal()
    compare_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.form = ConfigForm()
        self.form.show_all(False)
        self.run_state = RunState(self)
        self.run_state.stage_changed.connect(self._on_stage_changed)
        self.panel = RunPanel(self.run_state)
        self.panel.start_requested.connect(self.start_requested)
        self.panel.pause_requested.connect(self.pause_requested)
        self.panel.stop_requested.connect(self.stop_requested)
        self.panel.resume_requested.connect(self.resume_requested)
        steps = self.panel.next_steps
        steps.results_requested.connect(self.results_requested)
        steps.classify_requested.connect(self.classify_requested)
        steps.compare_requested.connect(self.compare_requested)
        steps.export_requested.connect(self.export_requested)
        self._stack = QStackedWidget()
        self._expected = PlainLabel()
        self._expected.setObjectName("Expected time")
        self._expected.setProperty("role", "help")
        self._measure = QPushButton(icon("clock"), tr("Measure"))
        self._measure.setProperty("kind", "flat")
        self._measure.setObjectName("Measure speed")
        self._measure.setAccessibleName(tr("Measure speed"))
        self._measure.setToolTip(
            tr("This backbone has not run on this computer yet. Measuring takes a few seconds.")
        )
        self._measure.clicked.connect(self.measure_requested)
        keeps_place = self._measure.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._measure.setSizePolicy(keeps_place)
        self._measure.hide()
        self._read_out = PlainLabel()
        self._read_out.setProperty("role", "help")
        self._legend = PlotLegend()
        self._plot_place = QVBoxLayout()
        self._was_shown = False
        self._plot_widget: TrainingPlot | None = None
        self._plots = QStackedWidget()
        self._provisional: ProvisionalPlot | None = None
        self._lay_out()

    @property
    def plot(self) -> "TrainingPlot":
        """The plots."""
        if self._plot_widget is None:
            # Imported here: pyqtgraph takes a third of a second, which a window that has just
            # been opened is better off without.
            from gui.train.training_plot import TrainingPlot

            self._plot_widget = TrainingPlot()
            self._plot_widget.read_out.connect(self._on_read_out)
            self._plot_widget.legend_changed.connect(self._legend.set_entries)
            self._legend.set_entries(self._plot_widget.legend())
            self._plot_place.addWidget(self._plot_widget)
        return self._plot_widget

    def begin_curves(self, num_epochs: int, *, is_exact: bool) -> None:
        """Start the curves of a new run; earlier ones stay behind them."""
        self.plot.start(num_epochs, is_exact=is_exact)

    def name_curves(self, name: str) -> None:
        """Name the run whose curves are drawn."""
        self.plot.history.name = name

    def end_curves(self) -> None:
        """End the curves: the run has ended."""
        self.plot.end()

    def load_curves(self, history: Sequence[dict[str, Any]], name: str = "") -> None:
        """Draw the curves of an earlier run."""
        self.plot.load_history(history, name)

    def clear_curves(self) -> None:
        """Remove all curves: they belong to another project."""
        if self._plot_widget is not None:
            self._plot_widget.clear()

    def add_batch(self, event: BatchFinished) -> None:
        """Draw a batch."""
        self.plot.add_batch(event)

    def is_iteration(self, epoch: int) -> bool:
        """Return whether an epoch in the plots is an iteration of an exact fit."""
        return self.plot.history.is_iteration(epoch)

    def add_epoch(self, event: EpochFinished) -> None:
        """Draw an epoch."""
        self.plot.add_epoch(event)

    def add_provisional(self, event: ProvisionalAccuracy) -> None:
        """Draw an accuracy in the place of the curves, which are empty while it is told."""
        if self._provisional is None:
            from gui.train.provisional_plot import ProvisionalPlot

            self._provisional = ProvisionalPlot()
            self._plots.addWidget(self._provisional)
        self._provisional.add(event)
        self._plots.setCurrentWidget(self._provisional)

    def end_provisional(self) -> None:
        """Show the curves again."""
        if self._provisional is not None:
            self._provisional.clear()
            self._plots.setCurrentIndex(0)

    @property
    def provisional(self) -> "ProvisionalPlot | None":
        """What is in the place of the curves; None while they are shown."""
        return self._provisional if self._plots.currentIndex() else None

    def set_sample_images(self, paths: Sequence[Path]) -> None:
        """Preview augmentation on these images."""
        self.form.set_sample_images(paths)

    def show_empty(self, is_empty: bool) -> None:
        """Show how to begin, as there is nothing to train on, or form, plots and run."""
        self._stack.setCurrentIndex(1 if is_empty else 0)
        self._expected.setVisible(not is_empty)

    @property
    def shows_empty(self) -> bool:
        """Whether the page shows how to begin."""
        return self._stack.currentIndex() == 1

    def show_expected(self, text: str) -> None:
        """Show how long a run will take, or why none can start."""
        self._expected.setText(text)

    def expected(self) -> str:
        """Return the text about the expected time."""
        return self._expected.text()

    def show_measure(self, *, is_offered: bool, is_measuring: bool) -> None:
        """Offer to measure the speed of the backbone, which is only a guess so far."""
        self._measure.setVisible(is_offered or is_measuring)
        self._measure.setEnabled(not is_measuring)
        self._measure.setText(tr("Measuring…") if is_measuring else tr("Measure"))

    @property
    def offers_to_measure(self) -> bool:
        """Whether a measurement is offered."""
        return not self._measure.isHidden() and self._measure.isEnabled()

    def _lay_out(self) -> None:
        title = PlainLabel(tr("Train"))
        title.setProperty("role", "title")
        header = QHBoxLayout()
        header.setSpacing(2 * GRID)
        header.addWidget(title)
        header.addWidget(self._expected)
        header.addWidget(self._measure)
        header.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GRID)
        middle.addWidget(self._make_form_area())
        self._plots.addWidget(self._make_plot_card())
        middle.addWidget(self._plots, 1)
        filled = QWidget()
        inner = QVBoxLayout(filled)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(GRID)
        inner.addLayout(middle, 1)
        inner.addWidget(self.panel)
        self._stack.addWidget(filled)
        self._stack.addWidget(self._make_empty_state())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _make_empty_state(self) -> EmptyState:
        return EmptyState(
            "play",
            tr("No pictures to train on yet"),
            tr(
                "Add folders of pictures, one folder per class. Then one click trains a model, and "
                "this page shows how it learns."
            ),
            ((tr("Go to Images"), self.images_requested.emit),),
        )

    def _make_form_area(self) -> QScrollArea:
        self.form.setProperty("role", "scrolled")
        area = QScrollArea()
        area.setWidget(self.form)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(_FORM_WIDTH)
        area.setAccessibleName(tr("Settings"))
        area.viewport().setAutoFillBackground(False)
        return area

    def _make_plot_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        fit = QPushButton(tr("Show all"))
        fit.setProperty("kind", "flat")
        fit.clicked.connect(lambda: self.plot.fit())
        # Without words, which leaves the legend more room.
        save = QToolButton()
        save.setIcon(icon("download"))
        save.setAccessibleName(tr("Save image…"))
        save.setToolTip(tr("Save image…"))
        save.clicked.connect(self._on_save_clicked)
        top = QHBoxLayout()
        top.addWidget(self._legend, 1)
        top.addWidget(fit)
        top.addWidget(save)
        layout = QVBoxLayout(card)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addLayout(top)
        layout.addLayout(self._plot_place, 1)
        layout.addWidget(self._read_out)
        self._read_out.setMinimumHeight(2 * GRID)
        return card

    def _on_stage_changed(self, stage: Stage) -> None:
        self.form.set_read_only(stage is not Stage.IDLE)

    def _on_read_out(self, text: str) -> None:
        self._read_out.setText(text)

    def _on_save_clicked(self) -> None:
        dialog = QFileDialog(self, tr("Save the plots"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr("PNG image (*.png)"), tr("SVG image (*.svg)")])
        dialog.setDefaultSuffix("png")
        dialog.selectFile("training.png")
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.open()

    def _on_file_chosen(self, file: str) -> None:
        try:
            self.plot.save_image(Path(file))
        except StorageError as error:
            self.banner.show_message(Severity.WARNING, shown(str(error)))

    # Qt's own methods.

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            # Else it would have the focus at first, whenever it comes to the front.
            self.setTabOrder(self.panel.resume, self._measure)
            self.plot.setMinimumHeight(20 * GRID)
            self.first_shown.emit()

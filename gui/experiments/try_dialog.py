"""Asks which values to try."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.experiments.experiment import Kind
from core.experiments.ready_made import DEFAULT_SEEDS, ReadyMade
from core.experiments.search import DEFAULT_TRIALS
from gui.experiments.planning import Material, Planned, Wish, expectation_text
from gui.experiments.values_row import ValuesRow
from gui.look.icons import icon
from gui.look.language import shown, tr
from gui.look.theme import GRID
from gui.widgets.banner import Banner
from gui.widgets.plain_text import PlainLabel

_WIDTH = 76 * GRID
_SPIN_WIDTH = 12 * GRID
_MOST_SEEDS = 50
_MOST_TRIALS = 1_000
_OWN = None  # a choice beside the ready-made ones


class TryDialog(QDialog):
    """Ask for an experiment, ready-made or of settings and values of the user's own.

    Args:
        material: Settings and images that it begins with.
        setting: The setting to try first; "" for a ready-made experiment.

    Signals:
        wish_changed: A `Wish`; answer with `show_planned` or `show_problem`.
        start_requested: Carry out the experiment that was planned last, a `Planned`.
    """

    wish_changed = Signal(object)
    start_requested = Signal(object)

    def __init__(
        self, material: Material, setting: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("Try several values")
        self.setWindowTitle(tr("Try several values"))
        self.setMinimumWidth(_WIDTH)
        self._material = material
        self._planned: Planned | None = None
        self._is_search = self._are_seeds_chosen = False
        self.banner = Banner()
        self.ready = QComboBox()
        self.ready.setObjectName("Experiment")
        for each in ReadyMade:
            self.ready.addItem(shown(each.text), each)
        self.ready.addItem(tr("Other settings and values"), _OWN)
        self.ready.setCurrentIndex(self.ready.count() - 1 if setting else 0)
        self._question = _help("")
        self.rows: list[ValuesRow] = []
        self._rows_place = QVBoxLayout()
        self._rows_place.setSpacing(GRID)
        self._add = QPushButton(icon("plus"), tr("Add a setting"))
        self._add.setProperty("kind", "flat")
        self._own = QWidget()
        self.seeds, self.trials = QSpinBox(), QSpinBox()
        self.seeds.setRange(1, _MOST_SEEDS)
        self.seeds.setValue(DEFAULT_SEEDS)
        for spin in (self.seeds, self.trials):
            # Style sheets don't reach the space before a spin box's text.
            spin.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)
            spin.setFixedWidth(_SPIN_WIDTH)
        self.trials.setRange(1, _MOST_TRIALS)
        self.trials.setValue(DEFAULT_TRIALS)
        self._expected = PlainLabel()
        self._expected.setObjectName("Expected time of the experiment")
        self._expected.setWordWrap(True)
        self._expected.setMinimumHeight(5 * GRID)
        self._expected.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.start = QPushButton(tr("Start"))
        self.start.setProperty("kind", "primary")
        self.start.setDefault(True)
        self.cancel = QPushButton(tr("Cancel"))
        self._lay_out()
        self._add_row(setting or "batch_size")
        self._connect()
        self._on_kind_changed()

    def wish(self) -> Wish:
        """Return what the user wants to try."""
        seeds = self.seeds.value() if self._are_seeds_chosen else 0
        ready = self.ready.currentData()
        if ready is not _OWN:
            return Wish(ReadyMade(ready), num_seeds=seeds)
        values = tuple((row.setting, row.values.text()) for row in self.rows)
        return Wish(None, values, seeds, self.trials.value())

    def show_planned(self, planned: Planned) -> None:
        """Show what an experiment takes, and offer to start it."""
        self._planned = planned
        # A search has another default.
        self.seeds.blockSignals(True)
        self.seeds.setValue(len(planned.experiment.seeds))
        self.seeds.blockSignals(False)
        self._show_search(planned.experiment.kind is Kind.SEARCH)
        lines = [expectation_text(planned), planned.note]
        if planned.experiment.kind is Kind.SEARCH:
            lines.append(
                tr(
                    "A range, or more than two settings, is searched: combinations are proposed "
                    "by validation accuracy, and those that fall behind are stopped early."
                )
            )
        self._say("\n".join(line for line in lines if line), is_fault=False)
        self.start.setEnabled(True)

    def show_problem(self, text: str) -> None:
        """Show why nothing can be started."""
        self._planned = None
        self._say(text, is_fault=True)
        self.start.setEnabled(False)

    def expected(self) -> str:
        """Return the text about what the experiment takes, or why it can't be started."""
        return self._expected.text()

    def _lay_out(self) -> None:
        own = QVBoxLayout(self._own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(GRID)
        own.addLayout(self._rows_place)
        own.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow(tr("Experiment"), self.ready)
        form.addRow("", self._question)
        seeds = QHBoxLayout()
        seeds.setSpacing(GRID)
        seeds.addWidget(self.seeds)
        why = tr("Each has its own split; repeats tell a difference from chance.")
        seeds.addWidget(_help(why), 1)
        self.seeds.setAccessibleName(tr("Repeats"))
        form.addRow(tr("Repeats"), seeds)
        self.trials.setAccessibleName(tr("Combinations"))
        self._trials_label = PlainLabel(tr("Combinations"))
        form.addRow(self._trials_label, self.trials)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.banner)
        layout.addLayout(form)
        layout.insertWidget(2, self._own)
        layout.addWidget(self._expected)
        layout.addStretch(1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.ready.currentIndexChanged.connect(self._on_kind_changed)
        self._add.clicked.connect(self._on_add_clicked)
        self.seeds.valueChanged.connect(self._on_seeds_changed)
        self.trials.valueChanged.connect(self._on_changed)
        self.cancel.clicked.connect(self.reject)
        self.start.clicked.connect(self._on_start_clicked)

    def _add_row(self, setting: str) -> None:
        row = ValuesRow(setting, self._material)
        row.changed.connect(self._on_changed)
        row.remove_requested.connect(self._on_remove_requested)
        self.rows.append(row)
        self._rows_place.addWidget(row)
        self._show_rows()

    def _show_rows(self) -> None:
        for row in self.rows:
            row.set_removable(len(self.rows) > 1)

    def _show_search(self, is_search: bool) -> None:
        if is_search != self._is_search:
            self._is_search = is_search
            self.trials.setVisible(is_search)
            self._trials_label.setVisible(is_search)
            self._fit()

    def _fit(self) -> None:
        """Make room for all rows, and for no more."""
        QTimer.singleShot(0, self, self.adjustSize)

    def _say(self, text: str, *, is_fault: bool) -> None:
        self._expected.setText(text)
        role = "error" if is_fault else ""
        if role != self._expected.property("role"):
            self._expected.setProperty("role", role)
            self._expected.style().unpolish(self._expected)
            self._expected.style().polish(self._expected)

    def _on_kind_changed(self) -> None:
        ready = self.ready.currentData()
        is_own = ready is _OWN
        self._own.setVisible(is_own)
        self._question.setText(
            tr("The settings in the form are used for all others.")
            if is_own
            else shown(ReadyMade(ready).question)
        )
        self.trials.setVisible(self._is_search and is_own)
        self._trials_label.setVisible(self._is_search and is_own)
        self._on_changed()
        self._fit()

    def _on_add_clicked(self) -> None:
        taken = {row.setting for row in self.rows}
        self._add_row(next(name for name in _SUGGESTED if name not in taken))
        self._on_changed()
        self._fit()

    def _on_remove_requested(self, row: ValuesRow) -> None:
        self.rows.remove(row)
        self._rows_place.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_rows()
        self._on_changed()
        self._fit()

    def _on_changed(self) -> None:
        self._planned = None
        self.start.setEnabled(False)
        self.wish_changed.emit(self.wish())

    def _on_seeds_changed(self) -> None:
        self._are_seeds_chosen = True
        self._on_changed()

    def _on_start_clicked(self) -> None:
        if self._planned is not None:
            self.start_requested.emit(self._planned)


_SUGGESTED: Sequence[str] = (
    *("batch_size", "learning_rate", "dropout", "epochs", "l2", "backbone", "optimizer"),
    *("validation_split", "test_split", "images_per_class", "fine_tune", "label_smoothing"),
)


def _help(text: str) -> PlainLabel:
    label = PlainLabel(text)
    label.setProperty("role", "help")
    label.setWordWrap(True)
    return label

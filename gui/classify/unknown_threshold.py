"""The probability below which an image is unknown: the model's suggestion or the user's."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from core.evaluation.unknown import KEPT_FRACTION
from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.look.wording import percent
from gui.widgets.percent_box import PLACE, PercentBox
from gui.widgets.plain_text import plain_tooltip


class UnknownThreshold(QWidget):
    """A percentage, and a button to return to the model's suggestion.

    Signals:
        changed: The probability, in [0, 1]; with 0 no image is unknown.
    """

    changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._learned = 0.0
        self._is_own = False
        self._spin = PercentBox(tr("unknown below %1%", PLACE), tr("Unknown: off"))
        self._spin.setObjectName("Unknown below")
        self._spin.setAccessibleName(tr("Unknown below"))
        self._spin.valueChanged.connect(self._on_value_changed)
        self._reset = QToolButton()
        self._reset.setObjectName("As learned")
        self._reset.setIcon(icon("rotate-ccw", IconColor.MUTED))
        self._reset.setAccessibleName(tr("Use the suggestion"))
        self._reset.clicked.connect(self.reset)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self._spin)
        layout.addWidget(self._reset)
        self._show_state()

    @property
    def value(self) -> float:
        """The probability; a suggestion is exact, though shown as a whole percentage."""
        return self._spin.value() / 100 if self._is_own else self._learned

    @property
    def learned(self) -> float:
        """The model's suggestion; 0 if there is none."""
        return self._learned

    def set_learned(self, threshold: float) -> None:
        """Set the model's suggestion; the user's own value stays.

        Args:
            threshold: In [0, 1]; 0 if there is none.
        """
        if threshold == self._learned:
            return
        self._learned = threshold
        if self._is_own:
            self._show_state()
        else:
            self.reset()

    def reset(self) -> None:
        """Use the model's suggestion."""
        self._is_own = False
        self._spin.blockSignals(True)
        self._spin.setValue(round(100 * self._learned))
        self._spin.blockSignals(False)
        self._show_state()
        self.changed.emit(self.value)

    def _on_value_changed(self, _value: int) -> None:
        self._is_own = True
        self._show_state()
        self.changed.emit(self.value)

    def _show_state(self) -> None:
        self._reset.setVisible(self._is_own)
        if self._learned:
            text = tr(
                "Suggested by the validation pictures: %1 of those classified correctly reach %2 "
                "or more.",
                percent(KEPT_FRACTION, 0),
                percent(self._learned),
            )
        else:
            text = tr(
                "Pictures with a lower probability are shown as unknown. This model has no "
                "suggested threshold."
            )
        self._spin.setToolTip(f"<p>{text}</p>")
        suggestion = tr("Use the suggestion, %1", percent(self._learned))
        self._reset.setToolTip(plain_tooltip(suggestion))

"""A few choices side by side, of which one is selected."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QPushButton, QWidget

from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel


class SegmentedChoice(QWidget):
    """Show buttons of equal width in a row; below each there may be a note.

    Args:
        choices: Values with their names.

    Signals:
        value_changed: The value that the user selected.
    """

    value_changed = Signal(object)

    def __init__(
        self, choices: Sequence[tuple[object, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values = [value for value, _ in choices]
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._notes: list[QLabel] = []
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID // 2)
        layout.setVerticalSpacing(GRID // 4)
        for position, (_, name) in enumerate(choices):
            self._add(layout, position, name)
        self.setFocusProxy(self._group.button(0))
        # Not `idClicked`: assistive technology toggles a button without a click.
        self._group.idToggled.connect(self._on_toggled)

    def value(self) -> object:
        """Return the selected value; None for none."""
        position = self._group.checkedId()
        return self._values[position] if position >= 0 else None

    def set_value(self, value: object) -> None:
        """Select a value, None for none; no signal is emitted."""
        self._group.blockSignals(True)
        self._group.setExclusive(False)
        for button, each in zip(self._group.buttons(), self._values, strict=True):
            button.setChecked(value is not None and each == value)
        self._group.setExclusive(True)
        self._group.blockSignals(False)

    def set_note(self, value: object, text: str) -> None:
        """Show a note below a choice; "" for none."""
        note = self._notes[self._values.index(value)]
        note.setText(text)
        note.setVisible(bool(text))
        self.button(value).setAccessibleDescription(text)

    def note(self, value: object) -> str:
        """Return the note below a choice."""
        return self._notes[self._values.index(value)].text()

    def button(self, value: object) -> QPushButton:
        """Return the button of a choice."""
        button = self._group.button(self._values.index(value))
        assert isinstance(button, QPushButton)
        return button

    def _add(self, layout: QGridLayout, position: int, name: str) -> None:
        button = QPushButton(name)
        button.setCheckable(True)
        button.setProperty("kind", "segment")
        button.setObjectName(name)
        button.setAccessibleName(name)
        self._group.addButton(button, position)
        note = PlainLabel()
        note.setProperty("role", "help")
        note.setWordWrap(True)
        note.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        note.hide()
        self._notes.append(note)
        layout.addWidget(button, 0, position)
        layout.addWidget(note, 1, position)
        layout.setColumnStretch(position, 1)

    def _on_toggled(self, position: int, is_checked: bool) -> None:
        if is_checked:
            self.value_changed.emit(self._values[position])

"""A setting of the form: label, input, unit, explanation, and a button to reset it."""

from typing import TypeAlias

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gui.look.icons import IconColor, icon
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel, plain_tooltip
from gui.widgets.segmented_choice import SegmentedChoice
from gui.widgets.term_label import TermLabel
from gui.widgets.term_popup import TermPopup
from gui.widgets.undo_keys import pass_undo_on

_LABEL_WIDTH = 15 * GRID
Editor: TypeAlias = QSpinBox | QLineEdit | QComboBox | QCheckBox | SegmentedChoice
"""An input of a setting."""

# Less than spin boxes and combo boxes ask for, which would not fit the form.
_SMALLEST_EDITOR_WIDTH = 10 * GRID


class SettingRow(QWidget):
    """Show the name of a setting, an editor for its value, and an explanation.

    Terms of the glossary are links; Shift+F1 explains them without the mouse.

    Args:
        name: The label, also the accessible name of the editor.
        editor: A spin box, line edit, combo box, check box or segmented choice.
        unit: Unit of the number; "" for none.
        explanation: One plain line.
        is_stacked: Whether the editor has a line of its own below the name.

    Signals:
        changed: The user changed the value; it need not be valid.
        reset_requested: Reset the value to its default.
        try_requested: Try several values; see `offer_try`.
    """

    changed = Signal()
    reset_requested = Signal()
    try_requested = Signal()

    def __init__(
        self,
        name: str,
        editor: Editor,
        unit: str,
        explanation: str,
        parent: QWidget | None = None,
        *,
        is_stacked: bool = False,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._name = name
        self._explanation, self._error, self._idle_reason = explanation, "", ""
        self._is_locked, self._is_idle, self._is_stacked = False, False, is_stacked
        self._buttons: list[QPushButton] = []
        self._label = TermLabel(name, takes_tab=False)
        if not is_stacked:
            self._label.setFixedWidth(_LABEL_WIDTH)
        self._label.setWordWrap(True)
        self._label.setBuddy(editor)
        editor.setMinimumWidth(_SMALLEST_EDITOR_WIDTH)
        editor.installEventFilter(self)
        pass_undo_on(editor)
        editor.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        editor.setObjectName(name)
        editor.setAccessibleName(name)
        self._reset = QToolButton()
        self._reset.setIcon(icon("rotate-ccw", IconColor.MUTED))
        self._reset.setAccessibleName(tr("Reset %1", name))
        self._reset.clicked.connect(self.reset_requested)
        keeps_place = self._reset.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keeps_place)
        self._try: QToolButton | None = None
        self._note = _help_label("")
        self._note.setProperty("role", "note")
        self._help = TermLabel(explanation, takes_tab=False)
        self._help.set_known(self._label.terms())
        self._help.setProperty("role", "help")
        self._help.setWordWrap(True)
        self._layout = QGridLayout(self)
        self._lay_out(unit)
        self._connect()
        self._show_help()
        self.set_state(is_changed=False, default="")

    def set_state(self, *, is_changed: bool, default: str) -> None:
        """Mark a value that isn't the default, and show the default."""
        self._reset.setVisible(is_changed)
        self._reset.setToolTip(plain_tooltip(tr("Reset to the default, %1", default)))
        font = self._label.font()
        font.setBold(is_changed)
        self._label.setFont(font)

    def set_error(self, message: str) -> None:
        """Show an error in place of the explanation; "" for none."""
        self._error = message
        self._show_help()

    def set_explanation(self, explanation: str) -> None:
        """Change the explanation."""
        self._explanation = explanation
        self._show_help()

    def set_idle(self, reason: str, *, takes_input: bool = False) -> None:
        """Show why the value has no effect, "" if it has one; disabled without `takes_input`."""
        self._idle_reason = reason
        self._is_idle = bool(reason) and not takes_input
        self._show_help()
        self._update_enabled()

    def set_note(self, text: str) -> None:
        """Show a note beside the explanation; "" for none."""
        self._note.setText(text)
        self._note.setVisible(bool(text))

    def set_locked(self, is_locked: bool) -> None:
        """Disable or enable input."""
        self._is_locked = is_locked
        self._update_enabled()

    def offer_try(self) -> None:
        """Offer to try several values: a button where the mouse or the focus is."""
        self._try = QToolButton()
        self._try.setIcon(icon("flask-conical", IconColor.MUTED))
        self._try.setToolTip(tr("Try several values…"))
        self._try.setAccessibleName(tr("Try several values of %1…", self._name))
        self._try.clicked.connect(self.try_requested)
        self._try.installEventFilter(self)
        keeps_place = self._try.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._try.setSizePolicy(keeps_place)
        self._layout.addWidget(self._try, 0, 4)
        self._show_try()

    def try_button(self) -> QToolButton | None:
        """Return the button that offers to try several values."""
        return self._try

    def add_button(self, button: QPushButton) -> None:
        """Add a button beside the editor; it is locked with it."""
        self._buttons.append(button)
        row, span = (1, 2) if self._is_stacked else (0, 1)
        self._layout.addWidget(button, row, 2, 1, span)

    def error(self) -> str:
        """Return the error; "" for none."""
        return self._error

    def note(self) -> str:
        """Return the note beside the explanation."""
        return self._note.text()

    def help(self) -> str:
        """Return the text under the editor."""
        return self._help.text()

    def explain(self) -> None:
        """Explain the terms of the name and the explanation, below the editor."""
        terms = [*self._label.terms(), *self._help.terms()]
        if terms:
            popup = TermPopup(terms[0], terms[1:], self.editor)
            popup.open_at(self.editor.mapToGlobal(QPoint(0, self.editor.height())))

    @property
    def is_marked(self) -> bool:
        """Whether the value is marked as changed."""
        return not self._reset.isHidden()

    def reset_button(self) -> QToolButton:
        """Return the button that resets the value."""
        return self._reset

    def _lay_out(self, unit: str) -> None:
        layout = self._layout
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 4)
        layout.addWidget(self._label, 0, 0, 1, 3 if self._is_stacked else 1)
        if self._is_stacked:
            layout.addWidget(self.editor, 1, 0, 1, 2)
        else:
            layout.addWidget(self.editor, 0, 1)
        if unit:
            units = PlainLabel(unit)
            units.setProperty("role", "help")
            layout.addWidget(units, 0, 2)
        layout.addWidget(self._reset, 0, 3)
        layout.addWidget(self._note, 2, 0, 1, 5)
        layout.addWidget(self._help, 3, 0, 1, 5)
        layout.setColumnStretch(1, 1)
        self._note.hide()
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _show_help(self) -> None:
        text = self._error or self._idle_reason or self._explanation
        role = "error" if self._error else "help"
        self._help.set_linked(not self._error)
        is_new = role != self._help.property("role")
        self._help.setText(text)
        self.editor.setAccessibleDescription(text)
        if not is_new:
            return
        self._help.setProperty("role", role)
        self.editor.setProperty("invalid", bool(self._error))
        for widget in (self._help, self.editor):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def _update_enabled(self) -> None:
        is_enabled = not self._is_locked and not self._is_idle
        for widget in (self.editor, *self._buttons):
            widget.setEnabled(is_enabled)
        self._reset.setEnabled(not self._is_locked)
        if self._try is not None:
            self._try.setEnabled(is_enabled)

    def _show_try(self) -> None:
        if self._try is not None:
            has_focus = self.editor.hasFocus() or self._try.hasFocus()
            self._try.setVisible(has_focus or self.underMouse())

    def _connect(self) -> None:
        editor = self.editor
        if isinstance(editor, SegmentedChoice):
            editor.value_changed.connect(self._on_editor_changed)
        elif isinstance(editor, QSpinBox):
            # Style sheets don't reach the space before a spin box's text.
            editor.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)
            editor.valueChanged.connect(self._on_editor_changed)
        elif isinstance(editor, QCheckBox):
            editor.toggled.connect(self._on_editor_changed)
        elif isinstance(editor, QLineEdit):
            editor.textChanged.connect(self._on_editor_changed)
        else:
            editor.currentTextChanged.connect(self._on_editor_changed)

    def _on_editor_changed(self, _value: object) -> None:
        self.changed.emit()

    # Qt's own methods.

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_try()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_try()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            # Later: the focus has not moved yet.
            QTimer.singleShot(0, self, self._show_try)
        if watched is not self.editor:
            return super().eventFilter(watched, event)
        # The wheel scrolls the form, and changes no setting on the way.
        if event.type() == QEvent.Type.Wheel and not self.editor.hasFocus():
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_shifted = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            if event.key() == Qt.Key.Key_F1 and is_shifted:
                self.explain()
                return True
        return super().eventFilter(watched, event)


def _help_label(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setProperty("role", "help")
    label.setWordWrap(True)
    return label

"""One setting of the form: label, input, unit, explanation, and the way back to its default."""

from typing import TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from gui.icons import IconColor, icon
from gui.theme import GRID

_LABEL_WIDTH = 15 * GRID

Editor: TypeAlias = QSpinBox | QLineEdit | QComboBox | QCheckBox


class SettingRow(QWidget):
    """A name, an editor for its value, and what the value means.

    Args:
        name: As shown and as assistive technology finds the editor.
        editor: A spin box, line edit, combo box or check box.
        unit: What the number counts; "" for none.
        explanation: One plain line.

    Signals:
        changed: The person changed the value; it need not be valid.
        reset_requested: The default is wanted back.
    """

    changed = Signal()
    reset_requested = Signal()

    def __init__(
        self,
        name: str,
        editor: Editor,
        unit: str,
        explanation: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._name = name
        self._label = QLabel(name)
        self._label.setFixedWidth(_LABEL_WIDTH)
        self._label.setWordWrap(True)
        self._label.setBuddy(editor)
        editor.setObjectName(name)
        editor.setAccessibleName(name)
        editor.setAccessibleDescription(explanation)
        self._reset = QToolButton()
        self._reset.setIcon(icon("rotate-ccw", IconColor.MUTED))
        self._reset.setAccessibleName(self.tr("Reset %1").replace("%1", name))
        self._reset.clicked.connect(self.reset_requested)
        keeps_place = self._reset.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keeps_place)
        self._explanation = explanation
        self._help = QLabel(explanation)
        self._help.setProperty("role", "help")
        self._help.setWordWrap(True)
        self._lay_out(unit)
        self._connect()
        self.set_state(is_changed=False, default="")

    def set_state(self, *, is_changed: bool, default: str) -> None:
        """Mark a value that isn't the default, and say what the default is."""
        self._reset.setVisible(is_changed)
        self._reset.setToolTip(self.tr("Back to the default, %1").replace("%1", default))
        font = self._label.font()
        font.setBold(is_changed)
        self._label.setFont(font)

    def set_error(self, message: str) -> None:
        """Say what is wrong with the value in place of its explanation; "" for nothing."""
        self._help.setText(message or self._explanation)
        self._help.setProperty("role", "error" if message else "help")
        self.editor.setProperty("invalid", bool(message))
        for widget in (self._help, self.editor):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def set_explanation(self, explanation: str) -> None:
        """Explain the value otherwise."""
        is_shown = not self.error()
        self._explanation = explanation
        self.editor.setAccessibleDescription(explanation)
        if is_shown:
            self._help.setText(explanation)

    def error(self) -> str:
        """What is wrong with the value; "" for nothing."""
        return self._help.text() if self._help.property("role") == "error" else ""

    @property
    def is_marked(self) -> bool:
        """Whether the value is shown as changed."""
        return not self._reset.isHidden()

    def reset_button(self) -> QToolButton:
        """The button that brings the default back."""
        return self._reset

    def _lay_out(self, unit: str) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 4)
        layout.addWidget(self._label, 0, 0)
        layout.addWidget(self.editor, 0, 1)
        units = QLabel(unit)
        units.setProperty("role", "help")
        layout.addWidget(units, 0, 2)
        layout.addWidget(self._reset, 0, 3)
        layout.addWidget(self._help, 1, 0, 1, 4)
        layout.setColumnStretch(1, 1)
        self._label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        editor = self.editor
        if isinstance(editor, QSpinBox):
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

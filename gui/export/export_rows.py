"""Rows of export settings: made from a default, reset to it, marked while they differ."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QSpinBox

from gui.look.language import tr
from gui.widgets.setting_row import SettingRow


class SettingRows(QObject):
    """Some settings with their defaults.

    Signals:
        changed: A value has changed; it need not be valid.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SettingRow] = {}
        self._defaults: dict[str, int | str] = {}

    def add_number(
        self,
        key: str,
        name: str,
        default: int,
        limits: tuple[int, int],
        *,
        unit: str = "",
        help_text: str,
        special: str = "",
    ) -> SettingRow:
        """Add a whole number from `limits`; `special` is shown in place of the smallest."""
        spin = QSpinBox()
        spin.setRange(*limits)
        spin.setGroupSeparatorShown(True)
        spin.setSpecialValueText(special)
        spin.setValue(default)
        return self._add(key, SettingRow(name, spin, unit, help_text), default)

    def add_text(
        self, key: str, name: str, default: str, help_text: str, *, is_stacked: bool = False
    ) -> SettingRow:
        """Add a line of text."""
        line = QLineEdit(default)
        return self._add(key, SettingRow(name, line, "", help_text, is_stacked=is_stacked), default)

    def number(self, key: str) -> int:
        """Return the value of a number."""
        editor = self.rows[key].editor
        assert isinstance(editor, QSpinBox)
        return editor.value()

    def text(self, key: str) -> str:
        """Return the value of a text, without space around it."""
        editor = self.rows[key].editor
        assert isinstance(editor, QLineEdit)
        return editor.text().strip()

    def set_value(self, key: str, value: int | str) -> None:
        """Change a value."""
        editor = self.rows[key].editor
        if isinstance(editor, QSpinBox):
            editor.setValue(int(value))
        elif isinstance(editor, QLineEdit):
            editor.setText(str(value))

    def set_locked(self, is_locked: bool) -> None:
        """Accept no input for the time being."""
        for row in self.rows.values():
            row.set_locked(is_locked)

    @property
    def differ(self) -> bool:
        """Whether any value isn't the default."""
        return any(row.is_marked for row in self.rows.values())

    def _add(self, key: str, row: SettingRow, default: int | str) -> SettingRow:
        self.rows[key], self._defaults[key] = row, default
        row.changed.connect(lambda key=key: self._on_row_changed(key))
        row.reset_requested.connect(lambda key=key: self.set_value(key, self._defaults[key]))
        return row

    def _on_row_changed(self, key: str) -> None:
        default = self._defaults[key]
        value = self.number(key) if isinstance(default, int) else self.text(key)
        self.rows[key].set_state(is_changed=value != default, default=str(default))
        self.changed.emit()


class PathChooser(QObject):
    """A button beside a row that asks for the path to write into it.

    Args:
        row: Its editor is a line edit.
        title: Of the dialog.
        mode: Whether a folder or a file is wanted.
    """

    def __init__(self, row: SettingRow, title: str, mode: QFileDialog.FileMode) -> None:
        super().__init__(row)
        assert isinstance(row.editor, QLineEdit)
        self._line, self._title, self._mode = row.editor, title, mode
        button = QPushButton(tr("Choose…"))
        button.setAccessibleName(title)
        button.clicked.connect(self._on_clicked)
        row.add_button(button)

    def _on_clicked(self) -> None:
        dialog = QFileDialog(self._line, self._title)
        dialog.setFileMode(self._mode)
        text = self._line.text() or self._line.placeholderText()
        if text:
            dialog.setDirectory(str(Path(text).parent))
        dialog.fileSelected.connect(self._line.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def path_of(text: str) -> Path | None:
    """Return the path that a user entered; None for nothing.

    Raises:
        ValueError: If it is not a whole path.
    """
    if not text:
        return None
    try:
        path = Path(text).expanduser()
    except RuntimeError:  # there is no user of that name
        path = Path(text)
    if not path.is_absolute():
        raise ValueError(text)
    return path

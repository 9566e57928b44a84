"""Settings of TF-TRT and TensorRT engines, and which of them this computer supports."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.export_spec.export_format import Precision
from core.export_spec.export_options import TftrtOptions
from gui.export.export_rows import PathChooser, SettingRows, path_of
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import PlainLabel
from gui.widgets.setting_group import SettingGroup

_DEFAULTS = TftrtOptions()
_LARGEST = {"workspace_mib": 1 << 20, "min_segment_size": 10_000, "num_calibration": 1_000_000}


class TftrtSettings(QWidget):
    """A closed group.

    Signals:
        changed: A value has changed; `fault` says whether all are valid.
        check_requested: Check what this computer can do.
    """

    changed = Signal()
    check_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = SettingRows(self)
        self.group = SettingGroup(tr("TF-TRT and TensorRT settings"))
        self.precisions = {each: QCheckBox(each.upper()) for each in Precision}
        self.check = QPushButton(tr("Check"))
        self.check.setAccessibleName(tr("Check TF-TRT"))
        self.check.clicked.connect(self.check_requested)
        self._found = PlainLabel()
        self._found.setObjectName("TF-TRT capability")
        self._found.setProperty("role", "help")
        self._found.setWordWrap(True)
        self._is_locked = self._is_checking = False
        self._add_rows()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.group)
        self._rows.changed.connect(self._on_changed)

    def options(self) -> TftrtOptions:
        """Return the settings; there must be no fault."""
        return TftrtOptions(
            precisions=self._chosen(),
            batch_sizes=_batch_sizes(self._rows.text("batch_sizes")),
            workspace_mib=self._rows.number("workspace_mib"),
            min_segment_size=self._rows.number("min_segment_size"),
            num_calibration=self._rows.number("num_calibration"),
            python=path_of(self._rows.text("python")),
        )

    def fault(self) -> str:
        """Return what must be corrected; "" for nothing."""
        if not self._chosen():
            return tr("Choose at least one precision for TF-TRT and TensorRT.")
        return self._batch_fault() or self._python_fault()

    def python(self) -> Path | None:
        """Return the interpreter that was named; None for none, or while it can't be used."""
        return None if self._python_fault() else path_of(self._rows.text("python"))

    def set_python(self, path: Path | None) -> None:
        """Name an interpreter."""
        self._rows.set_value("python", "" if path is None else str(path))

    def set_value(self, key: str, value: int | str) -> None:
        """Change a value, by the name of its field in `TftrtOptions`."""
        self._rows.set_value(key, value)

    def show_checking(self) -> None:
        """Show that a check is under way."""
        self._is_checking = True
        self._found.setText(tr("Looking for TensorFlow, TensorRT and a GPU…"))
        self._update_check()

    def show_found(self, text: str) -> None:
        """Show what this computer can do and what is missing."""
        self._is_checking = False
        self._found.setText(text)
        self._update_check()

    def found(self) -> str:
        """Return what is shown of what this computer can do."""
        return self._found.text()

    def open(self) -> None:
        """Show the settings, which are hidden at first."""
        self.group.set_open(True)

    def set_locked(self, is_locked: bool) -> None:
        """Accept no input for the time being."""
        self._is_locked = is_locked
        self._rows.set_locked(is_locked)
        for box in self.precisions.values():
            box.setEnabled(not is_locked)
        self._update_check()

    def _add_rows(self) -> None:
        rows = self._rows
        rows.add_text(
            "batch_sizes",
            tr("Batch sizes"),
            ", ".join(map(str, _DEFAULTS.batch_sizes)),
            tr("Engines are built for these. The largest is also their limit."),
        )
        numbers = (
            (
                "workspace_mib",
                tr("Workspace"),
                16,
                tr("MiB"),
                tr("GPU memory that TensorRT may use."),
            ),
            (
                "min_segment_size",
                tr("Smallest segment"),
                1,
                tr("operations"),
                tr("Shorter sequences of operations stay with TensorFlow."),
            ),
            (
                "num_calibration",
                tr("Calibrate with"),
                1,
                tr("pictures"),
                tr("Training pictures used to calibrate INT8 numbers."),
            ),
        )
        for key, name, least, unit, help_text in numbers:
            default = getattr(_DEFAULTS, key)
            limits = (least, _LARGEST[key])
            rows.add_number(key, name, default, limits, unit=unit, help_text=help_text)
        python = rows.add_text(
            "python",
            tr("TF-TRT Python"),
            "",
            tr("Python of an environment with TensorFlow 2.17. If empty: found automatically."),
            is_stacked=True,
        )
        PathChooser(python, tr("Choose the Python"), QFileDialog.FileMode.ExistingFile)
        self.group.add(self._make_precisions())
        for row in rows.rows.values():
            self.group.add(row)
        self.group.add(self._make_check())

    def _make_precisions(self) -> QWidget:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(PlainLabel(tr("Precisions")))
        layout.addStretch(1)
        for precision, box in self.precisions.items():
            name = tr("Precision %1", precision.upper())
            box.setObjectName(name)
            box.setAccessibleName(name)
            box.setChecked(precision in _DEFAULTS.precisions)
            box.toggled.connect(self._on_changed)
            layout.addWidget(box)
        return line

    def _make_check(self) -> QWidget:
        place = QWidget()
        layout = QVBoxLayout(place)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.setSpacing(GRID // 2)
        line = QHBoxLayout()
        line.addWidget(self.check)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addWidget(self._found)
        return place

    def _chosen(self) -> tuple[Precision, ...]:
        return tuple(each for each, box in self.precisions.items() if box.isChecked())

    def _batch_fault(self) -> str:
        try:
            _batch_sizes(self._rows.text("batch_sizes"))
        except ValueError:
            return tr("Enter whole numbers from 1, such as 1, 8, 32.")
        return ""

    def _python_fault(self) -> str:
        try:
            path_of(self._rows.text("python"))
        except ValueError:
            return tr("Enter the full path of the interpreter, starting with /.")
        return ""

    def _update_check(self) -> None:
        self.check.setEnabled(not self._is_locked and not self._is_checking)

    def _on_changed(self, _value: object = None) -> None:
        self._rows.rows["batch_sizes"].set_error(self._batch_fault())
        self._rows.rows["python"].set_error(self._python_fault())
        is_changed = self._rows.differ or self._chosen() != _DEFAULTS.precisions
        self.group.mark_changed(is_changed)
        self.group.mark_fault(bool(self.fault()))
        self.changed.emit()


def _batch_sizes(text: str) -> tuple[int, ...]:
    """Return the sizes in a text with commas between them, each once, smallest first.

    Raises:
        ValueError: If there is none, or one isn't a number from 1.
    """
    sizes = sorted({int(part) for part in text.replace(",", " ").split()})
    if not sizes or sizes[0] < 1:
        raise ValueError(text)
    return tuple(sizes)

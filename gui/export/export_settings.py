"""Settings of exports, for all formats."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from core.export.formats.format import export_formats
from core.export_spec.export_format import ExportFormat
from core.export_spec.export_options import ExportOptions
from gui.export.export_rows import PathChooser, SettingRows, path_of
from gui.export.export_tftrt_settings import TftrtSettings
from gui.look.language import tr
from gui.look.theme import GRID
from gui.widgets.plain_text import plain_tooltip
from gui.widgets.setting_group import SettingGroup

_DEFAULTS = ExportOptions(formats=export_formats())
_MOST_IMAGES = 1_000_000
_LARGEST_VERSION = 2**31 - 1


class ExportSettings(QWidget):
    """Two closed groups, of which the second is for NVIDIA's formats.

    Signals:
        changed: A value has changed; `fault` says whether all are valid.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = SettingRows(self)
        self.tftrt = TftrtSettings()
        self._group = SettingGroup(tr("Export settings"))
        self._add_rows()
        self._group.add_first(self._rows.rows["output"])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._group)
        layout.addWidget(self.tftrt)
        self._rows.changed.connect(self._on_changed)
        self.tftrt.changed.connect(self._on_changed)

    def options(self, formats: tuple[ExportFormat, ...]) -> ExportOptions:
        """Return the settings for these formats; there must be no fault."""
        rows = self._rows
        version, accuracy = rows.number("version"), rows.number("require_accuracy")
        return replace(
            _DEFAULTS,
            formats=formats,
            output=path_of(rows.text("output")),
            version=version or None,
            require_accuracy=accuracy / 100 if accuracy else None,
            num_images=rows.number("num_images"),
            num_representative=rows.number("num_representative"),
            tftrt=self.tftrt.options(),
        )

    def fault(self) -> str:
        """Return what must be corrected before an export; "" for nothing."""
        return self._rows.rows["output"].error() or self.tftrt.fault()

    def output(self) -> Path | None:
        """Return the folder that was chosen; None for the default, or while it can't be used."""
        return None if self._output_fault() else path_of(self._rows.text("output"))

    def set_default_output(self, folder: Path) -> None:
        """Show where exports go unless another folder is chosen."""
        editor = self._rows.rows["output"].editor
        assert isinstance(editor, QLineEdit)
        editor.setPlaceholderText(str(folder))
        editor.setToolTip(plain_tooltip(str(folder)))

    def set_value(self, key: str, value: int | str) -> None:
        """Change a value, by the name of its field in `ExportOptions`."""
        self._rows.set_value(key, value)

    def open_tftrt(self) -> None:
        """Show the settings of TF-TRT, which are hidden at first."""
        self.tftrt.open()

    def set_locked(self, is_locked: bool) -> None:
        """Accept no input for the time being."""
        self._rows.set_locked(is_locked)
        self.tftrt.set_locked(is_locked)

    def _add_rows(self) -> None:
        rows = self._rows
        output = rows.add_text(
            "output",
            tr("Output folder"),
            "",
            tr("Each format gets a folder in it. If empty: “exports” in the run folder."),
            is_stacked=True,
        )
        PathChooser(output, tr("Choose the output folder"), QFileDialog.FileMode.Directory)
        rows.add_number(
            "version",
            tr("Version folder"),
            0,
            (0, _LARGEST_VERSION),
            special=tr("none"),
            help_text=tr(
                "Puts the SavedModel into a numbered folder, as TensorFlow Serving expects."
            ),
        )
        accuracy = rows.add_number(
            "require_accuracy",
            tr("Required accuracy"),
            0,
            (0, 100),
            special=tr("any"),
            help_text=tr("A model with lower accuracy is not exported."),
        )
        # Not beside it as other units are: there is none to "any".
        assert isinstance(accuracy.editor, QSpinBox)
        accuracy.editor.setSuffix(tr("%"))
        rows.add_number(
            "num_images",
            tr("Verify with"),
            _DEFAULTS.num_images,
            (1, _MOST_IMAGES),
            unit=tr("pictures"),
            help_text=tr("Largest number of pictures to compare export and model on."),
        )
        rows.add_number(
            "num_representative",
            tr("Quantize with"),
            _DEFAULTS.num_representative,
            (1, _MOST_IMAGES),
            unit=tr("pictures"),
            help_text=tr("Training pictures used to calibrate full-integer numbers."),
        )
        for row in rows.rows.values():
            self._group.add(row)

    def _output_fault(self) -> str:
        try:
            path_of(self._rows.text("output"))
        except ValueError:
            return tr("Enter the full path of the folder, starting with /.")
        return ""

    def _on_changed(self) -> None:
        self._rows.rows["output"].set_error(self._output_fault())
        self._group.mark_changed(self._rows.differ)
        self._group.mark_fault(bool(self._output_fault()))
        self.changed.emit()

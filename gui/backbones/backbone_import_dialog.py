"""Asks for the details of an imported backbone: its name, value range and input size."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from core.messages.requests import ImportBackboneRequest
from gui.look.language import tr
from gui.look.theme import CONTROL_HEIGHT, GRID
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.plain_text import PlainLabel

ARCHIVE_SUFFIXES = (".tar.gz", ".tgz")
_LARGEST_SIZE = 2_048
_LONGEST_NAME = 60
_RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, 255.0))


def is_importable(path: Path) -> bool:
    """Return whether a path may be a SavedModel: a folder or a `.tar.gz`; reads the disk."""
    return path.name.lower().endswith(ARCHIVE_SUFFIXES) or path.is_dir()


class BackboneImportDialog(QDialog):
    """Name, value range and input size of a backbone on disk; open it with `open()`.

    Args:
        path: A SavedModel folder or a `.tar.gz` of one.
        taken: Names that are in use.

    Signals:
        answered: An `ImportBackboneRequest`.
    """

    answered = Signal(object)

    def __init__(self, path: Path, taken: frozenset[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("Import backbone")
        self.setWindowTitle(tr("Import a backbone"))
        self.setMinimumWidth(60 * GRID)
        self._path, self._taken = path, taken
        self._name = QLineEdit(_free_name(path, taken))
        self._name.setObjectName("Name")
        self._name.setMaxLength(_LONGEST_NAME)
        self._range = QComboBox()
        self._range.setObjectName("Value range")
        texts = (
            tr("0 to 1 (usual on TensorFlow Hub)"),
            tr("−1 to 1"),
            tr("0 to 255 (the backbone scales them)"),
        )
        for text, value_range in zip(texts, _RANGES, strict=True):
            self._range.addItem(text, value_range)
        self._size = QSpinBox()
        self._size.setObjectName("Input size")
        self._size.setFixedHeight(CONTROL_HEIGHT)
        # Style sheets don't reach the text inside a spin box.
        self._size.lineEdit().setTextMargins(GRID - 2, 0, 0, 0)
        self._size.setRange(0, _LARGEST_SIZE)
        self._size.setSingleStep(32)
        self._size.setSpecialValueText(tr("from the backbone"))
        self._size.setSuffix(tr(" px"))
        self._error = PlainLabel()
        self._error.setProperty("role", "error")
        self._error.setWordWrap(True)
        standard = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self._ok = self._buttons.button(standard.Ok)
        self._ok.setText(tr("Import"))
        self._ok.setProperty("kind", "primary")
        self._buttons.accepted.connect(self._on_accepted)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._name.textChanged.connect(self._check)
        self._check()
        self._name.selectAll()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.addRow(tr("From"), ElidedLabel(str(self._path)))
        form.addRow(tr("&Name"), self._name)
        form.addRow(tr("Pixel &values"), self._range)
        form.addRow(tr("&Input size"), self._size)
        help_text = PlainLabel(
            tr(
                "Pixel values must be in the range that the backbone was trained with; see its "
                "description. The input size matters only if the backbone accepts pictures of any "
                "size. The files are copied; the originals stay as they are."
            )
        )
        help_text.setProperty("role", "help")
        help_text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(form)
        layout.addWidget(self._error)
        layout.addWidget(help_text)
        layout.addWidget(self._buttons)

    def _check(self, _text: str = "") -> None:
        problem = self._problem(self._name.text().strip())
        self._error.setText(problem)
        self._ok.setEnabled(not problem)

    def _problem(self, name: str) -> str:
        if not name:
            return tr("Enter a name.")
        if not name.isprintable() or "/" in name or "\\" in name or name[0] in ".-":
            return tr("A name has no slashes and doesn’t start with a dot or hyphen.")
        if name in self._taken:
            return tr("A backbone with this name already exists.")
        return ""

    def _on_accepted(self) -> None:
        side = self._size.value()
        request = ImportBackboneRequest(
            handle=str(self._path),
            name=self._name.text().strip(),
            value_range=tuple(self._range.currentData()),
            input_size=(side, side) if side else None,
        )
        self.accept()
        self.answered.emit(request)


def _free_name(path: Path, taken: frozenset[str]) -> str:
    name = path.name
    for suffix in ARCHIVE_SUFFIXES:
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
    name = name.lstrip(".-")[:_LONGEST_NAME]
    number, free = 2, name
    while free in taken:
        free = f"{name[: _LONGEST_NAME - 6]}-{number}"
        number += 1
    return free

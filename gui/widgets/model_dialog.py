"""The dialog that asks for a model."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from gui.look.language import tr


def ask_for_model(
    parent: QWidget, folder: Path | None, on_chosen: Callable[[Path], object]
) -> None:
    """Ask the user for a model folder or a run folder; doesn't wait for the answer.

    Args:
        folder: Folder of the model in use, beside which others may be; None for none.
        on_chosen: Called with the folder; not called if none is chosen.
    """
    title = tr("Choose a model folder or a run folder")
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    if folder is not None:
        dialog.setDirectory(str(folder.parent))
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()

"""Reads the split of each image in the last run, for the filter of the grid."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from core.data.dataset import Split
from core.data.edits.edited_images import EditedImages
from core.data.edits.image_table import UNDECIDED, ImageTable
from core.errors import RunError
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_images
from gui.images.project_images_model import ProjectImagesModel
from gui.work.background import Task, TaskContext


class SplitController(QObject):
    """Read a run's record of images whenever the run or the images change.

    Args:
        model: Gets the splits.
    """

    def __init__(self, model: ProjectImagesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._table: ImageTable | None = None
        self._run_dir: Path | None = None
        self._task: Task | None = None

    def set_images(self, images: EditedImages | None) -> None:
        """Set the images shown."""
        table = images.table if images is not None else None
        if table is not self._table:
            self._table = table
            self._read()

    def set_run(self, run_dir: Path | None) -> None:
        """Set the run to read."""
        self._run_dir = run_dir
        self._read()

    def _read(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        table, run_dir = self._table, self._run_dir
        if table is None or run_dir is None:
            self._model.set_splits(None)
            return

        def read(_context: TaskContext) -> NDArray[np.int8] | None:
            return _splits_of(table, run_dir)

        self._task = Task(read, self)
        self._task.succeeded.connect(self._model.set_splits)
        self._task.start()


def _splits_of(table: ImageTable, run_dir: Path) -> NDArray[np.int8] | None:
    """Return the position in `tuple(Split)` per row; None for a run without a record."""
    try:
        _, images = read_run_images(RunFolder(run_dir).images_path)
    except RunError:
        return None
    codes = {split: position for position, split in enumerate(Split)}
    split_of = {image.path: codes[image.split] for image in images}
    splits = np.full(len(table), UNDECIDED, np.int8)
    for row, path in table.find(split_of.keys()):
        splits[row] = split_of[path]
    return splits

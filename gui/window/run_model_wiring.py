"""Offers the models of the project's runs where a model is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from gui.classify.classify_page import ClassifyPage
from gui.export.export_page import ExportPage
from gui.runs.runs_controller import RunsController
from gui.runs.runs_model import RunRow
from gui.widgets.run_model_box import RunModel


class RunModelWiring(QObject):
    """Tell the pages Classify and Export which models the project has."""

    def __init__(
        self,
        runs: RunsController,
        classify_page: ClassifyPage,
        export_page: ExportPage,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._bars = (classify_page.model_bar, export_page.model_bar)
        runs.rows_changed.connect(self._on_rows_changed)

    def _on_rows_changed(self, rows: Sequence[RunRow]) -> None:
        models = [
            RunModel(
                row.summary.model_dir, row.summary.name, row.summary.test_accuracy, row.is_starred
            )
            for row in rows
            if row.summary.has_model
        ]
        for bar in self._bars:
            bar.set_run_models(models)

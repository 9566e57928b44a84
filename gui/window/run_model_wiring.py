"""Which run is shown, whose model is used, and which models are offered where one is chosen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from core.models.model_info import MODEL_FILE
from core.runs.run_folder import RunFolder
from gui.classifier.classifier_service import ClassifierService
from gui.classify.classify_page import ClassifyPage
from gui.export.export_controller import ExportController
from gui.export.export_page import ExportPage
from gui.images.split_controller import SplitController
from gui.project.project_controller import ProjectController
from gui.results.results_page import ResultsPage
from gui.runs.runs_controller import RunsController
from gui.runs.runs_model import RunRow
from gui.widgets.run_model_box import RunModel
from gui.window.main_window import MainWindow


class RunModelWiring(QObject):
    """Show the project's latest run, and use the model of the starred run, else of that one.

    Args:
        window: Shows pages.
        project: The open project.
        runs: Its runs.
        results_page: Shows the results of a run.
        splits: Shows the splits of a run beside the images.
        classifier: Classifies with the model.
        classify_page: Offers other models.
        exports: Exports the model.
        export_page: Offers other models.
    """

    def __init__(
        self,
        window: MainWindow,
        project: ProjectController,
        runs: RunsController,
        results_page: ResultsPage,
        splits: SplitController,
        classifier: ClassifierService,
        classify_page: ClassifyPage,
        exports: ExportController,
        export_page: ExportPage,
    ) -> None:
        super().__init__(window)
        self._project, self._results_page, self._splits = project, results_page, splits
        self._classifier, self._exports = classifier, exports
        self._window, self._classify_page = window, classify_page
        self._bars = (classify_page.model_bar, export_page.model_bar)
        runs.rows_changed.connect(self._on_rows_changed)
        runs.model_changed.connect(self._on_model_changed)
        runs.classify_requested.connect(self._on_classify_requested)

    def latest_run(self) -> Path | None:
        """Return the project's latest run, which may be one of the command line."""
        last_run, entry = self._project.project.last_run, self._project.entry
        if last_run is None and entry is not None:
            return max(entry.runs(), key=lambda run: run.stat().st_mtime, default=None)
        return last_run

    def show_run(self, run_dir: Path | None) -> None:
        """Show a run's results and splits, and use the model."""
        self._results_page.show_run(run_dir)
        self._splits.set_run(run_dir)
        model_run = self._project.project.starred_run or run_dir
        folder = RunFolder(model_run).model_dir if model_run is not None else None
        has_model = folder is not None and (folder / MODEL_FILE).is_file()
        self._classifier.use_model(folder if has_model else None)
        self._exports.set_project_model(folder if has_model else None)

    def _on_classify_requested(self, model_dir: Path) -> None:
        self._classifier.use_model(model_dir)
        self._window.show_page(self._classify_page)

    def _on_model_changed(self) -> None:
        self.show_run(self.latest_run())

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

"""Connects the page Runs with the pages that show, resume, restore and export a run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.settings.config import TrainConfig
from gui.export.export_page import ExportPage
from gui.image_views.thumbnails import ThumbnailLoader
from gui.images.images_controller import ImagesController
from gui.project.project_controller import ProjectController
from gui.results.results_page import ResultsPage
from gui.runs.comparison import ComparedRuns
from gui.runs.runs_controller import RunsController
from gui.runs.runs_page import RunsPage
from gui.train.train_controller import TrainController
from gui.train.train_page import TrainPage
from gui.window.export_wiring import ExportWiring
from gui.window.main_window import MainWindow
from gui.window.report_wiring import ComparisonReportWiring


class RunsWiring(QObject):
    """Connect the page with its controller and the other pages.

    Args:
        window: Shows pages; parent of dialogs.
        page: The page.
        project: The open project.
        images: Knows what changed since a run.
        training: Resumes runs, and takes their settings.
        is_busy: Returns whether the project trains or tries values.
        train_page: Shows that.
        results_page: Shows a run's results.
        exports: Exports a run's model.
        export_page: Shows that.
        thumbnails: Of images on which runs disagree.

    Attributes:
        controller: Does what the page asks for.
    """

    def __init__(
        self,
        window: MainWindow,
        page: RunsPage,
        project: ProjectController,
        images: ImagesController,
        training: TrainController,
        is_busy: Callable[[], bool],
        train_page: TrainPage,
        results_page: ResultsPage,
        exports: ExportWiring,
        export_page: ExportPage,
        thumbnails: ThumbnailLoader,
    ) -> None:
        super().__init__(window)
        self._window, self._page, self._project = window, page, project
        self._is_busy = is_busy
        self._training, self._train_page, self._results_page = training, train_page, results_page
        self._exports, self._export_page, self._thumbnails = exports, export_page, thumbnails
        self.controller = RunsController(page, project, lambda: images.images, self)
        self.controller.results_requested.connect(self._on_results_requested)
        self.controller.resume_requested.connect(self._on_resume_requested)
        self.controller.settings_requested.connect(self._on_settings_requested)
        self.controller.export_requested.connect(self._on_export_requested)
        self.controller.compared.connect(self._on_compared)
        page.train_requested.connect(partial(window.show_page, train_page))
        window.page_shown.connect(self._on_page_shown)

    def _on_page_shown(self, page: QWidget) -> None:
        if page is self._page:
            self.controller.refresh()

    def _on_results_requested(self, run_dir: Path) -> None:
        self._results_page.show_run(run_dir)
        self._window.show_page(self._results_page)

    def _on_compared(self, compared: ComparedRuns) -> None:
        # Imported here: pyqtgraph takes a third of a second.
        from gui.runs.comparison_dialog import ComparisonDialog

        dialog = ComparisonDialog(compared, self._thumbnails, self._window)
        ComparisonReportWiring(dialog)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _on_resume_requested(self, run_dir: Path) -> None:
        self._window.show_page(self._train_page)
        if not self._is_busy():
            self._training.set_last_run(run_dir)
            self._training.resume()

    def _on_settings_requested(self, config: TrainConfig) -> None:
        if not self._is_busy():
            self._project.set_config(config)
            self._training.set_config(config)
        self._window.show_page(self._train_page)

    def _on_export_requested(self, model_dir: Path) -> None:
        self._exports.controller.use_model(model_dir)
        self._window.show_page(self._export_page)

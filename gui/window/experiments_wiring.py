"""Connects experiments with the form, the training and the window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.backbones.store import list_backbones
from core.data.edits.edited_images import EditedImages
from core.worker.process import WorkerProcess
from gui.experiments.experiment_work import ExperimentWork
from gui.experiments.experiments_controller import ExperimentsController
from gui.experiments.experiments_page import ExperimentsPage
from gui.experiments.planning import Material
from gui.look.language import tr
from gui.project.project_controller import ProjectController
from gui.train.train_controller import TrainController
from gui.train.training_problem import training_problem
from gui.train_settings.config_form import ConfigForm
from gui.window.actions import Actions
from gui.window.closing_controller import ClosingController
from gui.window.main_window import MainWindow


class ExperimentsWiring(QObject):
    """Let one of training and experiment run, and offer experiments at each setting.

    Args:
        window: Shows the page.
        page: The page Experiments.
        actions: Has the menu item.
        training: Can't start while an experiment runs, nor the other way round.
        form: Has the settings that all runs share.
        project: The open project.
        images: Returns the project's images; None while they are not known.
        closing: Asks before the window closes meanwhile.
        make_process: Makes the processes that train; tests pass others.
    """

    def __init__(
        self,
        window: MainWindow,
        page: ExperimentsPage,
        actions: Actions,
        training: TrainController,
        form: ConfigForm,
        project: ProjectController,
        images: Callable[[], EditedImages | None],
        closing: ClosingController,
        make_process: Callable[[], WorkerProcess],
    ) -> None:
        super().__init__(window)
        self._window, self._page = window, page
        self._training, self._form = training, form
        self._project, self._images = project, images
        self.work = ExperimentWork(page.progress, make_process, self)
        self.controller = ExperimentsController(
            page, self.work, project, self._material, self._problem
        )
        self.controller.started.connect(partial(window.show_page, page))
        actions.experiment.triggered.connect(lambda: self._ask(""))
        form.values_requested.connect(self._ask)
        self.work.status_changed.connect(partial(window.set_activity, "experiment"))
        self.work.running_changed.connect(self._on_running_changed)
        training.running_changed.connect(self._on_training_changed)
        window.page_shown.connect(self._on_page_shown)
        closing.wait_for(self.work)
        closing.ask_about(
            lambda: self.work.is_running,
            tr("An experiment is in progress."),
            tr("Stop it and close? What is trained is kept, and the rest can be resumed later."),
        )

    def _ask(self, setting: str) -> None:
        self.controller.ask(self._window, setting)

    def _material(self) -> Material:
        images, project = self._images(), self._project.project
        counts = images.counts.tolist() if images is not None else []
        return Material(
            sources=project.sources,
            edits=project.edits,
            class_sizes=tuple(count for count in counts if count),
            config=self._form.config(),
            backbones=tuple(info.name for info in list_backbones()),
        )

    def _problem(self) -> str:
        return training_problem(self._images()) or self._form.fault

    def _on_running_changed(self, is_running: bool) -> None:
        self._training.set_blocked(tr("An experiment is in progress.") if is_running else "")

    def _on_training_changed(self, is_running: bool) -> None:
        self.work.blocked_by = tr("Wait until training has finished.") if is_running else ""

    def _on_page_shown(self, page: QWidget) -> None:
        if page is self._page:
            self.controller.refresh()

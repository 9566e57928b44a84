"""Runs one experiment at a time, and shows those of the open project."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.backbones.strange_address import refuse_strange_address
from core.errors import FieldguideError
from core.experiments.experiment import Experiment, handles_of
from core.experiments.experiment_file import (
    create_folder,
    list_experiments,
    read_experiment,
    write_experiment,
)
from core.experiments.places import ExperimentPlace, place_of
from core.text import Text
from gui.experiments.experiment_view import ExperimentView, load_view
from gui.experiments.experiment_work import ExperimentWork
from gui.experiments.experiments_page import ExperimentsPage
from gui.experiments.planning import Material, Planned, Wish, plan_experiment
from gui.experiments.try_dialog import TryDialog
from gui.look.language import shown, tr
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Severity
from gui.work.background import Task

_PLAN_AFTER_MS = 250


class ExperimentsController(QObject):
    """Connect the page with the experiments of the open project.

    Args:
        page: The page.
        work: Carries an experiment out.
        project: The open project.
        material: Returns what experiments of the project share.
        problem: Returns why none can be started, as a text to show; "" if one can.

    Signals:
        started: An experiment begins, or is resumed.
    """

    started = Signal()

    def __init__(
        self,
        page: ExperimentsPage,
        work: ExperimentWork,
        project: ProjectController,
        material: Callable[[], Material],
        problem: Callable[[], str],
    ) -> None:
        super().__init__(page)
        self._page, self._work, self._project = page, work, project
        self._material, self._problem = material, problem
        self._dialog: TryDialog | None = None
        self._wish: Wish | None = None
        self._planned_for: Material | None = None
        self._listing: Task | None = None
        self._loading: Task | None = None
        self._planning: Task | None = None
        self._is_stale = self._is_view_stale = False
        self._wanted: Path | None = None
        self._plan_timer = QTimer(self, singleShot=True)
        self._plan_timer.setInterval(_PLAN_AFTER_MS)
        self._plan_timer.timeout.connect(self._plan)
        page.try_requested.connect(self._on_try_requested)
        page.chosen.connect(self._on_chosen)
        page.pause_requested.connect(work.toggle_pause)
        page.stop_requested.connect(work.stop)
        page.resume_requested.connect(self.resume)
        work.run_ended.connect(self.refresh)
        work.failed.connect(self._on_failed)
        work.running_changed.connect(self._on_running_changed)
        project.opened.connect(self._on_project_opened)

    @property
    def dialog(self) -> TryDialog | None:
        """The dialog that asks what to try, while it is open."""
        return self._dialog

    def ask(self, parent: QWidget, setting: str = "") -> None:
        """Ask what to try.

        Args:
            parent: The window that the dialog belongs to.
            setting: The setting to try first; "" for a ready-made experiment.
        """
        if self._dialog is not None:
            self._dialog.raise_()
            self._dialog.activateWindow()
            return
        self._planned_for = self._material()
        dialog = TryDialog(self._planned_for, setting, parent)
        dialog.wish_changed.connect(self._on_wish_changed)
        dialog.start_requested.connect(self._on_start_requested)
        dialog.finished.connect(self._on_dialog_finished)
        self._dialog = dialog
        self._on_wish_changed(dialog.wish())
        dialog.open()

    def refresh(self) -> None:
        """Read the project's experiments again, and the one that is shown, if the page is."""
        if not self._page.isVisible():
            return  # it is when it is shown
        if self._listing is not None:
            self._is_stale = True
            return
        self._is_stale = False
        place = self._place()

        def read(_context: object) -> list[tuple[Path, Experiment]]:
            return [
                (place.experiments_dir / experiment.name, experiment)
                for experiment in list_experiments(place.experiments_dir)
            ]

        self._listing = Task(read, self)
        self._listing.succeeded.connect(self._on_listed)
        self._listing.ended.connect(self._on_listing_ended)
        self._listing.start()

    def resume(self, folder: Path) -> None:
        """Carry out the rest of an experiment."""
        problem = self._problem_of_running()
        if problem:
            self._page.banner.show_message(Severity.INFO, problem)
            return
        try:
            for handle in handles_of(read_experiment(folder)):  # it may come from elsewhere
                refuse_strange_address(handle, Text("The experiment"))
            self._begin(folder)
        except FieldguideError as error:
            self._tell(error)

    # What to try.

    def _on_try_requested(self) -> None:
        self.ask(self._page.window())

    @Slot(object)
    def _on_wish_changed(self, wish: Wish) -> None:
        self._wish = wish
        self._plan_timer.start()

    def _plan(self) -> None:
        dialog, wish, material = self._dialog, self._wish, self._planned_for
        if dialog is None or wish is None or material is None:
            return
        problem = self._problem() or self._problem_of_running()
        if problem:
            dialog.show_problem(problem)
            return
        if self._planning is not None:
            self._planning.cancel()
        self._planning = Task(lambda _context: plan_experiment(material, wish), self)
        self._planning.succeeded.connect(self._on_planned)
        self._planning.failed.connect(self._on_plan_failed)
        self._planning.start()

    def _on_planned(self, planned: Planned) -> None:
        if self._dialog is not None and not self._plan_timer.isActive():
            self._dialog.show_planned(planned)

    def _on_plan_failed(self, message: str, _details: str) -> None:
        if self._dialog is not None and not self._plan_timer.isActive():
            self._dialog.show_problem(message)

    def _on_start_requested(self, planned: Planned) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        problem = self._problem() or self._problem_of_running()
        if problem:
            dialog.show_problem(problem)
            return
        try:
            place = self._place()
            experiment = planned.experiment
            folder = create_folder(place.experiments_dir, experiment.name)
            write_experiment(folder, replace(experiment, name=folder.name))
            self._begin(folder)
        except FieldguideError as error:
            dialog.banner.show_message(Severity.DANGER, shown(_message(error)))
            return
        dialog.accept()

    def _on_dialog_finished(self) -> None:
        dialog, self._dialog, self._wish = self._dialog, None, None
        self._plan_timer.stop()
        if dialog is not None:
            dialog.deleteLater()

    # Carrying out.

    def _begin(self, folder: Path) -> None:
        self._page.banner.clear()
        self._work.begin(folder, self._place().runs_dir)
        self._wanted = folder
        self.refresh()
        self.started.emit()

    def _problem_of_running(self) -> str:
        if self._work.is_running:
            return tr("An experiment is in progress.")
        return self._work.blocked_by

    def _on_failed(self, message: str) -> None:
        self._page.banner.show_message(Severity.DANGER, message)

    def _on_running_changed(self, _is_running: bool) -> None:
        self.refresh()

    # Showing.

    def _place(self) -> ExperimentPlace:
        return place_of(self._project.entry)

    def _on_project_opened(self) -> None:
        self._page.banner.clear()
        self._page.set_experiments([])
        self.refresh()

    def _on_listed(self, found: list[tuple[Path, Experiment]]) -> None:
        self._page.set_experiments(found)
        if self._wanted is not None:
            self._page.choose(self._wanted)
            self._wanted = None
        folder = self._page.chosen_folder()
        if folder is not None:
            self._on_chosen(folder)

    def _on_listing_ended(self) -> None:
        self._listing = None
        if self._is_stale:
            self.refresh()

    def _on_chosen(self, folder: Path) -> None:
        if self._loading is not None:
            self._is_view_stale = True
            return
        self._is_view_stale = False
        self._loading = Task(lambda _context: load_view(folder), self)
        self._loading.succeeded.connect(self._on_loaded)
        self._loading.failed.connect(self._on_load_failed)
        self._loading.ended.connect(self._on_loading_ended)
        self._loading.start()

    def _on_loaded(self, view: ExperimentView) -> None:
        if view.folder == self._page.chosen_folder():
            self._page.show_view(view)

    def _on_loading_ended(self) -> None:
        self._loading = None
        folder = self._page.chosen_folder()
        if self._is_view_stale and folder is not None:
            self._on_chosen(folder)

    def _on_load_failed(self, message: str, _details: str) -> None:
        self._page.show_view(None)
        self._page.banner.show_message(Severity.WARNING, message)

    def _tell(self, error: FieldguideError) -> None:
        self._page.banner.show_message(Severity.WARNING, shown(_message(error)))


def _message(error: FieldguideError) -> str:
    return error.args[0] if error.args else str(error)

"""Creates the parts of the window and connects them."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from core.data.dataset import ImageSource
from core.data.edits.edited_images import EditedImages
from core.data.pixels.thumbnail_cache import ThumbnailCache
from core.library.library import entry_of_images, has_projects
from core.worker.process import WorkerProcess
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.image_menu import ImageMenu
from gui.classify.classify_page import ClassifyPage
from gui.experiments.experiments_page import ExperimentsPage
from gui.export.export_page import ExportPage
from gui.file_managers.integration_controller import IntegrationController
from gui.image_views.dropped import Dropped
from gui.image_views.thumbnails import ThumbnailLoader
from gui.images.drop_controller import DropController
from gui.images.images_controller import ImagesController
from gui.images.images_page import ImagesPage
from gui.images.split_controller import SplitController
from gui.learning.guide_controller import GuideController
from gui.library.library_page import LibraryPage
from gui.look.language import tr
from gui.look.theme import SchemeChoice, ThemeSwitch
from gui.project.project_controller import ProjectController
from gui.project.settings import Settings
from gui.results.results_page import ResultsPage
from gui.runs.runs_page import RunsPage
from gui.train.device_controller import DeviceController
from gui.train.train_controller import TrainController
from gui.train.train_page import TrainPage
from gui.train.training_problem import training_problem
from gui.train_settings.sample_images import sample_images
from gui.widgets.banner import Severity
from gui.window.about_box import show_about
from gui.window.actions import Actions
from gui.window.backbone_wiring import BackboneWiring
from gui.window.classify_wiring import ClassifyWiring
from gui.window.closing_controller import ClosingController
from gui.window.error_report import ErrorReporter
from gui.window.experiments_wiring import ExperimentsWiring
from gui.window.export_wiring import ExportWiring
from gui.window.file_dialogs import FileDialogs
from gui.window.image_menu_wiring import ImageMenuWiring
from gui.window.images_wiring import ImagesWiring
from gui.window.library_wiring import LibraryWiring
from gui.window.main_window import MainWindow
from gui.window.report_wiring import ReportWiring
from gui.window.run_model_wiring import RunModelWiring
from gui.window.runs_wiring import RunsWiring
from gui.window.shortcuts_dialog import ShortcutsDialog
from gui.window.train_wiring import TrainWiring

if TYPE_CHECKING:
    from gui.window.camera_wiring import CameraWiring

_WARM_UP_DELAY_MS = 700
_NUM_SAMPLES = 12


class FieldguideWindow(QObject):
    """Create the window with its pages and controllers.

    Args:
        settings: The settings kept between starts.
        theme: Changes the colour scheme.
        make_process: Makes the processes that train; tests pass others.
    """

    def __init__(
        self,
        settings: Settings,
        theme: ThemeSwitch,
        make_process: Callable[[], WorkerProcess] = WorkerProcess,
    ) -> None:
        super().__init__()
        self._settings, self._theme = settings, theme
        self.window = MainWindow()
        self.reporter = ErrorReporter(self.window)
        self.project = ProjectController(settings, self)
        self.actions = Actions(self.window, self.project.undo_stack)
        cache = ThumbnailCache()
        self.thumbnails = ThumbnailLoader(self, cache)
        self.classifier = ClassifierService(self)
        self.library_page = LibraryPage(self.thumbnails)
        self.images_page = ImagesPage(self.thumbnails)
        self.train_page = TrainPage()
        self.results_page = ResultsPage(self.thumbnails)
        # Of its own, since a model may read images otherwise than the project's check.
        self.classified_thumbnails = ThumbnailLoader(self, cache)
        self.classify_page = ClassifyPage(self.classifier, self.classified_thumbnails)
        self.export_page = ExportPage()
        self.runs_page = RunsPage()
        self.experiments_page = ExperimentsPage()
        self._add_pages()
        self.images = ImagesController(self.images_page, self.project, self)
        self.training = TrainController(self.train_page, make_process, self)
        self.drops = DropController(self.window, self.images_page, self._labels)
        self.menu = ImageMenu(self.classifier, self.window)
        self.dialogs = FileDialogs(self.window, settings)
        self.images_wiring = ImagesWiring(
            self.window,
            self.images_page,
            self.images,
            self.thumbnails,
            self.dialogs,
            self.drops,
        )
        self.splits = SplitController(self.images_page.images_model, self)
        self.closing = ClosingController(self.window, self.training, self._let_go)
        self.devices = DeviceController(self.training, self.train_page.form, self)
        self.devices.text_changed.connect(self.window.set_device)
        form = self.train_page.form
        self.lists = BackboneWiring(
            self.window, self.actions, self.training, form, make_process, cache.release
        )
        self.closing.wait_for(self.lists.backbones)
        self.library = LibraryWiring(
            self.window,
            self.library_page,
            self.project,
            lambda: self.is_busy,
            self.actions,
            self.dialogs,
            self.images_page,
            self.images_wiring,
            self.closing,
        )
        self.exports = ExportWiring(
            self.window, self.export_page, settings, self.closing, make_process
        )
        self.integration = IntegrationController(self.window, parent=self)
        TrainWiring(
            self.window,
            self.train_page,
            settings,
            images_page=self.images_page,
            results_page=self.results_page,
            classify_page=self.classify_page,
            export_page=self.export_page,
            runs_page=self.runs_page,
        )
        self.guide = GuideController(self)
        self.camera: CameraWiring | None = None
        self.classify_page.camera_requested.connect(self._on_camera_requested)
        ImageMenuWiring(
            self.menu,
            self.project,
            self.images,
            self.images_page,
            self.results_page,
            self.classify_page,
            partial(self.window.show_page, self.classify_page),
            self,
        )
        self.classified = ClassifyWiring(self.classify_page, self.project)
        self.runs = RunsWiring(
            self.window,
            self.runs_page,
            self.project,
            self.images,
            self.training,
            lambda: self.is_busy,
            self.train_page,
            self.results_page,
            self.exports,
            self.export_page,
            self.thumbnails,
        )
        runs = self.runs.controller
        self.reports = ReportWiring(self.window, self.results_page, self.runs_page, runs)
        self.run_models = RunModelWiring(
            self.window,
            self.project,
            runs,
            self.results_page,
            self.splits,
            self.classifier,
            self.classify_page,
            self.exports.controller,
            self.export_page,
        )
        self.experiments = ExperimentsWiring(
            self.window,
            self.experiments_page,
            self.actions,
            self.training,
            self.train_page.form,
            self.project,
            lambda: self.images.images,
            self.closing,
            make_process,
        )
        self._connect_project()
        self._connect_images()
        self._connect_training()
        self._connect_actions()

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Show the window, then open the given paths or the last project."""
        self.window.restore_place(self._settings.geometry)
        self.actions.set_recent(self._settings.recent_projects)
        self.actions.set_scheme(self._settings.scheme)
        self.devices.refresh()
        self.window.set_project_title(self.project.title)
        self.window.show()
        self.images_page.setFocus()
        # After the window is shown: none of this is needed to draw it.
        QTimer.singleShot(0, partial(self._open_first, list(paths)))
        QTimer.singleShot(_WARM_UP_DELAY_MS, self._warm_up)

    def show_classified(self, paths: Sequence[Path], model: Path | None) -> None:
        """Classify images on the Classify page, and come to the front.

        Args:
            model: Folder of the model; None for the one for ImageNet.
        """
        self.classifier.use_model(model)
        self.window.show_page(self.classify_page)
        self.classify_page.classify(paths)
        self.window.come_to_front()

    def quit(self) -> None:
        """Close, with a question if training is in progress."""
        self.window.close()

    @property
    def is_busy(self) -> bool:
        """Whether a training or an experiment of the open project is in progress."""
        return self.training.is_running or self.experiments.work.is_running

    def _add_pages(self) -> None:
        pages: tuple[tuple[str, str, QWidget], ...] = (
            (tr("Projects"), "layout-grid", self.library_page),
            (tr("Images"), "images", self.images_page),
            (tr("Train"), "play", self.train_page),
            (tr("Results"), "chart-column", self.results_page),
            (tr("Classify"), "scan-search", self.classify_page),
            (tr("Export"), "package-check", self.export_page),
            (tr("Runs"), "history", self.runs_page),
            (tr("Experiments"), "flask-conical", self.experiments_page),
        )
        for digit, (name, icon_name, page) in enumerate(pages):
            self.window.add_page(self.actions, name, icon_name, page, digit)

    def _labels(self) -> tuple[str, ...]:
        return self.images.labels

    def _open_first(self, paths: list[Path]) -> None:
        paths = [path.absolute() for path in paths]
        dropped = Dropped.from_paths(paths)
        known = entry_of_images([ImageSource(path) for path in paths]) if paths else None
        if dropped.project is not None:
            self.project.open(dropped.project)
        elif known is not None:
            self.project.open(known.project_file)
        elif paths:
            self.project.new()
            self.drops.take(dropped)
        else:
            self.project.reopen()
            if self.project.entry is None and has_projects():
                self.window.show_page(self.library_page)

    def _warm_up(self) -> None:
        if not self.closing.is_closing:
            self.training.warm_up()
            self.classifier.warm_up()
            self.library.controller.refresh()

    # The project.

    def _connect_project(self) -> None:
        project = self.project
        project.opened.connect(self._on_project_opened)
        project.title_changed.connect(self._on_title_changed)
        project.failed.connect(self._on_project_failed)
        self.dialogs.project_chosen.connect(project.open)
        self.dialogs.save_chosen.connect(project.save_as)

    def _on_project_opened(self) -> None:
        self.training.set_config(self.project.project.config)
        run_dir = self.run_models.latest_run()
        self.training.set_last_run(run_dir)
        self.run_models.show_run(run_dir)
        self._tell_training()
        self.images_wiring.show_page()

    def _on_title_changed(self, title: str) -> None:
        self.window.set_project_title(title)
        self.actions.set_recent(self._settings.recent_projects)

    def _on_project_failed(self, message: str) -> None:
        self.images_page.show_message(Severity.DANGER, message)

    # Images.

    def _connect_images(self) -> None:
        images = self.images
        images.images_changed.connect(self._tell_training)
        images.images_changed.connect(self.splits.set_images)
        images.busy_changed.connect(self.lists.note_looking)
        self.lists.storage.images_cleared.connect(self.images_wiring.look_again)
        self.drops.project_dropped.connect(self._on_project_dropped)
        self.images_page.check_state.changed.connect(self._on_check_changed)

    # Training and its results.

    def _connect_training(self) -> None:
        training = self.training
        training.config_changed.connect(self.project.set_config)
        training.run_started.connect(self.project.set_last_run)
        training.run_finished.connect(self._on_run_finished)
        training.status_changed.connect(partial(self.window.set_activity, "training"))
        training.running_changed.connect(self._on_running_changed)
        self.experiments.work.running_changed.connect(self._on_running_changed)
        self.experiments.work.running_changed.connect(self.lists.note_experiment)
        for page in (self.results_page, self.export_page):
            page.train_requested.connect(partial(self.window.show_page, self.train_page))

    def _on_running_changed(self, _is_running: bool) -> None:
        # A run belongs to the project that it was started in.
        for action in (self.actions.new, self.actions.open, self.actions.recent_menu):
            action.setEnabled(not self.is_busy)

    def _on_check_changed(self) -> None:
        self.train_page.form.set_sample_bits(self.images_page.check_state.sample_bits)

    def _on_project_dropped(self, path: Path) -> None:
        if self.is_busy:
            text = tr("Stop training before you open another project.")
            self.images_page.show_message(Severity.INFO, text)
            self.images_wiring.show_page()
        else:
            self.project.open(path)

    def _tell_training(self, _images: EditedImages | None = None) -> None:
        images = self.images.images
        project = self.project.project
        count = int(images.counts.sum()) if images is not None else 0
        self.train_page.set_sample_images(sample_images(images, _NUM_SAMPLES))
        problem = training_problem(images)
        runs_dir = self.project.entry.runs_dir if self.project.entry else None
        self.training.set_images(project.sources, project.edits, count, problem, runs_dir)

    def _on_run_finished(self, run_dir: Path) -> None:
        self.project.set_last_run(run_dir)
        self.run_models.show_run(run_dir)
        self.runs.controller.refresh()

    def _on_camera_requested(self) -> None:
        # Imported here: most users open no camera.
        from gui.window.camera_wiring import CameraWiring

        self.camera = CameraWiring(
            self.classify_page, self.classifier, self.project, self.images, self.images_wiring
        )

    # Actions.

    def _connect_actions(self) -> None:
        actions = self.actions
        actions.open.triggered.connect(self.dialogs.ask_for_project)
        actions.save_as.triggered.connect(self._on_save_as_triggered)
        actions.recent_chosen.connect(self.project.open)
        actions.add.triggered.connect(self.dialogs.ask_for_folder)
        actions.add_files.triggered.connect(self.dialogs.ask_for_files)
        actions.look_again.triggered.connect(self.images_wiring.look_again)
        actions.search.triggered.connect(self._on_search_triggered)
        actions.train.triggered.connect(self._on_train_triggered)
        actions.scheme_chosen.connect(self._on_scheme_chosen)
        actions.guide.triggered.connect(self.guide.open)
        actions.glossary.triggered.connect(self.guide.open_glossary)
        self.window.term_requested.connect(self.guide.open_term)
        actions.shortcuts.triggered.connect(self._on_shortcuts_triggered)
        actions.integration.triggered.connect(self.integration.open)
        actions.about.triggered.connect(self._on_about_triggered)
        actions.quit.triggered.connect(self.quit)
        self.closing.closing.connect(self._on_closing)

    def _on_save_as_triggered(self) -> None:
        self.dialogs.ask_where_to_save(self.project.title)

    def _on_search_triggered(self) -> None:
        self.images_wiring.show_page()
        self.images_page.focus_search()

    def _on_train_triggered(self) -> None:
        self.window.show_page(self.train_page)
        self.training.start()

    def _on_scheme_chosen(self, choice: SchemeChoice) -> None:
        self._settings.scheme = choice
        self._theme.choose(choice)

    def _on_shortcuts_triggered(self) -> None:
        ShortcutsDialog(self.actions.all_actions(), self.window).open()

    def _on_about_triggered(self) -> None:
        show_about(self.window)

    # The end.

    def _on_closing(self) -> None:
        self._settings.geometry = self.window.saveGeometry()
        self.project.save_now()

    def _let_go(self) -> None:
        """End all remaining threads and processes."""
        if self.camera is not None:
            self.camera.controller.close()
        self.guide.close()
        self.lists.storage.shutdown()
        self.integration.shutdown()
        self.classified.shutdown()
        self.runs.controller.shutdown()
        self.images.shutdown()
        self.drops.shutdown()
        self.devices.close()
        self.classifier.close()
        self.thumbnails.close()
        self.classified_thumbnails.close()
        self.project.save_now()
        self.reporter.restore()

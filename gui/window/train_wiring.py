"""Connects the Train page with the other pages and the settings."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui.project.settings import Settings
from gui.train.train_page import TrainPage
from gui.window.main_window import MainWindow


class TrainWiring(QObject):
    """Show other pages from the Train page, and remember whether it shows all settings.

    Args:
        window: Shows pages.
        page: The page.
        settings: Kept between starts.
        images_page: Where images are added.
        results_page: How good the model is.
        classify_page: Classifies with the model.
        export_page: Exports the model.
        runs_page: Compares the run with others.
    """

    def __init__(
        self,
        window: MainWindow,
        page: TrainPage,
        settings: Settings,
        *,
        images_page: QWidget,
        results_page: QWidget,
        classify_page: QWidget,
        export_page: QWidget,
        runs_page: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings = settings
        page.form.show_all(settings.shows_all_settings)
        page.form.all_shown_changed.connect(self._on_all_shown_changed)
        page.images_requested.connect(partial(window.show_page, images_page))
        page.results_requested.connect(partial(window.show_page, results_page))
        page.classify_requested.connect(partial(window.show_page, classify_page))
        page.export_requested.connect(partial(window.show_page, export_page))
        page.compare_requested.connect(partial(window.show_page, runs_page))

    def _on_all_shown_changed(self, shows_all: bool) -> None:
        self._settings.shows_all_settings = shows_all

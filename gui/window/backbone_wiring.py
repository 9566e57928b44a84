"""Connects the backbone and storage dialogs with the window."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from core.backbones.offline import is_offline, set_offline
from core.backbones.store import remove_backbone
from core.worker.process import WorkerProcess
from gui.backbones.backbone_controller import BackboneController, BackboneSource
from gui.backbones.backbone_rows import list_rows
from gui.look.language import tr
from gui.storage.storage_controller import StorageController, StorageSource
from gui.storage.storage_model import StorageRow
from gui.storage.storage_rows import clear_storage, list_storage
from gui.train.train_controller import TrainController
from gui.train_settings.config_form import ConfigForm
from gui.window.actions import Actions
from gui.window.main_window import MainWindow


class BackboneWiring(QObject):
    """Connect form, menus and training with the two dialogs.

    Args:
        window: Parent of the dialogs; its status bar shows the work in progress.
        actions: Has the menu items that open the dialogs.
        training: While it runs, no backbone can be chosen and nothing removed.
        form: Has the choice of a backbone.
        make_process: Makes the processes that download; tests pass others.
        release_files: Called in a thread before anything is cleared; closes the cache files of
            this process.
    """

    def __init__(
        self,
        window: MainWindow,
        actions: Actions,
        training: TrainController,
        form: ConfigForm,
        make_process: Callable[[], WorkerProcess],
        release_files: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._training, self._form = training, form
        self.is_looking = self._is_experimenting = False
        self._setting = "backbone"
        source = BackboneSource(
            list_rows=list_rows,
            remove=remove_backbone,
            is_offline=is_offline,
            set_offline=set_offline,
        )
        self.backbones = BackboneController(window, source, make_process, self)

        def clear(row: StorageRow) -> None:
            release_files()
            clear_storage(row)

        self.storage = StorageController(
            window, StorageSource(list_rows=list_storage, clear=clear), self
        )
        actions.backbones.triggered.connect(self._on_list_requested)
        actions.storage.triggered.connect(self.storage.open)
        form.backbone_choice_requested.connect(self._on_choice_requested)
        self.backbones.backbone_chosen.connect(self._on_chosen)
        self.backbones.backbones_changed.connect(self._on_backbones_changed)
        self.storage.backbones_changed.connect(self._on_backbones_changed)
        self.storage.backbones_changed.connect(self.backbones.look_again)
        self.backbones.status_changed.connect(partial(window.set_activity, "backbones"))
        self.backbones.status_changed.connect(self._on_work_changed)
        self.storage.status_changed.connect(partial(window.set_activity, "storage"))
        training.running_changed.connect(self._on_work_changed)

    def note_looking(self, activity: str) -> None:
        """Keep unpacked archives while images are checked; "" when that has ended."""
        self.is_looking = bool(activity)
        self._on_work_changed()

    def note_experiment(self, is_running: bool) -> None:
        """Keep backbones and features while an experiment uses them."""
        self._is_experimenting = is_running
        self._on_work_changed()

    def _on_list_requested(self) -> None:
        self._on_choice_requested("backbone")

    def _on_choice_requested(self, setting: str) -> None:
        self._setting = setting
        self.backbones.open(getattr(self._form.config(), setting))

    def _on_chosen(self, name: str) -> None:
        self._form.choose_backbone(name, self._setting)

    def _on_backbones_changed(self) -> None:
        self._training.refresh_backbones()

    def _on_work_changed(self, _what: object = None) -> None:
        training = tr("Wait until training has finished.")
        is_training = self._training.is_running or self._is_experimenting
        reason = training if is_training else ""
        self.backbones.set_no_choice(reason)
        if not reason and self.backbones.is_busy:
            reason = tr("Wait until the backbone is ready.")
        if not reason and self.is_looking:
            reason = tr("Wait until the image check has finished.")
        self.storage.set_blocked(reason)

"""Classifies images for the whole window, in threads, with a model that stays loaded."""

from collections.abc import Sequence
from pathlib import Path
from weakref import WeakSet

from PySide6.QtCore import QObject, QThreadPool, Signal

from core.data.files.recognition import is_image_file
from core.errors import ModelError
from core.models.model_info import ModelInfo
from core.models.warm_classifier import WarmClassifier
from core.runs.last_model import last_model
from gui.classifier.classifying import classify_paths
from gui.look.language import shown, tr
from gui.work.background import Task, TaskContext


class ClassifierService(QObject):
    """Holds the model in use and classifies with it. The model is loaded in a thread.

    At first it is the built-in one, with ImageNet's 1,000 classes.

    Signals:
        model_changed: Another model is loaded and in use.
        failed: A model could not be loaded, and why; the previous one stays in use.
    """

    model_changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current = self._wanted = WarmClassifier()
        self._announced: WarmClassifier | None = None
        self._tasks: WeakSet[Task] = WeakSet()
        # A single image is classified while a folder is in progress.
        self._quick_pool, self._folder_pool = QThreadPool(self), QThreadPool(self)
        for pool in (self._quick_pool, self._folder_pool):
            pool.setMaxThreadCount(1)

    @property
    def folder(self) -> Path | None:
        """Folder of the model in use; None for the built-in one."""
        return self._current.folder

    @property
    def info(self) -> ModelInfo | None:
        """Facts about the model in use; None for the built-in one."""
        return self._current.info

    @property
    def labels(self) -> tuple[str, ...]:
        """Class names of the model in use; empty until it is loaded."""
        return self._current.labels

    @property
    def unknown_threshold(self) -> float:
        """Probability below which the model in use calls an image unknown; 0 for none."""
        return self._current.unknown_threshold

    @property
    def sample_bits(self) -> int | None:
        """How the model in use reads 16-bit images; see `Decoding`."""
        return self.info.decoding.sample_bits if self.info is not None else None

    @property
    def model_name(self) -> str:
        """Name to show."""
        if self._current.info is not None:
            return self._current.info.name
        return tr("ImageNet’s 1,000 classes")

    @property
    def warm_classifier(self) -> WarmClassifier:
        """The classifier for new questions; for threads."""
        return self._wanted

    def use_model(self, folder: Path | None) -> None:
        """Change to the model of a model or run folder; None is the built-in one.

        It answers new questions; those in progress stay with the previous one.
        """
        self._adopt(WarmClassifier(folder))

    def use_last_model(self, *, or_embedded: bool = False) -> None:
        """Change to the last trained model.

        Args:
            or_embedded: Use the built-in one if there is none, without an error.
        """

        def find(_context: TaskContext) -> Path | None:
            try:
                return last_model()
            except ModelError:
                return None

        def use(folder: Path | None) -> None:
            if folder is not None or or_embedded:
                self.use_model(folder)
            else:
                self.failed.emit(
                    tr(
                        "No model has been trained yet, or the last one no longer exists. "
                        "Train one, or choose a model folder."
                    )
                )

        task = Task(find)
        task.succeeded.connect(use)
        self._start(task, self._quick_pool)

    def warm_up(self) -> None:
        """Load the model in use now, so that the first answer comes at once."""
        self._adopt(self._wanted)

    def classify(self, paths: Sequence[Path], *, resume: bool = False) -> Task:
        """Classify images, and the images in folders.

        Args:
            resume: Whether to reuse the answers of the same question if it was interrupted.

        Returns:
            A task that has started; a slot of it that holds it would keep it for good. Its
            `progressed` carries a `ClassifiedBatch`, at most ten a second; `failed` says that
            there is nothing to classify, or no usable model.
        """
        classifier, asked = self._wanted, list(paths)

        def run(context: TaskContext) -> None:
            classify_paths(classifier, asked, context, resume=resume)

        is_quick = len(asked) == 1 and is_image_file(asked[0])
        task = Task(run)
        self._start(task, self._quick_pool if is_quick else self._folder_pool)
        return task

    def close(self) -> None:
        """Cancel all work and free the model's memory; waits for at most one image."""
        for task in self._tasks:
            task.cancel()
        self._quick_pool.waitForDone()
        self._folder_pool.waitForDone()
        for classifier in (self._current, self._wanted):
            classifier.release()

    def _adopt(self, classifier: WarmClassifier) -> None:
        self._wanted = classifier

        def load(_context: TaskContext) -> None:
            classifier.warm_up()

        def on_loaded() -> None:
            if self._wanted is classifier and self._announced is not classifier:
                self._current = self._announced = classifier
                self.model_changed.emit()

        def on_failed(message: str) -> None:
            if self._wanted is classifier:
                self._wanted = self._current
                self.failed.emit(shown(message))

        task = Task(load)
        task.succeeded.connect(on_loaded)
        task.failed.connect(on_failed)
        self._start(task, self._quick_pool)

    def _start(self, task: Task, pool: QThreadPool) -> None:
        self._tasks.add(task)
        task.start(pool)

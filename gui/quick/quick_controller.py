"""Classifies the images of the quick window, one at a time, and shows the answers."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from core.data.files.image_files import has_image_suffix
from core.data.folders.expand_folders import UnusablePathError, image_files
from core.image_fault import image_sentence
from core.models.imagenet import IMAGENET
from core.models.named_image import NamedImage
from gui.classifier.classifier_service import ClassifierService
from gui.classifier.classifying import ClassifiedBatch
from gui.classifier.image_intake import ImageIntake
from gui.look.language import shown, tr
from gui.look.wording import unusable_file
from gui.quick.quick_window import NUM_CLASSES, QuickWindow, as_text
from gui.work.background import Task, TaskContext


class QuickController(QObject):
    """Holds the list of images of a quick window.

    Args:
        window: Shows one of them at a time.

    Signals:
        open_requested: All paths, and the folder of the model (None for ImageNet), for the main
            window.
    """

    open_requested = Signal(list, object)

    def __init__(self, window: QuickWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window = window
        self._classifier = ClassifierService(self)
        self._images: list[Path] = []
        self._answers: dict[Path, NamedImage] = {}
        self._index = 0
        self._is_model_known = False
        self._model_problem = ""
        self._question: Task | None = None
        self._walks: list[Task] = []
        self._intake = ImageIntake(window)
        self._connect()

    @property
    def images(self) -> tuple[Path, ...]:
        """All images, in the order in which they were added."""
        return tuple(self._images)

    @property
    def current(self) -> Path | None:
        """The image that is shown."""
        return self._images[self._index] if self._images else None

    def choose_model(self, model: str) -> None:
        """Change the model; no image is classified before the first call.

        Args:
            model: Model or run folder, `IMAGENET`, or "" for the last trained model, or
                ImageNet's if there is none.
        """
        self._is_model_known = False
        if model == IMAGENET:
            self._classifier.use_model(None)
        elif model:
            self._classifier.use_model(Path(model))
        else:
            self._classifier.use_last_model(or_embedded=True)

    def add(self, paths: Sequence[Path]) -> None:
        """Append files, and the images of folders, and show the first of them."""
        if not paths:
            if not self._images and not self._walks:
                self._window.show_empty()
            return
        if all(has_image_suffix(path.name) for path in paths):
            self._append([*paths])
            return

        def walk(context: TaskContext) -> list[Path | NamedImage]:
            return _walk(paths, context)

        if not self._images:
            self._window.show_busy(None)
        task = Task(walk, self)
        self._walks.append(task)
        task.succeeded.connect(self._on_walked)
        task.start()

    def close(self) -> None:
        """Cancel all work; waits for at most one image."""
        self._window.close_preview()
        for task in self._walks:
            task.cancel()
        self._classifier.close()

    def _connect(self) -> None:
        window = self._window
        window.previous_requested.connect(self._on_previous_requested)
        window.next_requested.connect(self._on_next_requested)
        window.first_requested.connect(self._on_first_requested)
        window.last_requested.connect(self._on_last_requested)
        window.copy_requested.connect(self._on_copy_requested)
        window.open_requested.connect(self._on_open_requested)
        window.images_requested.connect(self._intake.open_files)
        window.last_model_requested.connect(self._classifier.use_last_model)
        window.embedded_model_requested.connect(self._on_embedded_model_requested)
        window.model_chosen.connect(self._classifier.use_model)
        self._intake.brought.connect(self.add)
        self._intake.failed.connect(self._on_intake_failed)
        self._classifier.model_changed.connect(self._on_model_changed)
        self._classifier.failed.connect(self._on_model_failed)

    def _append(self, found: Sequence[Path | NamedImage]) -> None:
        first = len(self._images)
        for each in found:
            if isinstance(each, NamedImage):
                self._answers[each.path] = each
                self._images.append(each.path)
            else:
                # The file may have changed since it was classified.
                self._answers.pop(each, None)
                self._images.append(each)
        self._go_to(first)

    def _go_to(self, index: int) -> None:
        self._index = min(max(0, index), len(self._images) - 1)
        if self._images:
            self._window.show_position(self._index, len(self._images))
            self._window.show_notice(self._model_problem, is_error=True)
            self._show()

    def _show(self) -> None:
        path = self._images[self._index]
        self._window.show_busy(path)
        self._window.show_preview(path)
        answer = self._answers.get(path)
        if answer is not None:
            self._show_answer(answer)
        elif self._is_model_known:
            self._ask(path)

    def _ask(self, path: Path) -> None:
        if self._question is not None:
            self._question.cancel()
        self._question = self._classifier.classify([path])
        self._question.progressed.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)

    def _show_answer(self, image: NamedImage) -> None:
        if image.error:
            self._window.show_error(unusable_file(image.error))
        else:
            self._window.show_answer(image.best[:NUM_CLASSES])
            self._window.show_doubt(image)

    def _on_answered(self, batch: ClassifiedBatch) -> None:
        image = batch.images[0]
        self._answers[image.path] = image
        self._window.set_threshold(batch.threshold)
        if image.path == self.current:
            self._show_answer(image)

    def _on_failed(self, message: str, _details: str) -> None:
        self._window.show_error(shown(message))

    def _on_intake_failed(self, message: str, _details: str) -> None:
        self._window.show_notice(shown(message), is_error=True)

    def _on_walked(self, found: list[Path | NamedImage]) -> None:
        self._append(found)

    def _on_model_changed(self) -> None:
        self._model_problem = ""
        self._window.show_notice("")
        self._answer_anew()

    def _on_model_failed(self, message: str) -> None:
        self._model_problem = shown(message)
        self._window.show_notice(shown(message), is_error=True)
        self._answer_anew()

    def _answer_anew(self) -> None:
        self._is_model_known = True
        if self._question is not None:
            self._question.cancel()
        self._window.show_model(self._classifier.model_name, self._classifier.folder)
        self._window.preview.set_sample_bits(self._classifier.sample_bits)
        self._answers = {path: each for path, each in self._answers.items() if each.error}
        if self._images:
            self._show()

    def _on_embedded_model_requested(self) -> None:
        self._classifier.use_model(None)

    def _on_previous_requested(self) -> None:
        self._go_to(self._index - 1)

    def _on_next_requested(self) -> None:
        self._go_to(self._index + 1)

    def _on_first_requested(self) -> None:
        self._go_to(0)

    def _on_last_requested(self) -> None:
        self._go_to(len(self._images) - 1)

    def _on_copy_requested(self) -> None:
        answer = self._answers.get(self.current) if self.current else None
        if answer is None:
            return
        if answer.error:
            text = shown(image_sentence(str(answer.path), answer.error))
        else:
            text = as_text(answer.path, answer.best)
        QGuiApplication.clipboard().setText(text)
        self._window.show_notice(tr("Copied."))

    def _on_open_requested(self) -> None:
        self.open_requested.emit(list(dict.fromkeys(self._images)), self._classifier.folder)


def _walk(paths: Sequence[Path], context: TaskContext) -> list[Path | NamedImage]:
    """Return files, images of folders, and an error for each folder without any."""
    found: list[Path | NamedImage] = []
    for path in paths:
        context.check()
        try:
            found += image_files([path]) if path.is_dir() else [path]
        except UnusablePathError as error:
            found.append(NamedImage(path, (), error.reason))
    return found

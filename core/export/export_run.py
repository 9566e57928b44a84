"""Run an export in the worker: images, reference, then each artifact."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.backbones.refusal import UntrustedModelError
from core.backbones.trust import trust_saved_model
from core.computer.freed_memory import give_freed_memory_back
from core.errors import ExportError, FieldguideError, StorageError
from core.export.artifact_folder import put_in_place
from core.export.artifact_making import ArtifactMaking, Reference
from core.export.conversion.export_job import ExportJob
from core.export.verification.artifact_check import BATCH_SIZE
from core.export.verification.image_choice import ExportImages, find_images
from core.export.verification.image_loading import LoadedImages, load_images
from core.export_spec.artifact import ArtifactResult
from core.export_spec.export_format import ExportTarget
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import Event, ImageSkipped, Phase, RequestCancelled
from core.messages.export_events import ArtifactFinished, ArtifactStarted, ExportFinished
from core.messages.reporter import Reporter
from core.messages.requests import ExportRequest
from core.models.model_info import SAVED_MODEL_FOLDER, ModelInfo, read_model_info
from core.runs.run_images import RunImage
from core.storage.folder_copy import copy_folder
from core.storage.storage_message import storage_message
from core.text import Text, count_text

EXPORTS_FOLDER = "exports"
"""In the run folder, next to the model; the default."""

_PREFIX = "fieldguide-export-"  # of temporary folders


def export_model(
    request: ExportRequest, send: Callable[[Event], None], control: RunControl
) -> None:
    """Export a model and verify each artifact; the last event is terminal.

    Finished artifacts stay when a later one fails or a stop is asked for.

    Raises:
        FieldguideError: If the model or its images can't be used, or there is no room to work.
    """
    try:
        with _workplace() as work:
            finished = ExportRun(request, work, Reporter(send), control).carry_out()
        # The worker may be ended after the last event, so nothing may be left to clear.
        send(finished)
    except StopRequestedError:
        send(RequestCancelled())
    except OSError as error:
        path = Path(error.filename or tempfile.gettempdir())
        raise StorageError(storage_message("work in", path, error)) from error


class ExportRun:
    """One export.

    Args:
        work: An empty folder for temporary files.
    """

    def __init__(
        self, request: ExportRequest, work: Path, reporter: Reporter, control: RunControl
    ) -> None:
        self._request, self._work = request, work
        self._options = request.options
        self._reporter, self._control = reporter, control
        self._model_dir = request.model_dir.absolute()
        self._output = (self._options.output or self._model_dir.parent / EXPORTS_FOLDER).absolute()

    def carry_out(self) -> ExportFinished:
        """Make all artifacts and return the last event, still to be sent.

        Raises:
            FieldguideError: If the model or its images can't be used.
            StopRequestedError: If a stop was asked for.
        """
        info = read_model_info(self._model_dir)
        images = find_images(self._model_dir, info, self._options.images)
        copy = self._copied_model(info)
        reference = self._reference(info, images, copy / SAVED_MODEL_FOLDER)
        job = ExportJob(
            info=info,
            model_dir=copy,
            options=self._options,
            control=self._control,
            training_images=partial(self._training_pixels, info, images),
            work=self._work,
        )
        making = ArtifactMaking(job, reference, self._reporter)
        targets = self._options.targets()
        results = []
        for position, target in enumerate(targets, 1):
            self._control.checkpoint()
            give_freed_memory_back()
            self._reporter.send(ArtifactStarted(target, position, len(targets)))
            result = self._result(making, target)
            results.append(result)
            self._reporter.send(ArtifactFinished(result))
        return ExportFinished(self._output, tuple(results))

    def _result(self, making: ArtifactMaking, target: ExportTarget) -> ArtifactResult:
        folder = self._work / target.name
        try:
            folder.mkdir()
            result = making.make(target, folder, self._output / target.name)
            put_in_place(folder, self._output / target.name)
        except FieldguideError as error:
            return ArtifactResult(target=target, error=str(error))
        except OSError as error:
            path = Path(error.filename or folder)
            return ArtifactResult(target=target, error=storage_message("use", path, error))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return result

    def _copied_model(self, info: ModelInfo) -> Path:
        """Copy the model to a path that TensorFlow can read, which is none with brackets.

        The copy is screened before any of it is run. Its SavedModel gets today's signatures,
        whichever version wrote it.
        """
        copy = self._work / "model"
        try:
            copy_folder(self._model_dir, copy)
        except OSError as error:
            message = storage_message("copy the model to", copy, error)
            raise StorageError(message) from error
        self._screen(copy / SAVED_MODEL_FOLDER)
        # Imported here: it loads TensorFlow.
        from core.export.conversion.signature_renewal import renew_signatures

        renew_signatures(copy / SAVED_MODEL_FOLDER, info)
        return copy

    def _screen(self, saved_model: Path) -> None:
        """Refuse a model that may do more than compute, unless it is trusted.

        Only this copy is run later, by TF-TRT's programs too.

        Raises:
            ModelError: If it is refused, or its file can't be read.
        """
        # Imported here: it loads TensorFlow.
        from core.backbones.saved_model_screening import require_computing_only

        if self._request.trust:
            trust_saved_model(saved_model, str(self._model_dir))
        require_computing_only(saved_model, str(self._model_dir), UntrustedModelError)

    def _reference(self, info: ModelInfo, images: ExportImages, saved_model: Path) -> Reference:
        """Compute the model's own predictions for the images.

        Raises:
            ExportError: If no image can be used, or the model is not good enough.
        """
        loaded = self._loaded(info, images.verification, self._options.num_images)
        path = self._work / "pictures.npy"
        np.save(path, loaded.pixels)
        # Imported here: it loads TensorFlow.
        from core.export.conversion.saved_model import reference_probabilities

        self._reporter.start_phase(Phase.EVALUATING, len(loaded.pixels))

        def on_progress(done: int) -> None:
            self._control.checkpoint()
            self._reporter.progress(done)

        reference = Reference(
            probabilities=reference_probabilities(
                saved_model, loaded.pixels, BATCH_SIZE, on_progress
            ),
            classes=loaded.classes,
            images_path=path,
            origin=images.origin,
        )
        self._require_accuracy(reference)
        return reference

    def _require_accuracy(self, reference: Reference) -> None:
        required = self._options.require_accuracy
        if required is not None and reference.accuracy < required:
            raise ExportError(
                count_text(
                    "The model's accuracy on %n picture(s) (%1) is %2, below the %3 required, so "
                    "nothing was exported. Train it further, or require less.",
                    "",
                    len(reference.classes),
                    reference.origin,
                    f"{100 * reference.accuracy:.2f}%",
                    f"{100 * required:.2f}%",
                )
            )

    def _training_pixels(
        self, info: ModelInfo, images: ExportImages, most: int
    ) -> NDArray[np.uint8]:
        if not images.training:
            raise ExportError(Text("The run has no training pictures. Name some with --images."))
        return self._loaded(info, images.training, most).pixels

    def _loaded(self, info: ModelInfo, images: tuple[RunImage, ...], most: int) -> LoadedImages:
        self._reporter.start_phase(Phase.READING_IMAGES, min(most, len(images)))
        loaded = load_images(images, info, most, self._control, self._reporter.progress)
        for path, reason in loaded.skipped:
            self._reporter.send(ImageSkipped(path, reason))
        return loaded


@contextmanager
def _workplace() -> Iterator[Path]:
    """Create an empty temporary folder, and remove those of processes that were killed.

    It lies where temporary files go, not in the output: TensorFlow can't load a SavedModel from a
    path with brackets in it.

    Raises:
        OSError: If it can't be made.
    """
    _remove_left_behind()
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as folder:
        yield Path(folder)


def _remove_left_behind() -> None:
    if os.name == "nt":  # checking there whether a process lives would end it
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        pid = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if pid.isdecimal() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's
        return True
    return True

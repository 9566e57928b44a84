"""Classifies images in a thread, few or thousands, and reports the answers."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.batch.question import FEWEST_IMAGES, BatchQuestion
from core.batch.run import run_batch
from core.computer.processor import num_cores
from core.computer.threaded_map import threaded_map
from core.data.files.image_files import absolute_path
from core.data.files.left_out import LeftOut
from core.data.folders.expand_folders import UnusablePathError, image_files
from core.models.classify_many import Classified
from core.models.named_image import NamedImage
from core.models.warm_classifier import WarmClassifier
from core.text import sentences
from gui.work.background import TaskContext

TOP = 5
"""Number of classes kept of each image."""

_REPORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ClassifiedBatch:
    """Some of the answers to a question.

    Attributes:
        images: In the order of the files.
        num_total: Number of all images, those in folders included.
        labels: Of the model that answered.
        threshold: Probability below which that model calls an image unknown.
        warning: A warning for the user; "" for none.
    """

    images: tuple[NamedImage, ...]
    num_total: int
    labels: tuple[str, ...]
    threshold: float
    warning: str = ""


def classify_paths(
    classifier: WarmClassifier, asked: Sequence[Path], context: TaskContext, *, resume: bool
) -> None:
    """Report a `ClassifiedBatch` ten times a second, until all images are classified.

    Raises:
        DatasetError: If there is nothing to classify.
        ModelError: If the model is missing or damaged.
        TaskCancelledError: After a cancel; many images can be resumed.
    """
    left_out = LeftOut()
    files, unusable = _walk(asked, context, left_out)
    num_total, labels = len(files) + len(unusable), classifier.spec().labels
    waiting, warnings, reported_at = list(unusable), list[str](), 0.0
    if left_out.is_notable:
        warnings.append(left_out.finding_text())

    def report() -> None:
        nonlocal waiting, reported_at
        warning = sentences(*warnings)
        warnings.clear()
        threshold = classifier.unknown_threshold
        context.report(ClassifiedBatch(tuple(waiting), num_total, labels, threshold, warning))
        waiting, reported_at = [], time.monotonic()

    for image in _images(classifier, asked, files, context, warnings, resume=resume):
        context.check()
        waiting.append(image)
        if time.monotonic() - reported_at >= _REPORT_SECONDS:
            report()
    if waiting:
        report()


def _images(
    classifier: WarmClassifier,
    asked: Sequence[Path],
    files: list[Path],
    context: TaskContext,
    warnings: list[str],
    *,
    resume: bool,
) -> Iterator[NamedImage]:
    spec = classifier.spec()
    if len(files) < FEWEST_IMAGES:
        for outcome in _outcomes(classifier, files, len(files), context):
            yield NamedImage.from_outcome(outcome, spec.labels, TOP)
        return
    question = BatchQuestion.about(tuple(map(absolute_path, asked)), spec, TOP)
    yield from run_batch(
        question,
        files,
        lambda todo: _outcomes(classifier, todo, len(files), context),
        spec.labels,
        resume=resume,
        on_known=lambda _number: None,
        on_journal_lost=warnings.append,
    )


def _walk(
    asked: Sequence[Path], context: TaskContext, left_out: LeftOut
) -> tuple[list[Path], list[NamedImage]]:
    """Return all files, and the folders without any image."""
    files: list[Path] = []
    unusable: list[NamedImage] = []
    for path in asked:
        context.check()
        if not path.is_dir():
            files.append(path)
            continue
        try:
            files += image_files([path], left_out)
        except UnusablePathError as error:
            if len(asked) == 1:
                raise
            unusable.append(NamedImage(path, (), error.reason))
    return files, unusable


def _outcomes(
    classifier: WarmClassifier, files: Iterable[Path], most: int, context: TaskContext
) -> Iterator[Classified]:
    """Classify in the order of the files; memory doesn't grow with their number."""
    if most == 1:
        return map(classifier.classify, files)
    # The window needs little of a core, and gets it: LiteRT releases Python's lock.
    return threaded_map(classifier.classify, files, num_cores(), context.check)

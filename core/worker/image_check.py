"""Find the images and check each, for the window; no TensorFlow."""

from collections.abc import Callable

from core.data.dataset import Dataset, Finding
from core.data.edits.image_table import ImageTable
from core.data.examination.image_index import ImageIndex
from core.data.examination.inspect import find_problems
from core.data.scanning.scan import scan_images, scan_usable_images
from core.messages.control import RunControl, StopRequestedError
from core.messages.events import Event, ImagesChecked, ImagesCounted, ImagesFound, Phase
from core.messages.reporter import Reporter
from core.messages.requests import CheckImagesRequest, CountImagesRequest


def check_images(
    request: CheckImagesRequest, send: Callable[[Event], None], control: RunControl
) -> None:
    """Carry out a request; the last event sent is `ImagesChecked`.

    Raises:
        StorageError: If what was found out about the images can't be noted.
    """
    reporter = Reporter(send)
    try:
        dataset = _find(request, reporter, control)
        control.checkpoint()
    except StopRequestedError:
        send(ImagesChecked((), is_complete=False))
        return
    findings = _check(request.edits.apply(dataset), reporter, control)
    send(ImagesChecked(findings, is_complete=not control.stop_requested))


def count_images(request: CountImagesRequest, send: Callable[[Event], None]) -> None:
    """Carry out a request; the last event sent is `ImagesCounted`.

    Raises:
        DatasetError: As `scan_images` does.
    """
    dataset = scan_images(request.sources)
    send(ImagesCounted(len(dataset.labels), len(dataset.images)))


def _find(request: CheckImagesRequest, reporter: Reporter, control: RunControl) -> Dataset:
    reporter.start_phase(Phase.SCANNING)

    def on_progress(found: int) -> None:
        control.checkpoint()
        reporter.progress(found)

    dataset, failed = scan_usable_images(request.sources, on_progress=on_progress)
    reporter.send(ImagesFound(ImageTable.from_dataset(dataset), dataset.findings, failed))
    return dataset


def _check(dataset: Dataset, reporter: Reporter, control: RunControl) -> tuple[Finding, ...]:
    reporter.start_phase(Phase.CHECKING, len(dataset.images))
    if not dataset.images:
        return ()
    with ImageIndex() as index:
        return find_problems(
            dataset,
            index,
            on_progress=reporter.progress,
            should_stop=lambda: control.stop_requested,
        )

"""Scans and checks the project's images in a process of its own, and updates the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.data.dataset import Finding, ImageSource
from core.data.edits.edited_images import EditedImages
from core.data.edits.edits import Edits
from core.data.edits.image_table import ImageTable
from core.messages.events import (
    ImagesChecked,
    ImagesFound,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestFailed,
)
from core.messages.requests import CheckImagesRequest
from core.worker.image_worker import run_image_worker
from core.worker.process import WorkerProcess
from gui.images.class_list_model import ClassRow
from gui.images.image_edits import ImageEdits
from gui.images.images_page import ImagesPage
from gui.images.layout_question import LayoutQuestion
from gui.images.project_images_model import RowFinding
from gui.look.language import shown, tr
from gui.look.phase_texts import phase_text
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Severity
from gui.work.worker_task import WorkerTask

_CHECK_DELAY_MS = 1_200


class ImagesController(QObject):
    """Keep scan, edits, findings and the Images page in step.

    Args:
        page: The page to fill.
        project: Its sources are scanned.

    Signals:
        images_changed: An `EditedImages`, or None without images.
        sources_scanned: Sources whose folders may be watched for changes.
        busy_changed: What is being done, "" for nothing.
    """

    images_changed = Signal(object)
    sources_scanned = Signal(object)
    busy_changed = Signal(str)

    def __init__(
        self, page: ImagesPage, project: ProjectController, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._page, self._project = page, project
        self._banner, self._state, self._model = page.banner, page.check_state, page.images_model
        self._check = WorkerTask(partial(WorkerProcess, run_image_worker), self)
        self._check.event_received.connect(self._on_event)
        self._pending: tuple[ImageSource, ...] = ()
        self._table: ImageTable | None = None
        self._images: EditedImages | None = None
        self._scan_findings: tuple[Finding, ...] = ()
        self._scanned_sources: tuple[ImageSource, ...] = ()
        self._checked: Edits | None = None
        self._check_timer = QTimer(self, singleShot=True, interval=_CHECK_DELAY_MS)
        self._check_timer.timeout.connect(self._look)
        project.opened.connect(self._on_project_opened)
        project.images_changed.connect(self._on_images_changed)
        page.cancel_requested.connect(self.cancel)
        self.edits = ImageEdits(project, self._banner, self._scanned_labels, lambda: self.labels)
        self._question = LayoutQuestion(project, self._banner)
        page.class_rename_requested.connect(self.edits.rename_class)
        page.show_empty(True)

    @property
    def images(self) -> EditedImages | None:
        """The images as they are now; None before the first scan."""
        return self._images

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the last check."""
        return self._state.findings

    @property
    def labels(self) -> tuple[str, ...]:
        """The class names as they are now."""
        return self._images.labels if self._images is not None else ()

    @property
    def is_check_due(self) -> bool:
        """Whether the images were edited since the last check, so that one starts soon."""
        return self._check_timer.isActive()

    # Actions of the user.

    def add(self, sources: Sequence[ImageSource]) -> None:
        """Scan folders, archives, lists or labelled images and add them if they hold any."""
        known = set(self._project.project.sources) | set(self._pending)
        new = tuple(source for source in dict.fromkeys(sources) if source not in known)
        if not new:
            text = tr("These pictures are already in the project.")
            self._look()
            self._banner.show_message(Severity.INFO, text)
            return
        self._banner.clear()
        self._pending += new
        self._look()

    def look_again(self) -> None:
        """Scan and check everything again."""
        self._banner.clear()
        self._look()

    def cancel(self) -> None:
        """Cancel the work in progress; what was found already stays."""
        self._drop_check()
        self._pending = ()
        self._check_timer.stop()
        self.busy_changed.emit("")
        if self._table is None:
            self._state.clear()
            self._page.show_empty(True)
        else:
            self._state.set_interrupted()

    def forget_sources(self, sources: Sequence[ImageSource]) -> None:
        """Remove sources from the project, such as missing folders."""
        kept = tuple(s for s in self._project.project.sources if s not in set(sources))
        text = tr("remove folders")
        self._project.set_images(kept, self._project.project.edits, text)

    def shutdown(self) -> None:
        """End the processes; call before the application ends."""
        self._check_timer.stop()
        self._check.shutdown()

    # Scan and check.

    def _scanned_labels(self) -> tuple[str, ...]:
        return self._table.labels if self._table is not None else ()

    def _on_project_opened(self) -> None:
        self._drop_check()
        self._pending = ()
        self._table = self._images = None
        self._scanned_sources = ()
        self._scan_findings = ()
        self._banner.clear()
        self._state.clear()
        self._show_images()
        if self._project.project.sources:
            self._look()

    def _on_images_changed(self) -> None:
        if self._project.project.sources == self._scanned_sources and self._table is not None:
            self._show_images()
            self._check_again_if_edited()
        elif not self._project.project.sources:
            self._on_project_opened()
        else:
            self._look()

    def _check_again_if_edited(self) -> None:
        """Check soon, unless the current or the last check is of the present images."""
        if self._checked == self._project.project.edits:
            self._check_timer.stop()
        else:
            self._check_timer.start()

    def _look(self) -> None:
        """Start a scan and check of all sources, the pending ones included."""
        self._check_timer.stop()
        self._drop_check()
        project = self._project.project
        sources = (*project.sources, *self._pending)
        if not sources:
            return
        self._page.show_empty(False)
        self._state.set_progress(tr("%1…", phase_text(Phase.SCANNING)), 0, None)
        self.busy_changed.emit(phase_text(Phase.SCANNING))
        self._checked = project.edits
        self._check.begin(CheckImagesRequest(sources=sources, edits=project.edits))

    def _drop_check(self) -> None:
        self._check.drop()
        self._checked = None

    def _on_event(self, event: object) -> None:
        match event:
            case PhaseStarted(Phase.CHECKING, total):
                self._state.set_progress(tr("%1…", phase_text(Phase.CHECKING)), 0, total)
                self.busy_changed.emit(phase_text(Phase.CHECKING))
            case PhaseProgressed(phase, done, total, _rate):
                self._show_progress(phase, done, total)
            case ImagesFound():
                self._take_found(event)
            case ImagesChecked(findings):
                self._take_checked(findings)
            case RequestFailed(message, details):
                self._fail(message, details)

    def _show_progress(self, phase: Phase, done: int, total: int | None) -> None:
        if phase is Phase.CHECKING and total:
            text = tr("%1: %2 of %3", phase_text(phase), done, total)
        else:
            text = tr("%1: %2 so far", phase_text(phase), done)
        self._state.set_progress(text, done, total if phase is Phase.CHECKING else None)

    def _take_found(self, event: ImagesFound) -> None:
        if self._table is None or not event.table.same_as(self._table):
            self._table = event.table
        self._scan_findings = event.findings
        failed = {source for source, _ in event.failed}
        accepted = tuple(source for source in self._pending if source not in failed)
        self._scanned_sources = (*self._project.project.sources, *accepted)
        self._show_failures(event.failed)
        self._pending = ()
        if accepted:
            self._accept(accepted)
        else:
            self._show_images()
        if not event.failed:
            self._question.ask(event.findings, self.labels)
        self.sources_scanned.emit(self._scanned_sources)

    def _accept(self, accepted: tuple[ImageSource, ...]) -> None:
        names = ", ".join(source.path.name for source in accepted[:3])
        text = tr("add %1", names + (" …" if len(accepted) > 3 else ""))
        # The check that goes on is of these images already, unless a class came back.
        edits = self._with_classes_of(accepted)
        self._project.set_images(self._scanned_sources, edits, text)

    def _with_classes_of(self, accepted: tuple[ImageSource, ...]) -> Edits:
        """A class that was removed comes back when its folder is added again."""
        edits = self._project.project.edits
        assert self._table is not None, "sources are accepted when they were scanned"
        back = {source.label for source in accepted}
        for source in accepted:
            back |= self._table.labels_below(source.path)
        names = {
            label: name
            for label, name in edits.class_names.items()
            if name is not None or label not in back
        }
        return replace(edits, class_names=names)

    def _show_failures(self, failed: Sequence[tuple[ImageSource, str]]) -> None:
        if not failed:
            return
        new = [shown(message) for source, message in failed if source in self._pending]
        gone = [source for source, _ in failed if source not in self._pending]
        if new:
            self._banner.show_message(Severity.WARNING, new[0], details="\n".join(new))
            return
        text = shown(failed[0][1])
        if len(gone) > 1:
            text = tr("%1 (and %2 more)", text, len(gone) - 1)
        actions = (
            (tr("Rescan folders"), self.look_again),
            (tr("Remove from the project"), lambda: self.forget_sources(gone)),
        )
        details = "\n".join(shown(message) for _, message in failed)
        self._banner.show_message(Severity.WARNING, text, details=details, actions=actions)

    def _take_checked(self, findings: Sequence[Finding]) -> None:
        self._state.set_findings((*self._scan_findings, *findings))
        self._show_row_findings()
        self.busy_changed.emit("")

    def _fail(self, message: str, details: str) -> None:
        self._pending = ()
        self._checked = None
        self._banner.show_message(
            Severity.DANGER,
            shown(message),
            details=details,
            actions=((tr("Rescan folders"), self.look_again),),
        )
        self._state.set_interrupted()
        self._page.show_empty(self._table is None)
        self.busy_changed.emit("")

    def _show_images(self) -> None:
        edits = self._project.project.edits
        table = self._table
        self._images = EditedImages(table, edits) if table is not None else None
        self._model.set_images(self._images)
        self._page.set_classes(self._class_rows())
        self._page.show_empty(table is None or not len(table))
        self._show_row_findings()
        self.images_changed.emit(self._images)

    def _class_rows(self) -> list[ClassRow]:
        images = self._images
        if images is None:
            return []
        excluded = Counter(images.class_indices[images.excluded].tolist())
        return [
            ClassRow(label, int(count), excluded[index])
            for index, (label, count) in enumerate(zip(images.labels, images.counts, strict=True))
        ]

    def _show_row_findings(self) -> None:
        if self._table is None:
            return
        found: dict[Path, tuple[RowFinding, ...]] = {}
        for each in self.findings:
            if each.path is not None:
                finding = RowFinding(each.kind, each.detail)
                found[each.path] = (*found.get(each.path, ()), finding)
        # A file in two classes has a row in each.
        self._model.set_findings({row: found[path] for row, path in self._table.find(found.keys())})

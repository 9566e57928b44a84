"""Does what the page Runs asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import assert_never

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QLineEdit

from core.data.edits.edited_images import EditedImages
from core.errors import FieldguideError, RunError
from core.library.changes import changes_since
from core.library.entry import Entry
from core.runs.run_folder import RunFolder
from core.runs.run_label import RunLabel, write_run_label
from core.runs.run_summary import RunState, RunSummary, summarize_run
from core.settings.config import TrainConfig
from gui.image_views.file_manager import FileManager
from gui.look.language import shown, tr, tr_count
from gui.project.project_controller import ProjectController
from gui.project.trash import bring_back, move_to_trash
from gui.runs.comparison import ComparedRuns, load_comparison
from gui.runs.runs_model import RunRow, make_rows
from gui.runs.runs_page import RunAction, RunsPage
from gui.widgets.banner import Severity
from gui.work.background import Task, TaskContext

_Known = dict[Path, tuple[int, RunSummary]]
"""Summaries by run, each with the state of its folder when it was read."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Changes since each run.

    Attributes:
        images: Of the project when they were counted; None if that wasn't done.
        changes: State of the run's folder, and the number of changes, by run.
    """

    images: EditedImages | None
    changes: dict[Path, tuple[int, int]]


class RunsController(QObject):
    """Connect the page with the runs of the open project.

    Args:
        page: The page.
        project: The open project.
        images: Returns the project's images; None while they are not known.

    Signals:
        results_requested: Show the results of a run's folder.
        compared: Some runs were read to be shown side by side, a `ComparedRuns`.
        resume_requested: Resume the run in a folder.
        settings_requested: Put these settings, a `TrainConfig`, into the form.
        classify_requested: Classify with the model in a folder.
        export_requested: Export the model in a folder.
        report_requested: Save a report on the runs in these folders.
        rows_changed: The project's runs, as `RunRow`s, the latest first.
        model_changed: Another run has the project's model.
    """

    results_requested = Signal(Path)
    compared = Signal(object)
    resume_requested = Signal(Path)
    settings_requested = Signal(TrainConfig)
    classify_requested = Signal(Path)
    export_requested = Signal(Path)
    report_requested = Signal(list)
    rows_changed = Signal(list)
    model_changed = Signal()

    def __init__(
        self,
        page: RunsPage,
        project: ProjectController,
        images: Callable[[], EditedImages | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._page, self._project = page, project
        self._images = images
        self._files = FileManager(self)
        self._task: Task | None = None
        self._comparing: Task | None = None
        self._known: dict[Path, tuple[int, RunSummary]] = {}
        self._summaries: list[RunSummary] = []
        self._changes: dict[object, int] = {}
        self._counted = _Counted(None, {})
        page.action_requested.connect(self._on_action_requested)
        project.opened.connect(self._on_project_opened)

    @property
    def summaries(self) -> tuple[RunSummary, ...]:
        """The project's runs as last read."""
        return tuple(self._summaries)

    def refresh(self) -> None:
        """Read the project's runs anew, in the background."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        entry = self._project.entry
        if entry is None:
            self._known, self._summaries, self._changes = {}, [], {}
            self._show()
            return
        work = partial(_read_runs, entry, dict(self._known), self._images(), self._counted)
        self._task = Task(work, self)
        self._task.progressed.connect(self._on_read)
        self._task.succeeded.connect(self._on_counted)
        self._task.failed.connect(self._tell)
        self._task.start()

    def compare(self, runs: Mapping[Path, str]) -> None:
        """Read some runs, to show them side by side.

        Args:
            runs: Their names, by folder.
        """
        if self._comparing is not None:
            self._comparing.cancel()

        def work(_context: TaskContext) -> ComparedRuns:
            return load_comparison(runs)

        self._comparing = Task(work, self)
        self._comparing.succeeded.connect(self.compared)
        self._comparing.failed.connect(self._tell)
        self._comparing.start()

    def shutdown(self) -> None:
        """Stop reading."""
        for task in (self._task, self._comparing):
            if task is not None:
                task.cancel()

    def _on_project_opened(self) -> None:
        self._known, self._summaries, self._changes = {}, [], {}
        self._counted = _Counted(None, {})
        self._page.banner.clear()
        self._show()
        self.refresh()

    def _on_read(self, found: tuple[_Known, list[str]]) -> None:
        self._known, problems = found
        self._summaries = [summary for _, summary in self._known.values()]
        self._show()
        if problems:
            text = tr_count("%n training(s) can't be read.", "", len(problems))
            self._tell(text, "\n".join(problems))

    def _on_counted(self, counted: _Counted) -> None:
        self._task = None
        self._counted = counted
        changes: dict[object, int] = {run: number for run, (_, number) in counted.changes.items()}
        if changes != self._changes:
            self._changes = changes
            self._show()

    def _show(self) -> None:
        rows = make_rows(self._summaries, self._project.project.starred_run, self._changes)
        self._page.set_rows(rows)
        self.rows_changed.emit(rows)

    def _on_action_requested(self, name: str, rows: list[RunRow]) -> None:
        summary = rows[0].summary
        match RunAction(name):
            case RunAction.RESULTS:
                self.results_requested.emit(summary.path)
            case RunAction.COMPARE:
                self.compare({row.summary.path: row.summary.name for row in rows})
            case RunAction.STAR:
                self._project.star_run(None if rows[0].is_starred else summary.path)
                self._show()
                self.model_changed.emit()
            case RunAction.RESUME:
                self.resume_requested.emit(summary.path)
            case RunAction.SETTINGS:
                self.settings_requested.emit(summary.config)
            case RunAction.REPORT:
                self.report_requested.emit([row.summary.path for row in rows])
            case RunAction.CLASSIFY:
                self.classify_requested.emit(summary.model_dir)
            case RunAction.EXPORT:
                self.export_requested.emit(summary.model_dir)
            case RunAction.RENAME:
                self._ask_for_name(summary)
            case RunAction.NOTE:
                self._ask_for_note(summary)
            case RunAction.REVEAL:
                self._files.show_files([summary.path])
            case RunAction.DELETE:
                self._delete([row.summary for row in rows])
            case never:
                assert_never(never)

    def _ask_for_name(self, summary: RunSummary) -> None:
        dialog = QInputDialog(self._page)
        dialog.setObjectName("Rename run")
        dialog.setWindowTitle(tr("Rename training"))
        dialog.setLabelText(tr("Name of the training"))
        dialog.setTextValue(summary.name)
        dialog.setTextEchoMode(QLineEdit.EchoMode.Normal)
        dialog.setOkButtonText(tr("Rename"))
        dialog.textValueSelected.connect(lambda name: self._label(summary, name=name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask_for_note(self, summary: RunSummary) -> None:
        dialog = QInputDialog(self._page)
        dialog.setObjectName("Note on run")
        dialog.setWindowTitle(tr("Note"))
        dialog.setLabelText(tr("Note on “%1”", summary.name))
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue(summary.note)
        dialog.setOkButtonText(tr("Save"))
        dialog.textValueSelected.connect(lambda note: self._label(summary, note=note))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _label(
        self, summary: RunSummary, *, name: str | None = None, note: str | None = None
    ) -> None:
        label = RunLabel(
            summary.name if name is None else name,
            summary.note if note is None else note,
            summary.experiment,
        )
        self._try(partial(write_run_label, summary.path, label))

    def _delete(self, summaries: list[RunSummary]) -> None:
        """Move runs to the trash; those of the user's own folders are only forgotten."""
        entry = self._project.entry
        if entry is None:
            return
        if any(RunFolder(summary.path).is_locked() for summary in summaries):
            self._tell(tr("Stop training before you delete it."))
            return
        undo: list[Callable[[], object]] = []
        deleted: set[Path] = set()
        problem = ""
        project = self._project.project
        try:
            for summary in summaries:
                undo.append(_delete_run(entry, summary.path))
                deleted.add(summary.path)
        except FieldguideError as error:
            problem = shown(str(error))
        if project.starred_run in deleted:
            self._project.star_run(None)
            undo.append(partial(self._project.star_run, project.starred_run))
        if project.last_run in deleted:
            self._project.set_last_run(None)
            undo.append(partial(self._project.set_last_run, project.last_run))
        self._tell_deleted(len(deleted), problem, undo)
        self.refresh()
        self.model_changed.emit()

    def _tell_deleted(
        self, num_deleted: int, problem: str, undo: list[Callable[[], object]]
    ) -> None:
        text = ""
        if num_deleted:
            count = tr_count("%n training(s)", "", num_deleted)
            text = tr("%1 deleted. Runs in folders of your own stay there.", count)
        self._page.banner.show_message(
            Severity.WARNING if problem else Severity.INFO,
            " ".join(filter(None, (problem, text))),
            actions=((tr("Undo"), partial(self._undo_delete, undo)),) if undo else (),
        )

    def _undo_delete(self, undo: list[Callable[[], object]]) -> None:
        self._page.banner.clear()
        for step in undo:
            self._try(step)
        self.model_changed.emit()

    def _try(self, action: Callable[[], object]) -> None:
        try:
            action()
        except FieldguideError as error:
            self._tell(shown(str(error)))
        self.refresh()

    def _tell(self, message: str, details: str = "") -> None:
        self._page.banner.show_message(Severity.WARNING, message, details=details)


def _delete_run(entry: Entry, run_dir: Path) -> Callable[[], object]:
    """Move a run to the trash, or forget one in a folder of the user's; return how to undo it."""
    if entry.owns(run_dir):
        return partial(bring_back, move_to_trash(run_dir))
    entry.forget_run(run_dir)
    return partial(entry.refer_to_runs, [run_dir])


def _read_runs(
    entry: Entry,
    known: _Known,
    images: EditedImages | None,
    counted: _Counted,
    context: TaskContext,
) -> _Counted:
    """Report the runs, those read again whose folder changed, then count the changes since.

    Counting reads each image of each run, which takes far longer than all else.
    """
    found: _Known = {}
    problems = []
    for run_dir in entry.runs():
        context.check()
        state = _folder_state(run_dir)
        before = known.get(run_dir)
        try:
            unchanged = before is not None and before[0] == state
            summary = before[1] if before and unchanged else summarize_run(run_dir)
        except RunError as error:
            problems.append(shown(str(error)))
            continue
        # A running one may end without a change of its folder.
        found[run_dir] = (-1 if summary.state is RunState.RUNNING else state, summary)
    context.report((found, problems))
    if images is None:
        return _Counted(None, {})
    earlier = counted.changes if counted.images is images else {}
    labels: dict[str, str] = {}
    changes = {}
    for run_dir, (state, _) in found.items():
        context.check()
        change = earlier.get(run_dir)
        if change is None or change[0] != state:
            labels = labels or _labels_of(images)
            change = (state, changes_since(run_dir, labels).total)
        changes[run_dir] = change
    return _Counted(images, changes)


def _folder_state(run_dir: Path) -> int:
    """Return when files of a run were last made, renamed or replaced."""
    try:
        times = [run_dir.stat().st_mtime_ns]
        times += [path.stat().st_mtime_ns for path in run_dir.iterdir()]
    except OSError:
        return -1
    return max(times)


def _labels_of(images: EditedImages) -> dict[str, str]:
    """Return the class of each included image, by its path."""
    rows = np.flatnonzero((images.class_indices >= 0) & ~images.excluded)
    names = images.labels
    return {str(images.table.path(row)): names[images.class_indices[row]] for row in rows.tolist()}

"""Asks whether folders are classes where the scan can't know; the answer is one undo step."""

from collections.abc import Callable, Collection, Sequence
from functools import partial

from PySide6.QtCore import QObject

from core.data.dataset import Finding, FindingKind, ImageSource
from core.data.files.image_files import absolute_path
from core.data.folders.folder_words import splits_by_name
from core.data.folders.layout_findings import names_text
from gui.look.language import shown, tr
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Banner, Severity

_FEW_NAMES = 3


class LayoutQuestion(QObject):
    """Ask in the banner, and change the project's sources as answered.

    Either answer replaces the source by its folders: with their names as classes, or as parts of
    one set, whose classes are in them. So the project file holds it, and nothing asks again.

    Args:
        project: The project to change.
        banner: Shows the question.
    """

    def __init__(self, project: ProjectController, banner: Banner) -> None:
        super().__init__(project)
        self._project, self._banner = project, banner
        self._asked = ""

    def ask(self, findings: Sequence[Finding], labels: Collection[str]) -> None:
        """Ask about the findings of a scan; an earlier question is withdrawn.

        Args:
            findings: Of the scan.
            labels: The classes as they are now.
        """
        if self._asked and self._banner.text() == self._asked:
            self._banner.clear()
        self._asked = ""
        can_be_asked = [finding for finding in findings if finding.folders]
        splits = [f for f in can_be_asked if _asks_about_splits(f, labels)]
        unclear = [f for f in can_be_asked if f.kind is FindingKind.UNCLEAR_FOLDERS]
        if splits:
            self._ask_about_splits(splits)
        elif unclear:
            self._ask_about_parts(unclear[0])

    def _ask_about_splits(self, findings: Sequence[Finding]) -> None:
        names = [name for finding in findings for name in _split_names(finding)]
        actions: list[tuple[str, Callable[[], object]]] = [
            (tr("They are classes"), partial(self._answer, findings, are_classes=True))
        ]
        if len(names) == sum(len(finding.folders) for finding in findings):  # and nothing else
            actions.append((tr("Remove from the project"), partial(self._forget, findings)))
        self._show(
            tr(
                "Folders named like splits were taken for classes: %1. Are they classes? If they "
                "are splits, remove them and add a list (.csv) that tells the classes of the "
                "pictures.",
                names_text(list(dict.fromkeys(names))),
            ),
            findings,
            actions,
        )

    def _ask_about_parts(self, finding: Finding) -> None:
        name = finding.path.name if finding.path is not None else ""
        findings = (finding,)
        self._show(
            tr(
                "All folders in “%1” hold folders of the same names, such as %2. Are the outer "
                "ones, %3, the classes, or parts of one set?",
                name,
                names_text(finding.inner_names, _FEW_NAMES),
                names_text([folder.name for folder in finding.folders], _FEW_NAMES),
            ),
            findings,
            (
                (tr("They are classes"), partial(self._answer, findings, are_classes=True)),
                (tr("They are parts"), partial(self._answer, findings, are_classes=False)),
            ),
        )

    def _show(
        self,
        text: str,
        findings: Sequence[Finding],
        actions: Sequence[tuple[str, Callable[[], object]]],
    ) -> None:
        details = "\n".join(shown(finding.with_path()) for finding in findings)
        self._banner.show_message(Severity.WARNING, text, details=details, actions=actions)
        self._asked = text

    def _answer(self, findings: Sequence[Finding], *, are_classes: bool) -> None:
        folders = {finding.path: finding.folders for finding in findings}
        asked_about = set(self._sources_of(findings))
        sources: list[ImageSource] = []
        for source in self._project.project.sources:
            if source in asked_about:
                found = folders[absolute_path(source.path)]
                sources += [ImageSource(f, f.name if are_classes else None) for f in found]
            else:
                sources.append(source)
        self._banner.clear()
        text = tr("take folders for classes") if are_classes else tr("take folders for parts")
        edits = self._project.project.edits
        self._project.set_images(tuple(dict.fromkeys(sources)), edits, text)

    def _forget(self, findings: Sequence[Finding]) -> None:
        asked_about = set(self._sources_of(findings))
        kept = tuple(s for s in self._project.project.sources if s not in asked_about)
        self._banner.clear()
        self._project.set_images(kept, self._project.project.edits, tr("remove folders"))

    def _sources_of(self, findings: Sequence[Finding]) -> list[ImageSource]:
        paths = {finding.path for finding in findings}
        sources = self._project.project.sources
        return [s for s in sources if s.label is None and absolute_path(s.path) in paths]


def _split_names(finding: Finding) -> list[str]:
    return list(splits_by_name(folder.name for folder in finding.folders))


def _asks_about_splits(finding: Finding, labels: Collection[str]) -> bool:
    """Whether classes that are named like splits are there still, and not renamed or removed."""
    if finding.kind is not FindingKind.SPLITS_ONLY:
        return False
    names = _split_names(finding)
    return len(set(names) & set(labels)) >= min(2, len(names))

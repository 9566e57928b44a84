"""The user's edits of classes and images, each one undo step."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from core.data.edits.edits import Edits
from gui.look.language import shown, tr, tr_count
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Banner, Severity


class ImageEdits(QObject):
    """Change the project's edits; files stay as they are.

    Args:
        project: The project to change.
        banner: Shows why a change can't be made.
        scanned_labels: Returns the classes as the last scan found them.
        labels: Returns the current classes.
    """

    def __init__(
        self,
        project: ProjectController,
        banner: Banner,
        scanned_labels: Callable[[], tuple[str, ...]],
        labels: Callable[[], tuple[str, ...]],
    ) -> None:
        super().__init__(project)
        self._project, self._banner = project, banner
        self._scanned_labels, self._labels = scanned_labels, labels

    def rename_class(self, old: str, new: str) -> None:
        """Rename a class; the name of another class merges them."""
        is_merge = new in self._labels()
        text = tr("merge “%1” into “%2”", old, new) if is_merge else tr("rename “%1”", old)
        self._edit(lambda edits, scanned: edits.rename_class(scanned, old, new), text)

    def remove_class(self, name: str) -> None:
        """Remove a class with all its images from the project; the files are kept."""
        text = tr("remove “%1”", name)
        self._edit(lambda edits, scanned: edits.remove_class(scanned, name), text)

    def move(self, paths: Sequence[Path], label: str) -> None:
        """Move images to a class."""
        text = tr_count("move %n picture(s) to “%1”", "", len(paths), label)
        self._edit(lambda edits, _scanned: edits.move(paths, label), text)

    def exclude(self, paths: Sequence[Path]) -> None:
        """Exclude images from training."""
        text = tr_count("exclude %n picture(s)", "", len(paths))
        self._edit(lambda edits, _scanned: edits.exclude(paths), text)

    def include(self, paths: Sequence[Path]) -> None:
        """Include images again."""
        text = tr_count("include %n picture(s)", "", len(paths))
        self._edit(lambda edits, _scanned: edits.include(paths), text)

    def _edit(self, change: Callable[[Edits, tuple[str, ...]], Edits], text: str) -> None:
        try:
            edits = change(self._project.project.edits, self._scanned_labels())
        except ValueError as error:
            self._banner.show_message(Severity.WARNING, shown(str(error)))
            return
        self._project.edit(edits, text)

"""What a person changes about classes and pictures, each change one step to undo."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from core.data.edits import Edits
from gui.look.language import tr
from gui.look.wording import pictures
from gui.project.project_controller import ProjectController
from gui.widgets.banner import Banner, Severity


class PictureEdits(QObject):
    """Changes the project's edits; files stay as they are.

    Args:
        project: Is changed.
        banner: Says why a change can't be made.
        scanned_labels: Gives the classes as the last scan found them.
        labels: Gives the classes as they are now.
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
        """Give a class another name; the name of another class merges them."""
        verb = tr("merge “%1” into “%2”") if new in self._labels() else tr("rename “%1”")
        text = verb.replace("%1", old).replace("%2", new)
        self._edit(lambda edits, scanned: edits.rename_class(scanned, old, new), text)

    def remove_class(self, name: str) -> None:
        """Take a class with all its pictures out of the project; files stay where they are."""
        text = tr("remove “%1”", name)
        self._edit(lambda edits, scanned: edits.remove_class(scanned, name), text)

    def move(self, paths: Sequence[Path], label: str) -> None:
        """Put pictures into a class."""
        text = tr("move %1 to “%2”", pictures(len(paths)), label)
        self._edit(lambda edits, _scanned: edits.move(paths, label), text)

    def exclude(self, paths: Sequence[Path]) -> None:
        """Leave pictures out of training."""
        text = tr("leave out %1", pictures(len(paths)))
        self._edit(lambda edits, _scanned: edits.exclude(paths), text)

    def include(self, paths: Sequence[Path]) -> None:
        """Let pictures take part again."""
        text = tr("take back %1", pictures(len(paths)))
        self._edit(lambda edits, _scanned: edits.include(paths), text)

    def _edit(self, change: Callable[[Edits, tuple[str, ...]], Edits], text: str) -> None:
        try:
            edits = change(self._project.project.edits, self._scanned_labels())
        except ValueError as error:
            self._banner.show_message(Severity.WARNING, str(error))
            return
        self._project.edit(edits, text)

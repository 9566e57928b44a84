"""How the images of a project changed since a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import RunError
from core.runs.run_folder import RunFolder
from core.runs.run_images import read_run_classes
from core.text import Text, count_text, sentences


@dataclass(frozen=True, slots=True)
class Changes:
    """Images that a run was made with, beside those of its project now.

    Attributes:
        num_relabeled: In another class now.
        num_added: New ones.
        num_removed: Removed, excluded or missing now.
    """

    num_relabeled: int = 0
    num_added: int = 0
    num_removed: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.num_relabeled + self.num_added + self.num_removed

    @property
    def text(self) -> Text:
        """Sentences for users; empty without changes."""
        parts = []
        if self.num_relabeled:
            parts.append(count_text("%n label(s) changed since.", "", self.num_relabeled))
        if self.num_added:
            parts.append(count_text("%n picture(s) added since.", "", self.num_added))
        if self.num_removed:
            parts.append(count_text("%n picture(s) removed since.", "", self.num_removed))
        return sentences(*parts, Text("Train again to use them.")) if parts else Text("")


def changes_since(run_dir: Path, labels: Mapping[str, str]) -> Changes:
    """Compare a run's images with those of now.

    Args:
        labels: Class of each included image, by its path.

    Returns:
        No changes for a run that has no record of its images.
    """
    folder = RunFolder(run_dir)
    try:
        before = read_run_classes(folder.images_path)
        _, sources = folder.read_config()
        edits = folder.read_edits()
    except RunError:
        return Changes()
    created = folder.read_created()
    # Where the images of archives and lists lie says nothing about their source.
    are_folders = all(source.path.is_dir() for source in sources)
    common = before.keys() & labels.keys()

    def is_added(name: str) -> bool:
        """Tell new images from those that the run left out since it couldn't read them."""
        path = Path(name)
        if path in edits.excluded or edits.image_labels.get(path, "") is None:
            return True
        if are_folders and not any(path.is_relative_to(source.path) for source in sources):
            return True
        return created is not None and _changed_at(path) > created.timestamp()

    return Changes(
        num_relabeled=sum(before[path] != labels[path] for path in common),
        num_added=sum(map(is_added, labels.keys() - common)),
        num_removed=len(before) - len(common),
    )


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_ctime
    except OSError:
        return 0.0

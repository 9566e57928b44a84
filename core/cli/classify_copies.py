"""`fieldguide classify --copy-to`: a folder for each class."""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.batch.class_folders import copy_into_class_folders, plan_copies
from core.cli.counting import counting
from core.cli.output import one_line
from core.models.named_picture import NamedPicture


def copy_pictures(
    pictures: Sequence[NamedPicture], labels: Sequence[str], folder: Path, threshold: float
) -> int:
    """Copy pictures into class folders and say so on standard error.

    Returns:
        How many could not be copied.

    Raises:
        StorageError: If there is no room, or the folder can't be written.
    """
    plan = plan_copies(pictures, labels, folder, threshold=threshold)
    with counting("Copying", plan.num_pictures) as on_progress:
        summary = copy_into_class_folders(plan, folder, on_progress)
    text = f"Copied {summary.num_copied:,} pictures into {len(plan.targets)} folders in {folder}."
    if summary.num_present:
        text += f" {summary.num_present:,} were there already."
    for path, reason in summary.failed:
        print(one_line(f"{path}: {reason}"), file=sys.stderr)
    print(one_line(text), file=sys.stderr)
    return len(summary.failed)

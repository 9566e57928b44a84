"""Find the lists in a folder that tell the classes of its images."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.data.dataset import Finding, FindingKind, Split
from core.data.files.image_files import is_hidden
from core.data.folders.folder_layout import (
    filled_folders,
    is_class_folder,
    understand,
    without_wraps,
)
from core.data.folders.folder_tree import FolderTree
from core.data.folders.folder_words import is_images_name, splits_by_name
from core.data.lists.csv_list import LIST_SUFFIXES, ListedImage, read_csv_list
from core.errors import DatasetError
from core.text import Text, count_text, sentences

_MOST_LISTS = 20  # of one folder; more are no lists of its images


@dataclass(frozen=True, slots=True)
class FolderList:
    """A list that was found in a folder.

    Attributes:
        path: The list.
        images: Its images, with the split of the list, or else of the folder.
        findings: Rows that can't be used.
        guessed_label: As in `ImageList`.
    """

    path: Path
    images: Sequence[ListedImage]
    findings: Sequence[Finding]
    guessed_label: str = ""


@dataclass(frozen=True, slots=True)
class FolderLists:
    """The lists of a folder.

    Attributes:
        used: Those that tell the classes; empty if its class folders do.
        problem: Why a list that is there isn't used; "" if there is none.
    """

    used: Sequence[FolderList] = ()
    problem: str = ""


def find_lists(tree: FolderTree, split: Split | None = None) -> FolderLists:
    """Find the lists to use for a folder that has no class folders.

    Such are a list beside images or beside folders of images, one for each split, and one in each
    of `train`, `valid` and `test`. A list must name at least two classes.

    Args:
        tree: The folder.
        split: Its split, for images of which the list says nothing.

    Raises:
        DatasetError: If there are several lists, and nothing says which one is meant.
    """
    if _has_classes(tree):
        return FolderLists()
    problem = ""
    while True:
        found = _lists_beside(tree, split)
        problem = problem or found.problem
        if found.used or len(tree.folders) != 1 or tree.image_names:
            break
        tree = tree.folders[0]
    if found.used:
        return found
    in_splits = _lists_in_splits(tree)
    return in_splits if in_splits.used else FolderLists(problem=problem or in_splits.problem)


def _has_classes(tree: FolderTree) -> bool:
    if is_class_folder(without_wraps(tree)):
        return False
    layout = understand(tree)
    names = {folder.tree.name for folder in layout.classes if folder.tree.num_images()}
    return len(names) > 1 and not all(map(is_images_name, names))


def _lists_beside(tree: FolderTree, split: Split | None) -> FolderLists:
    readable, problem = _readable_lists(tree)
    found = [each for each in readable if _num_classes(each) > 1]
    if readable and not found:
        problem = problem or _one_class_text(readable[0])
    if len(found) > 1:
        splits = splits_by_name(each.path.stem for each in found)
        if len(splits) < len(found):
            raise DatasetError(_several(tree, found))
        return FolderLists([_with_split(each, splits[each.path.stem]) for each in found])
    return FolderLists([_with_folders(each, tree, split) for each in found], problem)


def _lists_in_splits(tree: FolderTree) -> FolderLists:
    folders = filled_folders(tree)
    splits = splits_by_name(folder.name for folder in folders)
    used, problems = [], []
    for folder in folders:
        if folder.name not in splits:
            continue
        found, problem = _readable_lists(folder)
        if len(found) > 1:
            raise DatasetError(_several(folder, found))
        used += [_with_split(each, splits[folder.name]) for each in found]
        problems.append(problem)
    if used and _num_classes(*used) < 2:
        problems.append(_one_class_text(used[0]))
        used = []
    return FolderLists(used, next(filter(None, problems), ""))


def _num_classes(*lists: FolderList) -> int:
    return len({image.label for each in lists for image in each.images})


def _readable_lists(tree: FolderTree) -> tuple[list[FolderList], str]:
    """The lists directly in a folder that name images in it, and why others can't be read."""
    found, problem = [], ""
    for path in _list_files(tree):
        try:
            listed = read_csv_list(path)
        except DatasetError as error:
            problem = problem or str(error)
            continue
        # The list of an archive has no business elsewhere.
        inside = [image for image in listed.images if _parts_below(tree, image)]
        guessed = listed.guessed_label
        if not inside:
            problem = problem or _no_image_text(path, listed.findings)
        elif guessed and tree.image_names and not is_images_name(tree.name):
            # A class folder, whose pictures a table tells more of: who took each, and where.
            problem = problem or _guessed_text(path, guessed)
        else:
            found.append(FolderList(path, inside, listed.findings, guessed))
    return found, problem


def _parts_below(tree: FolderTree, image: ListedImage) -> tuple[str, ...]:
    """The parts of an image's path below a folder; empty if it isn't there."""
    path, folder = Path(os.path.normpath(image.path)), os.path.normpath(tree.path)
    return path.relative_to(folder).parts if path.is_relative_to(folder) else ()


def _list_files(tree: FolderTree) -> list[Path]:
    if not tree.left_out.count:
        return []
    try:
        with os.scandir(tree.path) as entries:
            paths = [
                Path(entry.path)
                for entry in entries
                if Path(entry.name).suffix.lower() in LIST_SUFFIXES and not is_hidden(entry.name)
            ]
    except OSError:  # the reader of the tree told
        return []
    return sorted(paths) if len(paths) <= _MOST_LISTS else []


def _with_folders(found: FolderList, tree: FolderTree, split: Split | None) -> FolderList:
    """Put images in the splits of the folders they are in, if these are several."""
    by_name = splits_by_name(folder.name for folder in tree.folders)

    splits = [by_name.get(_parts_below(tree, image)[0]) for image in found.images]
    if len(set(splits) - {None}) < 2:
        return _with_split(found, split)
    images = [
        image if image.split else replace(image, split=of_folder)
        for image, of_folder in zip(found.images, splits, strict=True)
    ]
    return replace(found, images=images)


def _with_split(found: FolderList, split: Split | None) -> FolderList:
    images = [image if image.split else replace(image, split=split) for image in found.images]
    return replace(found, images=images)


def list_used_text(num_images: int, guessed_label: str) -> Text:
    """Say that a list tells classes, and by which column if its name doesn't say it."""
    if not guessed_label:
        return count_text("The classes of %n picture(s) are taken from this list.", "", num_images)
    return count_text(
        "The classes of %n picture(s) are taken from the column “%1” of this list.",
        "",
        num_images,
        guessed_label,
    )


def _no_image_text(path: Path, findings: Sequence[Finding]) -> Text:
    told = [f.with_path() if f.kind is FindingKind.MISSING else f.detail for f in findings[:1]]
    return sentences(Text("The list %1 names no picture in its folder.", str(path)), *told)


def _one_class_text(found: FolderList) -> Text:
    return Text("The list %1 names one class alone: %2.", str(found.path), found.images[0].label)


def _guessed_text(path: Path, column: str) -> Text:
    return Text(
        "The list %1 isn't used: it has no column named label or class. If the classes are in the "
        "column “%2”, give the list in place of the folder, or name the column label.",
        str(path),
        column,
    )


def _several(tree: FolderTree, found: Sequence[FolderList]) -> Text:
    paths = ", ".join(str(each.path) for each in found)
    return Text(
        "%1 holds several lists that tell the classes of its pictures: %2. Give the right one in "
        "place of the folder. If all pictures in it are one class, move the lists elsewhere, or "
        "name the class on the command line with --class NAME FOLDER.",
        tree.path,
        paths,
    )

"""Interpret a tree of folders as a class, as a parent of classes, or as prepared splits."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.data.dataset import Split
from core.data.folder_tree import FolderTree

SPLIT_NAMES = {
    "train": Split.TRAINING,
    "training": Split.TRAINING,
    "val": Split.VALIDATION,
    "valid": Split.VALIDATION,
    "validation": Split.VALIDATION,
    "test": Split.TEST,
    "testing": Split.TEST,
}
"""Lower-case names by which folders and list columns mean a split."""

_MAX_LOOSE_FRACTION = 0.1
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A class folder, and the split it was prepared for."""

    tree: FolderTree
    split: Split | None = None


@dataclass(slots=True)
class FolderLayout:
    """The interpretation of a folder.

    Attributes:
        classes: Its class folders, those without an image included.
        left_out: Folders with images that belong to no class, such as a parent with a few
            loose images or a `test` folder without class folders.
    """

    classes: list[ClassFolder]
    left_out: list[FolderTree]


def splits_by_name(names: Iterable[str]) -> dict[str, Split]:
    """Tell which of some names beside each other mean splits.

    `train` does by itself; `seg_train`, `training_set` and `train2017` do beside another that is
    made the same way, such as `seg_test`.
    """
    exact: dict[str, Split] = {}
    alike: defaultdict[tuple[str, ...], dict[str, Split]] = defaultdict(dict)
    for name in names:
        words = _WORD.findall(name.lower())
        found = [word for word in words if word in SPLIT_NAMES]
        if name.lower() in SPLIT_NAMES:
            exact[name] = SPLIT_NAMES[name.lower()]
        elif len(found) == 1:
            rest = tuple(word for word in words if word not in SPLIT_NAMES)
            alike[rest][name] = SPLIT_NAMES[found[0]]
    for splits in alike.values():
        if not exact and len(set(splits.values())) >= 2:
            return splits
    return exact


def understand(tree: FolderTree, split: Split | None = None) -> FolderLayout:
    """Find the class folders below a folder.

    In this order:
        - a folder whose only content is one sub-folder of sub-folders means that one;
        - with `train`, `val` and `test` folders of class folders, or others that `splits_by_name`
          knows, it is prepared;
        - with images directly in it, it is a class, sub-folders included - unless these are
          a few beside at least two sub-folders of many more: a stray cover image does not
          turn a parent folder into one class;
        - otherwise each of its sub-folders is a class.
    """
    tree = _unwrapped(tree, into_splits=split is not None)
    if split is None:
        prepared = _prepared_splits(tree)
        if prepared:
            return _understand_prepared(tree, prepared)
    if is_class_folder(tree):
        return FolderLayout([ClassFolder(tree, split)], [])
    classes = [ClassFolder(folder, split) for folder in tree.folders]
    return FolderLayout(classes, [tree] if tree.image_names else [])


def is_class_folder(tree: FolderTree) -> bool:
    """Whether the images below a folder are one class."""
    num_loose = len(tree.image_names)
    if num_loose == 0:
        return False
    filled = [folder for folder in tree.folders if folder.num_images()]
    few = num_loose <= len(filled) and num_loose <= _MAX_LOOSE_FRACTION * tree.num_images()
    return len(filled) < 2 or not few


def _unwrapped(tree: FolderTree, *, into_splits: bool) -> FolderTree:
    while not tree.image_names and len(tree.folders) == 1:
        inner = tree.folders[0]
        is_split = inner.name.lower() in SPLIT_NAMES and not into_splits
        if inner.image_names or not inner.folders or is_split:
            break
        tree = inner
    return tree


def _prepared_splits(tree: FolderTree) -> dict[Split, list[FolderTree]]:
    """Sub-folders that stand for splits, if the folder is a prepared one."""
    found: dict[Split, list[FolderTree]] = {}
    num_others = 0
    splits = splits_by_name(folder.name for folder in tree.folders)
    for folder in tree.folders:
        split = splits.get(folder.name)
        if split and _holds_classes(folder):
            found.setdefault(split, []).append(folder)
        elif folder.num_images() and not split:
            num_others += 1
    # `train` beside other folders of images may be the class of trains.
    if len(found) >= 2 or (Split.TRAINING in found and not num_others):
        return found
    return {}


def _holds_classes(folder: FolderTree) -> bool:
    inner = _unwrapped(folder, into_splits=True)
    return not is_class_folder(inner) and any(child.num_images() for child in inner.folders)


def _understand_prepared(tree: FolderTree, prepared: dict[Split, list[FolderTree]]) -> FolderLayout:
    layout = FolderLayout([], [tree] if tree.image_names else [])
    used = [folder for folders in prepared.values() for folder in folders]
    for split in Split:
        for folder in prepared.get(split, ()):
            inner = understand(folder, split)
            layout.classes.extend(inner.classes)
            layout.left_out.extend(inner.left_out)
    layout.left_out.extend(
        folder for folder in tree.folders if folder not in used and folder.num_images()
    )
    return layout

"""Interpret a tree of folders as a class, as a parent of classes, or as prepared splits."""

from dataclasses import dataclass, field, replace

from core.data.dataset import Split
from core.data.folders.folder_tree import FolderTree
from core.data.folders.folder_words import (
    SPLIT_NAMES,
    is_part_name,
    name_key,
    split_words,
    splits_by_name,
)

_MAX_LOOSE_FRACTION = 0.1


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
        merged: Folders whose sub-folders were taken for parts of one set.
        unclear: Folders whose sub-folders were taken for classes, but may be parts of one set.
    """

    classes: list[ClassFolder]
    left_out: list[FolderTree]
    merged: list[FolderTree] = field(default_factory=list)
    unclear: list[FolderTree] = field(default_factory=list)

    def extend(self, other: "FolderLayout") -> None:
        """Add what was found in another folder."""
        self.classes.extend(other.classes)
        self.left_out.extend(other.left_out)
        self.merged.extend(other.merged)
        self.unclear.extend(other.unclear)


def understand(tree: FolderTree, split: Split | None = None) -> FolderLayout:
    """Find the class folders below a folder.

    In this order:
        - a folder whose only content is one sub-folder of sub-folders means that one;
        - with `train`, `val` and `test` folders of class folders, or others that `splits_by_name`
          knows, it is prepared;
        - with images directly in it, it is a class, sub-folders included - unless these are
          a few beside at least two sub-folders of many more: a stray cover image does not
          turn a parent folder into one class;
        - with sub-folders that all hold the same class folders and are named like parts of a set,
          such as `batch1` and `batch2`, it is what these are together;
        - otherwise each of its sub-folders is a class; if each holds `train` and `test` folders
          or the like, these are its splits.
    """
    tree = _unwrapped(tree, into_splits=split is not None)
    if split is None:
        prepared = _prepared_splits(tree)
        if prepared:
            return _understand_prepared(tree, prepared)
    if is_class_folder(tree):
        return FolderLayout([ClassFolder(tree, split)], [])
    layout = FolderLayout([], [tree] if tree.image_names else [])
    if _hold_the_same(tree):
        if _are_parts(tree):
            return _understand_parts(tree, split, layout)
        if not _are_parts_inside(tree) or _are_named_like_parts(tree):
            layout.unclear.append(tree)
    layout.classes = _classes_of_splits(tree) if split is None else []
    layout.classes = layout.classes or [ClassFolder(folder, split) for folder in tree.folders]
    return layout


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
            layout.extend(understand(folder, split))
    layout.left_out.extend(
        folder for folder in tree.folders if folder not in used and folder.num_images()
    )
    return layout


def filled_folders(tree: FolderTree) -> list[FolderTree]:
    """Return the sub-folders with images in them or below, of the first that isn't just a wrap."""
    tree = without_wraps(tree)
    return [folder for folder in tree.folders if folder.num_images()]


def without_wraps(tree: FolderTree) -> FolderTree:
    """Follow folders that hold nothing but one sub-folder, down to images or several folders."""
    while not tree.image_names and len(tree.folders) == 1:
        tree = tree.folders[0]
    return tree


def _hold_the_same(tree: FolderTree) -> bool:
    """Whether all sub-folders hold class folders, of mostly the same names."""
    folders = [folder for folder in tree.folders if folder.num_images()]
    names = []
    for folder in folders:
        inner = filled_folders(folder)
        if len(inner) < 2 or is_class_folder(without_wraps(folder)):
            return False
        names.append({name_key(each.name) for each in inner})
    most = max(names, key=len, default=set())
    is_same = all(2 * len(found & most) >= len(found | most) for found in names)
    return len(folders) >= 2 and is_same


def _are_parts(tree: FolderTree) -> bool:
    folders = [folder for folder in tree.folders if folder.num_images()]
    if all(_prepared_splits(without_wraps(folder)) for folder in folders):
        return True
    if not _are_named_like_parts(tree):
        return False
    # Of folders such as 2021/5, either may be the parts, unless there are classes in both.
    inner = [each for folder in folders for each in filled_folders(folder)]
    return not _are_parts_inside(tree) or all(map(_holds_classes, inner))


def _are_named_like_parts(tree: FolderTree) -> bool:
    return all(is_part_name(folder.name) for folder in tree.folders if folder.num_images())


def _are_parts_inside(tree: FolderTree) -> bool:
    """Whether the folders in the sub-folders are named like parts: `cat/2021`, `dog/2021`."""
    inner = [each for folder in tree.folders for each in filled_folders(folder)]
    return all(is_part_name(each.name) for each in inner)


def _classes_of_splits(tree: FolderTree) -> list[ClassFolder]:
    """The classes of `cat/train`, `cat/test`, `dog/train` …; empty if they are no such folders."""
    found = []
    for folder in tree.folders:
        inner = without_wraps(folder)
        filled = filled_folders(inner)
        splits = splits_by_name(each.name for each in filled)
        if inner.image_names or len(splits) < max(2, len(filled)):
            return []
        found += [
            ClassFolder(replace(each, name=folder.name), splits[each.name]) for each in filled
        ]
    return found if len(tree.folders) > 1 else []


def _understand_parts(tree: FolderTree, split: Split | None, layout: FolderLayout) -> FolderLayout:
    layout.merged.append(tree)
    folders = [folder for folder in tree.folders if folder.num_images()]
    splits = {} if split else split_words(folder.name for folder in folders)
    for folder in folders:
        layout.extend(understand(folder, split or splits.get(folder.name)))
    return layout

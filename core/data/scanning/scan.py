"""Find the labelled images in the folders, archives and lists that the user added."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from core.data.archives.extraction import (
    archive_stem,
    extract_archive,
    is_archive,
    left_out_of_archive,
)
from core.data.class_names import class_name
from core.data.dataset import Dataset, Finding, FindingKind, ImageSource, Split
from core.data.files.image_files import absolute_path
from core.data.files.left_out import LeftOut
from core.data.files.recognition import is_image_file
from core.data.folders.folder_layout import FolderLayout, is_class_folder, understand
from core.data.folders.folder_tree import FolderReader, FolderTree
from core.data.folders.folder_words import splits_by_name
from core.data.folders.layout_findings import LayoutFindings
from core.data.lists.csv_list import LIST_SUFFIXES, ListedImage, read_csv_list
from core.data.lists.folder_lists import FolderList, FolderLists, find_lists, list_used_text
from core.data.scanning.dataset_builder import DatasetBuilder
from core.errors import ArchiveError, DatasetError, StorageError
from core.storage.app_dirs import cache_dir
from core.text import Text, count_text, sentences


def scan_images(
    sources: Sequence[ImageSource],
    *,
    archive_dir: Path | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> Dataset:
    """Find the labelled images in folders, archives and lists.

    An image is a file with the name of one; others are opened for their first bytes if their
    names don't say what they are.

    Args:
        sources: Class folders, parents of class folders, prepared `train`/`val`/`test`
            folders, archives of these, CSV or TSV lists; with a label also images.
        archive_dir: Where archives are unpacked; by default in the user's cache folder.
        on_progress: Called now and then with the number of images found, while an archive
            is unpacked with the number of its files. What it raises ends the scan.

    Returns:
        A dataset of at least one image; see `require_trainable` for whether it is enough.

    Raises:
        DatasetError: If a source is missing, of an unknown kind or holds no image.
        ArchiveError: If an archive is damaged or unsafe.
        StorageError: If there is no room to unpack an archive.
    """
    if not sources:
        raise DatasetError(
            Text("No images were given. Name a folder with one subfolder per class.")
        )
    scan = _Scan(archive_dir, on_progress)
    scan.splits = _split_folders(sources)
    for source in sources:
        scan.add(source)
    return scan.dataset()


def scan_usable_images(
    sources: Sequence[ImageSource],
    *,
    archive_dir: Path | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> tuple[Dataset, tuple[tuple[ImageSource, str], ...]]:
    """Do as `scan_images`, but skip sources that can't be used.

    Returns:
        A dataset, perhaps an empty one, and the skipped sources, each with the reason.
    """
    scan = _Scan(archive_dir, on_progress)
    scan.splits = _split_folders(sources)
    failed = []
    for source in sources:
        num_findings = len(scan.reader.findings)
        try:
            scan.add(source)
        except (DatasetError, ArchiveError, StorageError) as error:
            failed.append((source, str(error)))
            del scan.reader.findings[num_findings:]  # its message says what matters of them
    usable = [source for source in sources if source not in [s for s, _ in failed]]
    if failed and scan.splits != _split_folders(usable):
        # Without the others, folders of splits may be classes.
        dataset, _ = scan_usable_images(usable, archive_dir=archive_dir, on_progress=on_progress)
        return dataset, tuple(failed)
    return scan.dataset(), tuple(failed)


def _split_folders(sources: Sequence[ImageSource]) -> dict[str, Split]:
    """Tell which sources are folders of splits, such as `.../train` and `.../test`, by name."""
    names = {source.path.name for source in sources if source.label is None}
    splits = splits_by_name(names)
    found = set(splits.values())
    is_prepared = splits.keys() == names and len(found) >= 2 and Split.TRAINING in found
    return splits if is_prepared else {}


class _Scan:
    """One call of `scan_images`."""

    def __init__(self, archive_dir: Path | None, on_progress: Callable[[int], None] | None) -> None:
        self.builder = DatasetBuilder()
        self.reader = FolderReader(on_progress)
        self.layout = LayoutFindings()
        self.splits: dict[str, Split] = {}
        self._named: set[str] = set()
        self._others: list[tuple[Path, FolderTree | None, LeftOut]] = []
        self._archive_dir = archive_dir or cache_dir() / "archives"
        self._on_progress = on_progress

    def dataset(self) -> Dataset:
        labels, named = self.builder.labels, frozenset(self._named)
        layout = self.layout.findings(labels, named)
        findings = [*self.reader.findings, *self._other_files(), *layout]
        dataset = self.builder.dataset(findings, named)
        return replace(dataset, split_labels=self.layout.split_labels(labels, named))

    def _other_files(self) -> Iterator[Finding]:
        """Tell what is left out of each source; an empty class folder says itself what is in it."""
        empty = self.builder.empty_folders
        for named, tree, left_out in self._others:
            told = tree.all_left_out(without=empty) if tree is not None and empty else left_out
            if told.is_notable:
                yield Finding(named, FindingKind.OTHER_FILES, told.finding_text())

    def add(self, source: ImageSource) -> None:
        path, label = absolute_path(source.path), source.label
        if label is not None and not label.strip():
            raise DatasetError(Text("The class name given for %1 is empty.", str(path)))
        if label is not None:
            self._named.add(class_name(label))
        if _is_folder(path):
            tree = self.reader.read(path)
            self._add_tree(tree, label, path, tree.all_left_out())
        elif is_archive(path):
            self._add_archive(path, label)
        elif path.suffix.lower() in LIST_SUFFIXES and label is None:
            self._add_list(path)
        else:
            self._add_image(path, label)

    def _add_archive(self, path: Path, label: str | None) -> None:
        folder = extract_archive(path, self._archive_dir, self._on_progress)
        tree = self.reader.read(folder, archive_stem(path))
        left_out = tree.all_left_out()
        left_out.add_all(left_out_of_archive(folder))
        while not tree.image_names and len(tree.folders) == 1:
            tree = tree.folders[0]
        self._add_tree(tree, label, path, left_out)

    def _add_tree(
        self, tree: FolderTree, label: str | None, named: Path, left_out: LeftOut
    ) -> None:
        if not tree.num_images():
            raise DatasetError(_nothing_found(left_out, named, self.reader.findings))
        split = self.splits.get(tree.name)
        lists = find_lists(tree, split) if label is None else FolderLists()
        source = named if tree.path == str(named) else None  # an archive has none of its folders
        self._others.append((named, tree if source else None, left_out))
        if label is not None:
            self.builder.add_tree(tree, class_name(label), None)
            return
        if lists.used:
            self._add_lists(tree, lists.used)
            return
        if split and is_class_folder(tree):
            split = None
        self.layout.begin(named, source, lists.problem)
        self._add_layout(understand(tree, split), tree)

    def _add_layout(self, layout: FolderLayout, tree: FolderTree) -> None:
        for folder in layout.classes:
            label = class_name(folder.tree.name) or folder.tree.path
            if self.builder.add_tree(folder.tree, label, folder.split):
                self.layout.add_class(folder, label)
        self.layout.add_layout(layout, tree)
        for left_out in layout.left_out:
            count = len(left_out.image_names) or left_out.num_images()
            detail = count_text(
                "%n picture(s) here belong to no class folder and are left out.", "", count
            )
            finding = Finding(Path(left_out.path), FindingKind.LEFT_OUT, detail)
            self.reader.findings.append(finding)

    def _add_lists(self, tree: FolderTree, lists: Sequence[FolderList]) -> None:
        listed = {os.path.normpath(image.path) for each in lists for image in each.images}
        for each in lists:
            self.reader.findings += each.findings
            self._add_listed(each.images)
            detail = list_used_text(len(each.images), each.guessed_label)
            self.reader.findings.append(Finding(each.path, FindingKind.LIST_USED, detail))
        others = sum(
            os.path.normpath(os.path.join(part.path, name)) not in listed  # noqa: PTH118
            for part in tree.walk()
            for name in part.image_names
        )
        if others:
            detail = count_text(
                "%n picture(s) here (has|have) no class in a list and (is|are) left out.",
                "",
                others,
            )
            self.reader.findings.append(Finding(Path(tree.path), FindingKind.LEFT_OUT, detail))

    def _add_list(self, path: Path) -> None:
        found = read_csv_list(path)
        if not found.images:
            raise DatasetError(
                sentences(
                    Text("%1 lists no picture that is there.", str(path)),
                    found.findings[0].detail if found.findings else "",
                    Text("Its columns should be path, label and, if wanted, split."),
                )
            )
        self.reader.findings.extend(found.findings)
        self._add_listed(found.images)
        if found.guessed_label:
            detail = list_used_text(len(found.images), found.guessed_label)
            self.reader.findings.append(Finding(path, FindingKind.LIST_USED, detail))

    def _add_listed(self, images: Sequence[ListedImage]) -> None:
        for number, image in enumerate(images, 1):
            self.builder.add_image(str(image.path), image.label, image.split)
            if self._on_progress and number % 1000 == 0:
                self._on_progress(number)

    def _add_image(self, path: Path, label: str | None) -> None:
        if label is not None and path.is_file():
            self.builder.add_image(str(path), class_name(label), None)
            return
        if is_image_file(path):
            raise DatasetError(
                Text(
                    "%1 is a single picture, and nothing says which class it shows. Put "
                    "--class NAME before it, or give a folder with one subfolder per class.",
                    str(path),
                )
            )
        raise DatasetError(
            Text(
                "%1 is no folder, archive (.zip, .tar.gz) or list (.csv, .tsv) of pictures.",
                str(path),
            )
        )


def _is_folder(path: Path) -> bool:
    try:
        if path.is_dir():
            return True
        if path.exists():
            return False
    except OSError as error:
        reason = error.strerror or str(error)
        raise DatasetError(Text("Can't look at %1: %2.", str(path), reason)) from error
    raise DatasetError(Text("%1 is not there. Check the spelling.", str(path)))


def _nothing_found(left_out: LeftOut, named: Path, findings: Sequence[Finding]) -> Text:
    unreadable = [f.with_path() for f in findings if f.kind is FindingKind.UNREADABLE_FOLDER]
    advice = Text("Choose a folder with one subfolder of pictures per class.")
    return sentences(left_out.nothing_found_text(str(named)), *unreadable[:1], advice)

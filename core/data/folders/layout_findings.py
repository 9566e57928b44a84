"""Findings about how folders were understood, where the user may have meant otherwise."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.data.class_names import natural_key
from core.data.dataset import Finding, FindingKind, Split
from core.data.folders.folder_layout import ClassFolder, FolderLayout, filled_folders
from core.data.folders.folder_tree import FolderTree
from core.data.folders.folder_words import are_splits_only, name_key, splits_by_name
from core.text import Text, count_text

_MOST_NAMES = 5


@dataclass(frozen=True, slots=True)
class _Added:
    """A class folder from which there are images in the dataset."""

    path: Path
    label: str
    name: str
    is_in_split: bool


class LayoutFindings:
    """Collects what happened to the folders of a scan.

    Call `begin` for each source, then the others.
    """

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self._source: Path | None = None
        self._named = Path()
        self._problem = ""
        self._problems: dict[Path, str] = {}
        self._archives: set[Path] = set()
        self._places: defaultdict[str, defaultdict[Split | None, list[str]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._class_folders: defaultdict[Path, list[_Added]] = defaultdict(list)
        self._nested: set[str] = set()

    def begin(self, named: Path, source: Path | None, problem: str) -> None:
        """Begin a source.

        Args:
            named: The folder or archive that the user named.
            source: The same if it is a folder, whose sub-folders may be added in its place.
            problem: Why a list in it can't be used, or "".
        """
        self._named, self._source = named, source
        if source is None:
            self._archives.add(named)
        if problem:
            self._problems[named] = problem

    def add_class(self, folder: ClassFolder, label: str) -> None:
        """Add a class folder from which there are images in the dataset."""
        self._places[label][folder.split].append(folder.tree.path)
        added = _Added(Path(folder.tree.path), label, folder.tree.name, folder.split is not None)
        self._class_folders[self._named].append(added)

    def add_layout(self, layout: FolderLayout, tree: FolderTree) -> None:
        """Add how a source was understood, after its classes."""
        for merged in layout.merged:
            self._add_merged(merged, layout)
        for unclear in layout.unclear:
            self._add_unclear(unclear, is_all=_is_only(unclear, tree))
        parents = {Path(folder.tree.path).parent for folder in layout.classes}
        if not parents & {Path(unclear.path) for unclear in layout.unclear}:
            shared = _shared_names(layout.classes)
            for folder in layout.classes:
                self._add_nested(folder, shared)

    def findings(self, labels: Sequence[str], named_labels: Collection[str]) -> list[Finding]:
        """Return all findings.

        Args:
            labels: The classes of all sources.
            named_labels: Those that the user named.
        """
        found = [*self._found, *self._same_names()]
        found += self._splits_only(self.split_labels(labels, named_labels))
        for named, problem in self._problems.items():
            # A single class folder may hold a list for any purpose.
            if len(labels) < 2 or len(self._class_folders[named]) > 1:
                found.append(Finding(None, FindingKind.UNUSED_LIST, problem))
        return found

    def _add_merged(self, merged: FolderTree, layout: FolderLayout) -> None:
        folders = [folder for folder in merged.folders if folder.num_images()]
        inside = [c for c in layout.classes if Path(c.tree.path).is_relative_to(merged.path)]
        self._forget_places({folder.tree.path for folder in inside})
        names = names_text([folder.name for folder in folders])
        if all(folder.split for folder in inside):
            detail = Text(
                "The folders in it hold the same classes and were merged, each with its split: %1.",
                names,
            )
        else:
            detail = Text(
                "The folders in it hold the same classes and were merged as parts of one set: %1. "
                "If they are the classes, rename the folders, or name the classes on the command "
                "line with --class NAME FOLDER.",
                names,
            )
        self._found.append(Finding(Path(merged.path), FindingKind.MERGED_FOLDERS, detail))

    def _add_unclear(self, unclear: FolderTree, *, is_all: bool) -> None:
        folders = [folder for folder in unclear.folders if folder.num_images()]
        inner = filled_folders(folders[0])
        detail = Text(
            "The folders in it were taken for the classes: %1. All of them hold folders such as "
            "%2. If those are the classes, add the outer folders one by one in place of this one.",
            names_text([folder.name for folder in folders]),
            names_text([folder.name for folder in inner]),
        )
        paths = tuple(Path(folder.path) for folder in folders)
        if self._source is None or not is_all:
            self._found.append(Finding(Path(unclear.path), FindingKind.UNCLEAR_FOLDERS, detail))
            return
        names = tuple(folder.name for folder in inner)
        finding = Finding(self._source, FindingKind.UNCLEAR_FOLDERS, detail, paths, names)
        self._found.append(finding)

    def _add_nested(self, folder: ClassFolder, shared: Collection[str]) -> None:
        inner = _inner_folders(folder.tree)
        label = folder.tree.name
        is_told = len(inner) > 1 or any(name_key(each.name) in shared for each in inner)
        if not is_told or label in self._nested:
            return
        self._nested.add(label)
        detail = count_text(
            "All folders in it are one class, “%1”: %n picture(s) are from %2.",
            "",
            sum(each.num_images() for each in inner),
            label,
            names_text([each.name for each in inner]),
        )
        self._found.append(Finding(Path(folder.tree.path), FindingKind.MERGED_FOLDERS, detail))

    def _forget_places(self, merged: set[str]) -> None:
        """Keep one place of each class in merged folders, which are told already."""
        for places in self._places.values():
            for split, paths in places.items():
                first = [path for path in paths if path in merged][:1]
                places[split] = [p for p in paths if p not in merged or p in first]

    def _same_names(self) -> Iterator[Finding]:
        """One finding for all the classes that are in the same folders."""
        shared: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for label in sorted(self._places, key=natural_key):
            for paths in self._places[label].values():
                if len(paths) > 1:
                    parents = tuple(str(Path(path).parent) for path in paths)
                    shared[parents].append(label)
                    break
        for parents, labels in shared.items():
            detail = count_text(
                "%n class(es) (is|are) in several folders and (was|were) merged: %1, in %2.",
                "",
                len(labels),
                names_text(labels),
                names_text(parents),
            )
            yield Finding(None, FindingKind.MERGED_FOLDERS, detail)

    def split_labels(self, labels: Sequence[str], named_labels: Collection[str]) -> frozenset[str]:
        """Return the classes that are most likely splits, whose images nothing names.

        These are all if all are named so, or else those from folders beside each other of which
        two are, and from a folder that has no other class folder beside it: `train` beside `bus`
        and `car` is the class of trains.

        Args:
            labels: The classes of all sources.
            named_labels: Those that the user named.
        """
        if len(labels) < 2:
            return frozenset()
        if are_splits_only(labels, named_labels):
            return frozenset(labels)
        beside: defaultdict[Path, dict[str, str]] = defaultdict(dict)
        for folders in self._class_folders.values():
            for folder in folders:
                if not folder.is_in_split:
                    beside[folder.path.parent][folder.name] = folder.label
        found = set()
        for names in beside.values():
            splits = splits_by_name(names)
            if len(set(splits.values())) >= 2 or splits.keys() == names.keys():
                found |= {names[name] for name in splits}
        return frozenset(found) - frozenset(named_labels)

    def _splits_only(self, split_labels: Collection[str]) -> Iterator[Finding]:
        for named, folders in self._class_folders.items():
            found = [f.name for f in folders if f.label in split_labels and not f.is_in_split]
            if not found:
                continue
            if len(found) == 1:
                detail = Text(
                    "The class “%1” is named like a split. Nothing tells the classes in it.",
                    found[0],
                )
            else:
                detail = Text(
                    "The classes are named like splits: %1. Nothing tells the classes in them.",
                    names_text(found),
                )
            is_lasting = named in self._archives or any(folder.is_in_split for folder in folders)
            paths = () if is_lasting else tuple(folder.path for folder in folders)
            yield Finding(named, FindingKind.SPLITS_ONLY, detail, paths)


def _shared_names(classes: Sequence[ClassFolder]) -> set[str]:
    """Names of folders in several classes, unless they are all alike, as in `cat/images`."""
    labels: defaultdict[str, set[str]] = defaultdict(set)
    for folder in classes:
        for inner in _inner_folders(folder.tree):
            labels[name_key(inner.name)].add(folder.tree.name)
    shared = {name for name, found in labels.items() if len(found) > 1}
    return shared if len(labels) > 1 else set()


def _inner_folders(tree: FolderTree) -> list[FolderTree]:
    return filled_folders(tree) or [folder for folder in tree.folders if folder.num_images()]


def _is_only(inner: FolderTree, tree: FolderTree) -> bool:
    """Whether a folder is all there is in another one."""
    return inner.num_images() == tree.num_images()


def names_text(names: Sequence[str], most: int = _MOST_NAMES) -> str:
    """Return the first of some names."""
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")

"""The result of a scan: class names, their images, and findings."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self, assert_never

from core.text import Text, count_text


class Split(StrEnum):
    """What an image is used for."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"

    @property
    def text(self) -> Text:
        """Its name for users, as in "the test split"."""
        match self:
            case Split.TRAINING:
                return Text("training")
            case Split.VALIDATION:
                return Text("validation")
            case Split.TEST:
                return Text("test")
            case never:
                assert_never(never)


class FindingKind(StrEnum):
    """A problem of an image, a folder or a whole class.

    Attributes:
        text: Its name for users.
        badge: A shorter one for the corner of the image; "" for a problem of no single image.
    """

    text: Text
    badge: str
    _counted: Text

    def __new__(cls, value: str, text: Text, counted: Text, badge: str = "") -> Self:
        """Make a member that is its value; its words stand beside it."""
        kind = str.__new__(cls, value)
        kind._value_, kind.text, kind._counted, kind.badge = value, text, counted, badge
        return kind

    UNREADABLE = (
        "unreadable",
        Text("unreadable picture"),
        count_text("%n unreadable picture(s)", "", 1),
        Text("unreadable"),
    )
    NOT_AN_IMAGE = (
        "not_an_image",
        Text("file that is no picture"),
        count_text("%n file(s) that (is|are) no picture(s)", "", 1),
        Text("no picture"),
    )
    FLAT = (
        "flat",
        Text("picture of one colour"),
        count_text("%n picture(s) of one colour", "", 1),
        Text("one colour"),
    )
    MANY_PAGES = (
        "many_pages",
        Text("file of several pictures"),
        count_text("%n file(s) of several pictures", "", 1),
        Text("first of several"),
    )
    UNDECLARED_BITS = (
        "undeclared_bits",
        Text("unknown number of bits"),
        count_text("%n unknown number(s) of bits", "", 1),
    )
    DUPLICATE = (
        "duplicate",
        Text("exact duplicate"),
        count_text("%n exact duplicate(s)", "", 1),
        Text("duplicate"),
    )
    NEAR_DUPLICATE = (
        "near_duplicate",
        Text("near duplicate"),
        count_text("%n near duplicate(s)", "", 1),
        Text("near duplicate"),
    )
    LABEL_CONFLICT = (
        "label_conflict",
        Text("picture in two classes"),
        count_text("%n picture(s) in two classes", "", 1),
        Text("two classes"),
    )
    SPLIT_LEAK = (
        "split_leak",
        Text("duplicate across splits"),
        count_text("%n duplicate(s) across splits", "", 1),
        Text("in two splits"),
    )
    EMPTY_CLASS = (
        "empty_class",
        Text("empty class folder"),
        count_text("%n empty class folder(s)", "", 1),
    )
    TOO_FEW = (
        "too_few",
        Text("class with few pictures"),
        count_text("%n class(es) with few pictures", "", 1),
    )
    IMBALANCE = (
        "imbalance",
        Text("uneven class sizes"),
        count_text("%n case(s) of uneven class sizes", "", 1),
    )
    UNREADABLE_FOLDER = (
        "unreadable_folder",
        Text("unreadable folder"),
        count_text("%n unreadable folder(s)", "", 1),
    )
    LINK_LOOP = (
        "link_loop",
        Text("link in a circle"),
        count_text("%n link(s) in a circle", "", 1),
    )
    MISSING = (
        "missing",
        Text("missing file"),
        count_text("%n missing file(s)", "", 1),
    )
    BAD_ROW = (
        "bad_row",
        Text("unusable row of a list"),
        count_text("%n unusable row(s) of a list", "", 1),
    )
    SIMILAR_CLASSES = (
        "similar_classes",
        Text("classes with similar names"),
        count_text("%n pair(s) of classes with similar names", "", 1),
    )
    ONE_SPLIT = (
        "one_split",
        Text("class in one split alone"),
        count_text("%n class(es) in one split alone", "", 1),
    )
    LEFT_OUT = (
        "left_out",
        Text("pictures left out"),
        count_text("%n place(s) with pictures left out", "", 1),
    )
    OTHER_FILES = (
        "other_files",
        Text("other files left out"),
        count_text("%n place(s) with other files", "", 1),
    )
    MERGED_FOLDERS = (
        "merged_folders",
        Text("merged folders"),
        count_text("%n merge(s) of folders", "", 1),
    )
    UNCLEAR_FOLDERS = (
        "unclear_folders",
        Text("folder that can be read in two ways"),
        count_text("%n folder(s) that can be read in two ways", "", 1),
    )
    SPLITS_ONLY = (
        "splits_only",
        Text("splits without classes"),
        count_text("%n folder(s) of splits without classes", "", 1),
    )
    LIST_USED = (
        "list_used",
        Text("list that tells the classes"),
        count_text("%n list(s) that (tells|tell) the classes", "", 1),
    )
    UNUSED_LIST = (
        "unused_list",
        Text("list that can't be used"),
        count_text("%n list(s) that can't be used", "", 1),
    )

    @property
    def is_remark(self) -> bool:
        """Whether it says how folders and files were understood; no image is skipped by it."""
        return self in (
            FindingKind.OTHER_FILES,
            FindingKind.MERGED_FOLDERS,
            FindingKind.UNCLEAR_FOLDERS,
            FindingKind.SPLITS_ONLY,
            FindingKind.LIST_USED,
            FindingKind.UNUSED_LIST,
        )

    def counted(self, count: int) -> Text:
        """Several of the kind: "2 exact duplicates"."""
        return Text.of(self._counted.source, (), count)


@dataclass(frozen=True, slots=True)
class ImageSource:
    """A file or folder that the user added.

    Attributes:
        path: A class folder, a parent of class folders, an archive, a CSV list or,
            with a label, an image.
        label: Class of all the images found there; `None` takes it from folder names.
    """

    path: Path
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """An image file and its class.

    Attributes:
        path: Absolute; links in it are not resolved.
        class_index: Position of its class in `Dataset.labels`.
        split: Where a prepared folder or a list's column puts it; `None` means undecided.
    """

    path: Path
    class_index: int
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of the images that the user should know of.

    Attributes:
        path: The image or folder it is about; `None` when it is about a class or all.
        kind: For grouping and counting.
        detail: A sentence for users; it does not repeat the path.
        folders: Folders that may be added in place of `path`, if that is a source and the user
            can say more than the folders do.
        inner_names: Names of the folders in `folders`, if these may be the classes instead.
        sample_bits: Of an unknown number of bits: how many are assumed; see `Decoding`.
    """

    path: Path | None
    kind: FindingKind
    detail: str
    folders: tuple[Path, ...] = ()
    inner_names: tuple[str, ...] = ()
    sample_bits: int | None = None

    def with_path(self) -> Text:
        """The detail after the path that it is about."""
        return Text("%1: %2", str(self.path), self.detail)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled images, in an order that depends on nothing but their names.

    Attributes:
        labels: Class names in natural order without regard to case (`cat2` before `cat10`).
            They may hold any character a file name can, lone surrogates included.
        images: By class, then by path.
        findings: Problems met while scanning.
        named_labels: Classes that the user named; others are named by folders and lists.
        split_labels: Classes that are most likely splits, by the names of folders beside each
            other.
    """

    labels: tuple[str, ...]
    images: tuple[LabeledImage, ...]
    findings: tuple[Finding, ...]
    named_labels: frozenset[str] = frozenset()
    split_labels: frozenset[str] = frozenset()

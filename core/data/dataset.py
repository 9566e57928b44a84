"""What a scan finds: class names, their pictures, and what was odd on the way."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self


class Split(StrEnum):
    """What a picture is used for."""

    TRAINING = "training"
    VALIDATION = "validation"
    TEST = "test"


class FindingKind(StrEnum):
    """What is odd about a picture, a folder or a whole class.

    Attributes:
        text: The same for people, about one.
        plural: The same about several.
        badge: For the corner of the picture that it is about; "" for what is about no picture.
    """

    text: str
    plural: str
    badge: str

    def __new__(cls, value: str, text: str, plural: str, badge: str = "") -> Self:
        """Make a member that is its value; its words stand beside it."""
        kind = str.__new__(cls, value)
        kind._value_, kind.text, kind.plural, kind.badge = value, text, plural, badge
        return kind

    UNREADABLE = "unreadable", "unreadable picture", "unreadable pictures", "unreadable"
    NOT_AN_IMAGE = (
        "not_an_image", "file that is no picture", "files that are no pictures", "no picture",
    )  # fmt: skip
    DUPLICATE = "duplicate", "exact copy", "exact copies", "copy"
    NEAR_DUPLICATE = "near_duplicate", "near copy", "near copies", "near copy"
    LABEL_CONFLICT = (
        "label_conflict", "picture in two classes", "pictures in two classes", "two classes",
    )  # fmt: skip
    SPLIT_LEAK = "split_leak", "copy across splits", "copies across splits", "in two splits"
    EMPTY_CLASS = "empty_class", "empty class folder", "empty class folders"
    TOO_FEW = "too_few", "class with few pictures", "classes with few pictures"
    IMBALANCE = "imbalance", "uneven class sizes", "uneven class sizes"
    UNREADABLE_FOLDER = "unreadable_folder", "unreadable folder", "unreadable folders"
    LINK_LOOP = "link_loop", "link in a circle", "links in a circle"
    MISSING = "missing", "missing file", "missing files"
    BAD_ROW = "bad_row", "unusable row of a list", "unusable rows of a list"
    LEFT_OUT = "left_out", "folder left out", "folders left out"


@dataclass(frozen=True, slots=True)
class ImageSource:
    """One thing that the user named.

    Attributes:
        path: A class folder, a parent of class folders, an archive, a CSV list or,
            with a label, a picture.
        label: Class of all the pictures found there; `None` takes it from folder names.
    """

    path: Path
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """A picture file and its class.

    Attributes:
        path: Absolute; as named, so links in it are not resolved.
        class_index: Position of its class in `Dataset.labels`.
        split: Where a prepared folder or a list's column puts it; `None` means undecided.
    """

    path: Path
    class_index: int
    split: Split | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the pictures that their owner should know.

    Attributes:
        path: The picture or folder it is about; `None` when it is about a class or all.
        kind: For grouping and counting.
        detail: A sentence fit to show; it does not repeat the path.
    """

    path: Path | None
    kind: FindingKind
    detail: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled pictures, in an order that depends on nothing but their names.

    Attributes:
        labels: Class names in natural order without regard to case (`cat2` before `cat10`).
            They may hold any character a file name can, lone surrogates included.
        images: By class, then by path.
        findings: What was odd while scanning.
    """

    labels: tuple[str, ...]
    images: tuple[LabeledImage, ...]
    findings: tuple[Finding, ...]
